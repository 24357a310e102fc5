"""NewsDiffs: a database beside git repositories, and a git repository alone."""

import os
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from articles.archives import ArchiveError, Left, newsdiffs
from tests.archives.origins import NEWSDIFFS, NewsDiffsRepository, mysql_dump, sqlite_file

PLAIN = "news.example/2012/06/bridge.html"
SECURE = "https:/news.example/secure.html"


def stored(title: str, *paragraphs: str, date: str = "June 14, 2012", byline: str = "By A. Writer") -> str:
    """A text as the scraper writes it: white space is stripped off the whole."""
    body = "\n" + "\n\n".join(paragraphs)
    return "\n".join((date, title, byline, body)).strip() + "\n"


@pytest.fixture
def commits(tmp_path: Path) -> dict[str, str]:
    june = NewsDiffsRepository(tmp_path / "articles" / "2012-06")
    old = NewsDiffsRepository(tmp_path / "articles" / "old")
    return {
        "first": june.commit(PLAIN, stored("Bridge shut", "One.", "Two."), "2012-06-14T09:30:00-0400"),
        "reformat": june.commit(
            PLAIN, stored("Bridge shut", "One. Two."), "2012-06-14T09:45:00-0400", "Reformat"
        ),
        "second": june.commit(
            PLAIN, stored("Bridge shut", "One, cafÃ©.", "Two.", date=""), "2012-06-14T10:30:00-0400"
        ),
        "boring": june.commit(PLAIN, stored("Bridge shut", "One, café.", "Two!"), "2012-11-04T01:30:00-0400"),
        "secure": old.commit(SECURE, stored("Safe", "A.", byline=""), "2012-06-01T00:00:00-0400"),
    }


def rows(commits: dict[str, str]) -> dict[str, Any]:
    def version(pk: int, of: int, v: str, date: str, **values: object) -> dict[str, object]:
        named = {"id": pk, "article_id": of, "v": v, "title": "Bridge shut", "byline": "By A. Writer"}
        return {**named, "date": date, "boring": 0, "diff_json": '{"chars_added": 1}', **values}

    return {
        "Articles": [
            {"id": 1, "url": f"http://{PLAIN}", "initial_date": "2012-06-14 09:30:00", "git_dir": "2012-06"},
            {
                "id": 2,
                "url": "https://news.example/secure.html",
                "initial_date": "2012-06-01",
                "git_dir": "old",
            },
            {"id": 3, "url": "http://news.example/out", "initial_date": "2012-06-01", "git_dir": "../../etc"},
        ],
        "version": [
            version(11, 1, commits["first"], "2012-06-14 09:30:00"),
            version(12, 1, commits["second"], "2012-06-14 10:30:00.25"),
            version(13, 1, commits["boring"], "2012-11-04 01:30:00", boring=1),
            version(14, 1, "f" * 40, "2012-11-05 01:30:00"),
            version(15, 1, "--upload-pack=touch /tmp/owned", "2012-11-05 01:30:00"),
            version(21, 2, commits["secure"], "2012-06-01 00:00:00", title="Safe", byline=""),
            version(31, 3, "e" * 40, "2012-06-01 00:00:00"),
            version(99, 8, "d" * 40, "2012-06-01 00:00:00"),
        ],
        "upvotes": [{"id": 1, "article_id": 1, "upvoter_ip": "192.0.2.1"}],
    }


@pytest.fixture(params=["dump.sql", "archive.sqlite3"])
def database(request: pytest.FixtureRequest, tmp_path: Path, commits: dict[str, str]) -> Path:
    path = tmp_path / request.param
    make = sqlite_file if path.suffix == ".sqlite3" else mysql_dump
    return make(path, NEWSDIFFS, rows(commits))


def test_it_reads_texts_from_git_and_times_of_new_york(
    database: Path, commits: dict[str, str], apart: Callable[..., Any]
) -> None:
    articles, _ = apart(newsdiffs.read(database, database.parent / "articles"))
    bridge, safe = articles
    assert (bridge.address, safe.address) == (f"http://{PLAIN}", "https://news.example/secure.html")
    first, second, boring = bridge.versions
    assert (first.origin_id, first.permalink) == (commits["first"], 11)
    assert (first.headline, first.byline, first.paragraphs) == (
        "Bridge shut",
        "By A. Writer",
        ("One.", "Two."),
    )
    assert first.seen == datetime(2012, 6, 14, 13, 30, tzinfo=UTC)
    assert second.seen == datetime(2012, 6, 14, 14, 30, 0, 250_000, tzinfo=UTC)
    # The clocks went through half past one twice that night: the first is taken.
    assert boring.seen == datetime(2012, 11, 4, 5, 30, tzinfo=UTC)
    assert [version.minor for version in bridge.versions] == [False, False, True]
    assert safe.versions[0].paragraphs == ("A.",)


def test_a_page_without_a_date_loses_no_line_and_double_utf8_is_mended(
    database: Path, apart: Callable[..., Any]
) -> None:
    articles, _ = apart(newsdiffs.read(database, database.parent / "articles"))
    assert articles[0].versions[1].paragraphs == ("One, café.", "Two.")


def test_what_has_no_text_is_told_and_git_runs_nothing(database: Path, apart: Callable[..., Any]) -> None:
    _, broken = apart(newsdiffs.read(database, database.parent / "articles"))
    assert broken == [
        (Left.NO_TEXT, "version 14"),
        (Left.NO_TEXT, "version 15"),
        (Left.DAMAGED, "version 31"),
        (Left.NO_VERSION, "article http://news.example/out"),
        (Left.NO_ARTICLE, "version 99"),
    ]
    assert not Path("/tmp/owned").exists()


def test_git_alone_tells_the_same_texts(
    tmp_path: Path, commits: dict[str, str], apart: Callable[..., Any]
) -> None:
    articles, broken = apart(newsdiffs.read(tmp_path / "articles" / "2012-06"))
    (bridge,) = articles
    assert bridge.address == f"http://{PLAIN}"
    assert [version.origin_id for version in bridge.versions] == [
        commits[name] for name in ("first", "second", "boring")
    ]
    first, second, _ = bridge.versions
    assert (first.headline, first.paragraphs) == ("Bridge shut", ("One.", "Two."))
    assert (second.headline, second.paragraphs) == ("Bridge shut", ("One, café.", "Two."))
    assert first.seen == datetime(2012, 6, 14, 13, 30, tzinfo=UTC)
    assert broken == [(Left.FILTERED, f"commit {commits['reformat']} {PLAIN}")]
    (safe,), _ = apart(newsdiffs.read(tmp_path / "articles" / "old"))
    assert safe.address == "https://news.example/secure.html"


def test_no_setting_of_a_repository_is_obeyed(
    tmp_path: Path, commits: dict[str, str], apart: Callable[..., Any]
) -> None:
    """Each of these would have git run a command where git trusted the repository."""
    repository = tmp_path / "articles" / "2012-06"
    trap = tmp_path / "trap"
    owned = tmp_path / "owned"
    trap.write_text(f"#!/bin/sh\ntouch {owned}\n")
    trap.chmod(0o755)
    for name in (
        "core.fsmonitor",
        "core.pager",
        "diff.external",
        "core.sshCommand",
        "core.alternateRefsCommand",
    ):
        subprocess.run(["git", "config", name, str(trap)], cwd=repository, check=True)
    for name in ("diff.text.textconv", "filter.text.smudge"):
        subprocess.run(["git", "config", name, str(trap)], cwd=repository, check=True)
    (repository / ".git/info").mkdir(exist_ok=True)
    (repository / ".git/info/attributes").write_text("* diff=text filter=text\n")
    articles, _ = apart(newsdiffs.read(repository))
    assert len(articles[0].versions) == 3
    assert not owned.exists()


def test_a_text_of_any_size_is_passed_over(
    tmp_path: Path, apart: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("articles.archives.git_objects.LONGEST_FILE", 1_000)
    repository = NewsDiffsRepository(tmp_path / "r")
    repository.commit("news.example/a", stored("Title", "Short."), "2012-06-14T09:30:00Z")
    repository.commit("news.example/a", stored("Title", "long " * 300), "2012-06-14T09:31:00Z")
    repository.commit("news.example/a", stored("Title", "Short again."), "2012-06-14T09:32:00Z")
    (article,), broken = apart(newsdiffs.read(tmp_path / "r"))
    assert [version.paragraphs for version in article.versions] == [("Short.",), ("Short again.",)]
    assert [why for why, _ in broken] == [Left.NO_TEXT]


def test_damaged_objects_are_told_and_the_others_read(
    tmp_path: Path, commits: dict[str, str], apart: Callable[..., Any]
) -> None:
    repository = tmp_path / "articles" / "2012-06"
    blob = subprocess.run(
        ["git", "rev-parse", f"{commits['second']}:{PLAIN}"],
        cwd=repository,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    file = repository / ".git/objects" / blob[:2] / blob[2:]
    file.chmod(0o644)
    file.write_bytes(file.read_bytes()[:20])
    (article,), broken = apart(newsdiffs.read(repository))
    assert [version.origin_id for version in article.versions] == [commits["first"], commits["boring"]]
    assert (Left.DAMAGED, f"commit {commits['second']} {PLAIN}") in broken or (
        Left.NO_TEXT,
        f"commit {commits['second']} {PLAIN}",
    ) in broken


@pytest.mark.parametrize("how", ["link", "file"])
def test_a_repository_elsewhere_is_not_followed(tmp_path: Path, commits: dict[str, str], how: str) -> None:
    (tmp_path / "given").mkdir()
    elsewhere = tmp_path / "articles" / "2012-06" / ".git"
    if how == "link":
        os.symlink(elsewhere, tmp_path / "given" / ".git")
    else:
        (tmp_path / "given" / ".git").write_text(f"gitdir: {elsewhere}\n")
    with pytest.raises(ArchiveError):
        list(newsdiffs.read(tmp_path / "given"))


@pytest.mark.parametrize(
    ("text", "title", "expected"),
    [
        ("d\nt\nb\n\np", "t", ("t", "b", ["p"])),
        ("t\nb\n\np", "t", ("t", "b", ["p"])),  # no date
        ("t\n\n\np", "t", ("t", "", ["p"])),  # neither date nor byline
        ("t\nt\nb\n\np", "t", ("t", "b", ["p"])),  # the date line says what the title says
        ("d\nt\nb\n\np", "", ("t", "b", ["p"])),
        ("t\nb\n\np", "", ("t", "b", ["p"])),
        ("d\nt\n\n\np", "", ("t", "", ["p"])),
        ("d", "", ("", "", [])),
    ],
)
def test_texts_are_taken_apart(text: str, title: str, expected: tuple[str, str, list[str]]) -> None:
    story = newsdiffs.taken_apart(text.encode(), title)
    paragraphs = [part.strip() for part in story.paragraphs if part.strip()]
    assert (story.title, story.byline, paragraphs) == expected


def test_files_are_named_by_addresses_and_back() -> None:
    for url, path in [
        ("http://news.example/a", "news.example/a"),
        ("http://news.example/a/", "news.example/a"),
        ("https://news.example/a", "https:/news.example/a"),
    ]:
        assert newsdiffs.path_of(url) == path
        assert newsdiffs.address_of(path) == url.rstrip("/")


def test_it_may_be_killed_in_the_middle(
    tmp_path: Path, commits: dict[str, str], survives_a_kill: Callable[..., None]
) -> None:
    database = mysql_dump(tmp_path / "dump.sql", NEWSDIFFS, rows(commits))
    survives_a_kill("newsdiffs", database, "--repositories", tmp_path / "articles")
