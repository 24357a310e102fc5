"""Counting stored changes once more."""

from io import StringIO

import pytest
from django.core.management import call_command

from articles.models import Version
from articles.watch.check.recount import Progress, outdated, recount
from tests.factories import make_article, make_change, make_version

pytestmark = pytest.mark.django_db

DERIVED = (
    "words_added",
    "words_removed",
    "badges",
    "minor",
    "headline_before",
    "excerpt",
    "facts",
    "kind_bits",
)


def story(versions):
    """An article of so many versions, each with another number of people hurt."""
    article = make_article(language="en")
    make_version(article, ["The fire broke out at the mill.", "0 people were hurt."])
    for number in range(1, versions):
        make_change(article, ["The fire broke out at the mill.", f"{number} people were hurt."])
    return article


def derived():
    return list(Version.objects.order_by("article", "number").values(*DERIVED))


def made_old(**where):
    """Have versions say what an older release said of them."""
    chosen = Version.objects.filter(number__gt=1, **where)
    chosen.update(
        facts=[], badges=[], kind_bits=0, excerpt=[], facts_version=0, diff_version=0, words_added=99
    )


def test_what_older_rules_counted_is_counted_as_a_check_would_today():
    story(20), story(3)
    today = derived()
    made_old()
    assert [*recount()][-1] == Progress(21, 0)
    assert derived() == today
    assert not outdated().exists()


def test_only_what_is_outdated_is_counted():
    article = story(40)
    today = derived()
    made_old(number__in=(18, 33))
    Version.objects.filter(article=article, number=20).update(words_added=7)
    assert [*recount()][-1].counted == 2
    assert Version.objects.get(number=20).words_added == 7
    assert [row for n, row in enumerate(derived(), 1) if n != 20] == [
        row for n, row in enumerate(today, 1) if n != 20
    ]


def test_it_goes_on_where_it_was_stopped(monkeypatch):
    monkeypatch.setattr("articles.watch.check.recount.AT_ONCE", 5)
    story(13), story(4)
    today = derived()
    made_old()
    steps = recount()
    assert next(steps).counted == 5
    steps.close()
    assert outdated().count() == 10
    assert [*recount()][-1].counted == 10
    assert derived() == today


def test_a_text_that_came_back_is_reverted_again():
    article = story(3)
    Version.objects.filter(article=article, number=3).update(text_hash="1")
    made_old()
    list(recount())
    assert "reverted" in Version.objects.get(article=article, number=3).badges


def test_a_text_that_cannot_be_read_stops_nothing_else():
    broken, whole = story(3), story(3)
    made_old()
    Version.objects.filter(article=broken, number=2).update(data=b"no deflated text")
    assert [*recount()][-1] == Progress(2, 2)
    assert set(outdated().values_list("article", flat=True)) == {broken.pk}
    assert all(whole.versions.filter(number__gt=1).values_list("facts_version", flat=True))


def test_the_command_tells_how_far_it_is(monkeypatch):
    monkeypatch.setattr("articles.management.commands.recount.REPORT_SECONDS", 0.0)
    story(3)
    made_old()
    said = StringIO()
    call_command("recount", "--check", stdout=said)
    assert said.getvalue() == "2 changes were counted by older rules.\n"
    assert outdated().count() == 2
    call_command("recount", stdout=said)
    assert said.getvalue().endswith("2 of 2 counted.\nDone: 2 counted.\n")
