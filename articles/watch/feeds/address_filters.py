"""Which addresses a source's filters let be watched."""

from collections.abc import Sequence

from articles.models import Source
from articles.patterns import which_match


def let_through(source: Source, addresses: Sequence[str]) -> list[bool]:
    """Return for each address whether the source's address filters let it be watched.

    :raises PatternFault: one of the filters can't be used; it names the filter.
    """
    only, never = _lines(source.only_addresses), _lines(source.not_addresses)
    left_out = which_match(never, addresses)
    wanted = which_match(only, addresses) if only else [True] * len(addresses)
    return [is_wanted and not is_out for is_wanted, is_out in zip(wanted, left_out, strict=True)]


def _lines(filters: str) -> list[str]:
    return [pattern for pattern in filters.splitlines() if pattern.strip()]
