"""The plots on ``/stats/`` and on a source's page, their tables and their CSV."""

import csv
import re
from datetime import timedelta

import pytest
from lxml import etree

from articles.models import Figures
from articles.statistics import refresh
from tests.factories import MORNING, make_article, make_change, make_source, make_version
from tests.pages.reading import main_words, page_of
from tests.pages.site import count_thousands

pytestmark = pytest.mark.django_db

DRAWINGS = {"0": 0, "1": 0, "few": 0, "thousands": 3}
"""Drawings of the three plots with so many articles: too few make a sentence."""

PAGES = ["/stats/", "/sources/gazette/stats/"]


def fill(source, how_many):
    """Figures of a source with 0, 1, 9 or 2,000 articles."""
    if how_many == "1":
        make_version(make_article(source))
    elif how_many == "few":
        for _ in range(9):
            article = make_article(source)
            make_version(article)
            make_version(article, ["Five people were hurt."])
    elif how_many == "thousands":
        make_version(make_article(source))
        count_thousands()
        return
    refresh()


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["de", "fr", "es"])
def test_places_in_a_drawing_are_written_alike_in_every_language(client, language):
    """A comma between the digits of a place, as these languages have it, would part it in two."""
    source = make_source()
    for number in range(12):
        article = make_article(source, language="en")
        make_version(article, ["One two three."])
        make_change(article, [f"One two {number}."])
    refresh()
    count_thousands()
    for address in ("/stats/", source.get_absolute_url() + "stats/"):
        page = client.get(address, headers={"Accept-Language": language}).content.decode()
        drawings = re.findall(r"<svg.*?</svg>", page, re.S)
        assert len(drawings) > 2
        places = re.findall(r' (?:x|y|x1|x2|y1|y2|cx|cy|width|height)="([^"]*)"', "".join(drawings))
        assert any("." in place for place in places)
        assert [place for place in places if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", place)] == []


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("how_many", DRAWINGS)
def test_plots_are_well_formed_and_named_and_colourless(client, address, how_many):
    fill(make_source(slug="gazette"), how_many)
    response = client.get(address)
    page = page_of(response)
    drawings = page.cssselect(".plot > svg")
    assert len(drawings) == DRAWINGS[how_many]
    source = response.content.decode()
    assert "style=" not in source
    assert "nan" not in " ".join(re.findall(r'(?:points|height|y)="([^"]*)"', source))
    for drawing in drawings:
        assert drawing.get("role") == "img"
        for name in drawing.get("aria-labelledby").split():
            assert page.get_element_by_id(name).text_content().strip()
    for markup in re.findall(r"<svg.*?</svg>", source, re.S):
        etree.fromstring(markup)
        assert not re.search(r"(fill|stroke)=", markup)
    ids = [element.get("id") for element in page.cssselect("[id]")]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("base", PAGES)
@pytest.mark.parametrize("how_many", DRAWINGS)
@pytest.mark.parametrize("plot", ["changed", "versions", "week"])
def test_the_table_and_the_csv_have_the_same_numbers(client, base, how_many, plot):
    fill(make_source(slug="gazette"), how_many)
    (figure,) = page_of(client.get(base)).cssselect(f"figure:has(#plot-{plot})")
    table = [[cell.text or "" for cell in row] for row in figure.cssselect("table tr")]
    (link,) = figure.cssselect(".csv a")
    response = client.get(link.get("href"))
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert list(csv.reader(response.content.decode().splitlines())) == table


def test_the_numbers_are_those_of_the_articles(client):
    source = make_source(slug="gazette")
    for number in range(20):
        article = make_article(source)
        make_version(article)
        if number < 8:
            make_version(article, ["Five people were hurt."])
        article.last_success = MORNING + timedelta(days=3)
        article.save()
    refresh()
    tiles = {
        tile.findtext("dt"): tile.findtext("dd")
        for tile in page_of(client.get("/sources/gazette/")).cssselect(".tiles > div")
    }
    assert (tiles["articles"], tiles["changed so far"], tiles["with another headline so far"]) == (
        *("20", "40 %", "0 %"),
    )
    rows = list(csv.reader(client.get("/sources/gazette/changed.csv").content.decode().splitlines()))
    day = next(row for row in rows if row[0] == "24 hours")
    assert day[2:4] == ["12", "0.4000"]
    assert ["1", "12"] in csv.reader(client.get("/stats/versions.csv").content.decode().splitlines())


def test_sources_are_compared(client):
    for name, articles in (("The Gazette", 12), ("The Post", 1)):
        source = make_source(name)
        for _ in range(articles):
            article = make_article(source)
            make_version(article)
            make_version(article, ["Five people were hurt."])
    refresh()
    rows = [
        " ".join(row.text_content().split())
        for row in page_of(client.get("/stats/")).cssselect(".rates tbody tr")
    ]
    assert rows[0].startswith("The Gazette 12")
    assert rows[1].startswith("The Post 1 too few yet")
    assert "these have the most articles" not in main_words(client.get("/stats/"))
    answer = client.get("/stats/sources.csv").content.decode().splitlines()
    assert [row[:2] for row in csv.reader(answer)][1:] == [["The Gazette", "12"], ["The Post", "1"]]


def test_of_very_many_sources_some_are_shown_and_all_are_in_the_csv(client):
    for _ in range(51):
        make_source()
    refresh()
    response = client.get("/stats/")
    assert len(page_of(response).cssselect(".rates tbody tr")) == 50
    assert "Of more than 50 sources these have the most articles" in main_words(response)
    assert len(client.get("/stats/sources.csv").content.decode().splitlines()) == 52


def test_a_sources_rates_stand_beside_those_of_all(client):
    make_source(slug="other")
    fill(make_source("The Gazette", slug="gazette"), "few")
    rows = page_of(client.get("/sources/gazette/stats/")).cssselect(".rates tbody th")
    assert [row.text for row in rows] == ["The Gazette", "All sources"]


def test_a_source_alone_is_compared_with_nothing(client):
    fill(make_source("The Gazette", slug="gazette"), "few")
    for address in PAGES:
        response = client.get(address)
        assert not page_of(response).cssselect(".rates, #plot-kinds-of-sources")
        assert "All sources" not in main_words(response)


def test_each_plot_says_what_it_shows_in_a_sentence(client):
    fill(make_source(slug="gazette"), "thousands")
    said = [line.text for line in page_of(client.get("/stats/")).cssselect(".takeaway")]
    assert said == [
        "67 % of the articles change within 40 days; half of those within 4 days.",
        "3.4 % of the articles have one version, 83 % have 6 or more.",
        "Most changes are seen on Saturday from 10 to 11 o’clock (UTC): 3.2 % of all.",
    ]


def test_with_too_few_articles_no_plot_says_anything(client):
    fill(make_source(slug="gazette"), "few")
    response = client.get("/stats/")
    assert not page_of(response).cssselect(".takeaway")
    assert main_words(response).count("There are too few") == 4


def test_kinds_of_change_are_told_for_each_source_with_margins(client):
    for name in ("The Gazette", "The Post"):
        source = make_source(name)
        for number in range(12):
            article = make_article(source, language="en")
            make_version(article, ["Four people were hurt."])
            make_change(article, ["Five people were hurt." if number < 6 else "Some people were hurt."])
    refresh()
    (table,) = page_of(client.get("/stats/")).cssselect("figure:has(#plot-kinds-of-sources) table")
    heads = [cell.text for cell in table.cssselect("thead th")]
    for row in table.cssselect("tbody tr"):
        cells = [" ".join(cell.text_content().split()) for cell in row]
        number = dict(zip(heads, cells, strict=True))["Number"]
        assert number.startswith("50 % (")


def test_before_anything_was_counted_the_pages_say_so(client):
    make_source(slug="gazette")
    assert "Nothing has been counted yet" in main_words(client.get("/stats/"))
    assert "Nothing has been counted of this source yet" in main_words(client.get("/sources/gazette/stats/"))
    assert "Nothing has been counted of this source yet" in main_words(client.get("/sources/gazette/"))
    assert client.get("/stats/week.csv").status_code == 200


def test_an_empty_site_promises_no_figures(client):
    words = main_words(client.get("/stats/"))
    assert "Nothing is watched yet" in words
    assert "within minutes" not in words


def test_the_pages_say_when_it_was_counted(client):
    fill(make_source(slug="gazette"), "1")
    Figures.objects.update(computed=MORNING)
    for address in ("/stats/", "/sources/gazette/"):
        assert "Counted on 18 July 2016, 09:50 UTC." in main_words(client.get(address))


@pytest.mark.parametrize(
    "address", ["/stats/nothing.csv", "/sources/gazette/sources.csv", "/sources/nobody/week.csv"]
)
def test_an_unknown_plot_or_source_is_not_found(client, address):
    make_source(slug="gazette")
    assert client.get(address).status_code == 404


def test_the_most_changed_articles_are_listed(client):
    source = make_source(slug="gazette")
    for headline, versions, hidden in (
        ("Often", 4, False),
        ("Once", 2, False),
        ("Never", 1, False),
        ("Gone", 5, True),
    ):
        article = make_article(source, headline=headline, hidden=hidden)
        for number in range(versions):
            make_version(article, [f"Text {number}."])
    for address in ("/stats/", "/sources/gazette/"):
        listed = page_of(client.get(address)).cssselect("section:has(#most-changed) h3")
        assert [" ".join(headline.text_content().split()) for headline in listed] == ["Often", "Once"]
