"""The text of a story: which of a page's words are the article, in reading order.

A story's paragraphs are set alike: they share a signature, the tags and classes from the root down to them.
What stands around and between them (adverts, teasers, sign-up boxes) is set otherwise. So the signature that
carries most prose is the story's, and what stands elsewhere must show that it belongs. No decision rests on
how much furniture there is, so that it may come and go without the story changing.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from articles.extract import furniture
from articles.extract.page import Element, Page
from articles.extract.witness import Witness
from articles.extract.runs import Place, Reading, Run, read_runs

_SENTENCE_END = re.compile(r"[.!?…。！？．।؟۔։።][\"'“”‘’»«›‹」』）)\]]*$")
_WIDE = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WIDE_WEIGHT = 2  # such a letter says as much as this many more of an alphabet

_TEXT_LEVEL = frozenset({"p", "li", "ul", "ol", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6"})
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_PROSE_WEIGHT = 50  # letters; shorter runs are labels, bylines, links
_PROSE_LINKED = 0.5
_GUARD = 0.6  # what carries this share of all prose is no furniture, whatever it is called
_MARKED_FACTOR = 0.15  # how much less text marked as furniture counts when the story is looked for
_CONTENDERS = 4  # signatures whose text is held against the witnesses
_TOGETHER = 0.7  # the story's <article> is the innermost that holds this share of its main part


def paragraphs(page: Page) -> list[str]:
    """Return the article's paragraphs, clean, in reading order; none when no article was found."""
    body = page.tree.find("body")
    reading = read_runs(page.tree if body is None else body)
    return [run.text for run in _story_runs(reading, Witness.of(page))]


def all_paragraphs(elements: list[Element]) -> list[str]:
    """Return every paragraph that stands in `elements`."""
    return [run.text for element in elements for run in read_runs(element).runs]


def _story_runs(reading: Reading, witness: Witness) -> list[Run]:
    weights = {id(run): _weight(run.text) for run in reading.runs}
    prose = [run for run in reading.runs if _is_prose(run, weights[id(run)])]
    if not prose:
        return []
    hosts = _hosts(reading)
    marked = {place for place in reading.places if furniture.is_marked(place.element)}
    believed = _inside(reading, _without_what_holds_most(marked, reading, prose, weights))
    kin = _main_kin(prose, weights, hosts, believed, witness)
    main = [run for run in prose if _kin(hosts[run.place]) == kin]
    around = {_kin(place) for place in _around(run.place for run in main)}
    unwanted = _inside(reading, {place for place in marked if _kin(place) not in around})
    style = _style(hosts[main[0].place])
    alike = [
        run for run in prose if run.place not in unwanted and style[1] and _style(hosts[run.place]) == style
    ]
    home = _home(reading, [run.place for run in main], [run.place for run in alike])
    inside = _inside(reading, {home}) - unwanted
    setting = _Setting(main, home, hosts, _link_shares(reading), witness)
    return _without_repeats(setting.accepted([run for run in reading.runs if run.place in inside]))


def _hosts(reading: Reading) -> dict[Place, Place]:
    """Return for each place what it stands in as text: the innermost that is no paragraph, list or quotation."""
    hosts: dict[Place, Place] = {}
    for place in reading.places:
        outer = place.parent
        hosts[place] = hosts[outer] if outer is not None and place.tag in _TEXT_LEVEL else place
    return hosts


def _style(place: Place) -> tuple[str, str]:
    return place.tag, place.name


def _kin(place: Place) -> tuple[str, ...]:
    """Return what tells sections of one story from what else stands on its page: their style and their parent's."""
    return (*_style(place), *(_style(place.parent) if place.parent else ()))


def _weight(text: str) -> int:
    """Return how much a text says: its length, with letters of scripts that say more in one counted as more."""
    return len(text) if text.isascii() else len(text) + _WIDE_WEIGHT * len(_WIDE.findall(text))


def _is_prose(run: Run, weight: int) -> bool:
    return (
        weight >= _PROSE_WEIGHT
        and run.linked < _PROSE_LINKED
        and (weight >= 3 * _PROSE_WEIGHT or _SENTENCE_END.search(run.text) is not None)
    )


def _without_what_holds_most(
    marked: set[Place], reading: Reading, prose: list[Run], weights: dict[int, int]
) -> set[Place]:
    """Return the marked places whose like do not hold most of the page's prose."""
    held: dict[Place, int] = defaultdict(int)
    for run in prose:
        held[run.place] += weights[id(run)]
    alike: Counter[tuple[str, ...]] = Counter()
    for place in reversed(reading.places):
        if place.parent is not None:
            held[place.parent] += held[place]
        alike[_kin(place)] += held[place]
    limit = _GUARD * sum(weights[id(run)] for run in prose)
    return {place for place in marked if alike[_kin(place)] <= limit}


def _main_kin(
    prose: list[Run],
    weights: dict[int, int],
    hosts: dict[Place, Place],
    within_marked: set[Place],
    witness: Witness,
) -> tuple[str, ...]:
    """Return the kin of places that carries the story: most text, told once, on the page's subject, unmarked."""
    mass: dict[tuple[str, ...], float] = defaultdict(float)
    texts: dict[tuple[str, ...], list[str]] = defaultdict(list)
    seen: set[str] = set()
    for run in prose:
        if run.text in seen:
            continue
        seen.add(run.text)
        kin = _kin(hosts[run.place])
        mass[kin] += weights[id(run)] * (_MARKED_FACTOR if run.place in within_marked else 1)
        texts[kin].append(run.text)
    heaviest = sorted(mass, key=lambda kin: -mass[kin])[:_CONTENDERS]
    return max(heaviest, key=lambda kin: mass[kin] * witness.trust(texts[kin]))


def _around(places: Iterable[Place]) -> set[Place]:
    """Return these places and all they stand in."""
    around: set[Place] = set()
    for place in places:
        outer: Place | None = place
        while outer is not None and outer not in around:
            around.add(outer)
            outer = outer.parent
    return around


def _home(reading: Reading, main: list[Place], alike: list[Place]) -> Place:
    """Return the innermost place that holds the story: all that is set like its main part, in its <article>."""
    held = _held(reading, main)
    most = _TOGETHER * len(main)
    article = max(
        (place for place in reading.places if place.tag in ("article", "body", "html") and held[place] >= most),
        key=lambda place: place.depth,
        default=reading.places[0],
    )
    within = _inside(reading, {article})
    members = [place for place in {*main, *alike} if place in within]
    held = _held(reading, members)
    return max((place for place in within if held[place] == len(members)), key=lambda place: place.depth)


def _held(reading: Reading, members: Iterable[Place]) -> Counter[Place]:
    """Return for each place how many of the members stand in it."""
    held = Counter(members)
    for place in reversed(reading.places):
        if place.parent is not None:
            held[place.parent] += held[place]
    return held


def _inside(reading: Reading, places: set[Place]) -> set[Place]:
    """Return these places and all that stand in them."""
    inside = set(places)
    for place in reading.places:
        if place.parent in inside:
            inside.add(place)
    return inside


class _Setting:
    """How the story is set, and with it which runs belong to it."""

    def __init__(
        self, main: list[Run], home: Place, hosts: dict[Place, Place], link_shares: dict[Place, float], witness: Witness
    ) -> None:
        self.witness = witness
        self.home = home
        self.hosts = hosts
        self.link_shares = link_shares
        self.kin = _kin(hosts[main[0].place])
        self.style = _style(hosts[main[0].place])
        mass: Counter[tuple[str, str]] = Counter()
        for run in main:
            mass[run.place.tag, run.place.names] += len(run.text)
        self.tag, self.names = max(mass, key=lambda key: mass[key])

    def accepted(self, runs: list[Run]) -> list[Run]:
        chosen: list[Run] = []
        headings: list[Run] = []
        for run in runs:
            if furniture.is_label(run.text):
                continue
            if furniture.is_pointer(run.text, run.linked):
                headings = []
            elif run.place.tag in _HEADINGS:
                if self._is_hosted(run.place) and run.linked < _PROSE_LINKED:
                    headings.append(run)
            elif self._belongs(run):
                chosen += headings
                headings = []
                chosen.append(run)
        return chosen

    def _is_hosted(self, place: Place) -> bool:
        """Whether a place stands where the story's paragraphs do: plain wrappers between make no difference."""
        host = self.hosts[place]
        while not self._is_host(host):
            if host.names or host is self.home or host.parent is None or host.tag not in ("div", "section"):
                return False
            host = self.hosts[host.parent]
        return True

    def _is_host(self, host: Place) -> bool:
        return _kin(host) == self.kin or (host.name != "" and _style(host) == self.style)

    def _belongs(self, run: Run) -> bool:
        place = run.place
        prose = _is_prose(run, _weight(run.text))
        if place.tag == self.tag and place.names == self.names and (self._is_host(self.hosts[place])):
            return True
        if place.tag == self.tag and place.names == self.names != "":
            return prose
        if not self._is_hosted(place):
            return prose and self.witness.confirms(run.text)
        outer: Place | None = place
        while outer is not None and outer.tag in _TEXT_LEVEL:
            if outer.tag in ("ul", "ol"):
                return self.link_shares[outer] < _PROSE_LINKED
            if outer.tag in ("blockquote", "pre"):
                return True
            outer = outer.parent
        return prose or (place.tag == "p" and not place.names)


def _link_shares(reading: Reading) -> dict[Place, float]:
    """Return for each list the share of its text that stands in links."""
    length: Counter[Place] = Counter()
    linked: dict[Place, float] = defaultdict(float)
    for run in reading.runs:
        length[run.place] += len(run.text)
        linked[run.place] += len(run.text) * run.linked
    for place in reversed(reading.places):
        if place.parent is not None:
            length[place.parent] += length[place]
            linked[place.parent] += linked[place]
    return {place: linked[place] / (length[place] or 1) for place in reading.places if place.tag in ("ul", "ol")}


def _without_repeats(runs: list[Run]) -> list[Run]:
    """Return the runs without prose that stood before: pages repeat it for small screens."""
    seen: set[str] = set()
    kept = []
    for run in runs:
        if run.text in seen and len(run.text) >= _PROSE_WEIGHT:
            continue
        seen.add(run.text)
        kept.append(run)
    return kept
