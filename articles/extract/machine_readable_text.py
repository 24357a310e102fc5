"""What a page tells machines of its text: it confirms what was found, and is never the text itself."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from articles.extract.linked_data import texts
from articles.extract.page import Page
from articles.extract.text import clean

# Words, or single characters of scripts that set no space between words.
_TOKEN = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]|[^\W\d_]+|\d+")
_GRAM = 4
_SAME = 0.6  # share of the words, or of the sequences, that two texts with one meaning have in common
_DESCRIPTIONS = ("og:description", "description", "twitter:description")
_TITLES = ("og:title", "twitter:title")
_BEHIND_KICKER = re.compile(r"\s?[:：|–—]|\s-\s|\s?/\s")


@dataclass(frozen=True)
class Witness:
    """The headline, all titles, the description's words, both together, and word sequences of articleBody."""

    headline: str
    titles: tuple[str, ...]
    description: frozenset[str]
    subject: frozenset[str]
    body: frozenset[tuple[str, ...]]

    @classmethod
    def of(cls, page: Page, title: str) -> "Witness":
        """Return what a page tells under its headline."""
        described = frozenset(token for name in _DESCRIPTIONS for token in _tokens(page.meta.get(name, "")))
        bodies = (text for article in page.articles for text in texts(article.get("articleBody")))
        return cls(
            headline=title,
            titles=(
                *(clean(page.meta.get(name, "")) for name in _TITLES),
                *(clean(text) for article in page.articles[:1] for text in texts(article.get("headline"))),
            ),
            description=described,
            subject=described.union(_tokens(title)),
            body=frozenset(gram for text in bodies for gram in _grams(text)),
        )

    def trust(self, paragraphs: Iterable[str]) -> float:
        """Return how well paragraphs fit what the page says of itself: from 0.5 (not at all) to 2.5."""
        tokens: set[str] = set()
        grams: set[tuple[str, ...]] = set()
        for paragraph in paragraphs:
            told = _tokens(paragraph)
            tokens.update(told)
            if self.body:
                grams.update(_in_sequence(told))
        return 0.5 + _share(self.subject, tokens) + _share(self.body, grams)

    def begins_title(self, text: str) -> bool:
        """Whether this text is a title's kicker: "After the flood" of "After the flood: Town rebuilds"."""
        return any(
            title.startswith(text) and _BEHIND_KICKER.match(title, len(text)) is not None
            for title in self.titles
        )

    def describes(self, text: str) -> bool:
        """Whether the page's description and this text say the same, one perhaps at more length."""
        tokens = frozenset(_tokens(text))
        shorter = min(len(tokens), len(self.description))
        return shorter > 0 and len(tokens & self.description) >= _SAME * shorter

    def confirms(self, text: str) -> bool:
        """Whether articleBody has this text in it."""
        return bool(self.body) and _share(frozenset(_grams(text)), self.body) >= _SAME


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text.casefold())


def _grams(text: str) -> Iterable[tuple[str, ...]]:
    return _in_sequence(_tokens(text))


def _in_sequence(tokens: list[str]) -> Iterable[tuple[str, ...]]:
    return zip(*(tokens[start:] for start in range(_GRAM)), strict=False)


def _share(part: frozenset[object], whole: Iterable[object]) -> float:
    return len(part.intersection(whole)) / len(part) if part else 0.0
