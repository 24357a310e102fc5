"""The text of a tree as runs: what stands between two block boundaries, in reading order."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from articles.extract.names import is_hidden_in_line
from articles.extract.page import Element
from articles.extract.text import clean

_BLOCK_NAMES = """
    address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption
    figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre section
    summary table tbody td tfoot th thead tr ul
"""
_UNSEEN_NAMES = """
    applet area audio base button canvas datalist embed frame frameset head iframe input link map math meta
    meter noembed noframes noscript object option optgroup output param picture progress rp rt script select
    source style svg template textarea title track video
"""
BLOCKS = frozenset(_BLOCK_NAMES.split())
UNSEEN = frozenset(_UNSEEN_NAMES.split())  # never text of the page as a reader sees it
_OF_ONE_PARAGRAPH = frozenset({"p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "dd", "dt", "td", "th"})
_FIELDS = frozenset({"input", "select", "textarea"})

_SENTENCE_END = re.compile(r"[.!?…。！？．।؟۔։።][\"'“”‘’»«›‹」』）)\]]*$")
_WIDE = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WIDE_WEIGHT = 2  # a letter of these scripts says as much as this many more of an alphabet
_PROSE_WEIGHT = 50  # what is shorter is a label, a byline, a link
_LONG_WEIGHT = 150  # what is longer is prose without a full stop too
_PROSE_UNLINKED = 0.5
_VARIANT = re.compile(r"(?:^|[-_])(?:first|last|odd|even|active|left|right)(?:$|[-_])")
_DIGITS = re.compile(r"\d+")
_BREAKS_OF_A_PARAGRAPH = 2


@dataclass(slots=True, eq=False)
class Place:
    """A block element in its page."""

    element: Element
    parent: "Place | None"
    depth: int
    tag: str
    names: str  # its class names, each number in them folded to one digit
    asks: bool = False  # whether a form, or a field of one, stands right in it

    @property
    def name(self) -> str:
        """The first of its class names that tells no variant ("block block--last", "last block": block)."""
        names = self.names.split(" ")
        return next((name for name in names if not _VARIANT.search(name)), names[0])


@dataclass(slots=True, eq=False)
class Run:
    """A stretch of text that no block boundary interrupts."""

    text: str  # clean
    place: Place  # the innermost block it stands in
    letters: int  # characters that are no white space
    unlinked: int  # those of them that stand outside links
    plain: int  # those of them that stand outside links, <b> and <strong>
    ends_in_link: bool
    weight: int = field(init=False)  # how much it says, in letters of an alphabet
    is_sentence: bool = field(init=False)  # whether it ends as a sentence does
    is_prose: bool = field(init=False)  # whether it reads like a paragraph of a text, wherever it stands

    def __post_init__(self) -> None:
        self.weight = weight(self.text)
        self.is_sentence = _SENTENCE_END.search(self.text) is not None
        self.is_prose = (
            self.unlinked > _PROSE_UNLINKED * self.letters
            and self.weight >= _PROSE_WEIGHT
            and (self.is_sentence or self.weight >= _LONG_WEIGHT)
        )


def weight(text: str) -> int:
    """Return how much a text says, in letters of an alphabet: one of Chinese, Japanese, Korean or Thai says
    as much as three."""
    return len(text) + (0 if text.isascii() else _WIDE_WEIGHT * len(_WIDE.findall(text)))


@dataclass(slots=True)
class Reading:
    """All runs of a tree in reading order, and all blocks, each after the one it stands in."""

    runs: list[Run] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)


@dataclass(slots=True)
class _Open:
    """The run being read."""

    pieces: list[str] = field(default_factory=list)
    letters: int = 0
    unlinked: int = 0
    plain: int = 0
    ends_in_link: bool = False
    breaks: int = 0


def read_runs(root: Element) -> Reading:
    """Return the text of `root` in runs. Two or more <br> in a row end one, as a block boundary does."""
    return _Reader().read(root)


def seen_text(element: Element) -> str:
    """Return all text of `element` that a reader sees, blocks and line breaks set apart by a space."""
    return " ".join(run.text for run in read_runs(element).runs)


class _Reader:
    def __init__(self) -> None:
        self.reading = Reading()
        self.open = _Open()
        self.links = 0
        self.bolds = 0
        self.set_apart: set[Element] = set()

    def read(self, root: Element) -> Reading:
        place = self._enter(root, None)
        stack: list[tuple[Element, Iterator[Element], Place]] = [(root, iter(root), place)]
        self._add(root.text)
        while stack:
            element, children, place = stack[-1]
            child = next(children, None)
            if child is None:
                stack.pop()
                self._leave(element, place)
                self._add(element.tail if stack else None)
            elif child.tag == "br":
                self._break(place)
                self._add(child.tail)
            elif not isinstance(child.tag, str) or child.tag in UNSEEN:
                place.asks = place.asks or child.tag in _FIELDS
                self._add(child.tail)
            elif child.tag not in BLOCKS and is_hidden_in_line(child):
                self._add(child.tail)
            else:
                inner = place
                if child.tag in BLOCKS:
                    self._close(place)
                    place.asks = place.asks or child.tag == "form"
                    inner = self._enter(child, place)
                elif self._is_set_apart(child, place):
                    self._close(place)
                    self.set_apart.add(child)
                self.links += child.tag == "a"
                self.bolds += child.tag in ("b", "strong")
                stack.append((child, iter(child), inner))
                self._add(child.text)
        return self.reading

    def _enter(self, element: Element, parent: Place | None) -> Place:
        names = _DIGITS.sub("0", " ".join((element.get("class") or "").split()))
        depth = parent.depth + 1 if parent else 0
        place = Place(element, parent, depth, str(element.tag), names)
        self.reading.places.append(place)
        return place

    def _is_set_apart(self, element: Element, place: Place) -> bool:
        """Whether an element of a site's own making (<text-block>) stands between paragraphs, not in one."""
        return (
            "-" in element.tag
            and place.tag not in _OF_ONE_PARAGRAPH
            and not self.open.letters
            and not (element.tail or "").strip()
        )

    def _leave(self, element: Element, place: Place) -> None:
        if place.element is element or element in self.set_apart:
            self._close(place)
        self.links -= element.tag == "a"
        self.bolds -= element.tag in ("b", "strong")

    def _add(self, text: str | None) -> None:
        if not text:
            return
        self.open.pieces.append(text)
        letters = sum(map(len, text.split()))
        if letters:
            self.open.breaks = 0
            self.open.letters += letters
            self.open.ends_in_link = self.links > 0
            self.open.unlinked += 0 if self.links else letters
            self.open.plain += 0 if self.links or self.bolds else letters

    def _break(self, place: Place) -> None:
        self.open.breaks += 1
        self.open.pieces.append("\n")
        if self.open.breaks >= _BREAKS_OF_A_PARAGRAPH:
            self._close(place)

    def _close(self, place: Place) -> None:
        run, self.open = self.open, _Open()
        text = clean("".join(run.pieces)) if run.letters else ""
        if text:
            self.reading.runs.append(Run(text, place, run.letters, run.unlinked, run.plain, run.ends_in_link))
