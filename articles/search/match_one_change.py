"""Whether a change, read from its texts, is one that a query finds: the index's own condition, without it."""

from collections.abc import Iterable, Sequence

from articles.search.entries import Side, changed_tokens
from articles.search.expression import All, Either, Expression, Token, Without, changes
from articles.search.query import parse


def tokens_of_change(before: Sequence[str], after: Sequence[str]) -> frozenset[str]:
    """The tokens of a change between two texts' parts (headline, byline, paragraphs), as in the index."""
    return frozenset(changed_tokens(after, before))


class ChangeQuery:
    """What was typed to look for in changes. ``anchors``: every change that it finds has one of these tokens;
    empty where that can't be told, its rarest part being a beginning of a word."""

    def __init__(self, text: str) -> None:
        query = parse(text)
        self._expression = None if query.problem else changes(query, *Side)
        self.anchors: frozenset[str] = frozenset()
        if query.wanted:
            # Of the longest term, as it is likely the rarest.
            term = max(query.wanted, key=lambda one: (not one.prefix, len("".join(one.words))))
            if not term.prefix:
                self.anchors = frozenset(_first_tokens(changes(type(query)((term,)), *Side)))

    def finds(self, tokens: frozenset[str]) -> bool:
        """Whether a change with these *tokens* is found."""
        return self._expression is not None and _holds(self._expression, tokens)


def _first_tokens(expression: Expression) -> Iterable[str]:
    """Tokens of which whatever meets *expression* has one."""
    match expression:
        case Token(text):
            yield text
        case All(parts):
            yield from _first_tokens(parts[0])
        case Either(parts):
            for part in parts:
                yield from _first_tokens(part)
        case Without(wanted):
            yield from _first_tokens(wanted)


def _holds(expression: Expression, tokens: frozenset[str]) -> bool:
    match expression:
        case Token(text, prefix):
            return text in tokens or (prefix and any(token.startswith(text) for token in tokens))
        case All(parts):
            return all(_holds(part, tokens) for part in parts)
        case Either(parts):
            return any(_holds(part, tokens) for part in parts)
        case Without(wanted, unwanted):
            return _holds(wanted, tokens) and not _holds(unwanted, tokens)
