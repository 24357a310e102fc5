"""A page that shows nothing until a script has run gives the text that it holds ready."""

import json

import pytest

from articles.extract import Story, extract
from tests.extract.words import ENGLISH

HEADLINE = ENGLISH.headline
TEXTS = ENGLISH.paragraphs
OTHERS = [
    {"title": "Boy finds coin", "text": "A boy found a coin on the beach and took it to the museum. " * 9}
]


def read(script: str, shown: str = '<div id="root"></div>') -> Story:
    page = f"<html><head><title>{HEADLINE}</title>{script}</head><body>{shown}</body></html>"
    return extract(page.encode(), "https://paper.example/2024/03/bridge.html")


def state(data: object) -> str:
    return f'<script type="application/json" id="x">{json.dumps(data)}</script>'


def linked(**told: object) -> str:
    data = {"@type": "NewsArticle", "headline": HEADLINE, **told}
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


@pytest.mark.parametrize(
    "script",
    [
        linked(articleBody="\n\n".join(TEXTS)),
        linked(articleBody="".join(f"<p>{text}</p>" for text in TEXTS)),
        state({"p": {"story": {"headline": HEADLINE, "body": list(TEXTS)}, "more": OTHERS}}),
        state(
            {"story": {"t": HEADLINE, "html": "".join(f"<p>{text}</p>" for text in TEXTS)}, "more": OTHERS}
        ),
        state(
            {
                "a": {
                    "t": HEADLINE,
                    "b": [{"kind": "p", "c": [{"s": text[:9]}, {"s": text[9:]}]} for text in TEXTS],
                }
            }
        ),
    ],
)
def test_the_text_is_read_from_the_data(script: str) -> None:
    story = read(script)
    assert (story.problem, story.headline, story.paragraphs) == ("", HEADLINE, TEXTS)


@pytest.mark.parametrize(
    "script",
    [
        linked(articleBody="\n\n".join(TEXTS), isAccessibleForFree=False),
        linked(description=TEXTS[0]),
        state({"more": OTHERS}),
        state({"story": {"headline": HEADLINE, "tags": ["bridge", "harbour"]}, "more": OTHERS}),
        '<script type="application/json">{"story": [</script>',
        "",
    ],
)
def test_there_is_no_story_without_it(script: str) -> None:
    assert read(script).problem != ""


def test_what_readers_see_is_taken_first() -> None:
    shown = f"<h1>{HEADLINE}</h1>" + "".join(f"<p>{text}</p>" for text in TEXTS[:2])
    assert read(linked(articleBody="\n\n".join(TEXTS)), shown).paragraphs == TEXTS[:2]
