"""The card of a change: what stands on it, how it is set, and the picture."""

import itertools
from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.core.cache import cache
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from articles.models import Article, Source, Version
from articles.pages import cards
from articles.pages.cards import Card, Line, drawing, fonts, setting
from articles.pages.cards.setting import Style
from tests.factories import make_article, make_source, make_version

GREEK, CYRILLIC, LATIN = "Τέσσερις τραυματίες", "Їхній міст закрили", "Łódź straße Hà Nội"
NO_FONT_HAS_IT = "\ue123\U00031000"  # a private letter and one of the latest Han letters


def card_with(*lines, language="en", direction="ltr", source="The Gazette"):
    return Card(source, "Version 1 to 2", lines, "Seen 18 July 2016", language, direction)


def picture(card):
    image = Image.open(BytesIO(cards.draw(card)))
    assert (image.format, image.size) == ("PNG", (1200, 630))
    return image.convert("RGB")


def ink(image):
    """How many points of the card's middle are not background."""
    middle = image.crop((0, 130, 1200, 550))
    return sum(count for count, colour in middle.getcolors(1 << 20) if colour != (255, 255, 255))


def has(image, colour):
    return any(found == colour for _, found in image.getcolors(1 << 20))


ADDED, REMOVED = (0xA9, 0xD4, 0xFF), (0xFF, 0xDC, 0x9E)


# --- What stands on it


@pytest.fixture
def article(db):
    article = make_article(make_source("The Gazette"), headline="Bridge closed")
    make_version(article)
    make_version(article, ["Five people were hurt."], headline="Bridge falls")
    excerpt = [["-", "Five "], ["+", "Six "], ["=", "people were hurt."]]
    make_version(article, ["Six people were hurt."], excerpt=excerpt)
    return article


def card_of(article, a, b):
    versions = {version.number: version for version in article.versions.all()}
    return cards.card_of(article, versions[a], versions[b])


def test_a_changed_headline_is_shown_as_was_and_now(article):
    assert card_of(article, 1, 2).words == (
        "The Gazette, version 1 to 2. Was: “Bridge closed” Now: “Bridge falls” "
        "Seen 18 July 2016, 09:50 UTC and 18 July 2016, 14:50 UTC."
    )


def test_else_the_headline_and_the_changed_sentence(article):
    assert "“Bridge falls” “[removed: Five] [added: Six] people were hurt.”" in card_of(article, 2, 3).words


def test_versions_apart_get_the_sentence_of_their_own_comparison(article):
    make_version(article, ["Seven people were hurt."])
    words = card_of(article, 2, 4).words
    assert "[removed: Five] [added: Seven] people were hurt." in words


def test_other_quotation_marks_are_no_edit(db):
    article = make_article(headline='Bridge "closed"')
    make_version(article)
    for _ in range(2):
        make_version(article, headline="Bridge “closed”", headline_before="", badges=[])
    for first, last in ((1, 2), (1, 3), (3, 1)):
        words = card_of(article, first, last).words
        assert "Was" not in words
        assert "Now" not in words
        assert words.count("Bridge") == 1


def test_another_reading_of_ours_is_no_edit(db):
    article = make_article(headline="Bridge closed")
    make_version(article)
    make_version(article, headline="Exclusive: Bridge closed", headline_before="", badges=[])
    words = card_of(article, 1, 2).words
    assert "“Exclusive: Bridge closed”" in words
    assert "Was" not in words


def test_a_headline_edited_together_with_another_reading_is_shown_as_it_was_read_anew(db):
    article = make_article(headline="Bridge closed")
    make_version(article)
    make_version(article, headline="Exclusive: Bridge falls", headline_before="Exclusive: Bridge closed")
    assert "Was: “Exclusive: Bridge closed” Now: “Exclusive: Bridge falls”" in card_of(article, 1, 2).words


def test_a_headline_that_was_none_is_not_shown(db):
    article = make_article(headline="")
    make_version(article)
    make_version(article, headline="Now there is one")
    assert card_of(article, 1, 2).words.count("“") == 1


# --- Letters


@pytest.mark.parametrize("text", [GREEK, CYRILLIC, LATIN, "“−…” 1,000 € ½"])
@pytest.mark.parametrize("bold", [True, False])
def test_latin_greek_and_cyrillic_need_no_font_of_the_machine(monkeypatch, text, bold):
    monkeypatch.setattr(fonts, "_FOLDERS", ())
    fonts._faces.cache_clear()
    fonts.face_for.cache_clear()
    try:
        assert fonts.drawable(text, bold=bold, language="") == text
        assert "ttf_opensans" in fonts.face_for(text.replace(" ", ""), bold=bold, language="").path
        assert fonts.drawable("橋が閉鎖", bold=bold, language="ja") is None
    finally:
        fonts._faces.cache_clear()
        fonts.face_for.cache_clear()


def test_a_sign_without_a_font_is_left_out_and_a_letter_takes_its_text_along():
    assert fonts.drawable("Storm \U0001f6a8\ufe0f now \ue123", bold=True, language="") == "Storm  now "
    assert fonts.drawable("Storm \U00031000", bold=True, language="") is None


def test_without_shaping_letters_that_join_are_not_drawn(monkeypatch):
    monkeypatch.setattr(fonts, "_joins_letters", lambda: False)
    assert fonts.drawable("إصابة", bold=True, language="ar") is None
    assert fonts.drawable("नमस्ते", bold=True, language="hi") is None
    assert fonts.drawable(GREEK, bold=True, language="el") == GREEK


# --- Setting


def style(direction="ltr", size=40):
    return Style(size, False, "", direction == "ltr")


def set_in(text, width=600, **values):
    one = style(**values)
    return setting.lines(setting.words([("=", text)], one, width), one, width), one


# What this machine has a font for, in both directions and with and without spaces between words.
LETTERS = [one for one in "abcdefgh  ij 橋が。ลาน אבג.,123" if fonts.drawable(one, bold=False, language="")]
texts = st.text(st.sampled_from(LETTERS), max_size=200)


@given(texts, st.sampled_from([80, 300, 1000]), st.sampled_from(["ltr", "rtl"]))
@settings(max_examples=60)
def test_lines_keep_every_letter_and_their_width(text, width, direction):
    lines, one = set_in(text, width, direction=direction)
    assert "".join(word.text for line in lines for word in line) == "".join(text.split())
    for line in lines:
        spots = setting.placed(line, one, width)
        assert sorted(word.text for _, word in spots) == sorted(word.text for word in line)
        for (x, word), (following, _) in itertools.pairwise(spots):
            assert x + word.width <= following + 0.01
        if len(line) > 1:
            assert spots[0][0] >= -0.01
            assert spots[-1][0] + spots[-1][1].width <= width + 0.01


def in_order_of_sight(text, direction):
    """The words of a line as they stand from left to right; whatever their font, each is 10 wide."""
    line = [setting.Word("=", word, number > 0, 10.0) for number, word in enumerate(text.split())]
    return setting.placed(line, style(direction), 2000)


def words_seen(text, direction):
    return " ".join(word.text for _, word in in_order_of_sight(text, direction))


def test_words_of_the_other_direction_keep_their_order():
    assert words_seen("one two אב גד three", "ltr") == "one two גד אב three"
    assert words_seen("אב New York Times גד", "rtl") == "גד New York Times אב"


@pytest.mark.parametrize(
    ("direction", "words", "seen"),
    [
        ("rtl", ["=אב", "-4", "+5", "=גד"], "גד 5 4 אב"),
        ("rtl", ["-New", "-York", "+Los", "+Angeles"], "Los Angeles New York"),
        ("rtl", ["=New", "+York", "=Times"], "New York Times"),
        ("ltr", ["=a", "-אב", "-גד", "+הו", "=b"], "a גד אב הו b"),
    ],
)
def test_removed_words_come_before_the_added_ones_in_the_direction_of_the_text(direction, words, seen):
    line = [setting.Word(word[0], word[1:], number > 0, 10.0) for number, word in enumerate(words)]
    spots = setting.placed(line, style(direction), 2000)
    assert " ".join(word.text for _, word in spots) == seen
    gaps = [following - x - word.width for (x, word), (following, _) in itertools.pairwise(spots)]
    assert gaps == [pytest.approx(setting.space(style(direction)))] * (len(words) - 1)


def test_spaces_stay_between_the_same_words_in_either_direction():
    for text in ("אב New York 2016 גד", "one אב גד two"):
        for direction in ("ltr", "rtl"):
            spots = in_order_of_sight(text, direction)
            gaps = [following - x - word.width for (x, word), (following, _) in itertools.pairwise(spots)]
            assert gaps == [pytest.approx(setting.space(style(direction)))] * (len(text.split()) - 1)


def test_what_does_not_fit_ends_in_an_ellipsis():
    lines, one = set_in("word " * 100)
    short = setting.shortened(lines, 2, one, 600)
    assert len(short) == 2
    assert short[-1][-1].text == "…"
    assert sum(word.width + setting.space(one) * word.spaced for word in short[-1]) <= 600


# --- The picture


def test_removed_words_are_amber_and_added_ones_blue():
    image = picture(card_with(Line("", [("=", "Police said "), ("-", "four "), ("+", "five ")])))
    assert has(image, ADDED)
    assert has(image, REMOVED)
    image = picture(card_with(Line("Now", [("+", "Five hurt")])))
    assert has(image, ADDED)
    assert not has(image, REMOVED)


@pytest.mark.parametrize("text", [GREEK, CYRILLIC, LATIN])
def test_each_script_leaves_ink(text):
    assert (
        ink(picture(card_with(Line("", [("=", text)]))))
        > ink(picture(card_with(Line("", [("=", ".")])))) + 2000
    )


def test_what_no_font_has_becomes_a_sentence_of_ours_and_never_boxes():
    lost = cards.draw(card_with(Line("Was", [("-", NO_FONT_HAS_IT)]), Line("Now", [("+", "\U00031001")])))
    note = cards.draw(card_with(Line("", [("=", str(drawing.NOT_DRAWN))])))
    assert lost == note


@pytest.mark.parametrize("name", ["\U00031000", "", "x" * 300])
def test_any_name_of_a_source_can_stand_on_it(name):
    picture(card_with(Line("", [("=", "Bridge")]), source=name))


def test_both_times_stand_whole_beside_our_name(monkeypatch):
    september = datetime(2026, 9, 30, 18, 20, tzinfo=UTC)
    article = Article(source=Source(name="The Gazette"), headline="Bridge")
    before, after = (
        Version(article=article, number=n, headline=f"Bridge {n}", seen=september) for n in (1, 2)
    )
    drawn = []
    write = drawing._write

    def noting(pen, left, top, spots, *rest):
        drawn.append(" ".join(word.text for _, word in spots))
        write(pen, left, top, spots, *rest)

    monkeypatch.setattr(drawing, "_write", noting)
    card = cards.card_of(article, before, after)
    cards.draw(card)
    assert card.times == "Seen 30 September 2026, 18:20 UTC and 30 September 2026, 18:20 UTC"
    assert card.times in drawn


def test_the_longest_words_stay_above_the_times():
    long = picture(card_with(Line("Was", [("-", "word " * 60)]), Line("Now", [("+", "x" * 300)])))
    band = long.crop((0, 545, 1200, 555))
    assert band.getcolors() == [(1200 * 10, (255, 255, 255))]


@given(
    st.text(max_size=60), st.sampled_from(["ltr", "rtl"]), st.sampled_from(["", "en", "ja", "zh-TW", "ar"])
)
@settings(max_examples=40)
def test_any_text_can_be_drawn(text, direction, language):
    line = Line("", [("=", text), ("-", text), ("+", text)])
    picture(card_with(line, direction=direction, language=language))


# --- Its address


def address(article, a=1, b=2):
    return f"/articles/{article.pk}/diff/{a}/{b}/card.png"


def test_it_is_drawn_once_and_then_kept(client, article, monkeypatch):
    cache.clear()
    first = client.get(address(article))
    assert (first.status_code, first["Content-Type"]) == (200, "image/png")
    monkeypatch.setattr("articles.pages.cards.draw", None)  # to be called no more
    again = client.get(address(article))
    assert again.content == first.content
    asked = client.get(address(article), headers={"If-None-Match": first["ETag"]})
    assert (asked.status_code, asked.content) == (304, b"")


def test_its_etag_is_that_of_what_it_shows(client, article):
    etags = {client.get(address(article, *pair))["ETag"] for pair in ((1, 2), (2, 1), (2, 3), (1, 3))}
    assert len(etags) == 4
    article.source.name = "The Gazette & Post"
    article.source.save()
    assert client.get(address(article))["ETag"] not in etags


def test_it_is_gone_with_its_article_even_where_it_was_kept(client, article):
    first = client.get(address(article))
    article.hidden = True
    article.save()
    for headers in ({}, {"If-None-Match": first["ETag"]}):
        assert client.get(address(article), headers=headers).status_code == 410
    assert "s-maxage=30" in first["Cache-Control"]


def test_unknown_versions_have_none(client, article):
    assert client.get(address(article, 1, 9)).status_code == 404
