"""What was hidden after a backup was made is hidden again once it is restored."""

import json
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from articles import takedown
from articles.backups import backup
from articles.fetch import address_key
from articles.models import Address, Article, Event, Reason, TakedownStep, Version
from articles.takedown import Grounds, journal
from tests.factories import make_article, make_event, make_source, make_version

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_list_of_purged")]

GROUNDS = Grounds(Reason.LEGAL, 451)


@pytest.fixture
def article():
    address = "https://news.example/town/lime-trees"
    article = make_article(make_source("The Gazette"), headline="Lime trees", address=address)
    Address.objects.create(article=article, address=address, key=address_key(address))
    for number in range(1, 4):
        make_version(article, [f"There are {number} lime trees."], headline=f"{number} lime trees")
    make_event(article)
    return Article.objects.get()


def as_in_the_backup():
    """Everything as it was before anything was hidden."""
    Article.objects.update(hidden=False)
    Version.objects.update(hidden=False, hidden_itself=None, follows_hidden=None)
    Event.objects.update(hidden=False)
    TakedownStep.objects.all().delete()


def hide_again():
    """As after the restore of a backup that is a day old."""
    return takedown.hide_again(timezone.now() - timedelta(days=1))


def hidden_versions(article):
    return list(
        article.versions.filter(hidden_itself=True).order_by("number").values_list("number", flat=True)
    )


def test_an_article_is_hidden_again_with_the_same_reason(article, client):
    takedown.hide([article.pk], GROUNDS)
    as_in_the_backup()
    assert client.get(article.get_absolute_url()).status_code == 200
    assert hide_again() == 1
    assert client.get(article.get_absolute_url()).status_code == 451
    step = TakedownStep.objects.get()
    assert (step.what, step.reason, step.article) == ("hidden", "legal", article)
    assert hide_again() == 0


def test_what_was_shown_again_stays_shown(article):
    takedown.hide([article.pk], GROUNDS)
    takedown.show_again([article.pk])
    as_in_the_backup()
    assert hide_again() == 0
    Article.objects.update(hidden=True)  # the backup was made in between
    assert hide_again() == 1
    assert not Article.objects.get().hidden


def test_what_was_done_before_the_backup_was_made_is_left_as_it_is_there(article):
    """The file may be an old copy: of what was hidden between it and the backup it does not know."""
    takedown.hide([article.pk], GROUNDS)
    takedown.show_again([article.pk])
    Article.objects.update(hidden=True)
    assert takedown.hide_again(timezone.now() + timedelta(hours=1)) == 0
    assert Article.objects.get().hidden


def test_versions_are_hidden_again(article):
    takedown.hide_versions(article, [1, 2], GROUNDS)
    takedown.show_versions(article, [1])
    as_in_the_backup()
    assert hide_again() == 1
    assert hidden_versions(article) == [2]
    assert not Article.objects.get().hidden


def test_versions_that_the_backup_shows_and_the_journal_does_not_know_stay(article):
    takedown.hide_versions(article, [1], GROUNDS)
    journal.journal().unlink()
    takedown.hide_versions(article, [2], GROUNDS)
    assert hide_again() == 0
    assert hidden_versions(article) == [1, 2]


def test_where_a_hidden_version_is_not_in_the_backup_all_is_hidden(article):
    takedown.hide_versions(article, [3], GROUNDS)
    as_in_the_backup()
    article.versions.filter(number=3).delete()
    Article.objects.update(version_count=2)
    assert hide_again() == 1
    assert Article.objects.get().hidden
    assert hidden_versions(article) == []


def test_another_article_with_its_number_is_left_alone(article):
    takedown.hide([article.pk], GROUNDS)
    as_in_the_backup()
    Article.objects.update(address="https://news.example/town/oaks")
    Address.objects.update(
        address="https://news.example/town/oaks", key=address_key("https://news.example/town/oaks")
    )
    assert hide_again() == 0
    assert not Article.objects.get().hidden


def test_what_is_purged_stays_purged(article):
    takedown.hide([article.pk], GROUNDS)
    takedown.purge(Article.objects.get(), GROUNDS)
    assert hide_again() == 0


def test_the_journal_holds_no_address_and_no_headline(article):
    takedown.hide([article.pk], GROUNDS)
    assert "lime" not in journal.journal().read_text()


def test_a_line_that_broke_off_spoils_no_other(article):
    takedown.hide([article.pk], GROUNDS)
    whole = journal.journal().read_text()
    journal.journal().write_text(f'{{"at": "20\n[]\n{whole}{{"digests"')
    as_in_the_backup()
    assert hide_again() == 1


def test_a_journal_that_can_not_be_written_keeps_nothing_from_being_hidden(article, caplog):
    journal.journal().mkdir()
    try:
        takedown.hide([article.pk], GROUNDS)
    finally:
        journal.journal().rmdir()
    assert Article.objects.get().hidden
    assert "could not be written down" in caplog.text


def test_nothing_is_noted_of_what_was_not_done(article):
    takedown.show_again([article.pk])
    takedown.show_versions(article, [1])
    assert not journal.journal().exists() or not journal.journal().read_text()


def test_a_backup_is_dated_by_when_it_began(tmp_path: Path, monkeypatch):
    """What is hidden while it is being made is not in it."""
    began = []
    lines_of = backup._lines

    def noted(*asked):
        began.append(timezone.now())
        return lines_of(*asked)

    monkeypatch.setattr(backup, "_lines", noted)
    made = backup.back_up(tmp_path / "backup.zip").made
    assert datetime.fromisoformat(made) <= began[0]


def test_a_restore_hides_again(set_up_folder: Path):
    """In a process of its own, on a file: the tests' own database may be in memory."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.takedown.hidden_again", str(set_up_folder / "data")],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [False, True, True]
