"""Which links of a section page are taken for articles."""

import pytest

from articles.fetch import looks_like_article, read_feed


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/2026/11/22/council-votes", ""),
        ("/world/2026-11-22/bridge", ""),
        ("/20261122/bridge.html", ""),
        ("/news/bridge-1234567", ""),
        ("/politics/archive/2026/11/bridge/6012/", ""),
        ("/articles/AST1F4445T1FUTIL02SM.html", "港の橋を二か月間通行止めに"),
        ("/news/articleView.html?idxno=12345", ""),
        ("/?p=45", ""),
        ("/council-votes-to-close-bridge", ""),
        (
            "/%D1%81%D1%82%D0%B0%D1%80%D1%8B%D0%B9-%D0%BC%D0%BE%D1%81%D1%82-%D0%B2-%D0%BF%D0%BE%D1%80%D1%82%D1%83",
            "",
        ),
        ("/bridge", "Council votes to close the harbour bridge"),
        ("/bridge", "海港旧桥将封闭两个月时间"),
    ],
)
def test_an_article_is_told_by_its_address_or_by_what_the_link_says(path: str, said: str) -> None:
    assert looks_like_article(f"https://example.org{path}", said)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/", "The Paper: all the news of today"),
        ("/world", "World"),
        ("/world/europe/", "Europe"),
        ("/2026/11/22/", "All that was in the paper of this day"),
        ("/2026/11", "November"),
        ("/about/our-people-and-their-work", "About us and the people who work here"),
        ("/tag/harbour-bridge-closed-again", "harbour bridge closed again, all stories"),
        ("/news/tag/harbour", "Everything on the harbour bridge so far"),
        ("/login?id=12345", "Log in to read on without limits"),
        ("/files/annual-report-of-the-council-2026.pdf", "The annual report of the council"),
        ("/privacy-policy", "How we treat what we know of you"),
        ("/search?q=bridge", ""),
    ],
)
def test_sections_services_and_files_are_no_articles(path: str, said: str) -> None:
    assert not looks_like_article(f"https://example.org{path}", said)


def test_of_several_links_to_one_address_the_longest_words_count() -> None:
    page = (
        b"<!doctype html><html><body><a href='/bridge'><img src='a.jpg'></a>"
        b"<a href='/bridge'>Council votes to close the harbour bridge</a><a href='/bridge'>Read more</a>"
    )
    (entry,) = read_feed(page, "https://example.org/world/").entries
    assert entry.title == "Council votes to close the harbour bridge"
    assert looks_like_article(entry.url, entry.title)
