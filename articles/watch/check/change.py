"""What is stored of a change beside its texts: its size, its kinds, its facts, its excerpt. Pure.

The check counts it when it makes a version, and ``recount`` once more under newer rules.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from articles.diff import Comparison, Span, compare, key, telling
from articles.facts import ChangeKind, Fact, change_kinds, excerpt, facts, to_store

EXCERPTS = 3
"""Changed sentences that are stored of a change: one for lists, all for feeds."""


class Compared(Protocol):
    """A text with its headline: one as it is stored, or a story just read."""

    @property
    def headline(self) -> str: ...

    @property
    def paragraphs(self) -> tuple[str, ...]: ...


class Change(NamedTuple):
    """The change that a version made to the text before it; the names are those of the version's columns."""

    words_added: int
    words_removed: int
    badges: tuple[str, ...]
    minor: bool
    headline_before: str
    excerpt: tuple[tuple[str, str], ...]
    more_excerpts: tuple[tuple[tuple[str, str], ...], ...]
    facts: tuple[dict[str, Any], ...]


def change_of(before: Compared, after: Compared, *, seen_before: bool, language: str) -> Change:
    """Return the change from *before* to *after*.

    seen_before: whether this very text stood there earlier; language: a tag such as "pt-BR", "" for unknown.
    """
    comparison = compare(before.paragraphs, after.paragraphs)
    headline_changed = key(before.headline) != key(after.headline)
    found = facts(
        before.paragraphs,
        after.paragraphs,
        headline_before=before.headline if headline_changed else "",
        headline_after=after.headline if headline_changed else "",
        language=language,
        comparison=comparison,
    )
    shown, *more = _most_telling(comparison, found) or [[]]
    kinds = change_kinds(comparison, found, headline_changed=headline_changed, seen_before=seen_before)
    return Change(
        words_added=comparison.words_added,
        words_removed=comparison.words_removed,
        badges=tuple(kind.value for kind in kinds if kind is not ChangeKind.MINOR),
        minor=ChangeKind.MINOR in kinds,
        headline_before=before.headline if headline_changed else "",
        excerpt=_stored(shown),
        more_excerpts=tuple(map(_stored, more)),
        facts=tuple(to_store(found, comparison, language)),
    )


def _most_telling(comparison: Comparison, found: Sequence[Fact]) -> list[list[Span]]:
    """Some changed sentences: first that with the weightiest fact, then those in which most changed."""
    by_size = telling(comparison, most=EXCERPTS)
    first = excerpt(comparison, found)
    if first:
        return [first, *(one for one in by_size if one != first)][:EXCERPTS]
    return by_size


def _stored(sentence: Sequence[Span]) -> tuple[tuple[str, str], ...]:
    return tuple((span.tag, span.before if span.tag == "-" else span.after) for span in sentence)
