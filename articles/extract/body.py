"""The text of a story: which of a page's words are the article, in reading order.

No decision here rests on how much furniture there is or what it says, so that it may come and go without the
story changing.
"""

from collections import Counter, defaultdict

from articles.extract import furniture
from articles.extract.layout import Layout, find_layout, style
from articles.extract.page import Element, Page
from articles.extract.runs import Place, Reading, Run, read_runs
from articles.extract.witness import Witness

_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_LISTS = frozenset({"ul", "ol"})
_QUOTATIONS = frozenset({"blockquote", "pre"})
_LINKED = 0.5  # a list or heading with this share of its text in links is a way to elsewhere
_REPEATED = 50  # characters; what is shorter may well be said twice


def paragraphs(page: Page) -> list[str]:
    """Return the article's paragraphs, clean, in reading order; none when no article was found."""
    body = page.tree.find("body")
    reading = read_runs(page.tree if body is None else body)
    witness = Witness.of(page)
    layout = find_layout(reading, witness)
    if layout is None:
        return []
    runs = _Choice(reading, layout, witness).runs()
    return [run.text for run in _without_repeats(runs)]


def all_paragraphs(elements: list[Element]) -> list[str]:
    """Return every paragraph that stands in `elements`."""
    return [run.text for element in elements for run in read_runs(element).runs]


class _Choice:
    """Which runs of a page belong to its story."""

    def __init__(self, reading: Reading, layout: Layout, witness: Witness) -> None:
        self.candidates = [run for run in reading.runs if run.place in layout.inside]
        self.layout = layout
        self.witness = witness
        self.link_shares = _link_shares(reading)
        self.styles = Counter(style(run.place) for run in self.candidates if run.is_prose)

    def runs(self) -> list[Run]:
        """Return the story's runs; a subheading stands only before a paragraph."""
        chosen: list[Run] = []
        headings: list[Run] = []
        for run in self.candidates:
            if furniture.is_label(run.text) or furniture.is_pointer(run):
                continue
            if run.place.tag in _HEADINGS:
                if self._is_hosted(run.place) and run.linked < _LINKED:
                    headings.append(run)
            elif self._belongs(run) or (not chosen and self._is_lead(run)):
                chosen += headings
                headings = []
                chosen.append(run)
        return chosen

    def _belongs(self, run: Run) -> bool:
        place = run.place
        if self.layout.is_set_so(place) and self.layout.is_host(self.layout.hosts[place]):
            return True
        if self.layout.is_set_so(place) and place.names:
            return run.is_prose
        if not self._is_hosted(place):
            return run.is_prose and self.witness.confirms(run.text)
        outer: Place | None = place
        while outer is not None and outer is not self.layout.hosts[place]:
            if outer.tag in _LISTS:
                return self.link_shares[outer] < _LINKED
            if outer.tag in _QUOTATIONS:
                return True
            outer = outer.parent
        if not place.names:
            return run.is_prose or place.tag == "p"
        return run.is_prose and (
            place.name == self.layout.paragraph[1].partition(" ")[0]
            or self.styles[style(place)] > 1
            or self.witness.confirms(run.text)
        )

    def _is_lead(self, run: Run) -> bool:
        """Whether a run may be the first paragraph, which is often set apart from those that follow."""
        return run.is_prose and run.place.tag == "p" and self._is_hosted(run.place)

    def _is_hosted(self, place: Place) -> bool:
        """Whether a place stands where the story's paragraphs do: plain wrappers between make no difference."""
        host = self.layout.hosts[place]
        while not self.layout.is_host(host):
            plain = host.tag in ("div", "section") and (not host.names or furniture.names_story(host.names))
            if not plain or host is self.layout.home or host.parent is None:
                return False
            host = self.layout.hosts[host.parent]
        return True


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
    return {place: linked[place] / (length[place] or 1) for place in reading.places if place.tag in _LISTS}


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
