"""The text of a tree as runs: what stands between two block boundaries, in reading order."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from articles.extract import inline
from articles.extract.names import is_hidden_in_line
from articles.extract.page import Element
from articles.extract.text import clean

_BLOCK_NAMES = """
    address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption
    figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre section
    summary table tbody td tfoot th thead tr ul
"""
_UNSEEN_NAMES = """
    annotation annotation-xml applet area audio base canvas datalist embed frame frameset head iframe input
    link map meta meter noembed noframes noscript object option optgroup output param picture progress rp rt
    script select source style svg template textarea title track video
"""
BLOCKS = frozenset(_BLOCK_NAMES.split())
UNSEEN = frozenset(_UNSEEN_NAMES.split())  # never text of the page as a reader sees it
_OF_ONE_PARAGRAPH = frozenset({"p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "dd", "dt", "td", "th"})
_FIELDS = frozenset({"input", "select", "textarea"})
_MEDIA = frozenset({"img", "picture", "video", "audio", "iframe", "object", "embed"})
_BOLD = frozenset({"b", "strong"})
_ITALICS = frozenset({"em", "i"})
_PLAIN_TAGS = frozenset({"span", "b", "strong", "em", "i", "u"})

_SENTENCE_ENDS = tuple(".!?…。！？．।؟۔։።")
_CLOSING = "\"'“”‘’»«›‹」』）)]"  # what may stand behind them
_WIDE = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
# The bytes of UTF-8 with which none of these letters begins: E2 begins punctuation, which most texts have.
_NO_WIDE_LEADS = bytes(byte for byte in range(256) if byte == 0xE2 or not 0xE0 <= byte <= 0xED)
_WIDE_WEIGHT = 2  # a letter of these scripts says as much as this many more of an alphabet
_PROSE_WEIGHT = 50  # what is shorter is a label, a byline, a link
_LONG_WEIGHT = 150  # what is longer is prose without a full stop too
_PROSE_UNLINKED = 0.5
_VARIANT = re.compile(r"(?:^|[-_])(?:first|last|odd|even|active|left|right)(?:$|[-_])")
_DIGITS = re.compile(r"\d+")
_BREAKS_OF_A_PARAGRAPH = 2
_NEAR = 8  # elements
_INDENT = "\u3000"  # with which Japanese and Chinese paragraphs begin

Style = tuple[str, str]  # a tag, and a class name
Kin = tuple[Style, Style]  # a place's style and its parent's
_NO_STYLE: Style = ("", "")


@dataclass(slots=True, eq=False)
class Place:
    """A block element in its page."""

    element: Element
    parent: "Place | None"
    depth: int
    tag: str
    names: str  # its class names, each number in them folded to one digit
    name: str  # the first of its class names that tells no variant ("block block--last", "last block": block)
    style: Style  # its tag and name
    kin: Kin  # its style and its parent's: what sections of one story have in common, and nothing else has
    asks: bool = False  # whether a form, or a field of one, stands right in it
    shows: bool = False  # whether a picture, a film, a sound or a frame stands right in it
    presses: bool = False  # whether a button stands right in it
    time: str = ""  # the first <time> right in it, as the page writes it


def without_variants(names: str) -> str:
    """Return class names without those that tell a variant ("tip tip--last": "tip")."""
    return " ".join(name for name in names.split() if not _VARIANT.search(name))


def stands_near_in(place: Place, box: Place | None) -> bool:
    """Whether a place stands in a box, or is it, with few elements between."""
    at: Place | None = place
    for _ in range(_NEAR):
        if at is None or at is box:
            break
        at = at.parent
    return at is not None and at is box


def outward(place: Place) -> Iterator[Place]:
    """Give a place and all it stands in, innermost first."""
    at: Place | None = place
    while at is not None:
        yield at
        at = at.parent


def surroundings(places: Iterable[Place]) -> set[Place]:
    """Return these places and all they stand in."""
    around: set[Place] = set()
    for place in places:
        outer: Place | None = place
        while outer is not None and outer not in around:
            around.add(outer)
            outer = outer.parent
    return around


@dataclass(slots=True, eq=False)
class Run:
    """A stretch of text that no block boundary interrupts."""

    text: str  # clean
    place: Place  # the innermost block it stands in
    letters: int  # characters that are no white space
    unlinked: int  # those of them that stand outside links to other pages
    plain: int  # those of them that stand outside links, <b> and <strong>
    ends_in_link: bool
    ticks: tuple[str, ...] = ()  # texts of elements in it that change by themselves
    counted: bool = False  # whether a number in it stands in an element of its own
    jumps: bool = False  # whether all of it is a link to another place on the same page
    slanted: bool = False  # whether all of it is set in italics
    last_link: int = 0  # letters of the link that it ends in
    first_link: int = 0  # letters of the link that it begins with
    weight: int = field(init=False)  # how much it says, in letters of an alphabet
    is_sentence: bool = field(init=False)  # whether it ends as a sentence does
    is_prose: bool = field(init=False)  # whether it reads like a paragraph of a text, wherever it stands

    def __post_init__(self) -> None:
        self.weight = weight(self.text)
        self.is_sentence = ends_a_sentence(self.text)
        self.is_prose = (
            self.unlinked > _PROSE_UNLINKED * self.letters
            and self.weight >= _PROSE_WEIGHT
            and (self.is_sentence or self.weight >= _LONG_WEIGHT)
        )


def ends_a_sentence(text: str) -> bool:
    """Whether a text ends with a full stop or its like, within quotation marks or not."""
    return text.rstrip(_CLOSING).endswith(_SENTENCE_ENDS)


def weight(text: str) -> int:
    """Return how much a text says, in letters of an alphabet: one of Chinese, Japanese, Korean or Thai says
    as much as three."""
    if text.isascii() or not text.encode("utf-8", "replace").translate(None, _NO_WIDE_LEADS):
        return len(text)
    return len(text) + _WIDE_WEIGHT * len(_WIDE.findall(text))


@dataclass(slots=True)
class Reading:
    """All runs of a tree in reading order, and all blocks, each after the one it stands in."""

    runs: list[Run] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)


def read_runs(root: Element) -> Reading:
    """Return the text of `root` in runs. Two or more <br> in a row end one, as a block boundary does."""
    return _Reader().read(root)


def seen_text(element: Element) -> str:
    """Return all text of `element` that a reader sees, blocks and line breaks set apart by a space."""
    return " ".join(run.text for run in read_runs(element).runs)


@lru_cache(maxsize=16384)
def _named(classes: str) -> tuple[str, str]:
    """Return class names with their numbers folded, and the first of them that tells no variant."""
    names = _DIGITS.sub("0", " ".join(classes.split()))
    words = names.split(" ")
    return names, next((name for name in words if not _VARIANT.search(name)), words[0])


def _ends_its_line(element: Element) -> bool:
    """Whether nothing goes on in the line behind an element."""
    behind = element.getnext()
    return not (element.tail or "").strip() and (behind is None or behind.tag == "br" or behind.tag in BLOCKS)


def _is_in_italics(element: Element) -> bool:
    """Whether an element, or something in it, is set in italics."""
    return next(element.iter(*_ITALICS), None) is not None


class _Reader:
    """Walks a tree once; what is open is the run being read."""

    def __init__(self) -> None:
        self.reading = Reading()
        self.pieces: list[str] = []
        self.ticks: list[str] = []
        self.letters = self.unlinked = self.plain = self.jumping = self.upright = self.last_link = (
            self.breaks
        ) = 0
        self.last_link = self.first_link = 0
        self.ends_in_link = self.counted = False
        self.links = self.bolds = self.jumps = self.slants = 0
        self.open_links: list[tuple[bool, bool]] = []  # of each: leads elsewhere, leads within the page
        self.closing: set[Element] = set()  # elements that are no blocks and yet end a run

    def read(self, root: Element) -> Reading:
        place = self._enter(root, None)
        stack: list[tuple[Element, Iterator[Element], Place, str]] = [(root, iter(root), place, place.tag)]
        self._add(root.text)
        while stack:
            element, children, place, tag = stack[-1]
            child = next(children, None)
            if child is None:
                stack.pop()
                if stack:
                    self._leave(element, place, tag)
                    self._add(element.tail)
                continue
            kind = child.tag
            if kind in BLOCKS:
                if self.letters:
                    self._close(place)
                if kind == "form":
                    place.asks = True
                place = self._enter(child, place)
            elif kind == "br":
                self._break(place, child.tail)
                self._add(child.tail)
                continue
            elif kind in UNSEEN or not isinstance(kind, str):
                place.asks = place.asks or kind in _FIELDS
                place.shows = place.shows or kind in _MEDIA
                self._add(child.tail)
                continue
            elif kind == "button":
                inner = self._button(child, place)
                if inner is None:
                    self._add(child.tail)
                    continue
                place = inner
            else:
                if kind == "img":
                    place.shows = True
                    self._add(child.tail)
                    continue
                if not self.letters and (child.text or "")[:1].isdigit() and inline.is_date_line(child):
                    self._add(child.tail)
                    continue
                if kind in _PLAIN_TAGS and not len(child) and not child.attrib:
                    pass  # the most common case, and nothing to ask
                elif self._is_unseen(child, kind):
                    self._add(child.tail)
                    continue
                elif self._is_set_apart(child, kind, place):
                    self._close(place)
                    self.closing.add(child)
                    if "-" not in kind:
                        place = self._enter(child, place)
                if kind == "a":
                    link = inline.where_it_leads(child)
                    self.open_links.append(link)
                    self.links += link[0]
                    self.jumps += link[1]
                elif kind == "time":
                    place.time = place.time or child.get("datetime") or clean(child.text or "")
                elif kind in _BOLD:
                    self.bolds += 1
                elif kind in _ITALICS:
                    self.slants += 1
            self._add(child.text)
            if len(child):
                stack.append((child, iter(child), place, kind))
            else:  # as most have: nothing to come back for
                self._leave(child, place, kind)
                self._add(child.tail)
        self._close(self.reading.places[0])
        return self.reading

    def _enter(self, element: Element, parent: Place | None) -> Place:
        names, name = _named(element.get("class") or "")
        tag = str(element.tag)
        style = (tag, name)
        depth, outer = (parent.depth + 1, parent.style) if parent else (0, _NO_STYLE)
        place = Place(element, parent, depth, tag, names, name, style, (style, outer))
        self.reading.places.append(place)
        return place

    def _is_unseen(self, child: Element, kind: str) -> bool:
        """Whether an element within a line is not shown, or shows what no editor wrote."""
        if is_hidden_in_line(child):
            return not (not self.letters and inline.is_drop_cap(child))
        if kind == "sup" or (kind == "a" and (child.get("href") or "").startswith("#")):
            return inline.is_footnote_mark(child)
        if len(child) or not inline.has_digit(child.text):
            return False
        if inline.is_quote_of_the_day(child):
            return True
        if ticking := inline.ticking_text(child):
            self.ticks.append(ticking)
        self.counted = self.counted or inline.is_value_of_its_own(child)
        return False

    def _is_set_apart(self, element: Element, kind: str, place: Place) -> bool:
        """Whether an element that is no block stands between paragraphs, not in one: one of a site's own
        making (<text-block>), one that is shown as a block, or a picture with its caption."""
        if inline.is_shown_as_block(element):
            return True
        if kind == "cite" and place.tag == "blockquote" and not (element.tail or "").strip():
            return True  # who said it, below the quotation
        if (
            len(element)
            and not self.letters
            and place.tag not in _OF_ONE_PARAGRAPH
            and inline.is_picture_with_words(element)
            and _ends_its_line(element)
            and (
                self.slants or _is_in_italics(element) or not ends_a_sentence(element.text_content().strip())
            )
        ):
            return True
        return (
            "-" in kind
            and place.tag not in _OF_ONE_PARAGRAPH
            and not self.letters
            and not (element.tail or "").strip()
        )

    def _button(self, element: Element, place: Place) -> Place | None:
        """Return where the text of a button stands: in the sentence around it, or in a place of its own."""
        place.presses = True
        within = bool((element.tail or "").strip()) and (self.letters > 0 or place.tag in _OF_ONE_PARAGRAPH)
        if is_hidden_in_line(element):
            return None
        if within:
            return place
        if place.tag in _OF_ONE_PARAGRAPH and self.letters:
            return None
        self._close(place)
        self.closing.add(element)
        return self._enter(element, place)

    def _leave(self, element: Element, place: Place, tag: str) -> None:
        if place.element is element or element in self.closing:
            self._close(place)
        if tag == "a":
            elsewhere, within = self.open_links.pop()
            self.links -= elsewhere
            self.jumps -= within
        elif tag in _BOLD:
            self.bolds -= 1
        elif tag in _ITALICS:
            self.slants -= 1

    def _add(self, text: str | None) -> None:
        if not text:
            return
        self.pieces.append(text)
        letters = len("".join(text.split()))
        if not letters:
            return
        self.breaks = 0
        self.letters += letters
        self.ends_in_link = self.links > 0
        if self.jumps:
            self.jumping += letters
        if not self.slants:
            self.upright += letters
        if self.links:
            self.last_link += letters
            if not self.unlinked:
                self.first_link += letters
        else:
            self.last_link = 0
            self.unlinked += letters
            if not self.bolds:
                self.plain += letters

    def _break(self, place: Place, tail: str | None) -> None:
        self.breaks += 1
        self.pieces.append("\n")
        if self.breaks >= _BREAKS_OF_A_PARAGRAPH or (tail and tail.lstrip("\n\r\t ").startswith(_INDENT)):
            self._close(place)

    def _close(self, place: Place) -> None:
        if self.letters and (text := clean("".join(self.pieces))):
            self.reading.runs.append(
                Run(
                    text,
                    place,
                    self.letters,
                    self.unlinked,
                    self.plain,
                    self.ends_in_link,
                    tuple(map(clean, self.ticks)),
                    self.counted,
                    self.jumping == self.letters,
                    self.upright == 0,
                    self.last_link,
                    self.first_link,
                )
            )
        self.pieces = []
        self.ticks = []
        self.letters = self.unlinked = self.plain = self.jumping = self.upright = self.last_link = (
            self.breaks
        ) = 0
        self.last_link = self.first_link = 0
        self.ends_in_link = self.counted = False
