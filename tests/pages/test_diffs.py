"""The page that compares two versions."""

from datetime import timedelta

import pytest

from articles import takedown
from articles.models import Reason
from articles.takedown import Grounds
from tests.factories import MORNING, make_article, make_version
from tests.pages.reading import main_words, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    article = make_article()
    make_version(article, ["Four people were hurt.", "The road is closed."], byline="By Ann Other")
    make_version(
        article,
        ["Five people were hurt.", "The road is closed.", "Trains run again."],
        headline="Bridge falls in storm",
        byline="By Ann Other and Bo Bell",
    )
    make_version(article, ["Five people were hurt.", "The road is open.", "Trains run again."])
    return article


def diff(client, article, a, b, view=""):
    return client.get(f"/articles/{article.pk}/diff/{a}/{b}/{view}")


def test_each_column_is_headed_by_number_headline_and_time(client, article):
    page = page_of(diff(client, article, 1, 2, "?view=side"))
    before, after = (" ".join(part.text_content().split()) for part in page.cssselect(".columns section"))
    assert before == "Version 1 Bridge closed after storm By Ann Other seen 18 July 2016, 09:50 UTC"
    assert after == (
        "Version 2 Bridge falls in storm By Ann Other and Bo Bell "
        "seen 18 July 2016, 14:50 UTC (about 5 hours later) old text last seen 14:20 UTC"
    )


def test_inline_one_line_has_both_versions_their_times_and_the_bracket(client, article):
    page = page_of(diff(client, article, 1, 2))
    (pair,) = page.cssselect(".pair")
    assert " ".join(pair.text_content().split()) == (
        "Version 1 · 18 July 2016, 09:50 UTC → Version 2 · 14:50 UTC (about 5 hours later) "
        "· old text last seen 14:20 UTC"
    )
    assert not page.cssselect(".columns")


def test_the_heads_stand_over_their_columns_in_right_to_left_texts_too(client):
    article = make_article(language="ar", direction="rtl")
    make_version(article, ["أصيب أربعة أشخاص."])
    make_version(article, ["أصيب خمسة أشخاص."])
    page = page_of(diff(client, article, 1, 2, "?view=side"))
    assert page.cssselect('.columns[dir="rtl"] > section[dir="ltr"]')


def test_the_steps_lead_to_every_version_nearby(client):
    article = make_article()
    for number in range(1, 13):
        make_version(article, [f"Text {number}."])
    page = page_of(diff(client, article, 5, 6))
    steps = [" ".join(step.text_content().split()) for step in page.cssselect(".steps > li")]
    assert steps == [
        *("Version 1v1", "…", "Version 2 to 33", "Version 3 to 44", "Version 4 to 55", "Version 5 to 66"),
        *("Version 6 to 77", "Version 7 to 88", "Version 8 to 99", "…", "Version 11 to 1212"),
    ]
    (current,) = page.cssselect(".steps a[aria-current]")
    assert current.get("href") == f"/articles/{article.pk}/diff/5/6/"
    assert page.cssselect(".steps a")[0].get("href") == f"/articles/{article.pk}/1/"


def test_a_pair_apart_says_how_many_versions_it_leaves_out(client, article):
    assert "1 version between not shown" in main_words(diff(client, article, 1, 3))
    assert "between not shown" not in main_words(diff(client, article, 1, 2))


def test_a_hidden_version_between_is_stepped_over(client, article):
    takedown.hide_versions(article, [2], Grounds(Reason.PERSONAL))
    page = page_of(diff(client, article, 1, 3))
    assert not page.cssselect("a[rel=prev], a[rel=next]")
    assert "between not shown" not in main_words(diff(client, article, 1, 3))


def test_next_and_previous_change_stand_only_where_there_are_two(client, article):
    assert page_of(diff(client, article, 1, 2)).cssselect("[data-stepper]")
    assert "of 2" in page_of(diff(client, article, 1, 2)).cssselect("[data-stepper]")[0].text_content()
    assert not page_of(diff(client, article, 2, 3)).cssselect("[data-stepper], .jumps")


def test_the_map_of_a_long_diff_has_each_change_where_it_stands(client):
    article = make_article()
    texts = [f"Paragraph {number} of the report. " + "It goes on and on. " * 8 for number in range(30)]
    make_version(article, texts)
    make_version(article, [texts[0] + "New.", *texts[1:-1], texts[-1] + "New too."])
    marks = page_of(diff(client, article, 1, 2)).cssselect(".minimap a")
    assert [mark.get("href") for mark in marks] == ["#c1", "#c2"]
    tops = [float(mark.cssselect("rect")[0].get("y")) for mark in marks]
    assert tops[0] == 0
    assert tops[1] > 900
    assert not page_of(diff(client, make_short(), 1, 2)).cssselect(".minimap")


def make_short():
    article = make_article()
    make_version(article, ["One.", "Two."])
    make_version(article, ["One more.", "Two more."])
    return article


def test_sharing_leads_to_the_original_its_copies_the_card_and_the_feed(client, article):
    (foot,) = page_of(diff(client, article, 1, 2)).cssselect(".share p.feeds")
    links = [(link.text, link.get("href"), link.get("rel")) for link in foot.cssselect("a")]
    outward = "external nofollow noreferrer"
    assert links == [
        ("Original", article.address, outward),
        ("archived copies", f"https://web.archive.org/web/*/{article.address}", outward),
        ("Picture of this change", f"/articles/{article.pk}/diff/1/2/card.png", None),
        ("RSS of this article’s changes", f"/articles/{article.pk}/feed.rss", None),
    ]


def test_sharing_links_no_address_that_is_not_of_the_web(client, article):
    article.address = "javascript:alert(1)"
    article.save()
    (foot,) = page_of(diff(client, article, 1, 2)).cssselect(".share p.feeds")
    assert foot.text_content() == "Picture of this change · RSS of this article’s changes"


def test_changed_words_are_marked_and_told(client, article):
    page = page_of(diff(client, article, 1, 2))
    assert [
        [mark.text_content() for mark in page.cssselect(f".diff-inline .row-edited {tag}")]
        for tag in ("del", "ins")
    ] == [["[removed: Four]"], ["[added: Five]"]]
    assert len(page.cssselect(".row-added")) == 1
    assert "2 changed paragraphs, +4 −1 words" in main_words(diff(client, article, 1, 2))


def test_a_changed_headline_is_shown_as_was_and_now(client, article):
    (headline,) = page_of(diff(client, article, 1, 2)).cssselect("h1")
    assert headline.cssselect("del")
    assert headline.cssselect("ins")
    (headline,) = page_of(diff(client, article, 2, 3)).cssselect("h1")
    assert headline.text_content() == "Bridge falls in storm"


def test_inline_is_the_default_and_side_by_side_a_choice(client, article):
    assert not page_of(diff(client, article, 1, 2)).cssselect(".diff-side")
    assert not page_of(diff(client, article, 1, 2, "?view=sideways")).cssselect(".diff-side")
    page = page_of(diff(client, article, 1, 2, "?view=side"))
    assert len(page.cssselect(".diff-side")) == 1
    assert page.cssselect(".views a[aria-current]")[0].text == "Side by side"


def test_side_by_side_has_the_inline_form_of_each_row_for_narrow_screens_and_no_id_twice(client, article):
    page = page_of(diff(client, article, 1, 2, "?view=side"))
    assert len(page.cssselect(".row-edited > .side-both")) == len(page.cssselect(".row-edited")) > 0
    ids = [element.get("id") for element in page.cssselect("[id]")]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("view", ["", "?view=side"])
def test_every_change_has_an_address(client, article, view):
    page = page_of(diff(client, article, 1, 2, view))
    jumps = [link.get("href") for link in page.cssselect(".jumps a")]
    assert jumps == ["#c1", "#c2"]
    assert all(page.get_element_by_id(jump[1:]) is not None for jump in jumps)


def test_a_rewritten_text_starts_side_by_side_unless_inline_is_asked_for(client, db):
    article = make_article()
    make_version(article, ["Four people were hurt in the storm.", "The bridge is closed to lorries."])
    make_version(article, ["Nobody thought much of it at first.", "Then rain came, and all roads were shut."])
    (chosen,) = page_of(diff(client, article, 1, 2)).cssselect(".views a[aria-current]")
    assert chosen.text == "Side by side"
    (chosen,) = page_of(diff(client, article, 1, 2, "?view=inline")).cssselect(".views a[aria-current]")
    assert chosen.text == "Inline"


def test_the_label_of_a_changed_headline_leads_to_it(client, article):
    page = page_of(diff(client, article, 1, 2))
    (link,) = page.cssselect(".labels a")
    assert page.get_element_by_id(link.get("href")[1:]).tag == "h1"


def test_many_addresses_of_changes_are_folded_away(client, db):
    article = make_article()
    make_version(article, [f"Paragraph {number} of the report." for number in range(13)])
    make_version(article, [f"Paragraph {number} of the new report." for number in range(13)])
    page = page_of(diff(client, article, 1, 2))
    assert [link.get("href") for link in page.cssselect(".jumps > a")] == ["#c1"]
    links = page.cssselect(".jumps > details > a")
    assert [link.get("href") for link in links] == [f"#c{number}" for number in range(1, 14)]


def test_the_changes_before_and_after_are_a_link_away(client, article):
    page = page_of(diff(client, article, 2, 3, "?view=side"))
    (previous,) = page.cssselect("a[rel=prev]")
    assert previous.get("href") == f"/articles/{article.pk}/diff/1/2/?view=side"
    assert previous.text == "← v1–v2"
    assert not page.cssselect("a[rel=next]")
    page = page_of(diff(client, article, 1, 2))
    assert page.cssselect("a[rel=next]")[0].get("href") == f"/articles/{article.pk}/diff/2/3/"
    assert not page.cssselect("a[rel=prev]")


def test_any_pair_can_be_chosen(client, article):
    (form,) = page_of(diff(client, article, 1, 3, "?view=side")).cssselect("form.compare")
    assert dict(form.form_values()) == {"a": "1", "b": "3", "view": "side"}
    assert [option.get("value") for option in form.cssselect("select[name=a] option")] == ["3", "2", "1"]


def test_a_later_version_can_be_compared_with_an_earlier_one(client, article):
    response = diff(client, article, 2, 1)
    assert "(about 5 hours earlier)" in main_words(response)
    assert "old text last seen" not in main_words(response)
    page = page_of(response)
    assert [mark.text_content() for mark in page.cssselect(".row-edited ins")] == ["[added: Four]"]
    assert len(page.cssselect(".row-removed")) == 1


def test_versions_apart_tell_no_bracket(client, article):
    words = main_words(diff(client, article, 1, 3))
    assert "(about 10 hours later)" in words
    assert "old text last seen" not in words


def test_a_version_compared_with_itself_says_so(client, article):
    response = diff(client, article, 2, 2)
    assert "This is version 2 compared with itself, so nothing differs." in main_words(response)
    assert not page_of(response).cssselect(".diff")


def test_only_the_headline_differs(client):
    article = make_article()
    make_version(article)
    make_version(article, headline="Storm closes the bridge")
    response = diff(client, article, 1, 2)
    assert "The text is the same; only the headline differs." in main_words(response)
    (summary,) = page_of(response).cssselect(".comparison > .diff-fold:not([open]) > summary")
    assert summary.text_content() == "The unchanged text (4 words)"


def test_the_same_text_again(client):
    article = make_article()
    for text in ("One.", "Two.", "One."):
        make_version(article, [text])
    assert "The text of both versions is the same." in main_words(diff(client, article, 1, 3))


def test_right_to_left_text_is_set_so(client):
    article = make_article(language="ar", direction="rtl", headline="إصابة أربعة")
    make_version(article, ["أصيب أربعة أشخاص."])
    make_version(article, ["أصيب خمسة أشخاص."])
    page = page_of(diff(client, article, 1, 2))
    assert page.cssselect('.diff[dir="rtl"][lang="ar"]')
    assert page.cssselect('h1 bdi[dir="rtl"][lang="ar"]')


def test_as_many_queries_for_late_versions_as_for_early_ones(client, django_assert_num_queries):
    article = make_article()
    for number in range(16):
        make_version(article, [f"Text {number}."], seen=MORNING + timedelta(minutes=number))
    for a, b in ((2, 3), (15, 16)):
        with django_assert_num_queries(5):
            assert diff(client, article, a, b).status_code == 200
