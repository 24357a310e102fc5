"""What stands in the story's column beside its plain paragraphs, and what evidence speaks against it.

The plain paragraphs are found by how they are set (`layout`, `body`). What stands between the first and the
last of them, headings, lists, short quotations, questions, columns, accordions, entries of a live blog, is
text **unless there is evidence against it**: one word at a line's start, or one class name, is none.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from itertools import islice, pairwise, takewhile

from articles.extract import furniture
from articles.extract.layout import TEXT_LEVEL, Layout
from articles.extract.names import has_word, is_hidden
from articles.extract.page import Element, Page
from articles.extract.runs import Kin, Place, Reading, Run, outward, stands_near_in, surroundings

_NEVER_TEXT = frozenset({"nav", "form", "dialog", "menu", "fieldset", "figcaption", "address"})
_STRUCTURES = frozenset({"blockquote", "table", "ul", "ol", "dl", "details", "pre"})
_ENTRIES = frozenset({"article", "section", "details"})  # with or without a name
_LISTS = frozenset({"ul", "ol", "dl"})
_OF_LISTS = frozenset({"li", "dt", "dd"})
_LONGEST_PAID = 60  # characters
_BOX_WEIGHT = 600  # see Run.weight; a box of more words is no teaser, whatever heads it
_CARD_WEIGHT = 700  # a card, or a caption with its picture
QUOTATION_MARKS = '“„”«»‹›「『"‚‘'  # with which what is quoted begins
QUOTED = re.compile('[“„”«»‹›「『"‚‘].{3,300}[”“»«›‹」』"’‘][.!?]?')
_QUESTION = re.compile("[?？؟]|か。")
_LONGEST_QUESTION = 160
_HEAD_LINE = re.compile(r"(?=.{8,120}$)(?!\W*by\b)[^\d|]*[^\W\d_][^\d|]*", re.IGNORECASE)  # says no number
SUBHEADS = frozenset(
    {"subhead", "subheading", "subheadline", "crosshead", "intertitle", "zwischentitel", "intertitre"}
)
_POLL_RUNS = 8
_CALL_RUNS = 6  # what calls for a click says little else
_QUOTATIONS = frozenset(
    {"quote", "blockquote", "pullquote", "quotation", "zitat", "citation", "citaat", "cita"}
)
_SOURCES = frozenset({"footer", "figcaption"})
_RUNS_OF_A_QUOTATION = 2  # what is said, and by whom
_LONGEST_SOURCE = 90  # weight
_FOOTNOTE = re.compile(r"_?(?:fn|footnote|note|endnote|cite_note)[-_:]?\d{1,3}", re.IGNORECASE)
LINKS = "links"  # what speaks against a place most of which leads elsewhere
_CLOCK = re.compile(r"\(?(?:[01]?\d|2[0-3])[:.h]\s?[0-5]\d(?!\d)")
_NUMBER = re.compile(r"\d+")
_LONGEST_TIME = 12  # characters
_LEAST_TIMES = 3  # of a timeline
_LEAST_ENTRIES = 2  # of a ticker
_PERCENT = re.compile(
    r"\d\s?(?:[%٪％]|per\s?cento?|prozent|pour cent|por ciento|por cento|процент\w*)\W*$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Content:
    """What stands in a place, summed up."""

    runs: int = 0
    sentences: int = 0
    weight: int = 0
    letters: int = 0
    unlinked: int = 0
    prose: int = 0
    headings: int = 0
    linked_heading: bool = False  # a heading, or a line in bold, that is a link
    headed_as_furniture: bool = False  # by a heading such as "Most read"
    calls: bool = False  # a short line that is nothing but a link, or a button
    counts: bool = False  # a label that counts: "12 votes"
    invites: int = 0  # sentences beside a link in their line: "… Read on", or a headline before its teaser
    pressed: int = 0  # buttons that open nothing
    clocked: bool = False  # a line that is a relative time: "3 hours ago"
    headed_as_ticker: bool = False  # "Live", "Breaking news"
    asks_reader: bool = False  # a short question
    percents: int = 0  # items that end in a percentage
    clocks: int = 0  # items that begin with a time of day
    items: int = 0
    structures: bool = False  # a quotation, a table, a list, a definition list
    quotations: int = 0
    quoted: bool = False  # a line that is in quotation marks as a whole
    lists: bool = False
    rows: bool = False  # of a table of data
    shows: bool = False
    asks: bool = False
    presses: bool = False
    names_author: bool = False

    def add(self, other: "Content") -> None:
        """Count what stands in a place within this one."""
        self.structures |= other.structures
        self.quotations += other.quotations
        self.lists |= other.lists
        self.shows |= other.shows
        self.asks |= other.asks
        self.presses |= other.presses
        if not other.runs:
            return  # the rest is said of runs
        self.runs += other.runs
        self.sentences += other.sentences
        self.weight += other.weight
        self.letters += other.letters
        self.unlinked += other.unlinked
        self.prose += other.prose
        self.headings += other.headings
        self.percents += other.percents
        self.clocks += other.clocks
        self.items += other.items
        self.linked_heading |= other.linked_heading
        self.headed_as_furniture |= other.headed_as_furniture
        self.headed_as_ticker |= other.headed_as_ticker
        self.calls |= other.calls
        self.counts |= other.counts
        self.invites += other.invites
        self.pressed += other.pressed
        self.clocked |= other.clocked
        self.asks_reader |= other.asks_reader
        self.quoted |= other.quoted
        self.rows |= other.rows
        self.names_author |= other.names_author


class Column:
    """The places of a page around and between the paragraphs that are known, and what is held against each.

    units     the page's runs, rows of data joined
    core      those of them that are paragraphs of the story without doubt
    authors   the names in the byline; shorter ones of an alphabet are agencies
    """

    def __init__(
        self,
        page: Page,
        reading: Reading,
        layout: Layout,
        units: list[Run],
        core: set[Run],
        authors: Iterable[str],
        rows: set[Place],
    ) -> None:
        self.page = page
        self.layout = layout
        self.spine = surroundings(run.place for run in core)
        self.authors = tuple(one for one in authors if len(one) > 3 or (one and not one.isascii()))
        self.rows = rows
        scope = layout.with_headline
        self.content: dict[Place, Content] = {}
        inside = {scope}
        for place in reading.places:
            if place.parent in inside:
                inside.add(place)
                if place not in self.spine:
                    self.content[place] = Content(
                        structures=place.tag in _STRUCTURES,
                        quotations=place.tag == "blockquote",
                        lists=place.tag in _LISTS,
                        shows=place.shows,
                        asks=place.asks,
                        presses=place.presses,
                    )
        self.inside = inside
        self.first: dict[Place, Run] = {}
        for run in units:
            if run.place in self.content:
                self.content[run.place].add(self._of(run))
                self._begin_with(run)
        for place in reversed(self.content):
            outer = place.parent
            if outer in self.content:
                self.content[outer].add(self.content[place])
        self.alike = Counter(
            place.kin
            for place in self.content
            if place.parent in self.spine and (place.names or place.tag in _ENTRIES)
        )
        self.lines = Counter((run.place.kin, run.place.parent) for run in units if run.place in self.content)
        self.siblings = Counter(
            (place.kin, place.parent)
            for place, content in self.content.items()
            if content.runs > 1 and place.names and place.tag not in TEXT_LEVEL
        )
        self.sourced = self._with_sources(units)
        self.timeline = self._timeline(units)
        self.head_lines = self._head_lines(units, {run.place.element for run in core})
        self.refused: dict[Place, str] = {}
        for place in self.content:
            outer = place.parent
            refused = self.refused.get(outer, "") if outer is not None else ""
            self.refused[place] = refused or self._against(place)

    def _begin_with(self, run: Run) -> None:
        """Keep a run as the first one of all places around it that have none yet."""
        for at in self._around(run.place):
            if at in self.first:
                break
            self.first[at] = run

    def _around(self, place: Place) -> Iterator[Place]:
        """Give a place and all it stands in within the column, innermost first."""
        return takewhile(self.content.__contains__, outward(place))

    def against_within(self, place: Place, around: Set[Place]) -> str:
        """Return what speaks against a place, or against what it stands in, up to the places `around`
        something that is of the story."""
        within = takewhile(lambda at: at not in around, self._around(place))
        return next(filter(None, map(self._against, within)), "")

    def is_quoted(self, place: Place) -> bool:
        """Whether a place is of a quotation, a definition list or an accordion in the column, or says who is
        quoted."""
        if place.tag == "cite" or place in self.sourced:
            return True
        return any(at.tag in ("blockquote", "dl", "details") for at in self._around(place))

    def is_of_several(self, place: Place) -> bool:
        """Whether a place, or its box, is one of several of its kind in the column."""
        box = self.box(place)
        return box is not None and self.alike[box.kin] > 1

    def _is_one_of_several(self, place: Place) -> bool:
        """Whether a place itself, or what it stands in, has others of its kind beside it: an entry."""
        return self.is_of_entries(place) or any(self.alike[at.kin] > 1 for at in self._around(place))

    def is_of_entries(self, place: Place) -> bool:
        """Whether a place stands in one of several boxes of one kind side by side, as those of a timeline."""
        return any(self.siblings[at.kin, at.parent] > 1 for at in self._around(place))

    def _timeline(self, units: list[Run]) -> set[Place]:
        """Return the places of the times of day that head the entries of a timeline: in boxes side by side,
        and the earlier ones first, as those of a live blog are not. What a <time> marks is the page's."""
        times: defaultdict[Kin, list[Run]] = defaultdict(list)
        for run in units:
            if (
                len(run.text) <= _LONGEST_TIME
                and run.text[0].isdigit()
                and run.place in self.content
                and self.content[run.place].runs == 1
                and not run.place.time
                and furniture.is_time_of_day(run.text)
                and self.is_of_entries(run.place)
            ):
                times[run.place.kin].append(run)
        return {run.place for runs in times.values() if _come_in_order(runs) for run in runs}

    def _says_who_is_quoted(self, place: Place) -> bool:
        """Whether a footer or a caption is what markup has for who is quoted: one of a quotation, or of a
        figure that shows a quotation."""
        outer = place.parent
        if outer is None or place.tag == "footer":
            return outer is not None and outer.tag == "blockquote"
        content = self.content.get(outer)
        return outer.tag == "figure" and content is not None and content.quotations == 1 and not content.shows

    def _with_sources(self, units: list[Run]) -> set[Place]:
        """Return the places of quotations and of the lines below that say who is quoted: short ones without a
        full stop that end a box in which nothing else stands."""
        found = set()
        for before, run in pairwise(units):
            if run.is_sentence or run.weight > _LONGEST_SOURCE or run.place.tag in furniture.HEADINGS:
                continue
            place = run.place
            if place.tag in _SOURCES and self._says_who_is_quoted(place):
                found.add(place)
            box = place if place in self.content and self.content[place].runs > 1 else place.parent
            if (
                box in self.content
                and self.content[box].runs == _RUNS_OF_A_QUOTATION
                and not self.content[box].presses
                and (
                    before.place.tag == "blockquote"
                    or self.content[box].quotations == 1
                    or has_word(before.place.names, _QUOTATIONS)
                    or has_word(box.names, _QUOTATIONS)
                )
                and before.place in self.content
                and stands_near_in(before.place, box)
            ):
                found |= {place, before.place}
        return found

    def _head_lines(self, units: list[Run], paragraphs: set[Element]) -> set[Place]:
        """Return the short lines without a full stop that head a paragraph: each stands right before one, and
        right behind one or as others like it do."""
        before = [
            run.place
            for run in units
            if run.place in self.content
            and run.place.tag == "div"
            and run.place.element.getnext() in paragraphs
            and self.content[run.place].runs == 1
            and run.unlinked == run.letters
            and not run.is_sentence
            and _HEAD_LINE.fullmatch(run.text)
        ]
        alike = Counter(place.kin for place in before)
        return {
            place for place in before if alike[place.kin] > 1 or place.element.getprevious() in paragraphs
        }

    def is_of_headed_lines(self, place: Place) -> bool:
        """Whether a place is a line of several alike under a heading, in a box that holds nothing else: facts
        with their values."""
        box = self.box(place)
        if box is None or box is place:
            return False
        content = self.content[box]
        return (
            content.headings > 0
            and content.unlinked == content.letters
            and not (content.presses or content.shows or content.asks or content.names_author)
            and self.lines[place.kin, place.parent] > 1
        )

    def may_head(self, heading: Place, place: Place) -> bool:
        """Whether a heading may head what stands in a place: not if its own box holds something else."""
        box = self.box(heading)
        if box is None:
            return True
        content = self.content[box]
        if not (content.prose or content.shows or content.asks or content.unlinked < content.letters):
            return True
        return self.box(place) is box

    def box(self, place: Place) -> Place | None:
        """Return the outermost place around one in which no paragraph of the story stands."""
        box: Place | None = None
        for at in self._around(place):
            box = at
        return box

    def is_box_of_text(self, place: Place) -> bool:
        """Whether a place after the last paragraph is of a box that reads as a part of the story: two or more
        paragraphs, a question and its answer, one of several boxes of one kind, or a footnote."""
        for at in self._around(place):
            content = self.content[at]
            element = at.element
            if at.tag in ("details", "dl") or _FOOTNOTE.fullmatch(element.get("id") or ""):
                return True
            if is_hidden(element) and self._is_rest_of_the_text(at):
                return True
            if at.tag not in TEXT_LEVEL and (content.prose or content.sentences > 1):
                if content.prose >= 2 and not content.headings and not content.names_author:
                    return True
                if content.headings and content.asks_reader:
                    return True
                if not at.names and at.parent in self.spine and self._is_plain(content):
                    return True
            if self.alike[at.kin] > 1 and content.runs:
                return True
        return False

    @staticmethod
    def _is_plain(content: Content) -> bool:
        """Whether a box holds sentences alone: no heading, no link, no picture, no author's name."""
        return not (
            content.headings
            or content.shows
            or content.presses
            or content.names_author
            or content.unlinked < content.letters
        )

    def _of(self, run: Run) -> Content:
        place, text = run.place, run.text
        linked = run.unlinked == 0
        bold = run.plain == 0 and run.weight < 120
        heads = place.tag in furniture.HEADINGS or place.tag == "summary"
        return Content(
            runs=1,
            sentences=run.is_sentence,
            weight=run.weight,
            letters=run.letters,
            unlinked=run.unlinked,
            prose=run.is_prose,
            headings=heads,
            linked_heading=linked and (heads or (bold and place.tag != "li" and not run.is_sentence)),
            headed_as_furniture=(heads or bold) and furniture.is_heading_of_furniture(run),
            headed_as_ticker=not run.is_sentence and furniture.is_heading_of_a_ticker(run),
            calls=(linked and run.weight < 60 and place.tag not in ("li", "td", "th"))
            or (place.tag == "button" and not self._is_toggle(place)),
            counts=len(text) < 60 and furniture.counts(text),
            invites=furniture.ends_in_an_invitation(run, self.page) or furniture.is_teaser(run, self.page),
            pressed=place.tag == "button" and not self._is_toggle(place),
            clocked=place.time != "" and len(text) < 60 and furniture.is_clock(text),
            asks_reader=asks_briefly(run),
            quoted=QUOTED.fullmatch(text) is not None,
            percents=place.tag == "li" and _PERCENT.search(text) is not None,
            clocks=place.tag == "li" and _CLOCK.match(text) is not None,
            items=place.tag == "li",
            rows=place in self.rows,
            names_author=any(author in text[: len(author) + 12] for author in self.authors),
        )

    def _is_toggle(self, place: Place) -> bool:
        """Whether a button opens what follows it."""
        element = place.element
        if element.get("aria-expanded") is not None or element.get("aria-controls"):
            return True
        behind = element.getnext()
        return (behind is not None and behind.tag != "button") or (
            place.parent is not None
            and place.parent.tag in furniture.HEADINGS
            and place.parent.element.getnext() is not None
        )

    def _against(self, place: Place) -> str:
        """Return what speaks against a place's being of the story, or "". A place with a paragraph of the
        story in it is never asked about."""
        content, element, tag = self.content[place], place.element, place.tag
        if content.runs == 0 or place in self.sourced:
            return ""
        if tag in _NEVER_TEXT or furniture.has_role(element):
            return "markup"
        if content.asks:
            return "a form"
        if is_hidden(element) and not self._opens(place):
            return "hidden"
        if tag == "figure" and not content.structures:
            return "a caption"
        if (tag == "li" and self._is_of_a_list(place)) or content.rows:
            return "a name" if furniture.is_certainly_named(element) else ""
        if content.letters and 2 * content.unlinked < content.letters:
            return LINKS
        small = content.weight < _BOX_WEIGHT
        if content.quotations == 1 and tag == "blockquote" and self._is_quoted_with_its_source(place):
            return ""
        if small and (content.linked_heading or content.headed_as_furniture):
            return "a teaser"
        if small and content.runs > 1 and self._begins_with_who_pays(place):
            return "an advert"
        if content.invites > 1 and content.invites == content.runs - content.headings:
            return "invitations"
        if small and content.pressed > 1 and content.prose <= 1 and content.runs <= _POLL_RUNS:
            return "a poll"
        if small and content.clocked and content.sentences == 1 and not self._is_one_of_several(place):
            return "a teaser"
        if small and furniture.is_clickable(element):
            return "a teaser"
        if (
            content.sentences == content.headings == 0
            and not (content.structures or content.quoted)
            and tag not in TEXT_LEVEL
            and tag != "cite"
            and not has_word(place.names, SUBHEADS)
            and place not in self.head_lines
            and place not in self.timeline
            and not self.is_of_headed_lines(place)
        ):
            return "no sentence"
        if (
            content.shows
            and content.weight < _CARD_WEIGHT
            and (not content.structures or (content.presses and content.sentences == 0))
            and content.headings < 2
        ):
            return "a card"
        if (
            small
            and content.calls
            and content.runs <= _CALL_RUNS
            and (content.prose or (content.headings and content.sentences))
            and not content.rows
        ):
            return "a call"
        if (
            small
            and content.items >= 2
            and content.percents == content.items
            and (content.counts or content.asks_reader)
        ):
            return "a poll"
        if (
            content.items >= _LEAST_ENTRIES
            and content.clocks == content.items
            and (content.headed_as_ticker or furniture.is_named_as_a_ticker(element))
        ):
            return "a ticker of other stories"
        if furniture.is_certainly_named(element):
            return "a name"
        if (
            tag != "blockquote"
            and furniture.is_named(element)
            and self._has_second_sign(place, content)
            and not self._is_embedded_post(place, content)
        ):
            return "a name and another sign"
        return ""

    def _begins_with_who_pays(self, place: Place) -> bool:
        """Whether the first line of a box, which is of no list, says who pays for what follows."""
        run = self.first[place]
        return (
            run.place.tag not in _OF_LISTS
            and len(run.text) < _LONGEST_PAID
            and not run.is_sentence
            and furniture.says_who_pays(run.text)
        )

    def _is_quoted_with_its_source(self, place: Place) -> bool:
        """Whether the only link of a quotation stands below its words: where it was said."""
        content, element = self.content[place], place.element
        if content.headings or not (content.linked_heading or content.calls) or content.weight > _CARD_WEIGHT:
            return False
        links = list(islice(element.iter("a"), 2))
        if len(links) != 1:
            return False
        said = element.text_content().strip()
        source = links[0].text_content().strip()
        return source != "" and said.endswith(source) and len(said) > 2 * len(source)

    @staticmethod
    def _is_of_a_list(place: Place) -> bool:
        """Whether an item stands in its list; one that does not is a box like any other."""
        return place.parent is not None and place.parent.tag in _LISTS

    def _opens(self, place: Place) -> bool:
        """Whether something that is hidden opens at a click: the panel of an accordion."""
        if place.element.get("role") in ("region", "tabpanel") or place.element.get("aria-labelledby"):
            return True
        if self._is_rest_of_the_text(place):
            return True
        outer = place.parent
        return outer is not None and outer in self.content and self.content[outer].presses

    def _is_rest_of_the_text(self, place: Place) -> bool:
        """Whether a button right before something hidden opens sentences and nothing else."""
        before, content = place.element.getprevious(), self.content[place]
        return (
            before is not None
            and before.tag == "button"
            and content.sentences > 1
            and content.unlinked == content.letters
            and not (content.presses or content.shows or content.asks)
        )

    @staticmethod
    def _is_embedded_post(place: Place, content: Content) -> bool:
        """Whether a box named as a network is holds one quoted post of it, and nothing to press or to see."""
        return (
            content.quotations == 1
            and not (content.headings or content.presses or content.shows)
            and furniture.is_of_a_network(place.element)
        )

    def _has_second_sign(self, place: Place, content: Content) -> bool:
        return (
            content.unlinked < content.letters
            or content.shows
            or content.presses
            or content.counts
            or content.names_author
            or (place.tag in ("aside", "footer") and place.names != "" and not content.structures)
            or (content.sentences == 0 and place.tag not in TEXT_LEVEL)
        )


def _come_in_order(times: list[Run]) -> bool:
    """Whether of times of day, perhaps of more than one day, more follow an earlier one than a later one."""
    said = [tuple(map(int, _NUMBER.findall(run.text)[:2])) for run in times]
    rises = sum(one < other for one, other in pairwise(said))
    return len(times) >= _LEAST_TIMES and 2 * rises >= len(times) - 1


def asks_briefly(run: Run) -> bool:
    """Whether a run is a short question."""
    return run.weight < _LONGEST_QUESTION and _QUESTION.search(run.text) is not None
