"""How long extraction takes on made pages, and how its time grows with a page's size.

    python -m benchmarks.extract

prints the median of several reads of each page in milliseconds, and beside the growing pages the time per
paragraph, which stays the same as long as nothing is quadratic.
"""

import time
from statistics import median

from articles.extract import extract
from tests.extract.pages import LANGUAGES, Words, news_page

_ROUNDS = 9
_SIZES = (10, 100, 1_000, 10_000)


def _milliseconds(page: str) -> float:
    body = page.encode()
    durations = []
    for _ in range(_ROUNDS):
        start = time.perf_counter()
        extract(body, "https://paper.example/a")
        durations.append(time.perf_counter() - start)
    return 1000 * median(durations)


def _long_story(words: Words, paragraphs: int) -> tuple[str, ...]:
    return tuple(f"{number}. {words.paragraphs[number % 5]}" for number in range(paragraphs))


def main() -> None:
    for words in LANGUAGES:
        print(f"{words.language:6} {_milliseconds(news_page(words)):9.1f} ms")
    for size in _SIZES:
        took = _milliseconds(news_page(LANGUAGES[0], paragraphs=_long_story(LANGUAGES[0], size)))
        print(f"{size:6} {took:9.1f} ms {1000 * took / size:9.0f} µs a paragraph")
    for name, page in {
        "nested deeply": "<div>" * 1_500 + news_page(LANGUAGES[0]),
        "10,000 links": news_page(LANGUAGES[0]) + '<ul><li><a href="/a">Elsewhere</a></li></ul>' * 10_000,
        "10,000 blocks": news_page(LANGUAGES[0])
        + "<div>A block that holds a sentence of its own.</div>" * 10_000,
    }.items():
        print(f"{name:14} {_milliseconds(page):9.1f} ms")


if __name__ == "__main__":
    main()
