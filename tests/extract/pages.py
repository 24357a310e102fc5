# ruff: noqa: E501  (a sentence stays on its line)
"""News pages for the tests: a story, and furniture that changes around it."""

import json
import random
from html import escape

from tests.extract.words import Words


def news_page(
    words: Words,
    *,
    paragraphs: tuple[str, ...] | None = None,
    furniture: int | None = 0,
    linked_data: bool = True,
) -> str:
    """Return a page that tells the story. `furniture` seeds what stands around it; None leaves it out."""
    story = [f"<p>{escape(text)}</p>" for text in (words.paragraphs if paragraphs is None else paragraphs)]
    boxes = _Furniture(words, random.Random(furniture)) if furniture is not None else None
    if boxes:
        for box in boxes.between():
            story.insert(boxes.random.randrange(1, len(story)), box)
    data = {"@type": "NewsArticle", "headline": words.headline, "datePublished": "2024-03-07T09:30:00+01:00"}
    script = f'<script type="application/ld+json">{json.dumps(data)}</script>' if linked_data else ""
    return (
        f'<!DOCTYPE html><html lang="{words.language}"><head><meta charset="utf-8">'
        f"<title>{escape(words.headline)} | The Paper</title>{script}</head><body>"
        f"{boxes.above() if boxes else ''}"
        f'<main><article class="story"><h1>{escape(words.headline)}</h1>'
        f'<div class="story-body">{"".join(story)}</div></article>{boxes.below() if boxes else ""}</main>'
        f"{boxes.footer() if boxes else ''}</body></html>"
    )


class _Furniture:
    def __init__(self, words: Words, source: random.Random) -> None:
        self.words = words
        self.random = source

    def above(self) -> str:
        sections = "".join(f'<li><a href="/{n}">{n}</a></li>' for n in ("World", "Sport", "Money"))
        clock = f'<div class="clock">{self.random.randrange(24)}:{self.random.randrange(60):02}</div>'
        return f"<header><nav><ul>{sections}</ul></nav>{clock}</header>"

    def between(self) -> list[str]:
        number = self.random.randrange(10**6)
        boxes = [
            f'<div class="ad-slot" id="slot-{number}"><span>{self.words.advert}</span><script>ad({number})</script></div>',
            f'<p><strong>{self.words.read_more}: <a href="/a/{number}">{self._teaser()}</a></strong></p>',
            f'<aside class="related"><h3>{self.words.read_more}</h3><ul>{self._links(3)}</ul></aside>',
            f'<div class="css-{number:x}q"><h4>{self._teaser()}</h4><p>{self.words.newsletter}</p>'
            '<form action="/sign-up"><input name="mail"><button>OK</button></form></div>',
            f'<div class="share"><button>Share</button><span>{number % 977}</span></div>',
            f"<ul>{self._links(2)}</ul>",
        ]
        return self.random.sample(boxes, self.random.randrange(1, len(boxes) + 1))

    def below(self) -> str:
        comments = "".join(
            f'<div class="comment"><p>{self._teaser()}, {self._teaser()}. {self.words.newsletter}</p></div>'
            for _ in range(self.random.randrange(6))
        )
        return (
            f'<section class="most-read"><h2>Top</h2><ol>{self._links(4)}</ol></section>'
            f'<section id="comments"><h2>{self.random.randrange(99)}</h2>{comments}</section>'
        )

    def footer(self) -> str:
        consent = f'<div id="cookie-banner"><p>{self.words.newsletter} {self.words.newsletter}</p></div>'
        return f"<footer><p>© {self.random.randrange(2000, 2026)} The Paper</p></footer>" + consent

    def _teaser(self) -> str:
        return escape(self.random.choice(self.words.teasers))

    def _links(self, count: int) -> str:
        return "".join(f'<li><a href="/a/{n}">{self._teaser()}</a></li>' for n in range(count))
