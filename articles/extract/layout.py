"""Where on its page a story stands, told by how it is set.

A story's paragraphs are set alike: what they stand in, their *host*, has the same tag and class throughout,
and so have the paragraphs. What stands around and between them (adverts, teasers, sign-up boxes) is set
otherwise.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from articles.extract import furniture
from articles.extract.machine_readable_text import Witness
from articles.extract.names import is_hidden
from articles.extract.runs import Kin, Place, Reading, Run, Style, surroundings

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
TEXT_LEVEL = _HEADINGS | {"p", "li", "ul", "ol", "blockquote", "pre", "dl", "dt", "dd"}

_GUARD = 0.8  # what holds this share of all prose is not believed to be furniture, whatever it is called
_MARKED_PERCENT = 30  # how much text marked as furniture counts when the story is looked for
_TALK_PERCENT = 5  # and how much text marked as comments, of which there may be far more than of the story
_NEAREST_FACTOR = 1.5  # how much more text counts that stands as near to the headline as any
_CONTENDERS = 4  # how many kin are held against the witnesses
_SHORTEST_PARAGRAPH = 25  # weight, where no paragraph of the page reads as prose
_MOSTLY = 0.7  # share of its letters outside links
_ENOUGH = 0.2  # an <article> around the headline is the story's if it holds this share of its main part
_TOGETHER = 0.7  # without one, the story's is the innermost that holds this share


@dataclass(frozen=True, slots=True)
class Layout:
    """How one page's story is set, and where."""

    kin: Kin  # of what most of its paragraphs stand in
    paragraph: Style  # the tag and all class names of most of its paragraphs
    home: Place  # the innermost place that holds all of it
    hosts: dict[Place, Place]
    inside: frozenset[Place]  # the places in home that are no furniture
    with_headline: Place  # the innermost place that holds home and the headline; home without a headline
    more: frozenset[Place] = frozenset()  # beside the first part of the story: places of parts set otherwise

    def is_host(self, host: Place) -> bool:
        """Whether paragraphs that stand in `host` are the story's."""
        return host in self.more or host.kin == self.kin or (host.name != "" and host.style == self.kin[0])

    def is_set_so(self, place: Place) -> bool:
        """Whether a place is set as the story's paragraphs are."""
        return (place.tag, place.names) == self.paragraph


def find_layout(reading: Reading, witness: Witness) -> Layout | None:
    """Return how the story is set: as the kin of places that holds most prose on the page's subject."""
    prose = [run for run in reading.runs if run.is_prose and run.place.tag not in _HEADINGS]
    prose = prose or [run for run in reading.runs if run.place.tag == "p" and _is_short_paragraph(run)]
    if not prose:
        return None
    hosts = _hosts(reading)
    marks = _Marks.of(reading, witness.headline)
    others = _other_stories(reading, marks.by_headline) | _talk(reading, marks.by_headline)
    own = [run for run in prose if run.place not in others]
    if 2 * sum(run.weight for run in own) >= sum(run.weight for run in prose):
        prose = own
    else:
        others = set()
    main_kin = _main_kin(prose, hosts, marks.percent(reading, prose), marks.nearness(reading), witness)
    main = [run for run in prose if hosts[run.place].kin == main_kin]
    paragraph = _heaviest((run.place.tag, run.place.names, run.weight) for run in main)

    around = {place.kin for place in surroundings(run.place for run in main)}
    unwanted_by_name = inside_of(reading, {place for place in marks.named if place.kin not in around})
    boxes = marks.hidden | {place for place in reading.places if place.asks}
    unwanted = unwanted_by_name | inside_of(reading, {place for place in boxes if place.kin not in around})

    hosted_alike = {run.place for run in prose if main_kin[0][1] and hosts[run.place].style == main_kin[0]}
    set_alike = {run.place for run in prose if paragraph[1] and (run.place.tag, run.place.names) == paragraph}
    # Two signs outweigh one: a "teaser" may be a story's start, and its end hidden from who has not paid.
    certain = {place for place in set_alike if hosts[place] is not place}
    certain &= hosted_alike | (set_alike - unwanted_by_name)
    likely = (hosted_alike | set_alike) - unwanted
    home = _home(reading, marks.by_headline, [run.place for run in main], likely | certain)
    block = hosts[home]  # a story of one paragraph alone in its block has that paragraph for its home
    more = _more_of_the_story(reading, block, marks, unwanted | others)
    if more and block.parent is not None:
        home = block.parent
        certain |= more
    elif home is not block and _has_more_lines(reading, block, home, hosts):
        home = block
    inside = ((inside_of(reading, {home}) - unwanted) | certain) - others
    with_headline = home
    while marks.by_headline and with_headline not in marks.by_headline and with_headline.parent is not None:
        with_headline = with_headline.parent
    return Layout(main_kin, paragraph, home, hosts, frozenset(inside), with_headline, frozenset(more))


@dataclass(frozen=True, slots=True)
class _Marks:
    """What a page's markup says of its places, right or wrong."""

    by_headline: set[Place]  # what holds the headline: whatever it is called, it is no furniture
    hidden: set[Place]
    named: set[Place]  # as furniture

    @classmethod
    def of(cls, reading: Reading, headline: str) -> "_Marks":
        headings = (run for run in reading.runs if run.place.tag in _HEADINGS)
        heading = next((run for run in headings if headline and headline in run.text), None)
        by_headline = surroundings([heading.place] if heading else [])
        hidden = {place for place in reading.places if is_hidden(place.element)}
        named = {place for place in reading.places if furniture.is_named(place.element)}
        return cls(by_headline, hidden - by_headline, named - by_headline)

    def percent(self, reading: Reading, prose: list[Run]) -> dict[Place, int]:
        """Return how much the text of the places that are marked counts when the story is looked for."""
        marked = self.hidden | self.named
        if not self.by_headline:
            marked = _without_what_holds_most(marked, reading, prose)
        talk = {place for place in marked & self.named if furniture.is_talk(place.element)}
        return {
            **dict.fromkeys(inside_of(reading, marked), _MARKED_PERCENT),
            **dict.fromkeys(inside_of(reading, talk), _TALK_PERCENT),
        }

    def nearness(self, reading: Reading) -> dict[Place, int]:
        """Return for each place how deep the innermost place lies that holds both it and the headline."""
        nearness: dict[Place, int] = {}
        for place in reading.places:
            outer = nearness[place.parent] if place.parent else 0
            nearness[place] = place.depth if place in self.by_headline else outer
        return nearness


def _more_of_the_story(reading: Reading, home: Place, marks: "_Marks", unwanted: set[Place]) -> set[Place]:
    """Return the blocks beside the story's block that read as parts of it, and what stands in them.

    They hold paragraphs and nothing else: several of them, or one where the story's block holds but one too
    (each paragraph in a section of its own, perhaps under a heading).
    """
    beside = [
        place
        for place in reading.places
        if place.parent is home.parent
        and place is not home
        and place.tag in ("div", "section", "article", "main")
        and place not in marks.by_headline
        and place not in unwanted
    ]
    if home.parent is None or not beside:
        return set()
    block: dict[Place, Place] = {place: place for place in (*beside, home)}
    for place in reading.places:
        if place.parent in block:
            block.setdefault(place, block[place.parent])
    runs: defaultdict[Place, list[Run]] = defaultdict(list)
    for run in reading.runs:
        if run.place in block:
            runs[block[run.place]].append(run)
    single = _is_single(runs[home])
    shows = {block[place] for place in block if place.shows or place.asks or place.presses}
    found = {
        place
        for place in beside
        if place not in shows
        and (
            (len(runs[place]) > 1 and all(_is_paragraph(run) for run in runs[place]))
            or _is_larger_part(runs[place], runs[home])
            or (single and place.tag == home.tag and _is_single(runs[place]))
        )
    }
    return {place for place in block if block[place] in found}


def _is_larger_part(runs: list[Run], first: list[Run]) -> bool:
    """Whether a block holds paragraphs, and headings that lead nowhere, alone, and at least as much as the
    story's first block: the story itself, of which the first is but the summary."""
    headings = [run for run in runs if run.place.tag in _HEADINGS]
    paragraphs = [run for run in runs if run.place.tag not in _HEADINGS]
    return (
        len(paragraphs) > 1
        and sum(run.weight for run in paragraphs) >= sum(run.weight for run in first)
        and all(_is_paragraph(run) for run in paragraphs)
        and all(
            run.unlinked == run.letters and not furniture.is_heading_of_furniture(run) for run in headings
        )
    )


def _has_more_lines(reading: Reading, block: Place, paragraph: Place, hosts: dict[Place, Place]) -> bool:
    """Whether other paragraphs, perhaps too short to read as prose, stand in a block beside the only one that
    is set as the story's, or in boxes of it."""
    return any(
        run.place.tag == paragraph.tag
        and (hosts[run.place] is block or hosts[run.place].parent is block)
        and run.place is not paragraph
        and run.unlinked > _MOSTLY * run.letters
        and not furniture.is_label(run)
        for run in reading.runs
    )


def _is_short_paragraph(run: Run) -> bool:
    """Whether a paragraph may be one of a story that has no longer ones: a short sentence, or what ends in a
    colon."""
    return (
        run.weight >= _SHORTEST_PARAGRAPH
        and run.unlinked == run.letters
        and (run.is_sentence or run.text.endswith((":", "：")))
        and not furniture.is_label(run)
    )


def _is_paragraph(run: Run) -> bool:
    return run.is_prose and run.unlinked > _MOSTLY * run.letters


def _is_single(runs: list[Run]) -> bool:
    """Whether a block holds one paragraph alone, or under a heading of its own that leads nowhere."""
    if len(runs) == 2:
        heading, paragraph = runs
        return (
            heading.place.tag in _HEADINGS
            and heading.unlinked == heading.letters
            and not furniture.is_heading_of_furniture(heading)
            and paragraph.place.tag not in _HEADINGS
            and _is_paragraph(paragraph)
        )
    return len(runs) == 1 and _is_paragraph(runs[0])


def _other_stories(reading: Reading, by_headline: set[Place]) -> set[Place]:
    """Return what stands in an <article> of its own whose heading is a link: the story read next."""
    if not by_headline:
        return set()
    articles = {place for place in reading.places if place.tag == "article" and place not in by_headline}
    if not articles:
        return set()
    article: dict[Place, Place | None] = {}
    for place in reading.places:
        outer = article[place.parent] if place.parent else None
        article[place] = place if place in articles else outer
    first: dict[Place, Run] = {}
    for run in reading.runs:
        at = article[run.place]
        if at is not None and run.place.tag in _HEADINGS:
            first.setdefault(at, run)
    return inside_of(reading, {place for place, run in first.items() if run.unlinked == 0})


def _talk(reading: Reading, by_headline: set[Place]) -> set[Place]:
    """Return what stands in boxes that begin with a heading which says, as a whole, that readers' comments
    follow."""
    boxes: set[Place] = set()
    before: Place | None = None
    for run in reading.runs:
        box = run.place.parent
        if (
            box is not None
            and run.place.tag in _HEADINGS
            and furniture.heads_talk(run)
            and box not in by_headline
            and (before is None or box not in surroundings([before]))
        ):
            boxes.add(box)
        before = run.place
    return inside_of(reading, boxes) if boxes and by_headline else set()


def inside_of(reading: Reading, places: set[Place]) -> set[Place]:
    """Return these places and all that stand in them."""
    inside = set(places)
    for place in reading.places:
        if place.parent in inside:
            inside.add(place)
    return inside


def _hosts(reading: Reading) -> dict[Place, Place]:
    """Return for each place its host: the innermost that is no paragraph, heading, list or quotation."""
    hosts: dict[Place, Place] = {}
    for place in reading.places:
        outer = place.parent
        hosts[place] = hosts[outer] if outer is not None and place.tag in TEXT_LEVEL else place
    return hosts


def _without_what_holds_most(marked: set[Place], reading: Reading, prose: list[Run]) -> set[Place]:
    """Return the marked places whose kin do not hold most of the page's prose."""
    held: Counter[Place] = Counter()
    for run in prose:
        held[run.place] += run.weight
    alike: Counter[Kin] = Counter()
    for place in reversed(reading.places):
        if place.parent is not None:
            held[place.parent] += held[place]
        alike[place.kin] += held[place]
    limit = _GUARD * sum(run.weight for run in prose)
    return {place for place in marked if alike[place.kin] <= limit}


def _main_kin(
    prose: list[Run],
    hosts: dict[Place, Place],
    percent: dict[Place, int],
    nearness: dict[Place, int],
    witness: Witness,
) -> Kin:
    """Return the kin that carries the story: most text, told once, on the page's subject, by its headline."""
    mass: Counter[Kin] = Counter()
    texts: dict[Kin, list[str]] = defaultdict(list)
    near: Counter[Kin] = Counter()
    seen: set[str] = set()
    for run in prose:
        if run.text in seen:
            continue
        seen.add(run.text)
        host_kin = hosts[run.place].kin
        mass[host_kin] += run.weight * percent.get(run.place, 100)
        texts[host_kin].append(run.text)
        near[host_kin] = max(near[host_kin], nearness[run.place])
    contenders = [one for one, _ in mass.most_common(_CONTENDERS)]
    nearest = max(near[one] for one in contenders)

    def merit(one: Kin) -> float:
        return mass[one] * witness.trust(texts[one]) * (_NEAREST_FACTOR if near[one] == nearest else 1)

    return max(contenders, key=merit)


def _heaviest(weighed: Iterable[tuple[str, str, int]]) -> Style:
    mass: Counter[Style] = Counter()
    for tag, names, weight in weighed:
        mass[tag, names] += weight
    return max(mass, key=lambda one: mass[one])


def _home(reading: Reading, by_headline: set[Place], main: list[Place], alike: set[Place]) -> Place:
    """Return the innermost place that holds all that is set like the story's main part, in its <article>.

    That is the <article> around the headline if it has enough of the main part, or the one that has most.
    """
    held = _held(reading, main)
    articles = [place for place in reading.places if place.tag == "article"]
    headed = [place for place in articles if place in by_headline and held[place] >= _ENOUGH * len(main)]
    largest = [place for place in articles if held[place] >= _TOGETHER * len(main)]
    article = max(headed or largest, key=lambda place: place.depth, default=reading.places[0])
    within = inside_of(reading, {article})
    members = [place for place in {*main, *alike} if place in within]
    held = _held(reading, members)
    return max((place for place in within if held[place] == len(members)), key=lambda place: place.depth)


def _held(reading: Reading, members: Iterable[Place]) -> dict[Place, int]:
    """Return for each place how many of the members stand in it."""
    held = defaultdict(int, Counter(members))
    for place in reversed(reading.places):
        if place.parent is not None:
            held[place.parent] += held[place]
    return held
