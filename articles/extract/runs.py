"""The text of a tree as runs: what stands between two block boundaries, in reading order."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

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
_BREAKS_OF_A_PARAGRAPH = 2


@dataclass(slots=True)
class Run:
    """A stretch of text that no block boundary interrupts."""

    text: str  # clean
    block: Element  # the innermost block it stands in
    linked: int  # how many of its characters stand in links
    bold: int  # how many stand in <b> or <strong>


@dataclass(slots=True)
class _Open:
    """The run being read."""

    pieces: list[str] = field(default_factory=list)
    linked: int = 0
    bold: int = 0
    breaks: int = 0


def read_runs(root: Element, skip: Callable[[Element], bool]) -> Iterator[Run]:
    """Yield the runs of `root` in reading order, without the elements (and all in them) that `skip` names."""
    blocks = [root]
    stack = [(root, iter(root))]
    links = bolds = 0
    run = _Open()

    def add(text: str | None) -> None:
        if not text:
            return
        run.pieces.append(text)
        if not text.isspace():
            run.breaks = 0
            run.linked += len(text) if links else 0
            run.bold += len(text) if bolds else 0

    def closed() -> Iterator[Run]:
        nonlocal run
        text = clean("".join(run.pieces))
        if text:
            yield Run(text, blocks[-1], min(run.linked, len(text)), min(run.bold, len(text)))
        run = _Open()

    add(root.text)
    while stack:
        element, children = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            if element.tag in BLOCKS:
                yield from closed()
                blocks.pop()
            links -= element.tag == "a"
            bolds -= element.tag in ("b", "strong")
            if stack:
                add(element.tail)
            continue
        tag = child.tag
        if tag == "br":
            run.breaks += 1
            run.pieces.append("\n")
            if run.breaks >= _BREAKS_OF_A_PARAGRAPH:
                yield from closed()
            add(child.tail)
        elif tag in UNSEEN or not isinstance(tag, str) or skip(child):
            if tag in BLOCKS:
                yield from closed()
            add(child.tail)
        else:
            if tag in BLOCKS:
                yield from closed()
                blocks.append(child)
            links += tag == "a"
            bolds += tag in ("b", "strong")
            stack.append((child, iter(child)))
            add(child.text)
    yield from closed()
