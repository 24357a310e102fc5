"""A page's text is found whatever stands around it, and nothing else is."""

import pickle
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.extract import Story, extract
from tests.extract.pages import news_page
from tests.extract.words import ENGLISH, GERMAN, JAPANESE, LANGUAGES, Words

URL = "https://paper.example/2024/03/bridge.html"

each_language = pytest.mark.parametrize("words", LANGUAGES, ids=lambda words: words.language)


def read(page: str) -> Story:
    return extract(page.encode(), URL)


@each_language
def test_the_story_is_read_in_every_script(words: Words) -> None:
    story = read(news_page(words))
    assert story.problem == ""
    assert story.headline == words.headline
    assert story.paragraphs == words.paragraphs
    assert story.language == words.language.lower()
    assert story.direction == ("rtl" if words.language in ("ar", "he") else "ltr")


@each_language
@given(first=st.integers(0, 10**9), second=st.integers(0, 10**9))
@settings(max_examples=25, deadline=None)
def test_furniture_never_changes_the_story(words: Words, first: int, second: int) -> None:
    assert read(news_page(words, furniture=first)) == read(news_page(words, furniture=second))


@each_language
def test_a_page_without_furniture_gives_the_same_story(words: Words) -> None:
    assert read(news_page(words, furniture=None)) == read(news_page(words, furniture=7))


def test_the_story_does_not_hang_on_linked_data() -> None:
    plain = read(news_page(ENGLISH, linked_data=False))
    assert (plain.headline, plain.paragraphs) == (ENGLISH.headline, ENGLISH.paragraphs)


@each_language
@given(
    seed=st.integers(0, 10**9), where=st.integers(0, 4), what=st.sampled_from(["delete", "insert", "change"])
)
@settings(max_examples=15, deadline=None)
def test_every_edit_is_seen(words: Words, seed: int, where: int, what: str) -> None:
    edited = list(words.paragraphs)
    if what == "delete":
        del edited[where]
    elif what == "insert":
        edited.insert(where, words.paragraphs[0] + words.paragraphs[1])
    else:
        edited[where] = edited[where].replace(edited[where][8:12], "7193", 1)
    assert read(news_page(words, paragraphs=tuple(edited), furniture=seed)).paragraphs == tuple(edited)


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("windows-1252", GERMAN),
        ("iso-8859-1", ENGLISH),
        ("shift_jis", JAPANESE),
        ("euc-jp", JAPANESE),
        ("utf-16", GERMAN),
    ],
)
def test_the_story_is_read_in_every_encoding(label: str, words: Words) -> None:
    page = news_page(words).replace('<meta charset="utf-8">', "")
    body = page.encode(label, "xmlcharrefreplace")
    story = extract(body, URL, content_type=f"text/html; charset={label}")
    assert story.paragraphs == words.paragraphs


def test_line_breaks_in_pairs_part_paragraphs() -> None:
    text = "<br><br>".join(ENGLISH.paragraphs)
    story = read(f'<h1>{ENGLISH.headline}</h1><div class="text">{text}</div><div class="nav">Home</div>')
    assert story.paragraphs == ENGLISH.paragraphs


def test_a_single_line_break_is_a_space() -> None:
    page = news_page(ENGLISH).replace("from Monday, the city", "from Monday,<br>the city")
    assert read(page).paragraphs == ENGLISH.paragraphs


def test_inline_markup_leaves_no_trace() -> None:
    page = news_page(ENGLISH).replace(
        "three", '<a href="/topic/3"><em>th</em>r<span>e</span>e</a><script>x()</script>'
    )
    assert read(page).paragraphs == ENGLISH.paragraphs


def test_broken_markup_is_read_as_browsers_do() -> None:
    page = (
        news_page(ENGLISH)
        .replace("</p>", "")
        .replace("<article", "<article </b>")
        .replace("</div>", "</div></i>")
    )
    assert read(page).paragraphs == ENGLISH.paragraphs


def test_a_story_cut_into_sections_is_read_whole() -> None:
    parts = "".join(
        f'<section class="part part-{n}"><p>{p}</p></section>' for n, p in enumerate(ENGLISH.paragraphs)
    )
    story = read(f"<article><h1>{ENGLISH.headline}</h1>{parts}</article><footer><p>Imprint</p></footer>")
    assert story.paragraphs == ENGLISH.paragraphs


def test_the_end_hidden_from_who_has_not_paid_is_read_too() -> None:
    shown = "".join(f'<p class="text">{p}</p>' for p in ENGLISH.paragraphs[:3])
    hidden = "".join(f'<p class="text">{p}</p>' for p in ENGLISH.paragraphs[3:])
    story = read(
        f'<h1>{ENGLISH.headline}</h1><div class="body">{shown}<div style="display:none">{hidden}</div></div>'
    )
    assert story.paragraphs == ENGLISH.paragraphs


def test_subheadings_lists_and_quotations_belong_to_the_story() -> None:
    first, second, third, *rest = ENGLISH.paragraphs
    body = (
        f"<p>{first}</p><h2>What was found</h2><p>{second}</p><blockquote><p>{third}</p></blockquote>"
        f"<ul><li>Ferries, every 20 minutes</li><li>The tunnel, for cyclists</li></ul>"
        + "".join(f"<p>{paragraph}</p>" for paragraph in rest)
        + '<h2>More on this</h2><ul><li><a href="/1">Another story</a></li></ul>'
    )
    story = read(f'<h1>{ENGLISH.headline}</h1><div class="body">{body}</div>')
    lists = ("Ferries, every 20 minutes", "The tunnel, for cyclists")
    assert story.paragraphs == (first, "What was found", second, third, *lists, *rest)


def test_another_story_on_the_page_is_left_out() -> None:
    other = "".join(f"<p>{paragraph}</p>" for paragraph in GERMAN.paragraphs * 2)
    page = news_page(ENGLISH).replace(
        "</main>",
        f'</main><article class="story"><h2>Other</h2><div class="story-body">{other}</div></article>',
    )
    assert read(page).paragraphs == ENGLISH.paragraphs


def test_longer_comments_are_no_story() -> None:
    comments = "".join(
        f'<div class="comment"><p>{p} I say, {n}.</p></div>' for n, p in enumerate(ENGLISH.paragraphs * 8)
    )
    page = news_page(ENGLISH).replace("</main>", f'<div class="comments">{comments}</div></main>')
    assert read(page).paragraphs == ENGLISH.paragraphs


def test_names_of_generated_classes_mean_nothing() -> None:
    page = news_page(ENGLISH)
    styled = page.replace('class="story-body"', 'class="css-1ad9x kAdVO"').replace(
        "<p>", '<p class="sc-2nav3 ad0b">'
    )
    assert read(styled).paragraphs == read(page).paragraphs


def test_a_story_is_frozen_and_travels_between_processes() -> None:
    story = read(news_page(ENGLISH))
    assert pickle.loads(pickle.dumps(story)) == story
    with pytest.raises(AttributeError):
        story.headline = "other"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("5 minutes ago", "2 hours ago"),
        ("vor 5 Minuten", "vor 2 Stunden"),
        ("il y a 5 minutes", "il y a 2 heures"),
        ("5分前", "2時間前"),
        ("منذ 5 دقائق", "منذ 20 دقيقة"),
        ("12 comments", "1,012 comments"),
        ("1.2K views", "3 views"),
        ("Last updated: 7 March 2024, 12:15", "Last updated: 7 March 2024, 13:20"),
        ("Stand: 07.03.2024, 12.15 Uhr", "Stand: 07.03.2024, 13.20 Uhr"),
        ("Advertisement", "Story continues below …"),
        ("Advertisement - continue reading below", "Διαφήμιση"),
        ("विज्ञापन", "โฆษณา"),
        ("Share this article", "Copy link"),
        ("4,979 people are reading this now", "12 readers currently viewing"),
        ('Join our <a href="/w">WhatsApp channel</a>.', 'Folgen Sie uns auf <a href="/m">Mastodon</a>.'),
    ],
)
def test_clocks_counters_and_labels_among_the_paragraphs_are_left_out(earlier: str, later: str) -> None:
    before, after = (
        news_page(ENGLISH).replace("<p>Engineers", f"<p>{said}</p><p>Engineers") for said in (earlier, later)
    )
    assert read(before).paragraphs == read(after).paragraphs == ENGLISH.paragraphs


@pytest.mark.parametrize(
    "said", ["“No.”", "He left 3 days ago.", "Er starb vor 5 Tagen.", "It was 1984, not 1985."]
)
def test_short_paragraphs_are_no_labels(said: str) -> None:
    page = news_page(ENGLISH).replace("<p>Engineers", f"<p>{said}</p><p>Engineers")
    assert said in read(page).paragraphs


def test_a_box_that_asks_for_something_is_left_out() -> None:
    box = f"<div><p>{ENGLISH.newsletter}</p><input name=mail></div>"
    page = news_page(ENGLISH).replace("<p>Engineers", f"{box}<p>Engineers")
    assert read(page).paragraphs == ENGLISH.paragraphs


def test_a_sentence_that_is_mostly_link_stays_and_a_link_to_elsewhere_goes() -> None:
    sentence = "It will be replaced by a ferry every twenty minutes."
    linked = sentence.replace(
        "replaced by a ferry every twenty minutes",
        '<a href="/f">replaced by a ferry every twenty minutes</a>',
    )
    page = news_page(ENGLISH).replace(
        "<p>Engineers", f'<p>{linked}</p><p><a href="/e">Why the ferry is late.</a></p><p>Engineers'
    )
    assert read(page).paragraphs == (ENGLISH.paragraphs[0], sentence, *ENGLISH.paragraphs[1:])


STANDFIRST = "Cracks were found in the girders; the ferries will run more often until the work is done."


DESCRIBED = f'<head><meta property="og:description" content="{STANDFIRST}">'


@pytest.mark.parametrize(
    ("marked", "head"),
    [
        (f'<p class="article-dek">{STANDFIRST}</p>', "<head>"),
        (f'<header class="head"><div class="intro"><p>{STANDFIRST}</p></div></header>', "<head>"),
        (f"<div><p>{STANDFIRST}</p></div>", DESCRIBED),
        (f'<h2 class="article-teaser">{STANDFIRST}</h2>', DESCRIBED),
        (f'<h2 class="article-teaser">{STANDFIRST[:-1]}</h2>', DESCRIBED),
    ],
)
def test_the_standfirst_is_read_before_the_first_paragraph(marked: str, head: str) -> None:
    page = news_page(ENGLISH).replace("</h1>", f"</h1>{marked}").replace("<head>", head)
    standfirst, *rest = read(page).paragraphs
    assert standfirst.rstrip(".") == STANDFIRST.rstrip(".")
    assert tuple(rest) == ENGLISH.paragraphs


def test_what_else_stands_above_the_text_is_no_standfirst() -> None:
    above = (
        '<div class="caption"><p>The old harbour bridge as a photographer saw it in the spring.</p></div>'
        '<div class="intro" hidden><p>What our readers said about the harbour bridge in spring.</p></div>'
        f'<div class="newsletter-intro"><p>{ENGLISH.newsletter}</p></div>'
        '<ul class="share"><li>Mail</li><li>Print</li><li>Copy</li></ul>'
    )
    page = news_page(ENGLISH).replace("</h1>", f"</h1>{above}")
    assert read(page).paragraphs == ENGLISH.paragraphs


ROWS = (("Month", "Ferries", "Passengers"), ("May", "310", "12,400"), ("June", "402", "15,020"))
TABLE = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in ROWS)

LINKED_TABLE = re.sub("<td>([^<]*)</td>", r"<td><a href=/x>\1</a></td>", TABLE)


@pytest.mark.parametrize("wrapped", ["{}", '<figure class="wp-block-table">{}</figure>'])
def test_a_table_of_figures_among_the_paragraphs_is_read_row_by_row(wrapped: str) -> None:
    table = wrapped.format(f"<table><tbody>{TABLE}</tbody></table>")
    page = news_page(ENGLISH).replace("<p>Engineers", f"{table}<p>Engineers")
    rows = tuple(" | ".join(row) for row in ROWS)
    assert read(page).paragraphs == (ENGLISH.paragraphs[0], *rows, *ENGLISH.paragraphs[1:])


@pytest.mark.parametrize(
    "table",
    [
        f"<aside class='related'><table>{TABLE}</table></aside>",
        f"<table>{LINKED_TABLE}</table>",
        "<table><tr><td>Share</td><td>HMS 12.10</td></tr></table>",
        f"<table><tr><td><table>{TABLE}</table></td></tr></table>",
    ],
)
def test_a_table_for_the_layout_or_of_links_is_left_out(table: str) -> None:
    page = news_page(ENGLISH).replace("<p>Engineers", f"{table}<p>Engineers")
    assert read(page).paragraphs == ENGLISH.paragraphs


@pytest.mark.parametrize(
    "hidden",
    [
        '<span class="visually-hidden">(opens in a new tab)</span>',
        '<span class="link__sr-only">external link</span>',
        '<span style="display: none">12 min ago</span>',
        '<em aria-hidden="true">#</em>',
        "<b hidden>44,976</b>",
    ],
)
def test_what_is_hidden_within_a_line_is_left_out(hidden: str) -> None:
    page = news_page(ENGLISH).replace("three of its", f"three{hidden} of its")
    assert read(page).paragraphs == ENGLISH.paragraphs


def test_one_paragraph_set_otherwise_among_the_others_is_read_if_it_is_a_sentence() -> None:
    page = news_page(ENGLISH).replace("<p>Engineers", '<p class="m-54Definition">Engineers')
    assert read(page).paragraphs == ENGLISH.paragraphs


QUOTED = "The works will be carried out in two stages, and the pavement stays open in the first."


@pytest.mark.parametrize(
    "boxed",
    [
        f'<figure class="wp-block-pullquote"><blockquote><p>{QUOTED}</p></blockquote></figure>',
        f'<div class="shortcode"><blockquote class="shortcode-text">{QUOTED}</blockquote></div>',
        f'<div class="list-component"><ul><li>{QUOTED}</li></ul></div>',
    ],
)
def test_quotations_and_lists_in_boxes_of_their_own_belong_to_the_story(boxed: str) -> None:
    page = news_page(ENGLISH).replace("<p>Engineers", f"{boxed}<p>Engineers")
    assert read(page).paragraphs == (ENGLISH.paragraphs[0], QUOTED, *ENGLISH.paragraphs[1:])


@pytest.mark.parametrize(
    "boxed",
    [
        f'<div class="x1"><h3>Most read</h3><ul><li>{QUOTED}</li></ul></div>',
        f'<div class="x1"><h4>Read also</h4><ul><li>{QUOTED}</li><li>Ten gardens</li></ul></div>',
    ],
)
def test_lists_of_other_things_are_left_out(boxed: str) -> None:
    page = news_page(ENGLISH).replace("<p>Engineers", f"{boxed}<p>Engineers")
    assert read(page).paragraphs == ENGLISH.paragraphs


def test_the_introduction_to_a_list_of_chapters_is_read() -> None:
    first, *rest = ENGLISH.paragraphs
    chapters = "".join(f'<div class="chapter"><h3>{n}</h3><p>{p}</p></div>' for n, p in enumerate(rest))
    story = read(f'<h1>{ENGLISH.headline}</h1><div class="story"><p>{first}</p>{chapters}</div>')
    assert story.paragraphs[0] == first


def test_elements_of_a_sites_own_making_part_paragraphs_but_not_words() -> None:
    first, second, *rest = ENGLISH.paragraphs
    linked = second.replace("girders", "<x-term>girders</x-term>")
    blocks = "".join(f"<text-block>{paragraph}</text-block>" for paragraph in (first, linked, *rest))
    story = read(f"<h1>{ENGLISH.headline}</h1><app-body>{blocks}</app-body>")
    assert story.paragraphs == ENGLISH.paragraphs
    initial = f"<x-initial>{first[0]}</x-initial>{first[1:]}"
    assert read(news_page(ENGLISH).replace(first, initial)).paragraphs == ENGLISH.paragraphs
