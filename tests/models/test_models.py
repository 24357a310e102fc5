from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from articles.models import Article, Heartbeat, Host, Source, Version, host_name
from tests.factories import make_article, make_source, make_version

pytestmark = pytest.mark.django_db


def test_the_texts_of_a_long_history_come_back():
    article = make_article()
    stories = [
        [f"Sentence {n} of the story.", f"In all {number} times."]
        for number in range(40)
        for n in [number // 3]
    ]
    for story in stories:
        make_version(article, story)
    for version, story in zip(Version.objects.order_by("number"), stories, strict=True):
        assert version.paragraphs == tuple(story)


def test_many_texts_are_read_in_one_query_by_as_few_runs_as_there_are(django_assert_num_queries):
    articles = [make_article(), make_article()]
    told = {}
    for article in articles:
        for number in range(1, 41):
            make_version(article, (f"Version {number} of {article.pk}.", "The bridge is closed."))
            told[article.pk, number] = (f"Version {number} of {article.pk}.", "The bridge is closed.")
    one, other = (article.pk for article in articles)
    wanted = [(one, 40), (one, 3), (one, 4), (other, 17), (other, 16), (one, 33)]
    with django_assert_num_queries(1) as asked:
        assert Version.objects.texts(wanted) == {key: told[key] for key in wanted}
    # 1 to 4 and 33 to 40; 1 to 17, as the seventeenth begins a chain where the one before ends.
    assert asked.captured_queries[0]["sql"].count("<=") == 3
    assert Version.objects.texts(told) == told


def test_a_text_costs_one_query_more_at_most(django_assert_num_queries):
    article = make_article()
    for number in range(20):
        make_version(article, [f"Text {number}."])
    version = Version.objects.get(number=16)
    with django_assert_num_queries(1):
        assert version.paragraphs == version.paragraphs == ("Text 15.",)


@pytest.mark.parametrize("number", [1, 0])
def test_a_number_is_given_once_and_begins_with_one(number):
    version = make_version(make_article(), ["A text."])
    version.pk, version.number = None, number
    with pytest.raises(IntegrityError), transaction.atomic():
        version.save(force_insert=True)


def test_a_lease_is_for_one_at_a_time():
    article, now = make_article(), timezone.now()
    token = Article.objects.claim(article.pk, now, 60)
    assert token
    assert Article.objects.claim(article.pk, now, 60) is None
    assert Article.objects.claim(article.pk, now + timedelta(seconds=61), 60) is not None


def test_a_lease_that_was_lost_stores_nothing():
    article, now = make_article(), timezone.now()
    first = Article.objects.claim(article.pk, now, 1)
    second = Article.objects.claim(article.pk, now + timedelta(seconds=2), 60)
    assert not Article.objects.renew(article.pk, first, now, 60)
    assert not Article.objects.release(article.pk, first, headline="late")
    assert Article.objects.get().headline != "late"
    assert Article.objects.release(article.pk, second, headline="in time")
    assert Article.objects.get().headline == "in time"
    assert Article.objects.get().lease_token is None


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://news.example/a", "news.example:443"),
        ("http://News.Example/a", "news.example:80"),
        ("http://news.example:8080/a", "news.example:8080"),
        ("http://[::1]:81/a", "::1:81"),
    ],
)
def test_a_host_is_its_name_and_port(address, name):
    assert host_name(address) == name
    assert Host.objects.for_address(address).name == name


def test_a_source_of_bad_rules_or_numbers_is_refused():
    source = make_source(rules={"drop": ["p::"]})
    with pytest.raises(ValidationError, match="p::"):
        source.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        Source.objects.filter(pk=source.pk).update(floor_seconds=100, ceiling_seconds=10)


def test_rules_reach_the_extractor_in_its_own_form():
    assert make_source().extraction_rules is None
    assert make_source(rules={"drop": [".promo"], "keep": []}).extraction_rules.drop == (".promo",)


def test_a_heartbeat_tells_how_long_ago():
    assert Heartbeat.seconds_since("dispatch") is None
    Heartbeat.beat("dispatch")
    Heartbeat.beat("dispatch")
    assert 0 <= Heartbeat.seconds_since("dispatch") < 30
    assert Heartbeat.objects.count() == 1
