import json

import pytest

from articles.extract import extract
from tests.extract.words import ENGLISH

BODY = "".join(f"<p>{text}</p>" for text in ENGLISH.paragraphs)


def headline(
    body: str, *, linked: str = "", social: str = "", title: str = "", site: str = "The Paper"
) -> str:
    data = json.dumps({"@type": "NewsArticle", "headline": linked})
    head = (
        (f'<script type="application/ld+json">{data}</script>' if linked else "")
        + (f'<meta property="og:title" content="{social}">' if social else "")
        + (f'<meta property="og:site_name" content="{site}"><title>{title}</title>')
    )
    page = f"<html><head>{head}</head><body>{body}<div>{BODY}</div></body></html>"
    return extract(page.encode(), "https://paper.example/a").headline


def test_the_heading_that_agrees_with_a_witness_is_the_headline() -> None:
    headings = "<h1>The Paper</h1><h1>Harbour bridge to close</h1><h1>Most read</h1>"
    assert headline(headings, social="Harbour bridge will close") == "Harbour bridge to close"


def test_what_readers_see_counts_when_witnesses_say_something_else() -> None:
    assert headline("<h1>Bridge to close</h1>", linked="Ten things to do") == "Bridge to close"


def test_without_a_heading_the_witnesses_count_in_their_order() -> None:
    assert headline("", linked="One headline here", social="Another headline") == "One headline here"
    assert headline("", social="Another headline", title="A third") == "Another headline"
    assert headline("", title="A third headline | The Paper") == "A third headline"
    assert headline("") == ""


@pytest.mark.parametrize(
    "title",
    [
        "Bridge to close | The Paper",
        "Bridge to close - The Paper",
        "The Paper: x – Bridge to close",
        "The Paper » Bridge to close",
    ],
)
def test_the_name_of_the_site_is_no_part_of_the_headline(title: str) -> None:
    site = "The Paper: x" if ": x" in title else "The Paper"
    assert headline("", title=title, site=site) == "Bridge to close"


def test_a_dash_within_a_headline_stays() -> None:
    assert headline("", title="Bridge to close – but when?") == "Bridge to close – but when?"


def test_the_kicker_is_left_out_where_a_witness_leaves_it_out() -> None:
    heading = "<h1><span>Harbour</span><br>Old bridge to close for months</h1>"
    assert headline(heading, social="Old bridge to close for months") == "Old bridge to close for months"
    assert (
        headline(heading, social="Harbour Old bridge to close for months")
        == "Harbour Old bridge to close for months"
    )


def test_entities_in_linked_data_are_read() -> None:
    assert headline("", linked="Br&uuml;cke gesperrt &amp; mehr") == "Brücke gesperrt & mehr"


def test_the_headline_is_clean() -> None:
    assert headline("<h1> Bridge\u00ad to\u200b\n close\u00a0now </h1>") == "Bridge to close now"


def test_a_label_is_no_headline_where_the_page_says_another() -> None:
    assert headline("<h1>Log in</h1>", linked="Council closes the bridge") == "Council closes the bridge"
    assert headline("<h1>Log in</h1>") == "Log in"
