"""Counting sources, and when."""

from datetime import timedelta
from importlib import import_module
from itertools import count
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from articles.models import Figures
from articles.statistics import STEPS, Counts, refresh
from articles.watch.queue import tasks
from tests.factories import MORNING, make_article, make_source, make_version

pytestmark = pytest.mark.django_db


def counts_of(source):
    return Counts.from_json(Figures.objects.get(source=source).counts)


def test_a_source_is_counted_as_its_articles_stand():
    source = make_source()
    once = make_article(source)
    make_version(once)
    make_version(once, ["Five people were hurt."], headline="Bridge falls")
    make_version(once, ["Six people were hurt."])
    never = make_article(source)
    make_version(never)
    never.last_success = MORNING + timedelta(hours=30)
    never.save()
    make_article(source)  # never read
    assert refresh() == 1
    counts = counts_of(source)
    assert (counts.articles, counts.changed, counts.headlines_changed) == (2, 1, 1)
    assert counts.first_changes[STEPS.index(6)] == 1  # after five hours
    assert counts.unchanged[STEPS.index(36)] == 1
    assert counts.versions[:3] == [1, 0, 1]
    assert (counts.week[0][14], counts.week[0][19]) == (1, 1)  # Monday
    assert counts_of(None) == counts


def test_minor_changes_are_no_changes_but_versions():
    source = make_source()
    article = make_article(source)
    make_version(article)
    make_version(article, ["Four people were hurt!"], minor=True)
    refresh()
    counts = counts_of(source)
    assert (counts.changed, sum(map(sum, counts.week)), counts.versions[1]) == (0, 0, 1)


def test_what_was_taken_down_is_not_counted():
    source = make_source()
    article = make_article(source, hidden=True)
    make_version(article)
    make_version(article, ["Five."])
    refresh()
    assert counts_of(source) == counts_of(None) == Counts()


def test_a_clock_set_back_counts_as_no_wait():
    source = make_source()
    article = make_article(source)
    make_version(article)
    make_version(article, ["Five."], seen=MORNING - timedelta(hours=1))
    refresh()
    assert counts_of(source).first_changes[0] == 1


def test_all_sources_are_the_sum_of_each():
    sources = [make_source() for _ in range(3)]
    for source in sources:
        make_version(make_article(source))
    assert refresh() == 3
    assert counts_of(None) == Counts.total([counts_of(source) for source in sources])
    assert Figures.objects.of_all().articles == 3


def test_the_sum_is_as_old_as_its_oldest_part():
    make_source()
    old = make_source()
    refresh()
    an_hour_ago = timezone.now() - timedelta(hours=1)
    Figures.objects.filter(source=old).update(computed=an_hour_ago, seconds=60)
    assert refresh() == 0
    assert Figures.objects.of_all().computed == an_hour_ago


def test_fresh_figures_are_left_alone_and_dear_ones_longer():
    cheap, dear = make_source(), make_source()
    assert refresh() == 2
    assert refresh() == 0
    Figures.objects.filter(source=dear).update(seconds=60)
    Figures.objects.update(computed=MORNING)
    assert refresh() == 2
    Figures.objects.filter(source=dear).update(seconds=60)
    for figures in Figures.objects.of_sources():
        figures.computed -= timedelta(hours=1)
        figures.save()
    before = Figures.objects.get(source=dear).computed
    assert refresh() == 1
    assert Figures.objects.get(source=dear).computed == before
    assert Figures.objects.get(source=cheap).computed > before


def aged(**ago):
    """Make all figures so much older."""
    for figures in Figures.objects.all():
        Figures.objects.filter(pk=figures.pk).update(computed=figures.computed - timedelta(**ago))


def test_a_small_installation_is_counted_each_minute():
    source = make_source()
    refresh()
    make_version(make_article(source))
    assert refresh() == 0
    aged(minutes=1)
    assert refresh() == 1
    assert counts_of(source).articles == counts_of(None).articles == 1


def test_where_counting_all_takes_longer_it_is_done_every_ten_minutes():
    make_source()
    slow = make_source()
    refresh()
    Figures.objects.filter(source=slow).update(seconds=2)  # under a hundredth of ten minutes
    aged(minutes=2)
    assert refresh() == 0
    aged(minutes=8)
    assert refresh() == 2


def test_many_sources_are_not_counted_each_minute_however_little_they_have():
    sources = [make_source() for _ in range(100)]
    assert refresh() == len(sources)
    aged(minutes=1)
    assert refresh() == 0


def test_when_the_time_is_up_the_rest_comes_next_time_and_first():
    first, second = make_source(), make_source()
    Figures.objects.create(source=first, computed=MORNING, counts=Counts().to_json())
    assert refresh(seconds=0) == 0
    assert counts_of(None) == Counts()
    make_version(make_article(second))
    assert refresh() == 2
    assert counts_of(None).articles == 1


def test_figures_of_another_release_are_counted_anew():
    source = make_source()
    make_version(make_article(source))
    refresh()
    Figures.objects.update(layout=Figures.LAYOUT + 1, counts={"other": 1})
    assert Figures.objects.of_all() is None
    assert refresh() == 1
    assert counts_of(source).articles == counts_of(None).articles == 1


def test_there_is_one_row_for_all_sources():
    refresh()
    with pytest.raises(IntegrityError), transaction.atomic():
        Figures.objects.create(source=None, computed=MORNING, counts={})


def test_the_schedule_counts():
    make_source()
    assert tasks.statistics() == 1


def test_the_schedule_counts_for_two_seconds_of_its_minute(monkeypatch):
    for _ in range(9):
        make_source()
    seconds = count()
    counting = SimpleNamespace(monotonic=lambda: next(seconds) / 3)
    monkeypatch.setattr(import_module("articles.statistics.refresh"), "time", counting)
    assert tasks.statistics() == 2  # the clock is asked once before, and three times for each
    assert tasks.statistics() == 2
