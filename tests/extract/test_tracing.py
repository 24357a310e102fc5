"""What rules do to a page, told block by block."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.extract import Rules, extract, trace
from tests.extract.test_rules import PAGE, URL
from tests.extract.words import ENGLISH


def traced(page: str = PAGE, **rules: tuple[str, ...]):
    return trace(page.encode(), URL, content_type=None, rules=Rules(**rules))


def blocks(found):
    return {block.text: block for block in found.blocks}


def test_each_block_says_what_became_of_it():
    found = traced(keep=("#text",), drop=(".note",), headline=(".title",), byline=(".who",))
    by_text = blocks(found)
    assert by_text["First we measured."].kept
    assert by_text["Note: measured twice."].dropped == ".note"
    assert not by_text["Note: measured twice."].kept
    assert (by_text["The bridge"].use, by_text["By Ada Lindqvist"].use) == ("headline", "byline")
    assert not by_text["Elsewhere."].kept
    assert by_text["Elsewhere."].use == by_text["Elsewhere."].dropped == ""


def test_each_line_says_how_often_it_fits():
    found = traced(
        keep=("#text", ".gone"),
        drop=(".note", ".nothing"),
        drop_text=(r"\bmeasured\b", "^We never said this$"),
    )
    assert found.matches == {
        "keep": (1, 0),
        "drop": (1, 0),
        "headline": (),
        "byline": (),
        "drop_text": (1, 0),
    }


def test_a_block_is_named_as_a_selector_would_name_it():
    page = f"<div id=text class='story 2col wide'><p class=lead>{ENGLISH.paragraphs[0]}</p></div>"
    (block,) = traced(page, keep=("#text",)).blocks
    assert block.where == "div#text.story.wide > p.lead"
    assert traced(page, drop=("div#text.story.wide > p.lead",)).matches["drop"] == (1,)


def test_a_text_that_stands_twice_is_kept_as_often_as_the_story_has_it():
    said = ENGLISH.paragraphs[0]
    page = f"<div id=text><p>{said}</p></div><div id=again><p>{said}</p></div>"
    assert [block.kept for block in traced(page, keep=("#text",)).blocks] == [True, False]


def test_what_a_pattern_cuts_to_nothing_is_not_kept():
    assert not blocks(traced(keep=("#text",), drop_text=("^Note:.*",)))["Note: measured twice."].kept


@pytest.mark.parametrize("page", ["", "   ", "\x00", "<", "no page at all"])
def test_no_page_has_no_blocks_or_plain_ones(page):
    found = traced(page, drop=("p",))
    assert found.story.problem
    assert found.matches["drop"] == (0,)


PIECES = st.sampled_from(
    ["<div class=a>", "</div>", "<p>", "</p>", "<table><tr><td>", "<br><br>", "Some words. ", "x"]
)


@given(st.lists(PIECES, max_size=40), st.sampled_from([(), ("p",), ("div",), (".a p",)]))
def test_the_story_told_is_the_one_that_is_read(pieces, drop):
    page = "".join(pieces)
    found = traced(page, drop=drop)
    assert found.story == extract(page.encode(), URL, rules=Rules(drop=drop))
    assert not any(block.kept and block.dropped for block in found.blocks)
