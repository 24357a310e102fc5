"""Links to other stories that stand between a page's paragraphs."""

import pytest

from articles.extract import extract, teasers

URL = "https://example.org/2026/lists"
TEXTS = [f"A short summary of what came to pass on day {n}, for all who are in a hurry." for n in range(4)]
WAYS = {
    "heading": "<h3><a href='/s/{n}'>What came to pass {n}</a></h3><p>{text}</p>",
    "card": "<a href='/s/{n}'><h3>What came to pass {n}</h3><p>{text}</p></a>",
    "item": "<div><a href='/s/{n}'>What came to pass {n}</a><p>{text}</p></div>",
}


def found(body: str) -> list[str]:
    page = (
        f"<html><body><main><article><h1>All of the week</h1>{body}</article></main></body></html>".encode()
    )
    return [address for address, _ in teasers(page, URL, TEXTS)]


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_headings_and_cards_are_found(way: str) -> None:
    body = "".join(way.format(n=n, text=text) for n, text in enumerate(TEXTS))
    addresses = [f"https://example.org/s/{n}" for n in range(4)]
    assert found(body) in (addresses, addresses[1:])  # what stands above the first paragraph may be a menu


@pytest.mark.parametrize(
    "link",
    [
        "<p>As <a href='/s/1'>was told before by us</a>, it did.</p>",
        "<p><a href='/s/1'>More</a></p>",
        "<p><a>What came to pass 1</a></p>",
    ],
)
def test_links_within_a_sentence_or_without_words_are_none(link: str) -> None:
    assert found(link.join(f"<p>{text}</p>" for text in TEXTS)) == []


def test_links_before_and_behind_the_text_are_none() -> None:
    links = "".join(f"<h3><a href='/s/{n}'>What came to pass {n}</a></h3>" for n in range(9))
    assert found(links + "".join(f"<p>{text}</p>" for text in TEXTS) + links) == []


@pytest.mark.parametrize("page", [b"", b"\x00\xff", b"<a href='http://['>One two three four</a>" * 900])
def test_odd_pages_have_none(page: bytes) -> None:
    assert teasers(page, URL, extract(page, URL).paragraphs) == ()
