"""One version as text."""

import pytest

from articles.models import Imported
from tests.factories import MORNING, make_article, make_version
from tests.pages.reading import main_words, page_of

pytestmark = pytest.mark.django_db


def test_a_version_is_shown_as_it_was_seen(client):
    article = make_article()
    make_version(article, ["First text."], byline="By Ann Other", published=MORNING)
    make_version(article, ["Second text."], headline="Another headline")
    response = client.get(f"/articles/{article.pk}/1/")
    words = main_words(response)
    assert "Version 1, first seen 18 July 2016, 09:50 UTC" in words
    assert "Bridge closed after storm By Ann Other" in words
    assert "First text." in words
    assert "Second text." not in words


def test_search_engines_keep_none_of_it(client):
    article = make_article()
    make_version(article)
    response = client.get(f"/articles/{article.pk}/1/")
    assert response["X-Robots-Tag"] == "noindex, noarchive"
    assert page_of(response).cssselect('meta[name=robots][content="noindex, noarchive"]')


@pytest.mark.parametrize(
    ("versions", "words"),
    [
        (0, "No text has been seen yet at this address."),
        (1, "This article has no version 7: it has version 1 only."),
        (2, "This article has no version 7: its versions are 1 to 2."),
    ],
)
@pytest.mark.parametrize("page", ["7/", "diff/1/7/", "diff/7/1/"])
def test_an_unknown_number_is_answered_with_words(client, versions, words, page):
    article = make_article()
    for _ in range(versions):
        make_version(article)
    response = client.get(f"/articles/{article.pk}/{page}")
    assert response.status_code == 404
    assert words in main_words(response)


def test_a_version_without_text_says_so(client):
    article = make_article()
    make_version(article, [])
    assert "This version has no text." in main_words(client.get(f"/articles/{article.pk}/1/"))


def test_a_long_chain_of_versions_takes_no_more_queries(client, django_assert_num_queries):
    article = make_article()
    for number in range(16):
        make_version(article, [f"Text {number}."])
    for number in (2, 16):
        with django_assert_num_queries(4):  # one of them for the copy at web.archive.org
            response = client.get(f"/articles/{article.pk}/{number}/")
        assert f"Text {number - 1}." in main_words(response)


@pytest.mark.parametrize("where", ["2/", "diff/1/2/"])
def test_an_imported_version_says_who_kept_it(client, where):
    article = make_article()
    make_version(article)
    imported = make_version(article, ("Five people were hurt.",), extractor_version=0)
    for permalink, copy in ((1, "https://web.archive.org/web/20180101000000/https://news.example/"), (2, "")):
        Imported.objects.create(
            origin="diffengine",
            origin_article="1",
            origin_version=str(permalink),
            copy=copy,
            article=article,
            version=imported,
            importer_version=1,
        )
    page = client.get(f"/articles/{article.pk}/{where}").content.decode()
    assert page.count("text as kept by diffengine") == 1
    assert "Version 2: text as kept by diffengine" in page
    assert 'href="https://web.archive.org/web/20180101000000/' in page
    Imported.objects.update(copy="javascript:alert(1)")
    assert "javascript:" not in client.get(f"/articles/{article.pk}/{where}").content.decode()
    assert "as kept by" not in client.get(f"/articles/{article.pk}/1/").content.decode()
