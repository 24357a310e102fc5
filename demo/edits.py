"""What an editor does to a story: an `Edit` and the small changes it is made of.

A change that finds nothing to change, or two places where it expects one, raises ValueError: a script that no
longer fits its stories must not pass unnoticed.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from demo.story import State, read_rewrite

Change = Callable[[State], State]


class EditKind(StrEnum):
    HEADLINE = "headline"
    NUMBER = "number"
    QUOTE_CUT = "quote-cut"
    MOVED = "moved"
    SPLIT = "split"
    JOINED = "joined"
    CORRECTION = "correction"
    TYPO = "typo"
    REWRITTEN = "rewritten"
    REVERTED = "reverted"
    REMOVED = "removed"
    RESTORED = "restored"
    GONE = "gone"
    ADDED = "added"
    DEVELOPING = "developing"


@dataclass(frozen=True)
class Edit:
    """One edit of one story.

    `at` is in seconds since the script began; `note` says in one line what was done.
    """

    slug: str
    kind: EditKind
    at: float
    note: str
    changes: tuple[Change, ...] = field(repr=False, compare=False)

    def apply_to(self, state: State) -> State:
        """The story after this edit. Raises ValueError if the story is not as the script expects it."""
        for change in self.changes:
            state = change(state)
        return state


def headline(new: str) -> Change:
    """A new headline."""
    return lambda state: replace(state, headline=new)


def reword(old: str, new: str) -> Change:
    """`new` for `old`, which must stand exactly once in the paragraphs."""

    def change(state: State) -> State:
        at = _position(state, old)
        if state.paragraphs[at].count(old) > 1:
            raise ValueError(f"stands twice in a paragraph: {old!r}")
        return _with(state, at, at + 1, state.paragraphs[at].replace(old, new))

    return change


def add(text: str, *, below: str | None = None) -> Change:
    """A new paragraph below the one that holds `below`, or at the top."""

    def change(state: State) -> State:
        at = 0 if below is None else _position(state, below) + 1
        return _with(state, at, at, text)

    return change


def add_last(text: str) -> Change:
    """A new paragraph at the end."""
    return lambda state: replace(state, paragraphs=(*state.paragraphs, text))


def move(part: str, *, below: str) -> Change:
    """The paragraph that holds `part` goes below the one that holds `below`."""

    def change(state: State) -> State:
        at = _position(state, part)
        without = _with(state, at, at + 1)
        return add(state.paragraphs[at], below=below)(without)

    return change


def split(before: str) -> Change:
    """A paragraph becomes two; the second one begins with `before`."""

    def change(state: State) -> State:
        at = _position(state, before)
        first, _, rest = state.paragraphs[at].partition(before)
        return _with(state, at, at + 1, first.rstrip(), before + rest)

    return change


def join(part: str) -> Change:
    """The paragraph that holds `part` and the one after it become one."""

    def change(state: State) -> State:
        at = _position(state, part)
        return _with(state, at, at + 2, " ".join(state.paragraphs[at : at + 2]))

    return change


def rewrite(slug: str) -> Change:
    """The whole story in other words, from `rewrites/`."""
    return lambda state: replace(read_rewrite(slug), status=state.status)


def answer(status: int) -> Change:
    """The page answers with this HTTP status from now on."""
    return lambda state: replace(state, status=status)


def _position(state: State, part: str) -> int:
    found = [at for at, paragraph in enumerate(state.paragraphs) if part in paragraph]
    if len(found) != 1:
        raise ValueError(f"expected in one paragraph, found in {len(found)}: {part!r}")
    return found[0]


def _with(state: State, start: int, stop: int, *paragraphs: str) -> State:
    return replace(state, paragraphs=state.paragraphs[:start] + paragraphs + state.paragraphs[stop:])
