"""Which subscriptions ask for which changes: ten thousand of the one, a thousand of the other.

The filters are those of the list of changes (``articles.pages.filters``), and decide; here only those
subscriptions are found that may ask for a change at all, so that not each is looked at for each change: by
source, by kind, by the words looked for.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import unquote_plus

from django.http import Http404, QueryDict

from articles import search
from articles.models import Event, Source, Version
from articles.models.version import KIND_BITS
from articles.pages.filters import Filters, FiltersForm


@dataclass(frozen=True)
class Wanted:
    """What some subscriptions ask for: all that have the same filters."""

    filters: Filters
    article: int | None
    subscriptions: tuple[int, ...]
    words: search.ChangeQuery | None


@dataclass(frozen=True)
class Change:
    """A version as it is matched; *texts*: the parts before and after, None where nobody looks for words."""

    version: Version
    texts: tuple[Sequence[str], Sequence[str]] | None


@dataclass
class _Bucket:
    """Those that ask for one source, or for any."""

    by_kind: dict[int, list[Wanted]] = field(default_factory=lambda: defaultdict(list))
    any_kind: list[Wanted] = field(default_factory=list)
    by_token: dict[str, list[Wanted]] = field(default_factory=lambda: defaultdict(list))
    any_token: list[Wanted] = field(default_factory=list)


class Matcher:
    """Finds who asks for a change, among *wanted*."""

    def __init__(self, wanted: Iterable[Wanted]) -> None:
        self._buckets: dict[int | None, _Bucket] = defaultdict(_Bucket)
        self._of_article: dict[int, list[Wanted]] = defaultdict(list)
        self._all: list[Wanted] = []
        self.looks_for_words = False
        for one in wanted:
            self._all.append(one)
            self.looks_for_words = self.looks_for_words or one.words is not None
            if one.article is not None:
                self._of_article[one.article].append(one)
                continue
            bucket = self._buckets[one.filters.source.pk if one.filters.source else None]
            if one.words is not None and one.words.anchors:
                for token in one.words.anchors:
                    bucket.by_token[token].append(one)
            elif one.words is not None:
                bucket.any_token.append(one)
            elif one.filters.kinds:
                for kind in one.filters.change_kinds:
                    bucket.by_kind[KIND_BITS[kind]].append(one)
            else:
                bucket.any_kind.append(one)

    def of_change(self, change: Change) -> set[int]:
        """The subscriptions that ask for *change*, which readers may see."""
        version = change.version
        tokens: frozenset[str] = frozenset()
        if self.looks_for_words and change.texts is not None:
            tokens = search.tokens_of_change(*change.texts)
        found: set[int] = set()
        for one in self._candidates(version, tokens):
            if one.filters.take_version(version) and (one.words is None or one.words.finds(tokens)):
                found.update(one.subscriptions)
        return found

    def of_event(self, event: Event) -> set[int]:
        """The subscriptions that ask for *event*, which readers may see."""
        found: set[int] = set()
        for one in self._all:
            if one.article in (None, event.article_id) and one.filters.take_event(event):
                found.update(one.subscriptions)
        return found

    def _candidates(self, version: Version, tokens: frozenset[str]) -> Iterator[Wanted]:
        """Those that may ask for it; one may come twice."""
        for bucket in (self._buckets.get(None), self._buckets.get(version.source_id)):
            if bucket is None:
                continue
            yield from bucket.any_kind
            for bit, some in bucket.by_kind.items():
                if version.kind_bits & bit:
                    yield from some
            for token in tokens & bucket.by_token.keys():
                yield from bucket.by_token[token]
            yield from bucket.any_token
        yield from self._of_article.get(version.article_id, ())


def wanted_of(rows: Iterable[tuple[int, str, int | None]]) -> list[Wanted]:
    """What subscriptions ask for, each given as its id, filters and article. Filters that can't be read any
    more (their source is gone) ask for nothing. One query, and one more for each source not seen yet."""
    sources = dict(Source.objects.values_list("slug", "pk"))
    same: dict[tuple[str, int | None], list[int]] = defaultdict(list)
    for pk, query, article in rows:
        same[query, article].append(pk)
    found = []
    for (query, article), subscriptions in same.items():
        named = _SOURCE.search(query)
        filters = _filters_of(query, sources.get(unquote_plus(named[1])) if named else None)
        if filters is not None:
            words = _words(filters.words) if filters.words else None
            found.append(Wanted(filters, article, tuple(subscriptions), words))
    return found


class _FiltersWithoutIndex(FiltersForm):
    """Words are looked for in each change as it comes in, however many others begin with what has a star."""

    @staticmethod
    def problem_with(typed: str) -> str:
        return search.parse(typed).problem


def filters_of(query: str) -> Filters | None:
    """The filters that *query*, a part of an address, asks for; None where they can't be read."""
    try:
        return _FiltersWithoutIndex(QueryDict(query)).filters()
    except Http404:
        return None


_SOURCE = re.compile(r"(?:^|&)source=([^&]*)")


@lru_cache(maxsize=50_000)
def _filters_of(query: str, source: int | None) -> Filters | None:
    """The same, kept: *source*, the id that its name stands for now, has it read anew when that changes."""
    return filters_of(query)


@lru_cache(maxsize=50_000)
def _words(text: str) -> search.ChangeQuery:
    return search.ChangeQuery(text)
