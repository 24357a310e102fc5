"""The news desk: how each story stands, and which edits of the script are still to come."""

import threading
from collections import defaultdict, deque
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from demo.edits import Edit
from demo.script import EDITS
from demo.story import State, Story, read_stories


@dataclass(frozen=True)
class Article:
    """A story as it stands now."""

    story: Story
    state: State
    published: datetime
    modified: datetime


@dataclass(frozen=True)
class Edition:
    """The whole site at one instant; `articles` newest first, those taken down among them."""

    url: str
    articles: tuple[Article, ...]

    @property
    def listed(self) -> tuple[Article, ...]:
        """The articles that can be read."""
        return tuple(article for article in self.articles if article.state.status == 200)

    @property
    def modified(self) -> datetime:
        return max(article.modified for article in self.articles)

    def address(self, path: str) -> str:
        return self.url.rstrip("/") + path


class Desk:
    """Holds one room's stories; safe to use from several threads."""

    def __init__(self) -> None:
        opened = datetime.now(UTC).replace(microsecond=0)
        self._lock = threading.Lock()
        self._articles = {
            story.slug: _first_published(story, opened - timedelta(minutes=story.age))
            for story in read_stories()
        }
        self._coming: defaultdict[str, deque[Edit]] = defaultdict(deque)
        for edit in EDITS:
            self._coming[edit.slug].append(edit)

    def article(self, slug: str) -> Article:
        with self._lock:
            return self._articles[slug]

    def edition(self, url: str) -> Edition:
        with self._lock:
            return Edition(url=url, articles=tuple(self._articles.values()))

    def apply(self, slug: str) -> Edit | None:
        """Make the next edit of this story; None when it has no more. KeyError if there is no such story."""
        with self._lock:
            return self._apply(slug)

    def step(self) -> list[Edit]:
        """Make the next edit of the script, with any others due at the same instant; none at its end."""
        with self._lock:
            coming = [edits[0] for edits in self._coming.values() if edits]
            instant = min((edit.at for edit in coming), default=None)
            made = [self._apply(edit.slug) for edit in coming if edit.at == instant]
            return [edit for edit in made if edit is not None]

    def _apply(self, slug: str) -> Edit | None:
        article = self._articles[slug]
        if not self._coming[slug]:
            return None
        edit = self._coming[slug].popleft()
        state = edit.apply_to(article.state)
        self._articles[slug] = Article(article.story, state, article.published, datetime.now(UTC))
        return edit


def _first_published(story: Story, when: datetime) -> Article:
    return Article(story=story, state=story.first, published=when, modified=when)
