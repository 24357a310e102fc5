"""Badges with their words, in lists, histories, diffs, feeds and cards."""

import pytest

from articles import takedown
from articles.models import Reason
from articles.pages.badges import badges_of, in_a_line
from articles.takedown import Grounds
from tests.factories import make_article, make_change, make_source, make_version
from tests.pages.reading import main_words, page_of

pytestmark = pytest.mark.django_db

OPENING = "The fire broke out at the old mill before noon."


def changed(*texts, language="en", headlines=(), **values):
    """The last change of an article of these texts."""
    article = make_article(language=language, **values)
    make_version(article, [OPENING, texts[0]])
    for text in texts[1:]:
        version = make_change(article, [OPENING, *([text] if isinstance(text, str) else text)])
    return version


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("Four people were hurt.", "Five people were hurt.", "Number: Four → Five"),
        ("Mr Halloran owned the mill.", "Mr Halleran owned the mill.", "Name: Halloran → Halleran"),
        ("It was sold on Monday.", "It was sold on Tuesday.", "Date: Monday → Tuesday"),
        (
            "The man killed two people in the town.",
            "The man allegedly killed two people in the town.",
            "“allegedly” added",
        ),
        ("Police may have found the gun.", "Police have found the gun.", "“may” removed"),
        ("The bridge is safe, officials said.", "The bridge is not safe, officials said.", "Now denied"),
        (
            "The bridge is not safe, officials said.",
            "The bridge is safe, officials said.",
            "No longer denied",
        ),
        (
            "He left. “We shall build it all again,” he said.",
            "He left the town.",
            "Quotation removed",
        ),
        (
            "The fire began in the kitchen of the house.",
            "The fire began in the kitchen of the house, police said.",
            "Source added: police said",
        ),
    ],
)
def test_words(before, after, words):
    assert words in in_a_line(badges_of(changed(before, after)))


def test_a_note_is_told():
    note = "Correction: An earlier version of this article gave a wrong colour for the boat."
    assert in_a_line(badges_of(changed("It burnt.", ["It burnt.", note]))) == "Correction note added"


def test_several_of_a_kind_are_one_badge():
    version = changed("4 men, 7 women and 9 dogs were hurt.", "5 men, 8 women and 3 dogs were hurt.")
    (badge,) = badges_of(version)
    assert badge.words == "Number: 4 → 5 and 2 more"


def test_lists_show_a_few_and_say_how_many_more():
    version = changed(
        "Mr Halloran said 4 men may have left on Monday. “We shall build it all again,” he said.",
        "Mr Halleran said 5 men have left on Tuesday.",
    )
    shown = badges_of(version, 3)
    assert len(shown) == 3
    assert shown[-1].words == f"+{len(badges_of(version)) - 2} more"


@pytest.mark.parametrize("address", ["/", "/sources/gazette/", "{article}"])
def test_each_badge_links_to_its_place_in_the_diff(client, address):
    article = make_article(make_source(slug="gazette"), language="en")
    make_version(article, ["It rained.", OPENING, "Four people were hurt."])
    version = make_change(article, ["It snowed.", OPENING, "Five people were hurt."])
    page = page_of(client.get(address.format(article=article.get_absolute_url())))
    (link,) = page.cssselect(".label-number a")
    assert link.get("href") == f"{version.diff_url}#c2"
    assert " ".join(link.text_content().split()) == "Number: Four → to Five"
    diff = page_of(client.get(version.diff_url))
    (link,) = diff.cssselect(".label-number a")
    assert link.get("href") == "#c2"
    assert "Five" in diff.get_element_by_id("c2").text_content()


@pytest.mark.parametrize("view", ["", "?view=side"])
def test_badges_of_paragraphs_link_to_the_first_of_their_kind(client, view):
    article = make_article(make_source(slug="gazette"), language="en")
    make_version(
        article, ["It rained all of the night.", OPENING, "The bridge was shut at noon by the police."]
    )
    version = make_change(
        article, [OPENING, "A second ferry sails from Monday on.", "Schools stay shut until the end of May."]
    )
    page = page_of(client.get("/"))
    diff = page_of(client.get(version.diff_url + view))
    for kind, words in (("added", "A second ferry"), ("removed", "It rained")):
        (link,) = page.cssselect(f".label-paragraph_{kind} a")
        assert link.get("href") == f"{version.diff_url}#c-{kind}"
        (own,) = diff.cssselect(f".label-paragraph_{kind} a")
        assert own.get("href") == f"#c-{kind}"
        (label,) = diff.cssselect(f"[id='c-{kind}']")
        assert words in label.getparent().text_content()


def test_feeds_have_the_kinds_as_categories_and_the_words_as_text(client):
    changed("Four people were hurt.", "Five people were hurt.")
    text = client.get("/changes/feed.rss").content.decode()
    assert "<category>Number</category>" in text
    assert "Number: Four → Five" in text


def test_the_card_says_it_in_words(client):
    version = changed("Four people were hurt.", "Five people were hurt.")
    page = page_of(client.get(version.diff_url))
    (said,) = page.xpath("//meta[@property='og:description']/@content")
    assert "Number: Four → Five." in said
    assert client.get(f"{version.diff_url}card.png").headers["Content-Type"] == "image/png"


HOSTILE = "<script>alert(1)</script>"


@pytest.mark.parametrize(
    "theirs", [HOSTILE, '"><img src=x onerror=alert(1)>', "{{ 7|add:7 }}", "‮evil‬", "a\x00b"]
)
def test_hostile_words_in_facts_are_text(client, theirs):
    article = make_article(make_source(slug="gazette"), language="en")
    make_version(article, [OPENING])
    version = make_change(article, [OPENING, "More."])
    words = theirs.replace("\x00", "\ufffd")
    fact = {"kind": "name", "change": "changed", "before": words, "after": f"{words}2", "row": 1, "span": 0}
    quote = {
        "kind": "quote",
        "change": "added",
        "before": "",
        "after": f"{words} and {words}",
        "row": 1,
        "span": 0,
    }
    more = {"about": words, "number": 1, "due": True}
    version.facts = [fact | more, quote | more, fact | more | {"kind": "number"}]
    version.badges = ["name", "quote", "number"]
    version.save()
    for address in ("/", article.get_absolute_url(), version.diff_url, "/sources/gazette/"):
        page = page_of(client.get(address))
        assert page.xpath("//script[not(@src)]") == []
        assert page.xpath("//img[@onerror]") == []
        assert "14" not in [label.text_content().strip() for label in page.cssselect(".label bdi")]
        assert words in " ".join(label.text_content() for label in page.cssselect(".label-name"))
    for form in ("rss", "atom", "json"):
        assert HOSTILE not in client.get(f"/changes/feed.{form}").content.decode().replace(
            "\\u003c", "<"
        ) or (form == "json")


def test_words_of_a_right_to_left_article_keep_their_direction(client):
    version = changed(
        "قالت الإدارة إن 48 دكانا عادت.", "قالت الإدارة إن 54 دكانا عادت.", language="ar", direction="rtl"
    )
    page = page_of(client.get(version.article.get_absolute_url()))
    assert {bdi.get("dir") for bdi in page.cssselect(".label-number bdi")} == {"rtl"}


def test_several_kinds_are_any_of_them_in_four_queries(client, django_assert_num_queries):
    number = changed("Four people were hurt.", "Five people were hurt.")
    name = changed("Mr Halloran owned the mill.", "Mr Halleran owned the mill.")
    changed("It was sold on Monday.", "It was sold on Tuesday.")
    with django_assert_num_queries(3):  # no events
        page = page_of(client.get("/changes/?kind=number&kind=name"))
    links = [link.get("href") for link in page.cssselect(".entry-headline a")]
    assert sorted(links) == sorted([number.diff_url, name.diff_url])
    assert [box.get("value") for box in page.cssselect("[name=kind][checked]")] == ["number", "name"]
    with django_assert_num_queries(4):
        client.get("/changes/?kind=number&kind=name&kind=quote&kind=removed&minor=on")
    assert "number or name" in page.findtext(".//title")


def test_of_what_is_taken_down_no_word_is_left_on_a_page(client):
    article = make_article(make_source(slug="gazette"), language="en")
    make_version(article, [OPENING, "Mr Halloran owned the mill. 4 men were hurt."])
    make_change(article, [OPENING, "Mr Zyxwombat owned the mill. 5 men were hurt."])
    make_change(article, [OPENING, "Mr Halleran owned the mill. 6 men were hurt."])
    assert "Zyxwombat" in main_words(client.get(article.get_absolute_url()))
    takedown.hide_versions(article, [2], Grounds(Reason.OTHER))
    for address in (article.get_absolute_url(), "/", "/changes/?kind=name&minor=on", "/sources/gazette/"):
        assert "Zyxwombat" not in client.get(address).content.decode()
