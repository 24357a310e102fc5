"""A fetched page as the watch compares it: its story, read in a process that can be killed, and its hashes.

The hashes tell by which page, text and rules an article was read: where they are the same there is nothing
to read or store.
"""

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from articles.diff import key
from articles.extract import EXTRACTOR_VERSION, Rules, Story, compared_paragraphs
from articles.isolation import IsolationError, isolated
from articles.models import Article, Boilerplate, Source, Version
from articles.models.text_storage import Text
from articles.watch.check.alterations import T, left_out, without_what_is_new
from articles.watch.check.page_reading import Reading, read
from articles.watch.check.site_name import differ_by_site, names_of_site

READING_SECONDS = 10.0
"""Seconds that the reading of one page may take before it is stopped."""


def read_page(
    body: bytes,
    url: str,
    content_type: str,
    rules: Rules | None,
    *,
    is_elsewhere: bool = False,
    seconds: float = READING_SECONDS,
) -> Reading:
    """Read the page in the reader: a page that hangs or crashes the parser, or a rule that does, becomes a
    problem; of a rule it names which. is_elsewhere: whether a redirect led to it."""
    job = (body, url, content_type, rules, is_elsewhere)
    try:
        return isolated(read, *job, wall=seconds, cpu=int(seconds) + 1)
    except IsolationError as problem:
        return Reading(Story(problem=f"reading the page was stopped: {problem}"))


@lru_cache(maxsize=8)  # a check asks several times for the hashes of the text before and of today's
def text_hash(headline: str, byline: str, paragraphs: tuple[str, ...]) -> str:
    """The hash by which two texts are the same: typography, such as the kind of quotes, does not count."""
    lines = (key(headline), key(byline), *(key(paragraph) for paragraph in paragraphs))
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()


def hash_of(text: Text | Story) -> str:
    """The ``text_hash`` of a text that is compared, or of what is compared of a story."""
    paragraphs = compared_paragraphs(text) if isinstance(text, Story) else text.paragraphs
    return text_hash(text.headline, text.byline, paragraphs)


def text_of(story: Story) -> Text:
    """Return the stored text of *story*: all of it."""
    return Text(story.headline, story.byline, story.paragraphs)


def compared_of(story: Story) -> Text:
    """Return the compared text of *story*: all but what changes by itself."""
    return Text(story.headline, story.byline, compared_paragraphs(story))


def rules_hash(rules: Rules | None, dropped: Sequence[str] = (), uncompared: Collection[str] = ()) -> str:
    """Return a hash that tells two ways of reading a source apart, by its rules, the signatures of
    paragraphs dropped as boilerplate and the places left out of comparisons; '' for the general way."""
    if rules is None and not dropped and not uncompared:
        return ""
    rules = rules or Rules()
    hashed = {
        name: list(getattr(rules, name)) for name in ("keep", "drop", "headline", "byline", "drop_text")
    }
    if dropped:
        hashed["dropped"] = sorted(dropped)
    if uncompared:
        hashed["uncompared"] = sorted(uncompared)
    return hashlib.sha256(json.dumps(hashed, sort_keys=True).encode()).hexdigest()


class ReadBy(NamedTuple):
    """The extractor and rules that a text was read by; another one may read the same page differently,
    which is no edit."""

    extractor_version: int
    rules_hash: str


def read_by(source: Source) -> ReadBy:
    """Return the extractor and rules that pages of *source* are read by today."""
    learned = Boilerplate.of(source)
    hashed = rules_hash(source.extraction_rules, learned.dropped, learned.uncompared)
    return ReadBy(EXTRACTOR_VERSION, hashed)


def reads_alike(article: Article) -> bool:
    """Return whether the text in force was read as it would be read today: same extractor, same rules."""
    return (article.extractor_version, article.rules_hash) == read_by(article.source)


def reads_as_stored(article: Article, latest_hash: str) -> bool:
    """Return whether the latest version, of the text hash *latest_hash*, says what its page reads like
    today."""
    return article.text_hash == latest_hash and reads_alike(article)


def without_boilerplate(text: T, source: Source) -> T:
    """*text* without the paragraphs that were dropped for good from all texts of *source*."""
    return left_out(text, Boilerplate.of(source).dropped)


def body_hash(body: bytes) -> str:
    """SHA-256 of a page as it was fetched, in hex."""
    return hashlib.sha256(body).hexdigest()


def has_end(body: bytes) -> bool:
    """Return whether the page's last tag is there."""
    return b"</html" in body[-4096:].lower()


def carried_over(story: Story, latest: Version | Text, source: Source) -> Story:
    """*story* with the headline or byline it lacks taken from *latest*: a missing one is no editor's act.

    Nor is a headline to which, or from which, the template put or took a name of the *source*'s site.
    """
    names = names_of_site(source.name, source.home_page)
    same = not story.headline or differ_by_site(story.headline, latest.headline, names)
    headline = latest.headline if same else story.headline
    return replace(story, headline=headline, byline=story.byline or latest.byline)


def reread(
    article: Article, page: bytes, url: str, content_type: str, latest: Version | Text
) -> Story | None:
    """The story of a stored page as it is read today; None when it has none.

    latest: the text in force, from which a headline or byline that is lacking is taken.
    """
    source = article.source
    story = read_page(page, url, content_type, source.extraction_rules).story
    if story.problem:
        return None
    return carried_over(without_boilerplate(story, source), latest, source)


def reread_text_in_force(
    article: Article, page: bytes, url: str, content_type: str, latest: Text
) -> Story | None:
    """The captured page of the text in force as it is read today, without the undecided paragraphs that were
    left out of *latest* too; None when it has no story."""
    story = reread(article, page, url, content_type, latest)
    if story is None:
        return None
    return without_what_is_new(story, latest.paragraphs, Boilerplate.of(article.source).held)
