"""What other extraction rules would make of a source's stored pages: nothing is changed or fetched."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Exists, OuterRef

from articles.diff import Comparison, compare
from articles.extract import Rules, Story, Trace
from articles.fetch import address_key
from articles.isolation import IsolationError, isolated
from articles.models import Article, Boilerplate, Capture, Source, Version
from articles.models.quarantine import signature, without
from articles.models.text_storage import Text
from articles.watch.check.page import READING_SECONDS, carried_over, hash_of, rules_hash
from articles.watch.onboarding.document_reading import read_by, trace_by

PAGES_SHOWN = 5
_UNREAD_SHOWN = 2
"""Of the pages shown, those of articles of which no text could be read: what rules are most needed for."""
_AMONG = 50
_LEAST_SECONDS = 0.2
SECONDS = 15.0
"""For all pages of a preview together; those it does not suffice for are said to be left out."""


BOILERPLATE = "a decision: site boilerplate"
"""The words shown for what drops a paragraph that was decided to be boilerplate."""


class NotShown(Exception):
    """Why the page of an address can't be shown; the message says what to do."""


@dataclass(frozen=True)
class RulePreview:
    """A stored page read by the rules in force and by others.

    problem: why it could not be read; then the rest is missing.
    slow: the line of the rules that took too long on it, if that is why.
    difference: how the text changes with the rules.
    in_force: how the text read by the new rules differs from the one in force; None when it does not.
    """

    article: Article
    fetched: datetime
    problem: str = ""
    slow: str = ""
    before: Story = Story()  # noqa: RUF009 (frozen)
    trace: Trace = Trace(Story(), (), {})  # noqa: RUF009 (frozen)
    difference: Comparison | None = None
    in_force: Comparison | None = None
    same_text: bool = False
    same_rules: bool = False

    @property
    def after(self) -> Story:
        return self.trace.story


def telling_articles(source: Source) -> list[Article]:
    """The articles whose pages tell most of what rules do: the newest, some without a text among them."""
    stored = list(
        source.articles.filter(Exists(Capture.objects.filter(article=OuterRef("pk")))).newest_first()[:_AMONG]
    )
    unread = [article for article in stored if not article.version_count][:_UNREAD_SHOWN]
    read = [article for article in stored if article.version_count]
    return [*unread, *read][:PAGES_SHOWN]


def article_at(source: Source, address: str) -> Article:
    """The article of *source* that *address* leads to, if its page is stored.

    :raises NotShown: there is none.
    """
    try:
        key = address_key(address.strip())
    except ValueError as problem:
        raise NotShown(f"This is no address of an article: {problem}.") from problem
    article: Article | None = Article.objects.filter(addresses__key=key).select_related("source").first()
    if article is None:
        raise NotShown("No article is watched at this address. Add it first, and have it checked.")
    if article.source_id != source.pk:
        raise NotShown(f"This article belongs to {article.source}: its rules are there.")
    if not Capture.objects.filter(article=article).exists():
        raise NotShown("No page of this article is stored yet. Have it checked, then come back.")
    return article


def preview(
    source: Source, rules: Rules, articles: Iterable[Article], *, seconds: float = SECONDS
) -> list[RulePreview]:
    """Read the stored pages of *articles* by *rules*, in *seconds* altogether.

    It ends with the first on which a line of the rules takes too long.
    """
    deadline = time.monotonic() + seconds
    articles = list(articles)
    captures = Capture.objects.latest_of_each(articles)
    previews: list[RulePreview] = []
    for article in articles:
        if article.pk in captures:
            left = deadline - time.monotonic()
            previews.append(_preview(source, rules, article, captures[article.pk], left))
            if previews[-1].slow:
                break  # it would be no faster on the others, and a person waits
    return previews


def _preview(source: Source, rules: Rules, article: Article, capture: Capture, seconds: float) -> RulePreview:
    if seconds < _LEAST_SECONDS:
        return RulePreview(
            article, capture.fetched, problem="Not read: the others took all the time there is."
        )
    wall = min(seconds, READING_SECONDS)
    body = capture.page
    present = source.extraction_rules
    page = (body, capture.url, capture.content_type)
    try:
        traced = isolated(trace_by, *page, rules, wall=wall, cpu=wall)
    except IsolationError as problem:
        said = f"Reading this page was stopped: {problem}."
        return RulePreview(
            article, capture.fetched, problem=said, slow=problem.doing if problem.is_timeout else ""
        )
    try:
        before = isolated(read_by, *page, present, wall=wall, cpu=wall)
    except IsolationError as problem:
        before = Story(problem=f"reading the page by the rules in force was stopped: {problem}")
    dropped = Boilerplate.of(source).dropped
    before = replace(before, paragraphs=without(before.paragraphs, dropped))
    after = replace(traced.story, paragraphs=without(traced.story.paragraphs, dropped))
    blocks = tuple(
        replace(block, kept=False, dropped=BOILERPLATE)
        if block.kept and dropped and signature(block.text) in dropped
        else block
        for block in traced.blocks
    )
    latest = article.versions.order_by("-number").first()
    return RulePreview(
        article,
        capture.fetched,
        before=before,
        trace=replace(traced, story=after, blocks=blocks),
        difference=compare(before.paragraphs, after.paragraphs),
        same_text=latest is not None and _hash(after, latest) == hash_of(latest.text),
        in_force=compare(latest.paragraphs, after.paragraphs) if latest is not None else None,
        same_rules=rules_hash(rules) == rules_hash(present or Rules()),
    )


def _hash(story: Story, latest: Version) -> str:
    story = carried_over(story, latest, latest.article.source)
    return hash_of(Text(story.headline, story.byline, story.paragraphs))
