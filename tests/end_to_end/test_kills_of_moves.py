"""kill -9 while stories change their address and histories are joined: one article a story, nothing lost.

The worker is killed in the middle of each storing of a move or a join, and of each reading of a feed
(tests/end_to_end/mortal.py), and so is the command that joins and parts.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path

import pytest

from articles.fetch import address_key
from articles.watch.check.identity import headline_key
from tests.end_to_end.watched import Worker, query, shell
from tests.running.installation import Installation, wait_until
from tests.scripted import SENTENCES, Page, ScriptedSite, story_page

TRUSTED = 120
"""Ids that the feed named lately: so many that the few that change their links are rare among them."""

WITH_ID, WITHOUT = ("redirects", "stale", "gone"), ("found-late", "answers", "removed")
"""What becomes of each story's old address, which is its name too; and whether the feed has ids of them."""

EDITS = ("first", "second", "third", "fourth")
YOUNGER, OLDER = "harbour", "lighthouse"
"""One story at two addresses, each with a history of its own."""


def headline(name: str, edit: int) -> str:
    return f"What became of {name}, as told in the {EDITS[edit]} edit"


def page(name: str, edit: int) -> Page:
    """The story after so many edits: each adds a sentence of its own."""
    told = [f"In the case of {name} that means: {line}" for line in SENTENCES]
    told += [f"The {EDITS[n]} edit of {name} was made when the ferry of {name} came in." for n in range(edit)]
    return Page(story_page(headline(name, edit), tuple(told)))


class Newsroom:
    """The site, its feed and what is to be told of its stories in the end."""

    def __init__(self, site: ScriptedSite) -> None:
        self.site = site
        self.slugs = {name: f"/2026/{name}-before" for name in (*WITH_ID, *WITHOUT, YOUNGER, OLDER)}
        self.edits = dict.fromkeys(self.slugs, 0)
        for name, slug in self.slugs.items():
            site.pages[slug] = page(name, 0)
        self.name_all()

    def name_all(self) -> None:
        items = "".join(
            f"<item><title>{name}</title><link>{slug}</link>"
            + (f"<guid isPermaLink='false'>{name}</guid></item>" if name in WITH_ID else "</item>")
            for name, slug in self.slugs.items()
        )
        feed = f"<rss version='2.0'><channel>{items}</channel></rss>"
        self.site.pages["/feed"] = Page(feed, content_type="application/rss+xml")

    def edit(self, *names: str) -> None:
        for name in names:
            self.edits[name] += 1
            self.site.pages[self.slugs[name]] = page(name, self.edits[name])

    def rewrite(self) -> None:
        """Stories that move get a new slug, headline and text; what becomes of the old address differs."""
        for name in (*WITH_ID, *WITHOUT):
            old, new = self.slugs[name], f"/2026/{name}-after"
            if name == "removed":
                self.site.pages[old] = Page("", status=302, headers={"Location": "/"})
                continue
            self.slugs[name] = new
            self.edit(name)
            if name == "redirects":
                self.site.pages[old] = Page("", status=301, headers={"Location": new})
            elif name == "gone":
                self.site.pages[old] = Page("", status=404)
            elif name == "answers":
                self.site.pages[old] = self.site.pages[new]
        self.name_all()
        self.slugs["answers"] = "/2026/answers-before"  # nothing says that it is no longer the story's

    def have_late_one_found(self) -> None:
        """Its new address has long been read when the old one begins to redirect there."""
        self.site.pages["/2026/found-late-before"] = Page(
            "", status=301, headers={"Location": self.slugs["found-late"]}
        )


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with ScriptedSite() as site:
        site.pages["/"] = Page("<title>The Post</title><h1>The Post</h1><p>News of the day")
        yield Newsroom(site)


@pytest.fixture
def installed(tmp_path: Path, room: Newsroom, backing: dict[str, str]) -> Iterator[Installation]:
    made = Installation(tmp_path, FETCH_ALLOW_ENDPOINTS=room.site.endpoint, FETCH_HOST_DELAY="0", **backing)
    made.environment |= {"LOG_LEVEL": "ERROR"}
    shell(
        made,
        "from articles.models import FeedId; from articles.watch.feeds.poll import add_article; "
        "source = Source.objects.create(name='The Post', slug='post', floor_seconds=1, ceiling_seconds=1, "
        "feed_seconds=1, confirm_text_seconds=0, confirm_removal_seconds=0); "
        f"feed = Feed.objects.create(source=source, address='{room.site.url}/feed'); "
        f"old, _ = add_article('{room.site.url}/2025/of-last-year', source); "
        "Article.objects.update(next_check_at=None, state='retired'); "
        "FeedId.objects.bulk_create(FeedId(feed=feed, article=old, guid=str(n), key=str(n)) "
        f"for n in range({TRUSTED}))",
    )
    yield made
    made.close()


def mortal(installed: Installation, *arguments: str) -> Worker:
    return Worker(installed, (sys.executable, "-m", "tests.end_to_end.mortal", *arguments))


def histories(installed: Installation) -> dict[str, list[str]]:
    """The headlines of each article that stands for itself, by its address, oldest version first."""
    rows = query(
        installed,
        "SELECT a.address, v.headline FROM articles_article a JOIN articles_version v ON v.article_id = a.id "
        "WHERE a.joined_to_id IS NULL ORDER BY a.id, v.number",
    )
    told: dict[str, list[str]] = {}
    for address, said in rows:
        told.setdefault(address, []).append(said)
    return told


def events(installed: Installation) -> set[tuple[str, str, str]]:
    """What happened to articles, each with its addresses before and after."""
    rows = query(installed, "SELECT kind, address_before, address_after FROM articles_event")
    assert len(rows) == len(set(rows))
    return set(rows)


def test_kills_while_stories_move_and_are_joined(installed: Installation, room: Newsroom) -> None:
    def told() -> bool:
        return histories(installed) == {
            room.site.url + slug: [headline(name, edit) for edit in range(room.edits[name] + 1)]
            for name, slug in room.slugs.items()
        }

    def why() -> str:
        return f"{histories(installed)}\n{events(installed)}\n{installed.output()}"

    def moved() -> bool:
        """Each story that has a new address says so, and that which leads to the front page now."""
        return events(installed) == {
            ("moved", "", ""),
            *(
                ("moved", f"{room.site.url}/2026/{name}-before", f"{room.site.url}/2026/{name}-after")
                for name in (*WITH_ID, "found-late")
            ),
        }

    def number(name: str) -> str:
        [(key,)] = query(
            installed, f"SELECT article_id FROM articles_address WHERE address LIKE '%{name}-before'"
        )
        return str(key)

    with working(installed):
        wait_until(told, why)
        room.edit(YOUNGER, OLDER)
        wait_until(told, why)
        room.rewrite()
        new = room.site.url + room.slugs["found-late"]
        wait_until(lambda: new in histories(installed), why)
        room.have_late_one_found()
        wait_until(lambda: told() and moved(), why)
        room.edit(*WITH_ID, "found-late")
        wait_until(told, why)

        beside = [number(name) for name in (YOUNGER, OLDER)]
        carry_out(installed, "join_articles", *beside, "--yes")
        room.edit(OLDER)
        del room.slugs[YOUNGER]
        wait_until(told, why)
        carry_out(installed, "join_articles", *beside, "--undo", "--yes")
        room.slugs[YOUNGER] = f"/2026/{YOUNGER}-before"
        room.edit(YOUNGER, OLDER)
        wait_until(told, why)

    # What a check joined, and took over, is parted and joined again.
    [pair] = query(installed, "SELECT older_id, younger_id FROM articles_join WHERE taken_from IS NOT NULL")
    before = histories(installed)
    carry_out(installed, "join_articles", *map(str, pair), "--undo", "--yes")
    assert histories(installed) != before
    carry_out(installed, "join_articles", *map(str, pair), "--yes")
    assert {tuple(one) for one in histories(installed).values()} == {tuple(one) for one in before.values()}
    room.slugs["found-late"] = "/2026/found-late-before"  # which is checked, as the command says
    room.edit("found-late")
    with working(installed):
        wait_until(told, why)
    check_record(installed)
    deaths = Counter(line.split()[1] for line in installed.output().splitlines() if line.startswith("died: "))
    assert deaths["moved"] >= 2 * len(WITH_ID), deaths
    assert {"read", "duplicate", "joined", "home-page", "join_articles"} <= set(deaths), deaths


@contextmanager
def working(installed: Installation) -> Iterator[None]:
    worker = mortal(installed, "worker")
    try:
        yield
    finally:
        worker.kill()


def carry_out(installed: Installation, *arguments: str) -> None:
    """Carry out a command that dies again and again until it is done."""
    command = mortal(installed, *arguments)
    try:
        assert command.wait() == 0, installed.output()
    finally:
        command.kill()


def check_record(installed: Installation) -> None:
    """Fail unless all is told once, in order and whole."""
    versions = query(
        installed,
        "SELECT article_id, number, text_hash, headline FROM articles_version ORDER BY article_id, number",
    )
    for _, history in groupby(versions, key=lambda row: row[0]):
        rows = list(history)
        assert [row[1] for row in rows] == list(range(1, len(rows) + 1))
    assert len({row[2] for row in versions}) == len(versions)  # no text is there twice
    articles = query(
        installed,
        "SELECT id, version_count, headline, headline_key, text_hash FROM articles_article "
        "WHERE version_count > 0 AND joined_to_id IS NULL",
    )
    last = {row[0]: row for row in versions}
    for article, count, said, key, text_hash in articles:
        assert (count, said, text_hash) == (last[article][1], last[article][3], last[article][2])
        assert key == headline_key(said)
    announced = query(installed, "SELECT version_id, event_id FROM articles_announcement")
    happened = query(installed, "SELECT id FROM articles_event")
    kept = query(installed, "SELECT id FROM articles_version")
    assert {one for one, _ in announced if one} == {one for (one,) in kept}
    assert {one for _, one in announced if one} == {one for (one,) in happened}
    named = query(
        installed,
        "SELECT i.guid, i.key, a.address FROM articles_feedid i "
        "JOIN articles_article a ON a.id = i.article_id WHERE a.state = 'watched'",
    )
    assert {guid for guid, _, _ in named} == set(WITH_ID)
    assert all(key == address_key(address) for _, key, address in named)
    held = query(installed, "SELECT id FROM articles_article WHERE parked IS NOT NULL OR unfinished > 4")
    assert held == []
