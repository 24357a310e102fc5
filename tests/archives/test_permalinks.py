"""Addresses of News Sniffer and NewsDiffs lead to what was imported of them."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from articles.models import Article
from tests.archives.origins import NEWS_SNIFFER, NEWSDIFFS, NewsDiffsRepository, mysql_dump, sqlite_file
from tests.factories import make_article, make_version
from tests.running.installation import Installation

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.archives.old_urls")]

STAMP = {"created_at": "2015-03-01 10:00:00", "updated_at": "2015-03-01 10:00:00"}


@pytest.fixture
def news_sniffer(tmp_path: Path) -> Article:
    make_article()  # so that ids differ
    rows = {
        "news_articles": [
            {"id": 4_711, "source": "s", "guid": "g", "url": "https://a.example/1", "title": "T"} | STAMP
        ],
        "news_article_versions": [
            {"id": 80 + n, "news_article_id": 4_711, "title": "T", "version": n, "text_hash": ""}
            | {"created_at": f"2015-03-01 1{n}:00:00"}
            for n in range(3)
        ],
        "news_article_version_texts": [
            {"news_article_version_id": 80, "text": "One."},
            {"news_article_version_id": 81, "text": "Two."},
            {"news_article_version_id": 82, "text": "Three."},
        ],
    }
    call_command("import_archive", "news-sniffer", str(mysql_dump(tmp_path / "d.sql", NEWS_SNIFFER, rows)))
    return Article.objects.get(address="https://a.example/1")


@pytest.fixture
def newsdiffs(tmp_path: Path) -> Article:
    make_article()
    repository = NewsDiffsRepository(tmp_path / "articles" / "old")
    name = "www.news.example/a?x=1"
    commits = [
        repository.commit(name, f"d\nTitle\nBy A.\n\nText {n}.\n", f"2012-06-1{n}T00:00:00Z") for n in (1, 2)
    ]
    rows = {
        "Articles": [
            {"id": 1, "url": f"http://{name}", "initial_date": "2012-06-01 00:00:00", "git_dir": "old"}
        ],
        "version": [
            {"id": 30 + n, "article_id": 1, "v": sha, "title": "Title", "byline": "By A."}
            | {"date": f"2012-06-1{n + 1} 00:00:00"}
            for n, sha in enumerate(commits)
        ],
    }
    database = sqlite_file(tmp_path / "n.sqlite3", NEWSDIFFS, rows)
    call_command("import_archive", "newsdiffs", str(database), "--repositories", str(tmp_path / "articles"))
    return Article.objects.get(address=f"http://{name}")


@pytest.mark.parametrize(
    ("old", "ours"),
    [
        ("/articles/4711", "/articles/{pk}/"),
        ("/articles/4711.rss", "/articles/{pk}/feed.rss"),
        ("/articles/4711/diff/0/1", "/articles/{pk}/diff/1/2/"),
        ("/articles/4711/diff/2/0", "/articles/{pk}/diff/1/3/"),
        ("/articles/4711/diff/0/9", "/articles/{pk}/"),
        ("/versions", "/changes/"),
        ("/versions/81", "/articles/{pk}/2/"),
        ("/versions/search?q=city+hall", "/find/?q=city+hall"),
    ],
)
def test_news_sniffers(client: Client, news_sniffer: Article, old: str, ours: str) -> None:
    answer = client.get(old)
    assert (answer.status_code, answer["Location"]) == (301, ours.format(pk=news_sniffer.pk))
    assert client.get(answer["Location"]).status_code == 200


@pytest.mark.parametrize(
    ("old", "ours"),
    [
        ("/article-history/www.news.example/a%3Fx=1", "/articles/{pk}/"),
        ("/article-history/?url=http://www.news.example/a%3Fx%3D1", "/articles/{pk}/"),
        ("/article-history/https://news.example/a%3Fx=1", None),
        ("/diff/30/31/www.news.example/a", "/articles/{pk}/diff/1/2/"),
        ("/diff/31/30/whatever", "/articles/{pk}/diff/1/2/"),
        ("/diff/30/99/whatever", "/articles/{pk}/"),
        ("/browse/www.news.example", "/sources/{slug}/"),
        ("/browse/news.example/", "/sources/{slug}/"),
    ],
)
def test_newsdiffs(client: Client, newsdiffs: Article, old: str, ours: str | None) -> None:
    answer = client.get(old)
    if ours is None:
        assert answer.status_code == 404
    else:
        expected = ours.format(pk=newsdiffs.pk, slug=newsdiffs.source.slug)
        assert (answer.status_code, answer["Location"]) == (301, expected)
        assert client.get(answer["Location"]).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/articles/1/diff/0/1",
        "/articles/9.rss",
        "/versions/7",
        "/article-history/elsewhere.example/x",
        "/article-history/",
        "/diff/1/2/x",
        "/browse/",
        "/browse/(a+)+$",
        "/browse/elsewhere.example",
        "/articles/9999999999999999999999/diff/1/2",
    ],
)
def test_what_was_not_imported_is_not_found(client: Client, address: str, news_sniffer: Article) -> None:
    assert client.get(address).status_code == 404


def test_ours_without_the_slash_still_lead_to_ours(client: Client) -> None:
    article = make_article()
    make_version(article)
    answer = client.get(f"/articles/{article.pk}")
    assert (answer.status_code, answer["Location"]) == (302, f"/articles/{article.pk}/")
    assert client.get(f"/articles/{article.pk}/").status_code == 200


@pytest.mark.urls("newsdiffs.urls")
def test_nobody_has_them_who_does_not_ask(client: Client, news_sniffer: Article) -> None:
    assert client.get("/articles/4711/diff/0/1", follow=True).status_code == 404
    assert client.get("/versions/81", follow=True).status_code == 404


def test_the_setting_names_sites_that_there_are(tmp_path: Path) -> None:
    installation = Installation(tmp_path)
    done = installation.manage("check", OLD_PERMALINKS="news-sniffer,elsewhere")
    assert done.returncode != 0
    assert "OLD_PERMALINKS: elsewhere is neither news-sniffer nor newsdiffs" in done.stderr
