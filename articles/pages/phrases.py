"""When did this phrase appear? On an article's page, ``?phrase=``."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from articles import search
from articles.models import Article
from articles.pages import words


@dataclass(frozen=True)
class Phrase:
    """What was asked, and the stretches of versions in which it stood, or why it was not looked for."""

    text: str
    stays: Sequence[search.Stay]
    problem: str


def asked_phrase(request: HttpRequest, article: Article) -> Phrase | None:
    """The answer to ``?phrase=``; None when nothing is asked."""
    text = words.typed(request.GET.get("phrase", ""))
    if not text:
        return None
    found = search.appearances(article, text)
    return Phrase(text[:300], found.stays, found.problem)
