"""Archives taken in: by the command, from files of the origins' own schemas, into a real database."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from articles import search, takedown
from articles.archives import ArchivedArticle, store
from articles.archives.records import ArchivedVersion, Page
from articles.extract import EXTRACTOR_VERSION
from articles.fetch import address_key
from articles.models import Address, Article, Capture, Imported, Reason, Source, Tombstone, Version
from tests.archives.killed import STORED
from tests.archives.origins import DIFFENGINE, NEWS_SNIFFER, NEWSEDITS, mysql_dump, sqlite_file
from tests.archives.pages import LONG
from tests.archives.test_warc import FIRST, SECOND, STORY, Warc, at
from tests.factories import make_article, make_source, make_version
from tests.running.installation import Installation, wait_until

pytestmark = pytest.mark.django_db

Command = Callable[..., str]


@pytest.fixture
def take_in(capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs the command and brings back what it says."""

    def run(kind: str, path: Path, *arguments: str) -> str:
        call_command("import_archive", kind, str(path), *arguments)
        return capsys.readouterr().out

    return run


def row(pk: int, entry: int, number: int, text: str, **values: object) -> dict[str, object]:
    return {
        "id": pk,
        "entry_id": entry,
        "version": number,
        "created": f"2018-05-01 0{number}:00:00",
        "title": "Bridge shut",
        "url": f"https://www.news.example/{entry}",
        "num_versions": 2,
        "summary": "".join(f"<p>{part}</p>" for part in text.split("|")),
    } | values


def newsedits(path: Path, *rows: dict[str, object]) -> Path:
    path.unlink(missing_ok=True)
    return sqlite_file(path, NEWSEDITS, {"entryversion": list(rows)})


THREE = (
    row(1, 10, 0, "The bridge is shut.|Four people were hurt."),
    row(2, 10, 1, 'The bridge is "shut".|Seven people were hurt.', title="Bridge shut after storm"),
    row(3, 10, 2, "The bridge is “shut”.|Seven people were hurt.", title="Bridge shut after storm"),
    row(4, 10, 3, "The bridge is shut.|Four people were hurt.", title="Bridge shut"),
    row(5, 20, 0, "Another story."),
)


def test_versions_are_numbered_from_one_and_read_back(tmp_path: Path, take_in: Command) -> None:
    said = take_in("newsedits", newsedits(tmp_path / "ap.db", *THREE))
    assert "New: 2 articles, 4 versions." in said
    assert "The same text again: 1." in said
    article = Article.objects.get(address="https://www.news.example/10")
    versions = list(article.versions.order_by("number"))
    assert [version.number for version in versions] == [1, 2, 3]
    assert [version.paragraphs for version in versions] == [
        ("The bridge is shut.", "Four people were hurt."),
        ('The bridge is "shut".', "Seven people were hurt."),
        ("The bridge is shut.", "Four people were hurt."),
    ]
    assert {version.extractor_version for version in versions} == {0}
    assert [version.seen.hour for version in versions] == [0, 1, 3]


def test_a_bracket_is_empty_unless_the_same_text_was_seen_again(tmp_path: Path, take_in: Command) -> None:
    take_in("newsedits", newsedits(tmp_path / "ap.db", *THREE))
    article = Article.objects.get(address="https://www.news.example/10")
    brackets = list(article.versions.order_by("number").values_list("previous_last_seen", flat=True))
    assert brackets == [None, None, datetime(2018, 5, 1, 2, tzinfo=UTC)]


def test_what_changed_is_counted_as_a_check_counts_it(tmp_path: Path, take_in: Command) -> None:
    said = take_in("newsedits", newsedits(tmp_path / "ap.db", *THREE))
    assert "4 versions counted anew." in said
    first, second, third = Version.objects.filter(article__address="https://www.news.example/10").order_by(
        "number"
    )
    assert (first.words, first.words_added, first.badges) == (8, 0, [])
    assert (second.words_added, second.words_removed) == (1, 1)
    assert (second.badges, second.headline_before) == (["headline"], "Bridge shut")
    assert second.excerpt
    assert third.badges == ["headline", "reverted"]
    assert not Imported.objects.filter(counted=False).exists()


def test_articles_are_retired_and_their_columns_those_of_a_watched_one(
    tmp_path: Path, take_in: Command
) -> None:
    take_in("newsedits", newsedits(tmp_path / "ap.db", *THREE))
    article = Article.objects.get(address="https://www.news.example/10")
    assert (article.state, article.next_check_at) == (Article.State.RETIRED, None)
    assert (article.version_count, article.headline) == (3, "Bridge shut")
    assert article.first_seen == datetime(2018, 5, 1, tzinfo=UTC)
    assert article.last_changed == article.last_success == datetime(2018, 5, 1, 3, tzinfo=UTC)
    assert article.text_hash == article.versions.get(number=3).text_hash
    assert article.source.slug == "www-news-example"
    assert search.look_up(["http://www.news.example/10/"]).article == article.pk
    other = Article.objects.get(address="https://www.news.example/20")
    assert (other.version_count, other.last_changed) == (1, None)


def test_asked_for_they_are_watched(tmp_path: Path, take_in: Command) -> None:
    take_in("newsedits", newsedits(tmp_path / "ap.db", *THREE), "--watch")
    assert Article.objects.filter(state="watched", next_check_at__isnull=False).count() == 2


def stored() -> tuple[Any, ...]:
    """All that an import writes."""
    return (
        list(Article.objects.order_by("pk").values()),
        list(Version.objects.order_by("pk").values()),
        list(Imported.objects.order_by("pk").values()),
        list(Address.objects.order_by("pk").values()),
        list(Source.objects.order_by("pk").values()),
    )


def test_no_more_is_held_at_once_than_a_batch_of_bytes(monkeypatch) -> None:
    """Large pages, each of an article with one version, are many fewer than a batch may have versions."""
    monkeypatch.setattr(store, "BATCH_BYTES", 3_000_000)
    held = most = 0

    def read() -> Iterator[ArchivedArticle]:
        nonlocal held, most
        for number in range(20):
            held += 1
            most = max(most, held)
            address = f"https://news.example/story-{number}"
            version = ArchivedVersion(f"{number}", at(8), "Headline", (f"The text of story {number}.",))
            page = Page(address, "text/html", b"<" * 1_000_000, at(8))
            yield ArchivedArticle(address, address, (version,), page=page)

    def tell(_report: store.Report) -> None:
        nonlocal held
        held = 0

    report = store.import_records(read(), store.Options(Imported.Origin.WARC), tell=tell)
    assert (report.articles, most) == (20, 3)


def test_a_second_run_adds_nothing(tmp_path: Path, take_in: Command) -> None:
    path = newsedits(tmp_path / "ap.db", *THREE)
    take_in("newsedits", path)
    before = stored()
    said = take_in("newsedits", path)
    assert "New: 0 articles, 0 versions." in said
    assert "There already: 5." in said
    assert stored() == before


def test_a_dry_run_tells_the_same_and_stores_nothing(tmp_path: Path, take_in: Command) -> None:
    path = newsedits(tmp_path / "ap.db", *THREE, row(6, 30, 0, ""))
    would = take_in("newsedits", path, "--dry-run")
    assert "There would be new: 2 articles, 4 versions." in would
    assert not Article.objects.exists()
    assert not Source.objects.exists()
    did = take_in("newsedits", path)
    assert would.splitlines()[1] == did.splitlines()[1]
    assert would.splitlines()[3:] == did.splitlines()[3:-1]


def test_files_of_the_same_ids_are_told_apart_by_their_names(tmp_path: Path, take_in: Command) -> None:
    take_in("newsedits", newsedits(tmp_path / "ap.db", row(1, 1, 0, "One.", url="https://ap.example/1")))
    take_in("newsedits", newsedits(tmp_path / "bbc.db", row(1, 1, 0, "Two.", url="https://bbc.example/1")))
    assert Article.objects.count() == 2
    assert set(Imported.objects.values_list("archive", flat=True)) == {"ap", "bbc"}


def test_an_archive_that_has_grown_goes_on(tmp_path: Path, take_in: Command) -> None:
    path = newsedits(tmp_path / "ap.db", *THREE)
    take_in("newsedits", path)
    more = (
        row(6, 10, 4, "The bridge is shut.|Four people were hurt."),
        row(7, 10, 5, "The bridge is open.", title="Bridge open"),
        row(8, 10, 9, "Older.", created="2018-04-30 00:00:00"),
    )
    said = take_in("newsedits", newsedits(path, *THREE, *more))
    assert "New: 0 articles, 1 versions." in said
    assert "older than the latest version here" in said
    article = Article.objects.get(address="https://www.news.example/10")
    last = article.versions.get(number=4)
    assert (article.version_count, article.headline, last.paragraphs) == (
        4,
        "Bridge open",
        ("The bridge is open.",),
    )
    assert last.words_removed > 0
    assert article.last_success == datetime(2018, 5, 1, 5, tzinfo=UTC)
    before = stored()
    take_in("newsedits", path)
    assert stored() == before


def test_twenty_versions_are_read_back_across_whole_ones(tmp_path: Path, take_in: Command) -> None:
    rows = [
        row(n, 1, n, f"The bridge is shut.|{n} people were hurt.", created=f"2018-05-{n + 1:02} 00:00:00")
        for n in range(25)
    ]
    take_in("newsedits", newsedits(tmp_path / "a.db", *rows[:20]))
    take_in("newsedits", newsedits(tmp_path / "a.db", *rows))
    versions = Version.objects.order_by("number")
    assert [version.paragraphs[1] for version in versions] == [f"{n} people were hurt." for n in range(25)]
    assert [version.words_added for version in versions] == [0, *[1] * 24]


def test_what_became_ours_by_a_check_is_not_gone_on_with(tmp_path: Path, take_in: Command) -> None:
    path = newsedits(tmp_path / "ap.db", *THREE)
    take_in("newsedits", path)
    article = Article.objects.get(address="https://www.news.example/10")
    make_version(article, ("Seen by ourselves.",))
    more = row(7, 10, 5, "The bridge is open.", created="2030-01-01 00:00:00")
    said = take_in("newsedits", newsedits(path, *THREE, {**more, "created": "2026-01-01 00:00:00"}))
    assert "of an article that has versions of our own by now" in said
    assert article.versions.count() == 4


def test_an_address_that_leads_elsewhere_stays_there(tmp_path: Path, take_in: Command) -> None:
    ours = make_article(address="https://www.news.example/10")
    Address.objects.create(article=ours, address=ours.address, key=address_key(ours.address))
    make_version(ours)
    said = take_in("newsedits", newsedits(tmp_path / "ap.db", *THREE), "--watch")
    assert "imported without its address" in said
    imported = Article.objects.get(address=ours.address, imported__isnull=False, imported__origin_version="1")
    assert imported.pk != ours.pk
    assert imported.state == "retired"  # one address is checked once
    assert search.look_up([ours.address]).article == ours.pk


def test_what_was_deleted_for_good_does_not_come_back(tmp_path: Path, take_in: Command) -> None:
    Tombstone.put([address_key("https://www.news.example/10")], None)
    said = take_in("newsedits", newsedits(tmp_path / "ap.db", *THREE))
    assert "deleted for good here" in said
    assert list(Article.objects.values_list("address", flat=True)) == ["https://www.news.example/20"]


def test_what_is_purged_here_is_not_imported_again(
    tmp_path: Path, take_in: Command, no_list_of_purged: None
) -> None:
    path = newsedits(tmp_path / "ap.db", *THREE)
    take_in("newsedits", path)
    takedown.purge(
        Article.objects.get(address="https://www.news.example/10"), takedown.Grounds(Reason.PERSONAL)
    )
    take_in("newsedits", path)
    assert Version.objects.filter(article__address="https://www.news.example/10").count() == 0


def test_what_has_no_address_of_its_own_is_not_imported_again_either(
    tmp_path: Path,
    take_in: Command,
    no_list_of_purged: None,
    django_capture_on_commit_callbacks: Any,
) -> None:
    ours = make_article(address="https://www.news.example/10")
    Address.objects.create(article=ours, address=ours.address, key=address_key(ours.address))
    path = newsedits(tmp_path / "ap.db", *THREE)
    take_in("newsedits", path)
    twin = Article.objects.get(imported__origin_version="1")
    with django_capture_on_commit_callbacks(execute=True):
        takedown.purge(twin, takedown.Grounds(Reason.PERSONAL))
    assert "deleted for good here" in take_in("newsedits", path)
    assert not Imported.objects.filter(origin_article="10").exists()
    Tombstone.objects.all().delete()  # as in a backup made before
    take_in("newsedits", path)
    assert takedown.bury_again() == 1
    assert not Imported.objects.filter(origin_article="10").exists()


def elsewhere() -> list[dict[str, object]]:
    return [
        row(7, 70, 0, "The bridge is shut.|Four people were hurt."),
        row(8, 70, 1, "The bridge is open again."),
        row(9, 80, 0, "A third story."),
    ]


def test_a_text_that_is_purged_here_comes_in_by_no_other_address(
    tmp_path: Path, take_in: Command, no_list_of_purged: None
) -> None:
    take_in("newsedits", newsedits(tmp_path / "ap.db", *THREE))
    takedown.purge(
        Article.objects.get(address="https://www.news.example/10"), takedown.Grounds(Reason.PERSONAL)
    )
    said = take_in("newsedits", newsedits(tmp_path / "other.db", *elsewhere()))
    assert "deleted for good here" in said
    assert not Article.objects.filter(address="https://www.news.example/70").exists()
    assert Article.objects.filter(address="https://www.news.example/80").exists()


def test_a_text_that_is_taken_down_here_is_hidden_at_any_other_address(
    tmp_path: Path, take_in: Command, no_list_of_purged: None
) -> None:
    take_in("newsedits", newsedits(tmp_path / "ap.db", *THREE))
    ours = Article.objects.get(address="https://www.news.example/10")
    takedown.hide_versions(ours, [1], takedown.Grounds(Reason.LEGAL))
    take_in("newsedits", newsedits(tmp_path / "other.db", *elsewhere()))
    twin = Article.objects.get(address="https://www.news.example/70")
    assert twin.hidden
    assert not twin.versions.filter(hidden=False).exists()
    assert not Article.objects.get(address="https://www.news.example/80").hidden


def test_an_article_that_is_shown_grows_by_no_text_that_is_taken_down(
    tmp_path: Path, take_in: Command, no_list_of_purged: None
) -> None:
    take_in("newsedits", newsedits(tmp_path / "ap.db", *THREE))
    ours = Article.objects.get(address="https://www.news.example/10")
    first = row(8, 70, 0, "The bridge is open again.")
    take_in("newsedits", newsedits(tmp_path / "other.db", first))
    takedown.hide([ours.pk], takedown.Grounds(Reason.LEGAL))
    second = row(9, 70, 1, "The bridge is shut.|Four people were hurt.")
    said = take_in("newsedits", newsedits(tmp_path / "other.db", first, second))
    assert "taken down here" in said
    assert Article.objects.get(address="https://www.news.example/70").version_count == 1


@pytest.mark.parametrize("how", ["whole", "version"])
def test_what_is_taken_down_does_not_come_back_by_an_archive(
    tmp_path: Path, take_in: Command, how: str, no_list_of_purged: None
) -> None:
    ours = make_article(address="https://www.news.example/10")
    Address.objects.create(article=ours, address=ours.address, key=address_key(ours.address))
    make_version(ours)
    if how == "whole":
        takedown.hide([ours.pk], takedown.Grounds(Reason.LEGAL))
    else:
        takedown.hide_versions(ours, [1], takedown.Grounds(Reason.LEGAL))
    take_in("newsedits", newsedits(tmp_path / "ap.db", *THREE))
    twin = Article.objects.get(imported__origin_version="1")
    assert twin.pk != ours.pk
    assert twin.hidden
    assert not twin.versions.filter(hidden=False).exists()
    assert not Article.objects.get(address="https://www.news.example/20").hidden


def test_a_version_after_one_that_is_taken_down_is_left_out(
    tmp_path: Path, take_in: Command, no_list_of_purged: None
) -> None:
    path = newsedits(tmp_path / "ap.db", *THREE)
    take_in("newsedits", path)
    article = Article.objects.get(address="https://www.news.example/10")
    takedown.hide_versions(article, [3], takedown.Grounds(Reason.LEGAL))
    said = take_in("newsedits", newsedits(path, *THREE, row(7, 10, 5, "The bridge is open.")))
    assert "after a version that is taken down here" in said
    assert article.versions.count() == 3


def test_times_that_lie_ahead_and_addresses_that_are_none_are_told(tmp_path: Path, take_in: Command) -> None:
    rows = (
        row(1, 1, 0, "One.", created="2100-01-01 00:00:00"),
        row(2, 2, 0, "Two.", url="ftp://news.example/2"),
        row(3, 3, 0, "Three.", url=None),
        row(4, 4, 0, "Four.", created="1901-01-01 00:00:00"),
    )
    said = take_in("newsedits", newsedits(tmp_path / "ap.db", *rows))
    assert "New: 0 articles, 0 versions." in said
    assert "2  no time, or one that can't be true" in said
    assert "1  an address that is none" in said
    assert "1  no web address" in said


def test_publications_are_mapped_to_sources(tmp_path: Path, take_in: Command) -> None:
    gazette, rest = make_source("The Gazette"), make_source("The rest")
    rows = {
        "news_articles": [
            {"id": n, "source": source, "guid": "g", "url": url, "title": "T"}
            | {"created_at": "2015-03-01 10:00:00", "updated_at": "2015-03-01 10:00:00"}
            for n, source, url in (
                (1, "gazette", "https://a.example/1"),
                (2, "herald", "https://www.herald.example/1"),
                (3, "unknown", "https://b.example/1"),
            )
        ],
        "news_article_versions": [
            {
                "id": n,
                "news_article_id": n,
                "title": "T",
                "created_at": "2015-03-01 10:00:00",
                "text_hash": "",
            }
            for n in (1, 2, 3)
        ],
        "news_article_version_texts": [{"news_article_version_id": n, "text": "Words."} for n in (1, 2, 3)],
    }
    archive = mysql_dump(tmp_path / "dump.sql.gz", NEWS_SNIFFER, rows)
    named = tmp_path / "map.json"
    named.write_text(json.dumps({"gazette": gazette.slug, "herald.example": gazette.slug, "*": rest.slug}))
    take_in("news-sniffer", archive, "--source-map", str(named))
    assert list(Article.objects.order_by("pk").values_list("source", flat=True)) == [
        gazette.pk,
        gazette.pk,
        rest.pk,
    ]
    named.write_text(json.dumps({"gazette": "no-such-source"}))
    with pytest.raises(CommandError, match="no-such-source"):
        take_in("news-sniffer", archive, "--source-map", str(named))


def test_hidden_ones_are_hidden_from_the_start(tmp_path: Path, take_in: Command, client: Any) -> None:
    rows = {
        "news_articles": [
            {
                "id": 1,
                "source": "s",
                "guid": "g",
                "url": "https://a.example/1",
                "title": "Secret",
                "hidden": 1,
            }
            | {"created_at": "2015-03-01 10:00:00", "updated_at": "2015-03-01 10:00:00"}
        ],
        "news_article_versions": [
            {"id": n, "news_article_id": 1, "title": "Secret", "version": n, "text_hash": ""}
            | {"created_at": f"2015-03-01 1{n}:00:00"}
            for n in (0, 1)
        ],
        "news_article_version_texts": [{"news_article_version_id": n, "text": f"Words {n}."} for n in (0, 1)],
    }
    said = take_in("news-sniffer", mysql_dump(tmp_path / "dump.sql", NEWS_SNIFFER, rows))
    assert "Hidden articles: 1." in said
    article = Article.objects.get()
    assert article.hidden
    assert list(article.versions.values_list("hidden", flat=True)) == [True, True]
    assert client.get(f"/articles/{article.pk}/").status_code == 410
    assert b"Secret" not in client.get("/changes/?minor=1").content


def test_the_last_check_of_diffengine_is_when_a_text_was_last_seen(tmp_path: Path, take_in: Command) -> None:
    rows = {
        "entry": [
            {"id": 1, "url": "https://a.example/1", "created": "2017-01-01", "checked": "2017-01-09 00:00:00"}
        ],
        "entryversion": [
            {"id": n, "title": "T", "url": "https://a.example/1", "summary": f"<p>Text {n}.</p>"}
            | {
                "created": f"2017-01-0{n} 00:00:00",
                "entry_id": 1,
                "archive_url": f"https://web.archive.org/{n}",
            }
            for n in (1, 2)
        ],
    }
    take_in("diffengine", sqlite_file(tmp_path / "d.db", DIFFENGINE, rows))
    article = Article.objects.get()
    assert article.last_success == datetime(2017, 1, 9, tzinfo=UTC)
    assert list(article.versions.order_by("number").values_list("previous_last_seen", flat=True)) == [
        None,
        None,
    ]
    assert Imported.objects.get(origin_version="2").copy == "https://web.archive.org/2"


def test_pages_of_a_warc_become_versions_like_ours(tmp_path: Path, take_in: Command) -> None:
    made = Warc()
    digest = made.response(at(8), FIRST)
    made.revisit(at(9), digest)
    made.response(at(12), SECOND)
    made.response(at(8), FIRST, url="http://news.example/2019/05/06/no-archive", X_Robots_Tag="noarchive")
    said = take_in("warc", made.save(tmp_path / "a.warc.gz"))
    assert "a page that asks not to be archived" in said
    article = Article.objects.get()
    first, second = article.versions.order_by("number")
    assert (first.paragraphs, second.previous_last_seen, second.seen) == (LONG, at(9), at(12))
    assert (first.extractor_version, article.extractor_version) == (EXTRACTOR_VERSION, EXTRACTOR_VERSION)
    capture = Capture.objects.get(article=article)
    assert (capture.url, capture.page) == (STORY, SECOND)
    before = stored()
    take_in("warc", tmp_path / "a.warc.gz")
    assert stored() == before


def test_counting_left_for_later_is_made_up_for(tmp_path: Path, take_in: Command) -> None:
    take_in("newsedits", newsedits(tmp_path / "ap.db", *THREE), "--count-later")
    assert Imported.objects.filter(counted=False).count() == 4
    assert store.count_changes() == 4
    assert store.count_changes() == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("newsedits", "missing.db"),
        ("newsdiffs", "articles"),
        ("news-sniffer", "pyproject.toml"),
        ("changedetection", "articles"),
        ("warc", "articles"),
        ("newsedits", "pyproject.toml", "--time-zone", "Nowhere/Land"),
        ("newsedits", "pyproject.toml", "--source-map", "pyproject.toml"),
    ],
)
def test_what_can_not_be_read_is_refused_with_a_sentence(arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        call_command("import_archive", *arguments)


def test_values_of_any_kind_stop_nothing(tmp_path: Path, take_in: Command) -> None:
    """SQLite takes any value in any column: each of these stands in each column once, beside good rows."""
    odd = (
        None,
        b"\xff\x00bytes",
        "nul \0 inside",
        "x" * 100_000,
        10**18,
        -1,
        1e300,
        float("inf"),
        "<" * 50_000,
        "&#x110000; &#0; &bogus;",
        "",
    )
    columns = ("entry_id", "version", "created", "title", "url", "summary")
    rows = [
        row(number, number, 0, "Words.", **{column: value})
        for number, (column, value) in enumerate(((c, v) for c in columns for v in odd), 100)
    ]
    said = take_in("newsedits", newsedits(tmp_path / "ap.db", *THREE, *rows))
    assert Article.objects.filter(address="https://www.news.example/10").exists()
    assert "New: " in said
    before = stored()
    take_in("newsedits", tmp_path / "ap.db")
    assert stored() == before


# --- killed in the middle --------------------------------------------------------------------------------


def many(path: Path, articles: int, versions: int) -> Path:
    start = datetime(2018, 1, 1, tzinfo=UTC)
    rows = [
        row(
            1 + article * versions + number,
            article,
            number,
            f"Story {article} of the bridge.|{number} people were hurt.|{article * number} went home.",
            created=f"{start + timedelta(hours=article + number):%Y-%m-%d %H:%M:%S}",
        )
        for article in range(articles)
        for number in range(versions)
    ]
    return newsedits(path, *rows)


def same_but_for_ids(installation: Installation) -> str:
    """The stored texts, counts and origins of an installation, as text."""
    done = installation.manage("shell", "--no-imports", "-c", STORED)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_killed_in_the_middle_and_run_again_it_is_as_if_it_never_was(
    tmp_path: Path, set_up_once: Path
) -> None:
    archive = many(tmp_path / "ap.db", 120, 10)
    whole = Installation(tmp_path / "whole")
    killed = Installation(tmp_path / "killed")
    for installation in (whole, killed):
        shutil.copytree(set_up_once, installation.data)
    assert whole.manage("import_archive", "newsedits", str(archive)).returncode == 0
    there = killed.data / "newsdiffs.sqlite3"

    def count() -> int:
        done = subprocess.run(
            [sys.executable, "-c", _COUNT, str(there)], capture_output=True, text=True, check=True
        )
        return int(done.stdout)

    amounts = []
    for at_least in (1, 400, 800):
        process = subprocess.Popen(
            [sys.executable, "manage.py", "import_archive", "newsedits", str(archive)],
            env=killed.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_until(lambda: count() >= at_least or process.poll() is not None)  # noqa: B023
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        amounts.append(count())
    assert amounts[0] < 1_200, "the first kill came too late to show anything"
    done = killed.manage("import_archive", "newsedits", str(archive))
    assert done.returncode == 0, done.stderr
    assert same_but_for_ids(killed) == same_but_for_ids(whole)


_COUNT = (
    "import sqlite3, sys\n"
    "print(sqlite3.connect(sys.argv[1]).execute('SELECT count(*) FROM articles_version').fetchone()[0])"
)
