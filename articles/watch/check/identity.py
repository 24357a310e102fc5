"""Signs that two addresses, or two texts, are of one story; ``decide`` weighs them. Pure.

docs/identity.md has the rules.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from articles.diff import key, words
from articles.extract import Story
from articles.fetch import Answer, address_key
from articles.likeness import share_in_runs
from articles.models.text_storage import Text
from articles.watch.check.classify import leads_away
from articles.watch.crawl.errors import NAMED_BY_FEED

SAME_TEXT_WITHIN: Final = timedelta(hours=1)
"""Two addresses that gave the same text within this time show one story: a text that stands at one, and
later at the other, may be a form letter's."""

SAME_TEXT_WORDS: Final = 40
"""Words that the same text at two addresses has at least: shorter ones are notices in place of a story."""

WHOLLY_OTHER: Final = 0.1
"""The share of words in runs up to which a text is wholly another than the one before it."""

WHOLLY_OTHER_WORDS: Final = 50
"""Words that both texts have at least: a line of breaking news may be written anew within its story."""

LATER: Final = timedelta(days=1)
"""A page that says it was published so much later is another article, where it is not alike."""

SHORTEST_HEADLINE: Final = 12
"""Characters of a headline by which articles that may be one story are found; shorter ones are columns'."""


def aliases_of(answer: Answer, story: Story) -> tuple[str, ...]:
    """Other addresses that may be the story's: where redirects led, and its canonical link.

    The latter is a claim of the page: it proves nothing until the page that it names shows the same story.
    """
    canonical = canonical_of(answer, story)
    return (answer.final_url, canonical) if canonical else (answer.final_url,)


def canonical_of(answer: Answer, story: Story) -> str:
    """The address that a page names as its own, if that stays on the site; else empty.

    Canonical links to a home or section page are a known mistake of sites, and lead nowhere.
    """
    canonical = story.canonical
    if not canonical or _site(canonical) != _site(answer.final_url):
        return ""
    return "" if leads_away(answer.final_url, canonical) else canonical


def is_named_by_feed(answer: Answer) -> bool:
    """Return whether a feed, and no redirect, led from the article's address to the one that was asked."""
    return bool(answer.hops) and answer.hops[0][0] == NAMED_BY_FEED


def headline_key(headline: str) -> str:
    """Return the key by which articles with the same headline are found; '' where it says too little."""
    said = key(headline)
    if len(said) < SHORTEST_HEADLINE:
        return ""
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def is_wholly_other(before: Text, story: Story) -> bool:
    """Return whether a page says something wholly other than before: its address was given to another
    story."""
    if key(before.headline) == key(story.headline) or _shares_headline(before.headline, story.headline):
        return False
    if min(_count(before.paragraphs), _count(story.paragraphs)) < WHOLLY_OTHER_WORDS:
        return False
    return share_in_runs(before.paragraphs, story.paragraphs) <= WHOLLY_OTHER


def is_later(story: Story, published: datetime) -> bool:
    """Return whether a page says that it was published a day or more after *published*."""
    return story.published is not None and story.published >= published + LATER


def _shares_headline(one: str, other: str) -> bool:
    """Whether two headlines share more than a third of the shorter one's words."""
    mine, yours = ({word for word in key(text).casefold().split() if len(word) > 3} for text in (one, other))
    shorter = min(len(mine), len(yours))
    return shorter > 0 and 3 * len(mine & yours) > shorter


def _count(paragraphs: Sequence[str]) -> int:
    return sum(map(words, paragraphs))


def has_enough_words(story: Story) -> bool:
    """Return whether a text is long enough for its being the same elsewhere to say anything."""
    return _count(story.paragraphs) >= SAME_TEXT_WORDS


def _site(address: str) -> str:
    try:
        return address_key(address).split("/")[2].removeprefix("www.")
    except ValueError:
        return ""
