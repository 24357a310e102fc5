"""Story so far, and what the page told, on the article's page and the diff's."""

import pytest

from articles.models import DateMove
from tests.factories import MORNING, make_article, make_change, make_version
from tests.pages.reading import page_of

pytestmark = pytest.mark.django_db

LONG = "“It sang like a wire, and then the boards went quiet, and we were in the creek,” he said."
SHORT = "“It sang like a wire, and then the boards went quiet,” he said."
NOTE = "Correction: An earlier version of this article misspelt the name of Wilf Halleran."


def words(element):
    """The words of an element, with a space between its cells."""
    return " ".join(" ".join(element.itertext()).split())


@pytest.fixture
def article():
    """Six versions: a toll, a quotation, a name, a denial, a source, and a note two versions late."""
    article = make_article(language="en", last_success=MORNING)
    make_version(
        article,
        [
            "3 people were hurt on the bridge.",
            f"Keeper Wilf Halloran was there. {LONG}",
            "A witness said it shook.",
            "The bridge was safe, the office said.",
        ],
    )
    make_change(
        article,
        [
            "5 people were hurt on the bridge.",
            f"Keeper Wilf Halloran was there. {LONG}",
            "A witness said it shook.",
            "The bridge was safe, the office said.",
        ],
    )
    make_change(
        article,
        [
            "5 people were hurt on the bridge.",
            f"Keeper Wilf Halleran was there. {SHORT}",
            "A witness said it shook.",
            "The bridge was safe, the office said.",
        ],
    )
    make_change(
        article,
        [
            "9 people were hurt on the bridge.",
            f"Keeper Wilf Halleran was there. {SHORT}",
            "A witness said it shook.",
            "The bridge was not safe, the office said.",
        ],
    )
    make_change(
        article,
        [
            "9 people were hurt on the bridge.",
            "Keeper Wilf Halleran was there.",
            "Ines Kaldor said it shook.",
            "The bridge was not safe, the office said.",
            NOTE,
        ],
    )
    make_change(
        article,
        [
            "11 people were hurt on the bridge.",
            "Keeper Wilf Halleran was there.",
            "Ines Kaldor said it shook.",
            "The bridge was not safe, the office said.",
            NOTE,
        ],
    )
    return article


def test_the_course_of_a_number_with_its_brackets(client, article):
    page = page_of(client.get(article.get_absolute_url()))
    course = words(page.cssselect(".so-far .courses > li")[0])
    assert course.startswith("people : 3 → to 5 (v2, between 18 Jul 2016, 14:20 and 18 Jul 2016, 14:50)")
    assert [link.text_content() for link in page.cssselect(".so-far .courses")[0].cssselect("li a")] == [
        "3",
        "5",
        "9",
        "11",
    ]


def test_a_bracket_within_one_minute_is_said_as_one_time(client, article):
    second = article.versions.get(number=2)
    article.versions.filter(pk=second.pk).update(previous_last_seen=second.seen)
    page = page_of(client.get(article.get_absolute_url()))
    assert "5 (v2, seen 18 Jul 2016, 14:50)" in words(page.cssselect(".so-far .courses > li")[0])


def test_the_life_of_a_quotation_and_a_source_that_got_a_name(client, article):
    page = page_of(client.get(article.get_absolute_url()))
    (life,) = page.cssselect(".so-far .life")
    said = [words(step).split(":")[0] for step in life]
    assert said == ["v2 there already", "v3 shortened", "v5 gone"]
    assert "A witness said → to Ines Kaldor said" in words(page.cssselect(".so-far")[0])


def test_what_the_page_told_of_each_change(client, article):
    page = page_of(client.get(article.get_absolute_url()))
    rows = [words(row) for row in page.cssselect(".told .ledger tbody tr")]
    assert "A note was added; what it is about can’t be told." in rows[0]
    assert rows[0].startswith("v4 to → v5 Quotation removed")
    (named,) = (row for row in rows if "Name: Keeper Wilf Halloran → to Keeper Wilf Halleran" in row)
    assert "A correction note came about 10 hours later. Version 5" in named


def test_the_diff_tells_what_was_told_of_its_change(client, article):
    page = page_of(client.get(f"/articles/{article.pk}/diff/2/3/"))
    told = [words(line) for line in page.cssselect(".told-line")]
    assert any("A correction note came about 10 hours later." in line for line in told)
    assert not page_of(client.get(f"/articles/{article.pk}/diff/1/3/")).cssselect(".told-line")
    assert not page_of(client.get(f"/articles/{article.pk}/diff/5/6/")).cssselect(".told-line")


def test_no_note_found_is_said_with_its_time(client):
    article = make_article(language="en")
    make_version(article, ["Mr Halloran owned the mill."])
    version = make_change(article, ["Mr Halleran owned the mill."])
    (line,) = page_of(client.get(version.diff_url)).cssselect(".told-line")
    assert words(line).endswith("No correction note found on this page as of 18 July 2016, 14:50 UTC.")


def test_dates_that_moved_without_a_word(client):
    article = make_article(language="en")
    make_version(article)
    DateMove.objects.note(article, MORNING.replace(hour=12), MORNING, MORNING.replace(hour=11))
    DateMove.objects.note(
        article, MORNING.replace(hour=14), MORNING.replace(hour=11), MORNING.replace(hour=13)
    )
    (row,) = page_of(client.get(article.get_absolute_url())).cssselect(".told .ledger tbody tr")
    assert words(row) == "v1 18 July 2016, 09:50 UTC 18 July 2016, 13:50 UTC 2"


def test_nothing_to_follow_is_no_section(client):
    article = make_article(language="en")
    make_version(article)
    make_change(article, ["Four people were hurt. It rained in the valley all night long."])
    page = page_of(client.get(article.get_absolute_url()))
    assert not page.cssselect(".so-far")
    assert not page.cssselect(".told")
