"""Citing, copying and downloading."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.models import Article, Source, Version
from articles.pages import citations
from tests.factories import MORNING, make_article, make_source, make_version
from tests.pages.reading import page_of

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def citation_of(headline="Bridge closed", source="The Gazette", **values):
    article = Article(
        pk=7, source=Source(name=source), address="https://news.example/a_b?c=1&d=50%25", headline=headline
    )
    version = Version(article=article, number=2, headline=headline, seen=MORNING, **values)
    return citations.of_version(article, version, NOW)


def test_a_version_is_cited_with_what_finds_it_again(settings):
    settings.SITE_URL = "https://diffs.example.org"
    citation = citation_of()
    assert citation.permalink == "https://diffs.example.org/articles/7/2/"
    assert citation.text == (
        "The Gazette: “Bridge closed”, version 2 (first seen 18 July 2016, 09:50 UTC). "
        "NewsDiffs, https://diffs.example.org/articles/7/2/ (cited 22 November 2026). "
        "Original: https://news.example/a_b?c=1&d=50%25"
    )
    assert citation.bibtex == (
        "@misc{newsdiffs-7-2,\n"
        "  author = {{The Gazette}},\n"
        "  title = {{Bridge closed}},\n"
        "  publisher = {{The Gazette}},\n"
        "  howpublished = {NewsDiffs},\n"
        "  year = {2016},\n"
        "  note = {Version 2 (first seen 18 July 2016, 09:50 UTC); "
        r"original: https://news.example/a\_b?c=1\&d=50\%25}," + "\n"
        "  url = {https://diffs.example.org/articles/7/2/},\n"
        "  urldate = {2026-11-22}\n"
        "}"
    )


def test_the_bracket_is_in_both_forms_of_a_version():
    citation = citation_of(previous_last_seen=MORNING - timedelta(minutes=15))
    bracket = "(first seen 18 July 2016, 09:50 UTC; old text last seen 18 July 2016, 09:35 UTC)"
    assert f"version 2 {bracket}." in citation.text
    assert f"note = {{Version 2 {bracket}; original: " in citation.bibtex


@pytest.mark.parametrize(
    ("byline", "author"),
    [
        ("By Ann Other", "Ann Other"),
        ("Ann Other and Bo Byrd", "Ann Other and Bo Byrd"),
        ("BY: Smith & Sons {50%}", r"Smith \& Sons \{50\%\}"),
        ("Byron Hill", "Byron Hill"),
        ("By", "The Gazette"),
        ("", "The Gazette"),
    ],
)
def test_the_author_is_the_byline_or_else_the_publication(byline, author):
    entry = citation_of(byline=byline).bibtex
    assert f"  author = {{{{{author}}}}},\n" in entry
    assert "  publisher = {{The Gazette}},\n" in entry


@given(st.text(max_size=100), st.text(max_size=50), st.text(max_size=50))
def test_no_headline_or_name_breaks_a_bibtex_entry(headline, source, byline):
    entry = citation_of(headline, source, byline=byline).bibtex
    bare = re.sub(r"\\(?:text\w+\{\}|.)", "", entry)
    assert not set(bare) & set("\\$#&%^~")
    depth = 0
    for sign in bare:
        depth += (sign == "{") - (sign == "}")
        assert depth >= 0
    assert depth == 0
    assert bare.rstrip().endswith("}")


@pytest.mark.django_db
class TestPages:
    @pytest.fixture
    def article(self):
        article = make_article(make_source("The Gazette"), headline="Bridge <closed>")
        make_version(article, ["Four people were hurt.", "The road is closed."], byline="By Ann Other")
        make_version(article, ["Five people were hurt."])
        return article

    def test_a_diff_is_cited_with_both_versions(self, client, article):
        page = page_of(client.get(f"/articles/{article.pk}/diff/1/2/"))
        text, bibtex = (block.text_content() for block in page.cssselect(".share pre"))
        assert (
            "“Bridge <closed>”, version 2 (first seen 18 July 2016, 14:50 UTC) compared with version 1"
            in text
        )
        assert f"@misc{{newsdiffs-{article.pk}-1-2," in bibtex

    def test_only_neighbours_have_a_bracket(self, client, article):
        make_version(article, ["Six people were hurt."])
        for pair, bracket in {
            "1/2": "version 1 (first seen 18 July 2016, 09:50 UTC, last seen 18 July 2016, 14:20 UTC)",
            "1/3": "version 1 (first seen 18 July 2016, 09:50 UTC)",
            "3/2": "version 3 (first seen 18 July 2016, 19:50 UTC)",
        }.items():
            page = page_of(client.get(f"/articles/{article.pk}/diff/{pair}/"))
            for block in page.cssselect(".share pre"):
                assert f"compared with {bracket}" in block.text_content()

    @pytest.mark.parametrize("page", ["2/", "diff/1/2/", "diff/1/2/?view=side"])
    def test_the_permalink_has_no_query(self, client, settings, article, page):
        settings.SITE_URL = "https://diffs.example.org"
        (link,) = page_of(client.get(f"/articles/{article.pk}/{page}")).cssselect(".share .permalink > a")
        assert link.get("href") == f"https://diffs.example.org/articles/{article.pk}/{page.partition('?')[0]}"

    @pytest.mark.parametrize(("page", "numbers"), [("2/", [2]), ("diff/1/2/", [1, 2]), ("diff/2/2/", [2])])
    def test_each_text_that_is_shown_can_be_had(self, client, article, page, numbers):
        links = page_of(client.get(f"/articles/{article.pk}/{page}")).cssselect("[data-copy]")
        assert [link.get("href") for link in links] == [f"/articles/{article.pk}/{n}/text" for n in numbers]

    def test_the_text_is_plain_and_not_indexed(self, client, article):
        response = client.get(f"/articles/{article.pk}/1/text")
        assert response["Content-Type"] == "text/plain; charset=utf-8"
        assert response["X-Robots-Tag"] == "noindex, noarchive"
        assert response.content.decode() == (
            "Bridge <closed>\n\nBy Ann Other\n\nFour people were hurt.\n\nThe road is closed.\n"
        )
        assert client.get(f"/articles/{article.pk}/3/text").status_code == 404
