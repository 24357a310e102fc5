"""The log of all versions: it only grows, holds through takedowns and joins, and its roots are published."""

from datetime import UTC, datetime, timedelta

import pytest

from articles import takedown
from articles.evidence import Log, MemoryNodes, leaf_hash, verify_consistency, verify_inclusion
from articles.exports import log
from articles.exports.tasks import log_versions
from articles.models import Article, LoggedVersion, LogNode, LogRoot, Reason, Version
from articles.takedown import Grounds
from tests.factories import make_article, make_version

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_list_of_purged")]

MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)


def versions(count: int) -> Article:
    article = make_article()
    for number in range(count):
        make_version(article, [f"{number} people were hurt."])
    return article


def test_every_version_is_logged_once_and_its_place_proves_it():
    for count in (3, 1, 5):
        versions(count)
        assert log.append() == count
    assert log.append() == 0
    assert log.size() == 9
    rows = list(LoggedVersion.objects.order_by("index"))
    memory = Log(MemoryNodes())
    memory.append(leaf_hash(log.leaf_of(row)) for row in rows)
    root = log.publish(MONDAY)
    assert bytes(root.root) == memory.root()
    for row, path in zip(rows, log.proofs([row.index for row in rows], 9), strict=True):
        assert verify_inclusion(leaf_hash(log.leaf_of(row)), row.index, 9, list(path), memory.root())


def test_the_log_goes_on_from_where_it_was_in_any_pieces(monkeypatch):
    monkeypatch.setattr(log, "BATCH", 3)
    versions(7)
    assert log.append(seconds=0) == 0
    assert log.append() == 7
    first = log.publish(MONDAY)
    versions(4)
    log.append()
    second = log.publish(MONDAY + timedelta(minutes=5))
    path = log.consistency(7, 11)
    assert verify_consistency(7, 11, bytes(first.root), bytes(second.root), path)


def test_a_version_that_was_committed_late_is_found_within_the_overlap(monkeypatch):
    article = versions(3)
    log.append()
    late = article.versions.get(number=2)
    LoggedVersion.objects.filter(version=late).delete()  # as if it had not been there yet
    monkeypatch.setattr(log, "OVERLAP", 0)
    assert log.append() == 0
    monkeypatch.undo()
    assert log.append() == 1


def test_two_who_append_at_once_leave_one_log(monkeypatch):
    versions(2)
    log.append()
    versions(2)
    monkeypatch.setattr(log, "size", lambda: 1)  # one that looked before the other was done
    assert log.append() == 0
    monkeypatch.undo()
    assert log.append() == 2
    assert log.size() == LoggedVersion.objects.count() == 4


def test_nothing_is_published_twice_and_each_day_is_closed_once():
    assert log.publish(MONDAY) is None
    versions(2)
    log.append()
    assert log.publish(MONDAY).day is None
    assert log.publish(MONDAY + timedelta(minutes=5)) is None
    after_midnight = MONDAY + timedelta(hours=12, minutes=3)
    assert log.is_day_to_close(after_midnight)
    assert log.publish(after_midnight).day == MONDAY.date()
    assert not log.is_day_to_close(after_midnight)
    assert log.publish(after_midnight + timedelta(minutes=5)) is None
    # After a time of standing still the day before today is closed, and no other.
    assert log.publish(MONDAY + timedelta(days=5)).day == (MONDAY + timedelta(days=4)).date()


def test_a_proof_is_by_the_first_daily_root_that_has_it():
    versions(2)
    log.append()
    first = log.publish(MONDAY)
    assert log.root_with(1) == first
    assert log.root_with(2) is None
    daily = log.publish(MONDAY + timedelta(days=1))
    assert log.root_with(1) == daily


def test_a_purge_takes_what_was_logged_and_leaves_the_log_whole():
    article, other = versions(3), versions(2)
    log.append()
    root = bytes(log.publish(MONDAY).root)
    takedown.purge(article, Grounds(Reason.PERSONAL))
    assert list(LoggedVersion.objects.values_list("version__article", flat=True)) == [other.pk] * 2
    assert log.size() == 5
    assert LogNode.objects.count() == 5 + 2 + 1
    assert Log(log.Nodes(), 5).root() == root
    kept = LoggedVersion.objects.last()
    [path] = log.proofs([kept.index], 5)
    assert verify_inclusion(leaf_hash(log.leaf_of(kept)), kept.index, 5, list(path), root)


def test_a_damaged_version_keeps_no_other_from_being_logged():
    article = versions(3)
    Version.objects.filter(article=article, number=2).update(data=b"damaged")
    assert log.append() == 1
    assert LoggedVersion.objects.get().version.number == 1


def test_the_task_logs_and_publishes():
    versions(2)
    assert log_versions() == 2
    assert LogRoot.objects.get().size == 2


def test_a_proof_takes_few_queries(django_assert_max_num_queries):
    versions(40)
    log.append()
    with django_assert_max_num_queries(1):
        log.proofs([7, 30], 40)
