"""One article as it would be stored, before anything is: its text in short, and what looks wrong with it.

What is said of one article is stored in English with it, and translated where it is shown.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from articles.diff import words
from articles.extract import NoStory, Story, words_in_place_of_story
from articles.fetch import ACCEPT_PAGE, Answer, address_key, looks_like_article
from articles.models import Address
from articles.watch.check.classify import leads_away
from articles.watch.check.doubts import doubt_of
from articles.watch.check.page import read_page, text_hash
from articles.watch.check.page_reading import headers_say_noarchive
from articles.watch.crawl.bounds import of_pages
from articles.watch.onboarding.probe import ask, fetcher_at
from articles.watch.onboarding.results import Link

PREVIEWS = 5
SHOWN = 600
"""Characters of a paragraph."""
FEW_WORDS = 120
LAST_ONES = 4
"""Paragraphs at a text's end in which a wall would speak."""
MOST_TEXTS = 100
"""Paragraphs of one article that are compared with the others'."""
LONGEST_SHARED = 1000
"""Characters. What stands on several articles and is longer is no box, and no rule drops it here."""
MOST_SHARED = 12
_ASIDE = 200
"""Characters; a wall's own words are no longer."""


@dataclass(frozen=True)
class ArticlePreview:
    """An article as it would be stored (or, stored being false, why not) and what to look at twice.

    noarchive: whether it is not stored only because its page asks so. link: the title that its feed gives;
    digest: tells equal texts from others, '' without a text. texts: its paragraphs, but for long ones.
    """

    address: str
    link: str = ""
    stored: bool = False
    noarchive: bool = False
    headline: str = ""
    byline: str = ""
    published: str = ""
    language: str = ""
    direction: str = "ltr"
    words: int = 0
    paragraphs: int = 0
    first: str = ""
    last: str = ""
    digest: str = ""
    warnings: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()

    @property
    def published_at(self) -> datetime | None:
        return datetime.fromisoformat(self.published) if self.published else None

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "ArticlePreview":
        return cls(**{**kept, "warnings": tuple(kept["warnings"]), "texts": tuple(kept.get("texts", ()))})


@dataclass(frozen=True)
class Shared:
    """A paragraph that stands on several articles and so is the page's, not theirs: on *count* of them."""

    text: str
    count: int

    @property
    def key(self) -> str:
        """What it is called in a form."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()[:16]

    @property
    def rule(self) -> str:
        """The line under ``drop_text`` that takes it out, and nothing that merely contains it."""
        return "^" + _SPECIAL.sub(r"\\\g<0>", self.text).replace("\n", r"\n") + "$"


_SPECIAL = re.compile(r"[\\.^$*+?{}\[\]|()]")


def shared(previews: Sequence[ArticlePreview]) -> list[Shared]:
    """The paragraphs that stand on three or more of *previews*, in the order in which these have them."""
    read = [preview for preview in previews if preview.digest]
    by_text = Counter(text for preview in read for text in dict.fromkeys(preview.texts))
    enough = max(2, min(3, len(read)))
    found = [Shared(text, count) for text, count in by_text.items() if count >= enough]
    same_text = _most_alike(read, lambda one: one.digest)
    return [] if same_text else found[:MOST_SHARED]


def preview_of(link: Link, *, seconds: float) -> ArticlePreview:
    """Fetch and read the article that *link* names; nothing is stored.

    :raises SessionOver: its host can't be asked within *seconds*.
    """
    with fetcher_at(link.url, seconds) as fetcher:
        answer, trouble = ask(link.url, fetcher, accept=ACCEPT_PAGE, bounds=of_pages())
    if answer is None or trouble:
        said = f"{trouble.said}. {trouble.advice}" if trouble else "no answer"
        return ArticlePreview(link.url, link.title, warnings=(f"Not stored: {said}",))
    reading = read_page(answer.body, answer.final_url, answer.content_type, None)
    story = reading.story
    warnings = [*_of_address(link, answer), *_of_story(story, answer)]
    noarchive = reading.noarchive or headers_say_noarchive(answer.robots)
    if noarchive:
        warnings.append(
            gettext_noop(
                "The page asks not to be archived (noarchive): its text is not kept while "
                "“obey noarchive” is on."
            )
        )
    text = story.paragraphs
    return ArticlePreview(
        address=link.url,
        link=link.title,
        stored=not story.problem and not noarchive,
        noarchive=not story.problem and noarchive,
        headline=story.headline[:SHOWN],
        byline=story.byline[:SHOWN],
        published=story.published.isoformat() if story.published else link.published,
        language=story.language,
        direction=story.direction,
        words=sum(map(words, text)),
        paragraphs=len(text),
        first=_shown(text[0]) if text else "",
        last=_shown(text[-1]) if len(text) > 1 else "",
        digest=text_hash("", "", text) if text else "",
        warnings=tuple(warnings),
        texts=tuple(one for one in text[:MOST_TEXTS] if len(one) <= LONGEST_SHARED),
    )


def _shown(paragraph: str) -> str:
    return paragraph if len(paragraph) <= SHOWN else f"{paragraph[:SHOWN]}…"


def _of_address(link: Link, answer: Answer) -> list[str]:
    """What is odd about where the article is."""
    found = []
    if away := leads_away(link.url, answer.final_url):
        found.append(f"It {away.label}, {answer.final_url}: not an article.")
    elif address_key(link.url) != address_key(answer.final_url):
        found.append(f"It redirects to {answer.final_url}.")
    keys = {address_key(link.url), address_key(answer.final_url)}
    known = Address.objects.filter(key__in=keys).select_related("article__source").first()
    if known:
        found.append(f"It is watched already, as an article of {known.article.source}, and stays there.")
    return found


def _of_story(story: Story, answer: Answer) -> list[str]:
    """What is odd about the text."""
    count = sum(map(words, story.paragraphs))
    if story.problem:
        looks_like = _LOOKS_LIKE.get(story.no_story, "it can't be read")
        return [f"Not stored: {looks_like} ({story.problem})."]
    found = []
    if not story.headline:
        found.append(gettext_noop("No headline was found."))
    if not story.published and not looks_like_article(answer.final_url, story.headline):
        found.append(
            gettext_noop("Perhaps not an article: it has no date, and its address is not like an article's.")
        )
    if count < FEW_WORDS:
        found.append(f"Only {count} words: a short notice, or all that a paywall shows.")
    ends = (one for one in story.paragraphs[-LAST_ONES:] if len(one) <= _ASIDE)
    if said := next(filter(None, map(words_in_place_of_story, ends)), ""):
        found.append(f"Looks like a paywall: the text ends with words such as “{said}”.")
    if doubt := doubt_of(None, story):
        found.append(f"Doubtful: {doubt.detail}.")
    return found


_LOOKS_LIKE = {
    NoStory.WALL: "looks like a paywall, a log-in or a check for robots",
    NoStory.CONSENT: "looks like a consent wall",
    NoStory.NOT_FOUND: "an error page",
    NoStory.LIST: "a list of stories, none of which it tells",
    NoStory.NO_TEXT: "no text; not an article, built by scripts, or behind a wall",
    NoStory.TOO_SHORT: "no text; not an article, built by scripts, or behind a wall",
    NoStory.NOT_HTML: "this is not a page with a text",
    NoStory.EMPTY: "this is not a page with a text",
}


def alike(previews: Sequence[ArticlePreview]) -> list[str]:
    """Return in words what is odd about all of them together, and what to do."""
    read = [preview for preview in previews if preview.digest]
    found: list[str] = []
    if not previews:
        return found
    if kept_out := sum(preview.noarchive for preview in previews):
        found.append(
            _(
                "%(count)s of %(all)s ask not to be archived (noarchive): of such pages no text is kept, "
                "unless you untick “obey noarchive” below."
            )
            % {"count": kept_out, "all": len(previews)}
        )
    elif not any(preview.stored for preview in previews):
        return [_("None of these would be stored. Choose another feed, or see what the warnings advise.")]
    if count := _most_alike(read, lambda one: one.digest):
        return [
            _(
                "The same text on %(count)s of %(all)s: a wall or a form, not the stories. Look at one of "
                "them in a browser."
            )
            % {"count": count, "all": len(previews)}
        ]
    if count := _most_alike(read, lambda one: one.headline):
        found.append(
            _("The same headline on %(count)s of %(all)s: give a rule for the headline later.")
            % {"count": count, "all": len(previews)}
        )
    if many := len(shared(previews)):
        found.append(
            ngettext(
                "The same paragraph stands on most of them: no part of the stories. See below what is "
                "dropped.",
                "The same %(count)s paragraphs stand on most of them: no part of the stories. See below what "
                "is dropped.",
                many,
            )
            % {"count": many}
        )
    return found


def _most_alike(previews: Sequence[ArticlePreview], part: Callable[[ArticlePreview], str]) -> int:
    """How many have the same *part*; 0 when that is no more than two, or they have none."""
    counted = Counter(filter(None, map(part, previews)))
    most = max(counted.values(), default=0)
    return most if most >= min(3, len(previews)) and most > 1 else 0
