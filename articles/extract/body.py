"""The text of a story: which of a page's words are the article, in reading order.

No decision here rests on how much furniture there is or what it says, so that it may come and go without the
story changing.
"""

import re
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Sequence
from enum import Enum
from functools import cached_property
from itertools import islice, pairwise, takewhile

from trafilatura import bare_extraction
from trafilatura.settings import Document

from articles.extract import furniture, phrases
from articles.extract.blocks import Text, block_of, block_of_data
from articles.extract.column import LINKS, QUOTATION_MARKS, QUOTED, SUBHEADS, Column, asks_briefly
from articles.extract.language import scripts_of
from articles.extract.layout import TEXT_LEVEL, Layout, find_layout, inside_of
from articles.extract.live import find_entries
from articles.extract.machine_readable_text import Witness
from articles.extract.names import has_word, is_hidden, words_of
from articles.extract.notes import find_notes
from articles.extract.page import Element, Page
from articles.extract.runs import (
    Kin,
    Place,
    Reading,
    Run,
    outward,
    read_runs,
    stands_near_in,
    weight,
    without_variants,
)
from articles.extract.standfirst import find_standfirst
from articles.extract.tables import joined, rows_of_data
from articles.extract.text_in_data import text_in_data

SHORTEST_STORY = 120  # weight (see Run.weight); what is shorter is a stub, a teaser or a message

_HEADINGS = furniture.HEADINGS | {"summary", "button"}
_HEADINGS_IN_A_ROW = 3
_LISTS = frozenset({"ul", "ol"})
_OF_LISTS = frozenset({"ul", "ol", "li", "dl", "dt", "dd"})
_PARAGRAPHS = frozenset({"p", "li", "dt", "dd", "blockquote", "pre", "tr"})
_LEAST_POINTS = 1  # items of a list
_LEAST_POINT = 18  # weight of an item, on average
_QUOTATIONS = frozenset({"blockquote", "pre"})
_LIBRARY_ELEMENTS = 5_000  # larger pages are not given to trafilatura, whose time grows with their square
_TABLE_WRAPPERS = 2  # elements around a table that may have a name of their own
_LONGEST_BOLD_HEADING = 90  # weight
_SENTENCE = 70  # weight
_SHORTEST_END = 50  # weight of a last paragraph that is no sentence
_LONGEST_BYLINE = 160  # weight
_LONGEST_BIOGRAPHY = 400  # weight
_SIGNED = re.compile(r"\s?[(,|/·•–—-]")  # between an author's name and a role or a place
_BESIDE_AUTHORS = 14  # characters: "By", "and", "Reported by"
_A_QUOTED = 0.02  # share of letters; a name in another script makes no story of two scripts
_MAINLY = 0.4  # share of a line's letters
_COLON = re.compile("[:：]")
_COLONS = (":", "：")
_LONGEST_LEAD = 170  # weight of a line that leads to something
_RIGHT_BEHIND = 4  # runs
_LONGEST_NAME = 30  # weight
_LONGEST_DATE = 40  # weight
_LONGEST_WORD = 24  # weight of what stands before a colon
_LEAST_HOSTS = 4
_LONGEST_CALL = 60  # weight
_LEAST_TEASERS = 3
_LEAST_WORDS = 3  # of a headline
_MOSTLY_WIDE = 2  # weight of a character, on average, where words have no spaces between them
_LEAST_WIDE = 20  # weight of a headline in such letters
_MOSTLY_TEASERS = 0.8  # share of the prose
_LEAST_LINES = 2  # that begin with a word and a colon, each with another, and do not lead away
_REPEATED = 50  # characters; what is shorter may well be said twice


def read_text(page: Page, headline: str, authors: Sequence[str] = ()) -> Text:
    """Return the text of the article under a headline, clean, in reading order; none when none was found.

    Where no layout gives a story (no prose at all, or in no two places alike), what the page holds ready for
    a script is taken, or else trafilatura's guess.
    """
    reading = _reading(page)
    found = _by_layout(page, reading, headline, authors)
    if _weight(found) < SHORTEST_STORY and _unwrap_text_for_no_scripts(page):
        reading = _reading(page)
        found = _by_layout(page, reading, headline, authors)
    if not page.calls_itself_an_article and _is_a_list_of_stories(page, reading, found):
        return Text(is_list=True)
    if not found.paragraphs and (told := text_in_data(page, headline)):
        return Text(tuple((paragraph, block_of_data(paragraph)) for paragraph in told))
    if _weight(found) >= SHORTEST_STORY or page.tree.xpath("count(//*)") > _LIBRARY_ELEMENTS:
        return found
    return _by_library(page)


def all_text(elements: list[Element]) -> Text:
    """Return all text that stands in `elements`."""
    return _plain(run for element in elements for run in read_runs(element).runs)


def _plain(runs: Iterable[Run]) -> Text:
    """Return runs as the text of a story of which nothing more is known."""
    return Text(tuple((run.text, block_of(run, None, None)) for run in runs))


def _weight(text: Text) -> int:
    return sum(weight(paragraph) for paragraph, _ in text.paragraphs)


def _by_layout(page: Page, reading: Reading, headline: str, authors: Sequence[str]) -> Text:
    witness = Witness.of(page, headline)
    layout = find_layout(reading, witness)
    if layout is None:
        return Text()
    choice = _Choice(page, reading, layout, witness, authors)
    chosen = choice.runs()
    first = next((run for run in chosen if run not in choice.notes), None)
    if first is None:
        return Text()
    leading = find_standfirst(choice.units, first, witness, choice.column, authors)
    stand = [run for run in leading if run not in chosen]
    runs = _without_repeats([*stand, *chosen])
    return Text(
        paragraphs=tuple((run.text, block_of(run, layout.home, choice.column)) for run in runs),
        standfirst=sum(run in stand for run in runs),
        gated=choice.ends_at_a_gate(chosen[-1]),
        entries=tuple(find_entries(page, reading, runs)),
    )


def _reading(page: Page) -> Reading:
    body = page.tree.find("body")
    return read_runs(page.tree if body is None else body)


def _is_a_list_of_stories(page: Page, reading: Reading, found: Text) -> bool:
    """Whether what was found are the first words of several stories, or parts of them that a search brought
    up: nearly all prose of the page stands right behind a headline to click, in one box with it."""
    said = {paragraph for paragraph, _ in found.paragraphs}
    prose = teasers = 0
    for before, run in pairwise(reading.runs):
        if run.is_prose and (not said or run.text in said):
            prose += 1
            teasers += stands_near_in(before.place, run.place.parent) and _is_headline_to_click(before, page)
    return teasers >= _LEAST_TEASERS and teasers >= _MOSTLY_TEASERS * prose


def _is_headline_to_click(run: Run, page: Page) -> bool:
    """Whether a line is a link to the same site, as a whole, and of some words: a time, a name, or a word to
    share by heads a part of the text below it."""
    if run.unlinked:
        return False
    said = weight(run.text)
    is_wide = said >= _MOSTLY_WIDE * len(run.text) and said >= _LEAST_WIDE
    if not is_wide and len(run.text.split()) < _LEAST_WORDS:
        return False
    element = run.place.element
    links = [*islice(element.iter("a"), 1), *islice(element.iterancestors("a"), 1)]
    return any(page.is_on_this_site(link.get("href") or "") for link in links[:1])


def _unwrap_text_for_no_scripts(page: Page) -> bool:
    """Make blocks of the <noscript>s that hold as much as a story; tell whether there are any."""
    found = [
        element for element in page.tree.iter("noscript") if len(element.text_content()) >= SHORTEST_STORY
    ]
    for element in found:
        element.tag = "div"
    return bool(found)


def _by_library(page: Page) -> Text:
    document = bare_extraction(page.tree, favor_precision=True, include_comments=False, include_tables=False)
    if not isinstance(document, Document) or document.body is None:
        return Text()
    return _plain(run for run in read_runs(document.body).runs if not furniture.is_label(run))


class _Zone(Enum):
    """Where a run stands to the paragraphs that are known."""

    BEFORE = "before the first"
    BETWEEN = "between the first and the last"
    AFTER = "after the last"


class _Choice:
    """Which runs of a page belong to its story."""

    def __init__(
        self,
        page: Page,
        reading: Reading,
        layout: Layout,
        witness: Witness,
        authors: Sequence[str] = (),
    ) -> None:
        self.page = page
        self.reading = reading
        self.authors = tuple(author for author in authors if author)
        self.layout = layout
        self.witness = witness
        self.lists_of_links = _lists_of_links(page, reading)
        self.lists = _enclosing(reading, _LISTS)
        self.quotations = _enclosing(reading, _QUOTATIONS)
        self.standing = _standings(reading, layout)
        self.rows = rows_of_data(reading)
        self.rows_in_the_text = {row for row in self.rows if self._is_in_the_text(row)}
        self.boxes_of_more = self._boxes_of_more(reading)
        self.notes = find_notes(reading, layout)
        self.units = _with_rows(reading.runs, self.rows)
        self.candidates = [run for run in self.units if run.place in layout.inside]
        self.home = inside_of(reading, {layout.home})
        self.calling = self._calling_hosts()
        self.heads_of_links = {  # paragraphs that say "More on this story", and no more
            run
            for run, behind in pairwise(self.units)
            if behind.unlinked == 0 and run.place.tag == "p" and furniture.is_heading_of_furniture(run)
        }
        self.scripts: frozenset[str] = frozenset()
        self.biography = self._biography()
        self.styles = Counter(run.place.style for run in self.candidates if run.is_prose)
        self.lines_under_a_word: defaultdict[Kin, set[str]] = defaultdict(set)
        for run in self.candidates:
            if self._begins_with_a_word(run) and not self._leads_away(run):
                self.lines_under_a_word[run.place.kin].add(_COLON.split(run.text, 1)[0])
        self.questions = Counter(
            (run.place.tag, run.place.names) for run in self.candidates if asks_briefly(run)
        )

    def runs(self) -> list[Run]:
        """Return the story's runs, in reading order."""
        known = self._known()
        self.scripts = scripts_of((run.text for run in known if self.layout.is_set_so(run.place)), _A_QUOTED)
        known = {run for run in known if not self._is_in_another_script(run)}
        if not known:
            return []
        core = {run for run in known if self._is_certain(run)} or known
        column = Column(self.page, self.reading, self.layout, self.units, core, self.authors, set(self.rows))
        self.column = column
        known = {run for run in known if run in core or not column.refused.get(run.place)}
        chosen: list[Run] = []
        headings: deque[Run] = deque(maxlen=_HEADINGS_IN_A_ROW)
        first, last = self._ends(known)
        headline_at = self._headline_at()
        for order, run in enumerate(self.units):
            if order < headline_at and run not in known and run not in self.notes:
                continue
            if run in known or run in self.notes:
                chosen += [
                    *(
                        one
                        for one in headings
                        if column.may_head(one.place, run.place) and (order != first or self._heads(one, run))
                    ),
                    run,
                ]
                headings.clear()
                continue
            if run.place not in column.inside:
                continue
            if self._is_refused(run, column):
                if run.unlinked < run.letters or furniture.is_heading_of_furniture(run):
                    _drop_headings_of(headings, run)
                continue
            zone = _Zone.BEFORE if order < first else _Zone.AFTER if order > last else _Zone.BETWEEN
            if not self._may_stand(run, zone, column):
                continue
            if _is_heading(run):
                headings.append(run)
                continue
            chosen += [*(one for one in headings if column.may_head(one.place, run.place)), run]
            headings.clear()
            if zone is _Zone.BEFORE and run.is_prose and column.is_of_several(run.place):
                first = order  # paragraphs set otherwise than most, and what stands among them
        return self._without_what_leads_nowhere(self._without_asides_to_readers(chosen))

    def _without_asides_to_readers(self, chosen: list[Run]) -> list[Run]:
        """Return the runs without the last lines that are set in italics, or in bold, as a whole and tell
        readers who the author is, or where else to find the newspaper or to write to it."""
        kept = list(chosen)
        while len(kept) > 1 and kept[-1] not in self.notes and self._is_aside(kept[-1]):
            kept.pop()
        return kept

    def _is_aside(self, run: Run) -> bool:
        """Whether a line that is set apart by its letters speaks of the author, or of an account or an
        address of the newspaper to turn to. What is said of the text itself, or is quoted, is none."""
        if not (run.slanted or (run.plain == 0 and run.unlinked > 0)):
            return False
        if phrases.NOTE.match(run.text) or phrases.UPDATE.match(run.text):
            return False
        if _says_who_the_author_is(run):
            return True
        quotes = any(map(run.text.__contains__, QUOTATION_MARKS))
        return not quotes and (_calls_to_a_network(run) or self._calls_to_write(run))

    def _calls_to_write(self, run: Run) -> bool:
        """Whether a line asks readers something, or speaks for the newspaper, and gives an address of it to
        write to."""
        asks = phrases.OF_US.search(run.text) is not None or asks_briefly(run)
        return asks and any(map(self.page.is_a_mailbox_of_this_site, phrases.MAILBOX.findall(run.text)))

    def _without_what_leads_nowhere(self, chosen: list[Run]) -> list[Run]:
        """Return the runs without a last line that ends in a colon and leads to other stories ("You find more
        in our live blog:"), and without headings above it. One that leads to what is not read, such as an
        embedded film, stays: an editor wrote it."""
        kept = list(chosen)
        while len(kept) > 1 and self._leads_nowhere(kept[-1], kept[-2]):
            kept.pop()
            while len(kept) > 1 and _is_heading(kept[-1]):
                kept.pop()
        return kept

    def _leads_nowhere(self, run: Run, above: Run) -> bool:
        at = self.units.index(run) + 1
        return (
            run.text.endswith(_COLONS)
            and run.weight <= _LONGEST_LEAD
            and run.place.tag not in _OF_LISTS | {"tr"}
            and run not in self.notes
            and (
                run.unlinked < run.letters
                or _is_heading(above)
                or any(map(furniture.is_pointer, self.units[at : at + 1]))
            )
        )

    def ends_at_a_gate(self, last: Run) -> bool:
        """Whether right behind the last run of the text a box has the rest for those who pay or log in."""
        at = self.units.index(last) + 1
        return any(self._is_of_a_gate(run) for run in self.units[at : at + _RIGHT_BEHIND])

    def _is_of_a_gate(self, run: Run) -> bool:
        if run.place not in self.column.content:
            return False
        around = takewhile(lambda place: place in self.column.content, outward(run.place))
        return furniture.calls_to_read_on(run) or any(
            furniture.is_named_as_a_gate(place.element) for place in around
        )

    def _is_certain(self, run: Run) -> bool:
        """Whether a known paragraph stands in a host and has no name of furniture that the others lack."""
        place = run.place
        host = self.layout.hosts[place]
        if place.names and self.layout.is_set_so(place) and is_hidden(host.element):
            return True  # the end of the text, until somebody has paid
        return self.layout.is_host(host) and (
            not place.names or self.layout.is_set_so(place) or not furniture.is_certainly_named(place.element)
        )

    def _heads(self, heading: Run, run: Run) -> bool:
        """Whether a heading that stands before the first paragraph is its heading, no kicker of the page."""
        hosts = self.layout.hosts
        host = hosts[heading.place]
        if self.layout.is_host(host) or host is hosts[run.place]:
            return True
        if self.column.is_of_several(heading.place):
            return True
        around = set(outward(run.place))
        if host in around:
            return host is not self.layout.home
        shared = next((place for place in outward(host) if place in around), None)
        return (  # the entry of a live blog, whose heading stands in a <header>
            shared is not None
            and shared is not self.layout.home
            and shared in self.home
            and self._entries_headed_so(heading, shared) > 1
        )

    def _entries_headed_so(self, heading: Run, entry: Place) -> int:
        """Return in how many places like `entry` a heading is set as this one is."""
        alike = (run.place for run in self.units if run.place.kin == heading.place.kin)
        around = (next((at for at in outward(place) if at.kin == entry.kin), None) for place in alike)
        return len({place for place in around if place is not None and place in self.home})

    def _is_first_question(self, run: Run) -> bool:
        """Whether a short question before the first answer is set as the questions that follow."""
        place = run.place
        return (
            place.tag in _PARAGRAPHS
            and asks_briefly(run)
            and self.questions[place.tag, place.names] > 1
            and self.layout.is_host(self.layout.hosts[place])
        )

    def _known(self) -> set[Run]:
        """Return the paragraphs that are known by how they are set."""
        known: set[Run] = set()
        above = set(self.units[: self._headline_at()])
        for run in self.candidates:
            if run.place in self.rows:
                if run.place in self.rows_in_the_text:
                    known.add(run)
            elif (
                run.place.tag in _HEADINGS
                or run is self.biography
                or self.layout.hosts[run.place] in self.calling
                or run in self.heads_of_links
                or (run in above and not run.is_prose)
                or self._leads_away(run)
                or furniture.is_caption(run)
                or self._is_byline(run)
                or furniture.is_label(run)
            ):
                continue
            elif self._belongs(run) or (not known and self._is_lead(run)):
                known.add(run)
        return known

    def _headline_at(self) -> int:
        """Return where among the units the headline stands; 0 if it is none of them."""
        headline = self.witness.headline
        return next(
            (
                order
                for order, run in enumerate(self.units)
                if run.place.tag in furniture.HEADINGS and headline and headline in run.text
            ),
            0,
        )

    def _ends(self, known: set[Run]) -> tuple[int, int]:
        """Return where the first and the last known paragraph stand among the units."""
        orders = [order for order, run in enumerate(self.units) if run in known]
        return orders[0], orders[-1]

    def _is_refused(self, run: Run, column: Column) -> bool:
        place = run.place
        against = column.refused.get(place)
        leads_away = against == LINKS or self._leads_away(run)
        return (
            bool(against and against != LINKS)
            or (leads_away and not self._is_line_of_names(run))
            or (furniture.is_label(run) and not self._is_figure(run, column) and place not in column.timeline)
            or run in self.heads_of_links
            or run.text == self.witness.headline
            or (_is_heading(run) and self.witness.begins_title(run.text))
            or self._is_byline(run)
            or run is self.biography
            or self.layout.hosts[run.place] in self.calling
            or furniture.is_skip_link(run)
            or furniture.is_caption(run)
            or self._is_in_another_script(run)
        )

    def _is_figure(self, run: Run, column: Column) -> bool:
        """Whether a bare number is what a list of definitions says of a word, or stands in bold above the
        sentence that speaks of it, in one box."""
        if run.place.tag == "dd" and furniture.is_bare_number(run.text):
            return True
        box = column.box(run.place)
        return (
            box is not None
            and run.plain == 0
            and furniture.is_bare_number(run.text)
            and column.content[box].prose + column.content[box].sentences > 0
            and not (
                column.content[box].presses or column.content[box].unlinked < column.content[box].letters
            )
        )

    def _is_in_another_script(self, run: Run) -> bool:
        """Whether a line that is neither set as the paragraphs are nor a quotation is written in letters that
        the story is not: a line for readers of another edition."""
        if not self.scripts or self.layout.is_set_so(run.place) or self.quotations[run.place] is not None:
            return False
        return self.scripts.isdisjoint(scripts_of([run.text], _MAINLY))

    def _is_linked_sentence(self, run: Run) -> bool:
        """Whether a paragraph among the others is a whole sentence of its own, though all of it is a link."""
        return (
            run.unlinked == 0
            and run.is_sentence
            and run.weight >= _SENTENCE
            and run.place.tag == "p"
            and (not run.place.names or self.layout.is_set_so(run.place))
            and self.layout.is_host(self.layout.hosts[run.place])
        )

    def _is_line_of_names(self, run: Run) -> bool:
        """Whether a line that looks like a pointer is one of several that tell who or what belongs under a
        word ("Goals: …", "Cards: …"), and its links lead to what is named: they are short."""
        place = run.place
        return (
            len(self.lines_under_a_word.get(place.kin, ())) >= _LEAST_LINES
            and self._begins_with_a_word(run)
            and all(weight(link.text_content()) <= _LONGEST_NAME for link in place.element.iter("a"))
        )

    def _begins_with_a_word(self, run: Run) -> bool:
        """Whether a paragraph set as the others begins with a word or two and a colon, and points nowhere."""
        found = _COLON.search(run.text, 0, _LONGEST_WORD)
        word = run.text[: found.start()] if found else ""
        return (
            word != ""
            and run.place.tag == "p"
            and weight(word) <= _LONGEST_WORD
            and self.layout.is_set_so(run.place)
            and self.layout.is_host(self.layout.hosts[run.place])
            and phrases.POINTER.match(word) is None
            and phrases.HEADING.fullmatch(word) is None
        )

    def _is_byline(self, run: Run) -> bool:
        """Whether a run says who wrote the story and nothing else."""
        if not self.authors:
            return False
        if run.slanted and run.text.startswith(self.authors):
            return True  # who the author is, below the text
        if run.weight > _LONGEST_BYLINE:
            return False
        if not run.is_sentence and any(
            self._is_signed_by(author, run.text) for author in self.authors if " " in author
        ):
            return True
        rest = phrases.MAIL.sub("", run.text)
        for author in self.authors:
            rest = rest.replace(author, "")
        return len(rest) < len(run.text) and len(rest.strip()) <= _BESIDE_AUTHORS

    @staticmethod
    def _is_signed_by(author: str, text: str) -> bool:
        """Whether a line names an author first, perhaps behind "By", and then a role or a place."""
        at = text.find(author, 0, len(author) + _BESIDE_AUTHORS)
        return at >= 0 and _SIGNED.match(text, at + len(author)) is not None

    def _calling_hosts(self) -> set[Place]:
        """Return the one host, of several of its kind, that ends in a link alone, has no prose, and has a
        class that the others lack: an offer set between the items of a list of tips. A class that tells a
        variant, as the last of several has, is none."""
        last: dict[Place, Run] = {}
        telling: set[Place] = set()
        for run in self.candidates:
            host = self.layout.hosts[run.place]
            if self.layout.is_host(host) and host.kin == self.layout.kin:
                last[host] = run
                if run.is_prose:
                    telling.add(host)
        if len(last) < _LEAST_HOSTS:
            return set()
        names = {host: without_variants(host.names) for host in last}
        shared = Counter(names.values())
        calling = {host for host, run in last.items() if run.unlinked == 0 and run.weight <= _LONGEST_CALL}
        others_are_alike = max(shared.values()) == len(last) - 1
        alone = others_are_alike and len(calling) == 1 and all(shared[names[host]] == 1 for host in calling)
        return calling - telling if alone else set()

    def _biography(self) -> Run | None:
        """Return who the author is, below the text: the last paragraph, which begins with a name of the
        byline and has a box to itself that is none of those in which the others stand."""
        persons = tuple(author for author in self.authors if " " in author or not author.isascii())
        last = next((run for run in reversed(self.candidates) if run.is_prose), None)
        if last is None or not last.text.startswith(persons):
            return None
        box = self.layout.hosts[last.place]
        apart = not self.layout.is_host(box) and last.weight <= _LONGEST_BIOGRAPHY
        alone = apart and sum(self.layout.hosts[run.place] is box for run in self.candidates) == 1
        return last if alone else None

    def _may_stand(self, run: Run, zone: "_Zone", column: Column) -> bool:
        """Whether a run against which nothing speaks may stand where it stands.

        Between paragraphs everything may but bare labels. Before the first and after the last one it takes a
        sign that it is text: the list, the quotation or the box that it stands in.
        """
        place = run.place
        if place not in self.home and not (zone is _Zone.BEFORE and self._is_key_point(run, column)):
            return False
        if zone is _Zone.BETWEEN:
            return (
                _is_heading(run)
                or run.is_prose
                or (place.tag in _PARAGRAPHS and (place.tag != "li" or self.lists[place] is not None))
                or (
                    run.is_sentence
                    and (
                        column.is_of_several(place)
                        or column.is_of_entries(place)
                        or place not in column.content
                    )
                )
                or column.is_quoted(place)
                or place in column.timeline
                or QUOTED.fullmatch(run.text) is not None
                or has_word(place.names, SUBHEADS)
                or column.is_of_headed_lines(place)
                or place in column.head_lines
            )
        if _is_heading(run):
            return True
        if zone is _Zone.BEFORE:
            return (
                column.is_quoted(place)
                or (run.is_sentence and column.is_of_several(place))
                or self._is_key_point(run, column)
                or self._is_first_question(run)
                or (place.tag == "dt" and place.parent in column.spine)
                or place in column.head_lines
            )
        return (
            column.is_quoted(place)
            or self._is_list_of_points(run, column)
            or (run.is_sentence and column.is_box_of_text(place))
            or self._ends_the_text(run)
        )

    def _shares_a_name(self, place: Place) -> bool:
        """Whether a word of its class names is one of the paragraphs' ("text-last", "text")."""
        words = frozenset(word for name in self.layout.paragraph[1].split() for word in words_of(name))
        return has_word(place.names, words)

    def _ends_the_text(self, run: Run) -> bool:
        """Whether a line is a paragraph beside the others though it has no full stop, as the dates of a life,
        or is short; or a sentence right in what holds the boxes that the others stand in."""
        place, host = run.place, self.layout.hosts[run.place]
        if place.tag != "p" or run.unlinked < run.letters or host is not place.parent:
            return False
        if host is self.layout.home and run.is_sentence and self.layout.is_set_so(place):
            return True
        return (
            (run.weight >= _SHORTEST_END or (run.is_sentence and self._shares_a_name(place)))
            and self.layout.is_host(host)
            and not furniture.is_named(place.element)
        )

    def _is_list_of_points(self, run: Run, column: Column) -> bool:
        """Whether a run is of a list that says something: no list of names of other sites to share on."""
        at = self.lists[run.place]
        if at is None or at not in column.content:
            return False
        content = column.content[at]
        return content.items >= _LEAST_POINTS and content.weight >= _LEAST_POINT * content.items

    def _is_key_point(self, run: Run, column: Column) -> bool:
        """Whether a run before the text is of a list of its key points; one that has its date or its author
        among its items says nothing else."""
        at = self.lists[run.place]
        return self._is_list_of_points(run, column) and at not in self.lists_on_the_text

    @cached_property
    def lists_on_the_text(self) -> set[Place]:
        """The lists that have the text's date or its author among their items."""
        items = ((self.lists[run.place], run) for run in self.units)
        return {at for at, run in items if at is not None and self._tells_of_the_text(run)}

    def _tells_of_the_text(self, run: Run) -> bool:
        """Whether an item says when the text was written, by whom, or how long it takes to read."""
        return (
            furniture.is_label(run)
            or self._is_byline(run)
            or (run.place.time != "" and run.weight <= _LONGEST_DATE)
        )

    def _boxes_of_more(self, reading: Reading) -> set[Place]:
        """Return what holds other things too than lists of unlinked sentences."""
        return {
            self.layout.hosts[run.place]
            for run in reading.runs
            if self.lists[run.place] is None or not run.is_sentence or run.unlinked < run.letters
        }

    def _is_in_the_text(self, row: Place) -> bool:
        """Whether a row's table stands among the paragraphs, perhaps in a wrapper of its own."""
        table = row
        while table.tag != "table" and table.parent is not None:
            table = table.parent
        outer = table.parent
        for _ in range(_TABLE_WRAPPERS):
            if (
                outer is not None
                and outer.tag in ("div", "figure")
                and self.standing[outer] is _Standing.APART
            ):
                outer = outer.parent
        return outer is not None and self.standing[self.layout.hosts[outer]] is not _Standing.APART

    def _leads_away(self, run: Run) -> bool:
        if self._is_linked_sentence(run):
            return False
        return furniture.is_pointer(run) or self.lists[run.place] in self.lists_of_links

    def _belongs(self, run: Run) -> bool:
        place = run.place
        standing = self.standing[place]
        if self.layout.is_set_so(place):
            if self.layout.is_host(self.layout.hosts[place]):
                return True
            if place.names:
                return run.is_prose
        if standing is _Standing.APART or (standing is _Standing.NAMED and not run.is_prose):
            return run.is_prose and (
                self.quotations[place] is not None
                or self._stands_between_hosts(run)
                or self._is_of_a_list_of_sentences(run)
                or self._is_named_as_the_paragraphs(run)
                or self.witness.confirms(run.text)
            )
        if place in self.layout.more and run.is_prose:
            return True
        if self.lists[place] is not None:
            return standing is not _Standing.NAMED
        if self.quotations[place] is not None:
            return True
        if not place.names:
            return run.is_prose or place.tag == "p"
        # Set as another paragraph is; of that one it may be the beginning, all names with links.
        if place.tag == "p" and (
            self.styles[place.style] > run.is_prose or (run.is_prose and run.is_sentence)
        ):
            return True
        return run.is_prose and (
            place.name == self.layout.paragraph[1].partition(" ")[0] or self.witness.confirms(run.text)
        )

    def _stands_between_hosts(self, run: Run) -> bool:
        """Whether a sentence stands right in what holds the hosts, set as their paragraphs are: an
        introduction to a list of chapters."""
        host = self.layout.hosts[run.place]
        return (
            host is self.layout.home
            and host.style == self.layout.kin[1]
            and run.is_sentence
            and run.place is not host
            and self.layout.is_set_so(run.place)
        )

    def _is_named_as_the_paragraphs(self, run: Run) -> bool:
        """Whether a sentence right beside the hosts, in a box of its own, has the paragraphs' name though it
        is set with another tag: the first paragraph with its agency and place."""
        box = self.layout.hosts[run.place]
        return (
            run.is_sentence
            and run.place.name != ""
            and run.place.name == self.layout.paragraph[1].partition(" ")[0]
            and box.parent is not None
            and (box.parent is self.layout.home or box.parent.kin == self.layout.home.kin)
            and not furniture.is_named(box.element)
        )

    def _is_of_a_list_of_sentences(self, run: Run) -> bool:
        """Whether a run is of a list of whole sentences that has a box to itself among the paragraphs."""
        box = self.layout.hosts[run.place]
        return (
            self.lists[run.place] is not None
            and box not in self.boxes_of_more
            and box.tag == "div"
            and box.parent is not None
            and self.standing[box.parent] is _Standing.HOSTED
        )

    def _is_lead(self, run: Run) -> bool:
        """Whether a run may be the first paragraph, which is often set apart from those that follow."""
        return run.is_prose and run.place.tag == "p" and self.standing[run.place] is not _Standing.APART


class _Standing(Enum):
    """Where a place stands to the story's hosts."""

    HOSTED = "in a host, with only wrappers without a class between"
    NAMED = "in a host, with wrappers between that are named as a part of a story"
    APART = "in something else"


def _is_heading(run: Run) -> bool:
    """Whether a run heads what follows: a heading, a button that opens it, or a short line all in bold that
    is no sentence."""
    return run.place.tag in _HEADINGS or (
        run.plain == 0 and run.unlinked > 0 and not run.is_sentence and run.weight < _LONGEST_BOLD_HEADING
    )


def _says_who_the_author_is(run: Run) -> bool:
    return run.slanted and phrases.AUTHOR_IS.match(run.text) is not None


def _calls_to_a_network(run: Run) -> bool:
    """Whether a line names a network and an account or a link there, and speaks for the newspaper. That one
    is spoken of is no call to readers: "Facebook declined to comment."."""
    if not phrases.OF_US.search(run.text) or not phrases.NETWORK.search(run.text):
        return False
    return phrases.ACCOUNT.search(run.text) is not None or any(
        phrases.NETWORK.search(link.get("href") or "") or furniture.leads_to_a_profile(link.get("href") or "")
        for link in run.place.element.iter("a")
    )


def _drop_headings_of(headings: deque[Run], refused: Run) -> None:
    """Take away the headings of a box of links that is no part of the story."""
    while headings and _stand_together(headings[-1].place, refused.place):
        headings.pop()


def _stand_together(heading: Place, link: Place) -> bool:
    """Whether a link is of a list that stands right beside a heading, or in its own box with it."""
    at: Place | None = link
    while at is not None and at.tag in _OF_LISTS:
        at = at.parent
    return at is not None and at is not link and at in (heading.parent, heading)


def _standings(reading: Reading, layout: Layout) -> dict[Place, _Standing]:
    """Return for each place where it stands to the story's hosts."""
    standings: dict[Place, _Standing] = {}
    for place in reading.places:
        host = layout.hosts[place]
        if host is not place:
            standings[place] = standings[host]
        elif layout.is_host(place):
            standings[place] = _Standing.HOSTED
        elif place.parent is None or place is layout.home or place.tag not in ("div", "section"):
            standings[place] = _Standing.APART
        elif not place.names:
            standings[place] = standings[place.parent]
        elif furniture.names_story(place.names) and standings[place.parent] is not _Standing.APART:
            standings[place] = _Standing.NAMED
        else:
            standings[place] = _Standing.APART
    return standings


def _enclosing(reading: Reading, tags: frozenset[str]) -> dict[Place, Place | None]:
    """Return for each place the innermost one of these tags around it in its paragraph, if any."""
    enclosing: dict[Place, Place | None] = {}
    for place in reading.places:
        outer = enclosing[place.parent] if place.parent and place.tag in TEXT_LEVEL else None
        enclosing[place] = place if place.tag in tags else outer
    return enclosing


def _lists_of_links(page: Page, reading: Reading) -> set[Place]:
    """Return the lists of which at least half of the runs lead elsewhere, or to other places of the page as a
    table of contents does, or all of them to what the newspaper promotes; or of which each is a headline to
    click and the first words of its story."""
    runs: defaultdict[Place, int] = defaultdict(int)
    pointers: defaultdict[Place, int] = defaultdict(int)
    teasers: defaultdict[Place, int] = defaultdict(int)
    lists = [place for place in reading.places if place.tag in _LISTS]
    within = inside_of(reading, set(lists))
    for run in reading.runs:
        if run.place in within:
            runs[run.place] += 1
            pointers[run.place] += (run.jumps and not run.is_sentence) or furniture.is_pointer(run)
            teasers[run.place] += furniture.is_teaser(run, page)
    for place in reversed(reading.places):
        if place in within and place.parent is not None:
            runs[place.parent] += runs[place]
            pointers[place.parent] += pointers[place]
            teasers[place.parent] += teasers[place]
    return {
        place
        for place in lists
        if runs[place] > 0
        and (
            2 * pointers[place] >= runs[place]
            or teasers[place] == runs[place]
            or furniture.promotes(place.element)
        )
    }


def _with_rows(runs: list[Run], rows: dict[Place, list[Run]]) -> list[Run]:
    """Return the runs, those of each row of data joined to one."""
    row_of = {cell: row for row, cells in rows.items() for cell in cells}
    found = []
    for run in runs:
        row = row_of.get(run)
        if row is None:
            found.append(run)
        elif rows[row][0] is run:
            found.append(joined(row, rows[row]))
    return found


def _without_repeats(runs: list[Run]) -> list[Run]:
    """Return the runs without long ones that stood before: pages repeat them for small screens."""
    seen: set[str] = set()
    kept = []
    for run in runs:
        if run.text in seen and len(run.text) >= _REPEATED:
            continue
        seen.add(run.text)
        kept.append(run)
    return kept
