"""What a page tells machines of its text: it confirms what was found, and is never the text itself."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from articles.extract.headline import headline
from articles.extract.linked_data import texts
from articles.extract.page import Page

# Words, or single characters of scripts that set no space between words.
_TOKEN = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]|[^\W\d_]+|\d+")
_GRAM = 4
_DESCRIPTIONS = ("og:description", "description", "twitter:description")


@dataclass(frozen=True)
class Witness:
    """The headline, its words and the description's, and the word sequences of JSON-LD's articleBody."""

    headline: str
    subject: frozenset[str]
    body: frozenset[tuple[str, ...]]

    @classmethod
    def of(cls, page: Page) -> "Witness":
        title = headline(page)
        said = [title, *(page.meta.get(name, "") for name in _DESCRIPTIONS)]
        bodies = (text for article in page.articles for text in texts(article.get("articleBody")))
        return cls(
            headline=title,
            subject=frozenset(token for text in said for token in _tokens(text)),
            body=frozenset(gram for text in bodies for gram in _grams(text)),
        )

    def trust(self, paragraphs: Iterable[str]) -> float:
        """Return how well paragraphs fit what the page says of itself: from 0.5 (not at all) to 2.5."""
        tokens: set[str] = set()
        grams: set[tuple[str, ...]] = set()
        for paragraph in paragraphs:
            tokens.update(_tokens(paragraph))
            grams.update(_grams(paragraph))
        return 0.5 + _share(self.subject, tokens) + _share(self.body, grams)

    def confirms(self, text: str) -> bool:
        """Whether articleBody has this text in it."""
        grams = frozenset(_grams(text))
        return bool(self.body) and _share(grams, self.body) >= 0.6


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text.casefold())


def _grams(text: str) -> Iterable[tuple[str, ...]]:
    tokens = _tokens(text)
    return zip(*(tokens[start:] for start in range(_GRAM)), strict=False)


def _share(part: frozenset[object], whole: Iterable[object]) -> float:
    return len(part.intersection(whole)) / len(part) if part else 0.0
