"""Headlines that come back while the body stays: variants that a site tries out."""

from collections.abc import Sequence
from dataclasses import dataclass

LEAST_RETURNS = 2
"""How often a headline must come back; the first return is a headline that was *reverted*."""


@dataclass(frozen=True, slots=True)
class HeadlineLook:
    """The headline at one look, and what tells whether the body is the same (a hash, or the text itself)."""

    headline: str
    body: str


def variants_in_use(looks: Sequence[HeadlineLook]) -> tuple[str, ...]:
    """Return the headlines that are seen in turn, in the order first seen; none when it is no such thing.

    looks   the looks at one article, oldest first

    Only looks since the body last changed count. A headline returns when it differs from the one before and
    was seen earlier: from the second return on (A B A B) the headlines since the first of them are variants.
    """
    since = _since_the_body_changed(looks)
    seen: list[str] = []
    returns = 0
    before = ""
    for look in since:
        if look.headline != before and look.headline in seen:
            returns += 1
        if look.headline not in seen:
            seen.append(look.headline)
        before = look.headline
    return tuple(seen) if returns >= LEAST_RETURNS else ()


def _since_the_body_changed(looks: Sequence[HeadlineLook]) -> Sequence[HeadlineLook]:
    for order in range(len(looks) - 1, 0, -1):
        if looks[order].body != looks[order - 1].body:
            return looks[order:]
    return looks
