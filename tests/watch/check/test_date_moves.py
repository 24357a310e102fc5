"""A page claims a later date of change while its words stay: noted beside the version that stands there."""

from datetime import UTC, datetime, timedelta

import pytest

from articles.models import DateMove, Version
from tests.scripted import SENTENCES, Page, story_page
from tests.watch.conftest import PATH

pytestmark = pytest.mark.django_db

FIVE = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
LATER = FIVE + timedelta(hours=3)


def claiming(moment, paragraphs=SENTENCES, furniture=""):
    """A page that claims to have been changed at *moment*; None: it claims nothing."""
    head = f"<meta property='article:modified_time' content='{moment.isoformat()}'>" if moment else ""
    return Page(story_page(paragraphs=paragraphs, head=head, furniture=furniture))


@pytest.fixture
def look(site, check):
    """Checks the article on each page in turn; what each check came to."""

    def run(*pages):
        found = []
        for page in pages:
            site.pages[PATH] = page
            found.append(check().outcome.value)
        return found

    return run


def moves():
    rows = DateMove.objects.order_by("version")
    return [(one.version, one.claimed_before, one.claimed, one.times) for one in rows]


def test_a_later_date_on_the_same_words_is_noted_and_makes_no_version(look):
    assert look(claiming(FIVE), claiming(LATER)) == ["new-version", "unchanged"]
    assert moves() == [(1, FIVE, LATER, 1)]
    assert look(claiming(LATER, furniture="<p>Another advert</p>")) == ["unchanged"]
    assert moves() == [(1, FIVE, LATER, 1)]  # it moved no further


def test_a_date_that_moves_at_every_look_is_one_row_a_version(look):
    dates = [FIVE + timedelta(hours=hour) for hour in range(4)]
    look(*map(claiming, dates))
    assert moves() == [(1, FIVE, dates[-1], 3)]
    edited = (*SENTENCES[:-1], "The gardener said that nobody had asked the trees.")
    look(claiming(LATER + timedelta(days=1), edited), claiming(LATER + timedelta(days=2), edited))
    assert [(version, times) for version, _, _, times in moves()] == [(1, 3), (2, 1)]


@pytest.mark.parametrize(
    ("before", "after"),
    [(LATER, FIVE), (FIVE, FIVE), (None, FIVE), (FIVE, None)],
    ids=["earlier", "the same", "the first", "none any more"],
)
def test_only_a_later_date_than_the_one_claimed_has_moved(look, before, after):
    look(claiming(before), claiming(after, furniture="<p>Another advert</p>"))
    assert moves() == []


def test_a_date_that_moves_with_the_words_is_no_move(look):
    edited = (*SENTENCES, "On Friday the council added that the botanist comes in May.")
    assert look(claiming(FIVE), claiming(LATER, edited)) == ["new-version"] * 2
    assert moves() == []


def test_it_is_noted_where_only_what_ticks_moved_besides(look, site):
    def page(views, moment):
        counter = f"<p><span class='view-count'>Views: {views}</span></p>"
        body = claiming(moment).body.replace(f"<p>{SENTENCES[1]}", f"{counter}<p>{SENTENCES[1]}")
        return Page(body)

    assert look(page(1203, FIVE), page(1377, LATER)) == ["new-version", "unchanged"]
    assert moves() == [(1, FIVE, LATER, 1)]
    assert Version.objects.count() == 1
