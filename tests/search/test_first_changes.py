"""Lists of the changes of some words, which the index finds: the same as those that the texts have."""

import random
import sys
from datetime import timedelta

import pytest

from articles import search
from articles.facts import ChangeKind
from articles.models import Version
from tests.factories import MORNING, make_article, make_source, make_version

pytestmark = pytest.mark.django_db

finding = sys.modules["articles.search.find"]

KINDS = [ChangeKind.NUMBER.value, ChangeKind.QUOTE.value, ChangeKind.REVERTED.value]


@pytest.fixture
def stored():
    """Changes of common and of rare words, imported: not in the order in which they were seen."""
    rng = random.Random(7)
    sources = [make_source(), make_source()]
    moments = [MORNING + timedelta(seconds=rng.choice((1, 4_000, 90_000, 9_000_000)) * n) for n in range(9)]
    for number in range(16):
        article = make_article(sources[number % 2])
        text = "It begins."
        for _ in range(5):
            make_version(article, [text], seen=rng.choice(moments), badges=rng.sample(KINDS, 2))
            words = ["often", *["seldom"] * (rng.random() < 0.2), *["once"] * (number == 3)]
            text = f"{rng.choice(words)} {rng.randrange(1000)} {text}"
    Version.objects.filter(pk__in=Version.objects.order_by("?")[:5]).update(hidden=True)
    return sources


@pytest.mark.parametrize("candidates", [(2, 5), (10, 30), (1_000, 8_000)])
def test_a_list_of_words_is_the_whole_list_narrowed(monkeypatch, stored, candidates):
    monkeypatch.setattr(finding, "CANDIDATES", candidates)
    rng = random.Random(3)
    places = list(Version.objects.values_list("seen", "pk"))
    for _ in range(30):
        versions = Version.objects.changes()
        if rng.random() < 0.3:
            versions = versions.filter(source=rng.choice(stored))
        kinds = rng.sample(KINDS, rng.choice((0, 0, 1, 2)))
        most, typed = rng.choice((1, 4, 50)), rng.choice(("often", "seldom", "once", "often -once"))
        seen, pk = rng.choice(places)
        newest, begins = rng.random() < 0.5, rng.random() < 0.7
        place = seen if begins else None
        if newest:
            versions = (versions.before(seen, pk) if begins else versions).newest_first()
        else:
            versions = (versions.after(seen, pk) if begins else versions).oldest_first()
        all_of_kinds = search.restrict(versions, typed)
        expected = [one.pk for one in (all_of_kinds.of_any_kind(kinds) if kinds else all_of_kinds)[:most]]
        found = [one.pk for one in search.first_changes(versions, typed, kinds, most, place)]
        assert found == expected


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("typed", ["nowhere", "once", "…"])
def test_of_a_rare_word_no_list_is_gone_through(monkeypatch, typed):
    monkeypatch.setattr(finding, "_restricted", lambda *_: pytest.fail("it was"))
    for versions in (Version.objects.changes().newest_first(), Version.objects.changes().oldest_first()):
        assert len(list(search.first_changes(versions, typed, (), 41))) < 41
