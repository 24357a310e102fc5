"""How a comparison is drawn: marks, labels, anchors, folding, headlines, excerpts, feeds."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.html import fromstring
from markupsafe import Markup

from articles.diff import compare, telling
from articles.diff.html import change_count, excerpt, feed_html, inline, line, side_by_side
from tests.diff.strategies import any_article, revisions

RIVER = "The river rose by two metres overnight and flooded the lower part of the town, said the police."
COUNCIL = "Members of the council will meet on Monday to vote on the new budget for schools and roads."
BRIDGE = "Engineers have closed the old bridge to lorries after cracks were found in three of its arches."
WEATHER = "Forecasters expect heavy snow in the hills; motorists should carry blankets, food and a shovel."
HARBOUR = "A ferry that ran aground outside the harbour on Tuesday was towed free without anyone injured."

VOID = {"br"}


class Page(HTMLParser):
    """Reads drawn HTML: the text without hidden words, with and without what is removed or added."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.attributes: set[str] = set()
        self.balanced = True
        self.shown = {"ins": "", "del": "", "": ""}
        self._hidden = 0
        self.feed(html)
        self.balanced &= not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.add(tag)
        self.attributes |= set(values)
        self.ids += [values["id"] or ""] if "id" in values else []
        self.links += [values["href"] or ""] if "href" in values else []
        if tag not in VOID:
            self.open.append(tag)
        if self._hidden or (values.get("class") or "") in {"visually-hidden", "row-label"}:
            self._hidden += 1

    def handle_endtag(self, tag: str) -> None:
        self.balanced &= bool(self.open) and self.open.pop() == tag
        self._hidden = max(0, self._hidden - 1)

    def handle_data(self, data: str) -> None:
        if not self._hidden and "summary" not in self.open:
            inside = next((tag for tag in reversed(self.open) if tag in ("ins", "del")), "")
            self.shown[inside] += data


def squashed(text: str) -> str:
    return "".join(text.replace("¶", "").split())


def plain(html: Markup | None) -> str:
    return re.sub(r"<[^>]+>", "", str(html or ""))


def test_changed_words_are_marked_with_tags_and_hidden_words() -> None:
    html = inline(compare(["Four people were hurt."], ["Five people were hurt."]))
    assert html == (
        '<div class="diff diff-inline" dir="ltr"><div class="row row-edited" id="c1"><p>'
        '<del><span class="visually-hidden">[removed: </span>Four'
        '<span class="visually-hidden">]</span></del> '
        '<ins><span class="visually-hidden">[added: </span>Five<span class="visually-hidden">]</span></ins> '
        "people were hurt.</p></div></div>"
    )


def test_side_by_side_shows_each_text_on_its_side() -> None:
    html = side_by_side(compare(["Four people were hurt."], ["Five people were hurt."]))
    before, after = re.findall(r'<div class="side-(?:before|after)">(.*?)</div>', html)
    assert "Four" in before
    assert "<ins>" not in before
    assert "Five" in after
    assert "<del>" not in after


def test_texts_are_escaped() -> None:
    hostile = '<script>alert(1)</script> & "quotes" \x00'
    comparison = compare([hostile, "a b c d <i>"], [RIVER, "a b c e <i>"])
    for html in (
        inline(comparison, language='"><script>', direction='"><script>'),
        side_by_side(comparison),
        line(hostile, hostile + " x"),
        line(hostile, "other"),
        excerpt(comparison),
        feed_html(telling(comparison, most=3)),
    ):
        assert isinstance(html, Markup)
        assert "<script" not in html
        assert "<i>" not in html
        assert "\x00" not in html


@given(st.one_of(revisions(), st.tuples(any_article, any_article)))
@settings(max_examples=80)
def test_pages_are_well_formed_and_show_the_whole_of_both_texts(pair: tuple[list[str], list[str]]) -> None:
    before, after = pair
    comparison = compare(before, after)
    origins = sum(row.kind == "moved" for row in comparison.rows)
    firsts = len({"added", "removed"} & {row.kind for row in comparison.rows})
    for html in (inline(comparison), side_by_side(comparison)):
        page = Page(html)
        assert page.balanced
        assert page.tags <= {"div", "p", "span", "ins", "del", "br", "a", "details", "summary"}
        assert "style" not in page.attributes
        assert page.ids.count("c1") == bool(comparison.changes)
        assert len(set(page.ids)) == len(page.ids) == change_count(comparison) + origins + firsts
        assert {link.lstrip("#") for link in page.links} <= set(page.ids)


@given(revisions())
@settings(max_examples=80)
def test_inline_without_what_is_removed_reads_as_the_text_after(pair: tuple[list[str], list[str]]) -> None:
    before, after = pair
    page = Page(inline(compare(before, after), fold=False))
    shown = {tag: len(squashed(text)) for tag, text in page.shown.items()}
    assert shown[""] + shown["ins"] == len(squashed("".join(after)))


@given(st.one_of(revisions(), st.tuples(any_article, any_article)))
@settings(max_examples=80)
def test_where_columns_have_no_room_side_by_side_reads_as_inline(pair: tuple[list[str], list[str]]) -> None:
    comparison = compare(*pair)
    drawn: Any = fromstring(side_by_side(comparison))
    for cell in drawn.cssselect(".row > .side-before, .row:not(.row-same) > .side-after"):
        cell.drop_tree()
    plain: Any = fromstring(inline(comparison))
    assert drawn.text_content() == plain.text_content()


def test_changes_are_numbered_in_reading_order() -> None:
    comparison = compare([RIVER, COUNCIL, BRIDGE], [RIVER.replace("two", "three"), BRIDGE, HARBOUR])
    assert change_count(comparison) == 3
    ids = ["c1", "c2", "c-removed", "c3", "c-added"]
    assert Page(inline(comparison)).ids == Page(side_by_side(comparison)).ids == ids


def test_two_drawings_on_a_page_may_have_ids_of_their_own() -> None:
    comparison = compare([RIVER, COUNCIL, BRIDGE, HARBOUR], [COUNCIL, BRIDGE, HARBOUR, RIVER])
    page = Page(inline(comparison, anchor="n"))
    assert page.ids == ["n1-from", "n1"]
    assert page.links == ["#n1", "#n1-from"]


def test_unchanged_paragraphs_fold_but_for_one_either_side() -> None:
    middle = [f"Paragraph number {n} says the same as before." for n in range(14)]
    comparison = compare([RIVER, *middle, BRIDGE], [COUNCIL, *middle, HARBOUR])
    html = inline(comparison)
    assert "<summary>12 unchanged paragraphs (96 words)</summary>" in html
    assert html.index("number 0") < html.index("<details") < html.index("number 1 ")
    assert html.index("number 12") < html.index("</details>") < html.index("number 13")
    assert "<details" not in inline(comparison, fold=False)
    assert "10 unchanged paragraphs" in side_by_side(comparison, context=2)


def test_what_is_as_quickly_read_as_its_summary_is_not_folded() -> None:
    comparison = compare(
        [RIVER, "Short one.", "Short two.", "Short three."],
        [COUNCIL, *("Short one.", "Short two.", "Short three.")],
    )
    assert "<details" not in inline(comparison)


def test_a_comparison_without_changes_shows_the_text() -> None:
    html = inline(compare([RIVER] * 5, [RIVER] * 5))
    assert html.count("row-same") == 5
    assert "<details" not in html


def test_rows_say_what_happened_to_their_paragraphs() -> None:
    html = inline(compare([RIVER + " " + COUNCIL, BRIDGE], [RIVER, COUNCIL, BRIDGE, HARBOUR]))
    assert '<div class="row row-split" id="c1"><p class="row-label">Split into 2 paragraphs</p>' in html
    assert '<ins class="diff-break">' in html
    assert '<p class="row-label" id="c-added">Added paragraph</p>' in html
    html = inline(compare([RIVER, COUNCIL], [RIVER + " " + COUNCIL]))
    assert "Joined from 2 paragraphs" in html
    assert '<del class="diff-break">' in html


def test_a_stretch_of_added_paragraphs_has_one_label() -> None:
    html = inline(compare([RIVER], [RIVER, COUNCIL, BRIDGE, HARBOUR]))
    assert html.count("row-label") == 1
    assert "3 added paragraphs" in html


def test_a_moved_paragraph_and_its_old_place_link_to_each_other() -> None:
    comparison = compare([RIVER, COUNCIL, BRIDGE, HARBOUR], [COUNCIL, BRIDGE, HARBOUR, RIVER])
    for html in (inline(comparison), side_by_side(comparison)):
        assert html.index('id="c1-from"') < html.index(COUNCIL) < html.index('id="c1"')
        assert '<a href="#c1">Moved from here</a>' in html
        assert '<a href="#c1-from">from its old place</a>' in html


def test_the_old_place_comes_right_after_the_paragraph_before_it() -> None:
    html = inline(compare([RIVER, COUNCIL, BRIDGE], [COUNCIL, HARBOUR, BRIDGE, RIVER]))
    assert html.index('id="c2-from"') < html.index(COUNCIL)
    html = inline(compare([COUNCIL, RIVER, BRIDGE, WEATHER], [COUNCIL, HARBOUR, BRIDGE, WEATHER, RIVER]))
    assert html.index(COUNCIL) < html.index('id="c2-from"') < html.index(HARBOUR)


def test_language_and_direction_stand_on_the_diff_and_our_own_words_are_english() -> None:
    html = inline(compare(["قال الرئيس أمس"], ["قال الوزير أمس"]), language="ar", direction="rtl")
    assert html.startswith('<div class="diff diff-inline" lang="ar" dir="rtl">')
    assert '<span class="visually-hidden" lang="en" dir="ltr">[removed: </span>' in html


def test_words_put_in_place_of_others_do_not_run_together() -> None:
    html = inline(compare(["He was called Ann."], ["He was called Bob."]))
    assert "</del> <ins>" in html
    assert "</del><ins>" in inline(compare(["東京都知事は開く。"], ["東京都長官は開く。"]))
    ended = inline(compare(["It was the end of the story, he said."], ["It was the end of the story"]))
    assert "story<del>" in ended


def test_punctuation_put_in_stays_with_its_word() -> None:
    html = inline(compare(["Six were hurt when it fell."], ["Six were hurt, two badly, when it fell."]))
    assert "hurt<ins>" in html


def test_a_headline_half_alike_is_one_line() -> None:
    html = line("Four people hurt in storm", "Five people hurt in the storm")
    assert html.startswith('<span class="diff diff-line"><del>')
    assert "Was:" not in html


def test_a_headline_less_alike_is_shown_as_was_and_now() -> None:
    html = line("Storm hits the coast", "Four hurt as river floods town")
    assert plain(html) == "Was: Storm hits the coast Now: Four hurt as river floods town"


def test_a_new_or_lost_headline_is_simply_marked() -> None:
    assert line("", "Storm").count("<ins>") == 1
    assert line("Storm", "").count("<del>") == 1
    assert line("Storm", "Storm") == '<span class="diff diff-line">Storm</span>'


def test_the_excerpt_is_the_sentence_with_other_figures() -> None:
    before = [
        RIVER,
        "The mayor spoke. Police said 12 people were hurt in the fire. Nobody else came.",
        COUNCIL,
    ]
    after = [RIVER, "The mayor spoke. Police said 14 people were hurt in the fire. Nobody else came.", BRIDGE]
    html = excerpt(compare(before, after))
    assert re.sub(r"\[\w+: |\]", "", plain(html)) == "Police said 12 14 people were hurt in the fire. "


def test_there_is_no_excerpt_where_no_word_changed() -> None:
    assert excerpt(compare([RIVER], [RIVER])) is None
    assert excerpt(compare([RIVER, COUNCIL], [RIVER + " " + COUNCIL])) is None


@given(st.one_of(revisions(), st.tuples(any_article, any_article)), st.integers(60, 300))
@settings(max_examples=80)
def test_an_excerpt_is_short_and_shows_a_change(pair: tuple[list[str], list[str]], limit: int) -> None:
    html = excerpt(compare(*pair), limit=limit)
    if html is not None:
        page = Page(html)
        assert page.balanced
        assert page.shown["ins"] or page.shown["del"]
        assert sum(map(len, page.shown.values())) <= 2 * limit


def test_feeds_get_their_own_colours() -> None:
    before = [f"Paragraph {n} tells of {n} people and a bridge." for n in range(6)]
    after = [f"Paragraph {n} tells of {n + 20} people and a bridge." for n in range(6)]
    html = feed_html(telling(compare(before, after), most=2))
    assert html.count('<p dir="auto">') == 2
    assert '<del style="background-color:#ffdc9e' in html
    assert '<ins style="background-color:#a9d4ff' in html


def test_removed_and_added_paragraphs_face_each_other_side_by_side() -> None:
    html = side_by_side(compare([RIVER, COUNCIL, BRIDGE], [RIVER, WEATHER, HARBOUR, BRIDGE]))
    left, right = re.findall(
        r'<div class="side-(?:before|after)">((?:<div class="row.*?</div>)+)</div>', html
    )
    assert plain(left) == f"Removed paragraph[removed: {COUNCIL}]"
    assert plain(right) == f"2 added paragraphs[added: {WEATHER}][added: {HARBOUR}]"
    assert Page(html).ids == ["c1", "c-removed", "c2", "c-added", "c3"]
    assert Page(html).balanced


@pytest.mark.parametrize(
    ("before", "after", "read"),
    [
        ("Two were hurt badly at sea.", "Two were hurt, one of them at sea.", "hurt [badly], one of"),
        ("Stored in the shed, and sold.", "Stored in the shed and sold.", "shed[,] and"),
        ("Stored in the shed and sold.", "Stored in the shed, and sold.", "shed, and"),
        ("It rained badly.", "It rained.", "rained [badly]."),
        ("Four hurt.", "Five hurt.", "[Four] Five hurt."),
    ],
)
def test_one_line_with_both_texts_keeps_each_space_where_it_belongs(
    before: str, after: str, read: str
) -> None:
    drawn = re.sub(r'<span class="visually-hidden">.*?</span>', "", str(inline(compare([before], [after]))))
    drawn = drawn.replace("<del>", "[").replace("</del>", "]")
    assert read in re.sub(r"<[^>]+>", "", drawn)


def test_side_by_side_a_moved_paragraph_stands_on_either_side_where_it_stood_there() -> None:
    before, after = [RIVER, COUNCIL, BRIDGE, WEATHER], [COUNCIL, BRIDGE, WEATHER, RIVER]
    html = side_by_side(compare(before, after), fold=False)
    left, right = (
        re.findall(rf'<div class="side-{side}">(?:<p>(.*?)</p>)?</div>', html) for side in ("before", "after")
    )
    assert [plain(text) for text in left if text] == before
    assert [plain(text) for text in right if text] == after
    assert Page(html).ids == ["c1-from", "c1"]
