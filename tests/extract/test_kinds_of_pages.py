"""Shapes of pages that a story was read from in part, each with its neighbours, and what must stay out."""

import pytest

from articles.extract import Story, extract
from tests.extract.words import ENGLISH

HEAD = (
    f"<title>{ENGLISH.headline} | The Paper</title>"
    f'<meta property="og:title" content="{ENGLISH.headline}">'
    '<meta property="og:site_name" content="The Paper">'
)
TEXT = "".join(f"<p>{text}</p>" for text in ENGLISH.paragraphs)


def read(body: str, head: str = HEAD) -> Story:
    page = f"<!DOCTYPE html><html lang=en><head>{head}</head><body>{body}</body></html>"
    return extract(page.encode(), "https://paper.example/2024/03/bridge.html")


NAMES = ("chapter-oak", "chapter-elm", "chapter-ash", "chapter-fir", "chapter-yew", "chapter-box")


@pytest.mark.parametrize("tag", ["section", "div"])
@pytest.mark.parametrize("wrapper", ["<div class=wide>", "<div>", "<main>"])
def test_each_paragraph_in_a_block_of_a_name_of_its_own(tag: str, wrapper: str) -> None:
    blocks = "".join(
        f'<{tag} class="{name}"><p>{text}</p></{tag}>'
        for name, text in zip(NAMES, ENGLISH.paragraphs, strict=False)
    )
    story = read(f"<article><h1>{ENGLISH.headline}</h1>{wrapper}{blocks}</article>")
    assert story.paragraphs == ENGLISH.paragraphs


@pytest.mark.parametrize("headed", [NAMES, NAMES[1:3], NAMES[4:]], ids=["each", "two", "the last"])
def test_such_blocks_may_have_headings(headed: tuple[str, ...]) -> None:
    parts = [
        ([f"On the {name.rpartition('-')[2]}"] if name in headed else [], text, name)
        for name, text in zip(NAMES, ENGLISH.paragraphs, strict=False)
    ]
    blocks = "".join(
        f'<section class="{name}">{"".join(f"<h2>{one}</h2>" for one in heading)}<p>{text}</p></section>'
        for heading, text, name in parts
    )
    story = read(f"<article><h1>{ENGLISH.headline}</h1><div class=wide>{blocks}</div></article>")
    assert list(story.paragraphs) == [line for heading, text, _ in parts for line in (*heading, text)]


def test_such_blocks_may_hold_their_text_without_a_paragraph() -> None:
    blocks = "".join(
        f'<div class="{name}">{text}</div>' for name, text in zip(NAMES, ENGLISH.paragraphs, strict=False)
    )
    story = read(f"<article><h1>{ENGLISH.headline}</h1><div class=wide>{blocks}</div></article>")
    assert story.paragraphs == ENGLISH.paragraphs


def test_what_stands_beside_such_blocks_and_holds_something_else_stays_out() -> None:
    blocks = "".join(
        f'<section class="{name}"><p>{text}</p></section>'
        for name, text in zip(NAMES, ENGLISH.paragraphs, strict=False)
    )
    boxes = (
        "<section class=letter><p>Our letter brings you the best of the week, every Sunday at eight.</p>"
        "<form><input name=mail></form></section>"
        "<section class=next><h3><a href=/t>Tunnel to be dug</a></h3><p>Work on the tunnel begins in May, "
        "the region said.</p></section>"
        "<div class=advert><p>A holiday by the sea is nearer than you think, and so are our prices.</p></div>"
    )
    story = read(f"<article><h1>{ENGLISH.headline}</h1><div class=wide>{blocks}{boxes}</div></article>")
    assert story.paragraphs == ENGLISH.paragraphs


QUESTIONS = ("Who closed it?", "And the buses?", "When will it open?")
ANSWERS = (
    "The city did, after engineers had found cracks in two of the piers that carry the roadway.",
    "They take the road around the harbour, which is ten minutes longer in the morning and in the evening.",
    "Not before October, because the steel has to be ordered first, and the piers have to be dug out.",
)


@pytest.mark.parametrize(
    ("outer", "question", "answer", "end"),
    [
        ("<dl>", "<dt>{}</dt>", "<dd>{}</dd>", "</dl>"),
        ("<dl class=talk>", "<dt class=q>{}</dt>", "<dd class=a><p>{}</p></dd>", "</dl>"),
        ("<dl>", "<div><dt>{}</dt>", "<dd>{}</dd></div>", "</dl>"),
        ("<div class=talk>", "<p class=asked>{}</p>", "<p class=told>{}</p>", "</div>"),
        ("<div class=talk>", "<p><b>{}</b></p>", "<p>{}</p>", "</div>"),
    ],
)
def test_the_first_question_is_read_as_the_others_are(
    outer: str, question: str, answer: str, end: str
) -> None:
    pairs = "".join(
        question.format(asked) + answer.format(said) for asked, said in zip(QUESTIONS, ANSWERS, strict=True)
    )
    story = read(
        f"<article><h1>{ENGLISH.headline}</h1><div class=talk-body>{outer}{pairs}{end}</div></article>"
    )
    together = [line for pair in zip(QUESTIONS, ANSWERS, strict=True) for line in pair]
    assert list(story.paragraphs) == together


def test_one_question_to_the_reader_above_the_text_is_none_of_the_story() -> None:
    story = read(
        f"<article><h1>{ENGLISH.headline}</h1><div class=text>"
        f"<p class=ask>Seen an error?</p>{TEXT}</div></article>"
    )
    assert story.paragraphs == ENGLISH.paragraphs


def test_a_label_beside_the_first_of_several_rows_is_no_heading_of_theirs() -> None:
    rows = "".join(
        f"<div class=row>{label}<div class=texts>{''.join(f'<p>{text}</p>' for text in part)}</div></div>"
        for label, part in (
            ("<div class=edge><h4>Valley</h4></div>", ENGLISH.paragraphs[:2]),
            ("", ENGLISH.paragraphs[2:]),
        )
    )
    story = read(f"<article><h1>{ENGLISH.headline}</h1><div class=rows>{rows}</div></article>")
    assert story.paragraphs == ENGLISH.paragraphs


@pytest.mark.parametrize("top", ["header", "div"])
@pytest.mark.parametrize("entry", ["article", "section", "div"])
def test_the_first_entry_of_a_live_blog_keeps_its_heading(top: str, entry: str) -> None:
    titles = ("Bridge opens", "Fence falls", "Divers surface", "Road blocked", "Crane arrives")
    entries = "".join(
        f"<{entry} class=post><{top}><time>1{9 - at}:05</time><h3>{title}</h3></{top}>"
        f"<div class=post-text><p>{text}</p></div></{entry}>"
        for at, (title, text) in enumerate(zip(titles, ENGLISH.paragraphs, strict=False))
    )
    story = read(
        f"<main><article><h1>{ENGLISH.headline}</h1>"
        f"<div class=opener><p>{ENGLISH.headline}, and all that happens there today is told here.</p></div>"
        f"<div class=stream>{entries}</div></article></main>"
    )
    assert [title for title in titles if title in story.paragraphs] == list(titles[: len(ENGLISH.paragraphs)])


@pytest.mark.parametrize(
    "above",
    [
        "<h1>The Paper — all that moves the valley</h1>",
        '<h1 class="site-title">News for the whole of the valley</h1>',
        "<header><h1><a href=/>All that moves the valley</a></h1></header>",
        '<header><div class="brand"><h1>All that moves the valley</h1></div></header>',
    ],
)
@pytest.mark.parametrize("around", ["article", "main", "div"])
def test_the_site_s_own_heading_is_no_headline(above: str, around: str) -> None:
    body = f"{above}<{around}><h2 class=head>{ENGLISH.headline}</h2><div class=text>{TEXT}</div></{around}>"
    assert read(body).headline == ENGLISH.headline
    assert read(body, f"<title>{ENGLISH.headline} | The Paper</title>").headline == ENGLISH.headline


def test_a_rewritten_headline_above_the_main_part_stays_the_headline() -> None:
    body = (
        "<header><h1>Divers look for cracks under water</h1></header>"
        f"<main><h2>What we know so far</h2>{TEXT}<h2>Most read</h2></main>"
    )
    assert read(body).headline == "Divers look for cracks under water"


NOTE = "Clarification, 8 March: an earlier version of this story gave another year of the opening."


@pytest.mark.parametrize(
    "box",
    [
        "<div class=remark><p>{}</p></div>",
        "<section><p><em>{}</em></p></section>",
        "<div class=remark><h3>Clarification</h3><p>{}</p></div>",
        "<p>{}</p>",
    ],
)
def test_one_note_below_all_that_holds_the_story_is_read(box: str) -> None:
    story = read(
        f"<main><article><h1>{ENGLISH.headline}</h1><div class=text>{TEXT}</div></article></main>"
        + box.format(NOTE)
        + "<footer><p>Copyright 2024 The Paper. All rights reserved by us and by nobody else.</p></footer>"
    )
    assert story.paragraphs == (*ENGLISH.paragraphs, NOTE)


@pytest.mark.parametrize(
    "box",
    [
        f"<div class=remark><p>{NOTE}</p></div><div class=remark><p>{NOTE} We regret it.</p></div>",
        f"<aside><p>{NOTE}</p></aside>",
        f"<footer><p>{NOTE}</p></footer>",
        f"<article><p>{NOTE}</p></article>",
        f"<ul><li>{NOTE}</li></ul>",
        f"<div class=related><p>{NOTE}</p></div>",
        f"<div><h3><a href=/t>Tunnel to be dug</a></h3><p>{NOTE}</p></div>",
        f"<div><p>{NOTE}</p><p>The tunnel will be dug in May, the region said on Tuesday evening.</p></div>",
    ],
)
def test_notes_on_other_stories_below_all_stay_out(box: str) -> None:
    story = read(
        f"<main><article><h1>{ENGLISH.headline}</h1><div class=text>{TEXT}</div></article></main>{box}"
    )
    assert story.paragraphs == ENGLISH.paragraphs


BRIEF = "A ferry from Norvik ran onto a sandbank on Sunday. Nobody on board was hurt in it."


@pytest.mark.parametrize(
    "text",
    [
        f"<p>{BRIEF}</p>",
        "<p>A ferry from Norvik ran onto a sandbank on Sunday.</p><p>Nobody on board was hurt in it.</p>",
    ],
)
def test_a_brief_of_two_sentences_on_its_subject_is_a_story(text: str) -> None:
    story = read(f"<main><h1>Norvik ferry on a sandbank</h1><div class=text>{text}</div></main>", "")
    assert (story.problem, " ".join(story.paragraphs)) == ("", BRIEF)


@pytest.mark.parametrize(
    ("headline", "text", "head"),
    [
        (
            "Norvik ferry on a sandbank",
            "A ferry from Norvik ran onto a sandbank off the northern coast on Sunday.",
            "",
        ),
        ("Norvik ferry on a sandbank", BRIEF.removesuffix(".") + "…", ""),
        ("Tunnel to be dug in May", BRIEF, ""),
        (
            "Norvik ferry on a sandbank",
            BRIEF,
            '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "A ferry",'
            ' "isAccessibleForFree": "False"}</script>',
        ),
        ("Norvik ferry on a sandbank", BRIEF + "</p><p>Subscribe to continue reading.", ""),
    ],
)
def test_a_stub_is_no_brief(headline: str, text: str, head: str) -> None:
    assert read(f"<main><h1>{headline}</h1><div class=text><p>{text}</p></div></main>", head).problem != ""


LEAD, *AFTER_LEAD = ENGLISH.paragraphs


@pytest.mark.parametrize(
    "lead",
    [
        '<div class="box box--source"><p class="para speaks"><cite>Selm (The Paper)</cite> {}</p></div>',
        '<div class="first-part"><p class="para">{}</p></div>',
    ],
)
def test_the_first_paragraph_may_be_set_with_another_tag_in_a_box_of_its_own(lead: str) -> None:
    rest = "".join(f'<div class="para">{text}</div>' for text in AFTER_LEAD)
    story = read(
        f'<article><h1>{ENGLISH.headline}</h1><div class="text">{lead.format(LEAD)}{rest}</div></article>'
    )
    assert story.standfirst == 0
    assert story.paragraphs[0].endswith(LEAD)
    assert story.paragraphs[1:] == tuple(AFTER_LEAD)


def test_a_first_sentence_in_which_all_names_are_links_is_read() -> None:
    lead = (
        '<a href="/t/lindqvist">Ada Lindqvist</a> has closed the <a href="/t/bridge">old harbour bridge</a>.'
    )
    first, *rest = AFTER_LEAD
    text = "".join(f"<p>{one}</p>" for one in rest)
    story = read(
        f'<article><h1>{ENGLISH.headline}</h1><div class="text">'
        f'<p class="speaks">{lead}</p><p class="speaks">{first}</p>{text}</div></article>'
    )
    assert story.paragraphs == ("Ada Lindqvist has closed the old harbour bridge.", *AFTER_LEAD)


def test_a_pointer_set_as_another_paragraph_is_stays_out() -> None:
    pointer = '<p class="speaks"><a href="/b">Ten gardens worth a detour, and where they are</a></p>'
    first, *rest = ENGLISH.paragraphs
    text = "".join(f"<p>{one}</p>" for one in rest)
    story = read(
        f'<article><h1>{ENGLISH.headline}</h1><div class="text"><p class="speaks">{first}</p>'
        f"{pointer}{text}</div></article>"
    )
    assert story.paragraphs == ENGLISH.paragraphs


@pytest.mark.parametrize("separator", [":", " –", " |"])
def test_a_kicker_that_begins_the_page_s_title_is_no_subhead(separator: str) -> None:
    kicker = "After the spring inspection"
    title = f'<meta property="og:title" content="{kicker}{separator} {ENGLISH.headline}">'
    story = read(
        f"<article><h1>{ENGLISH.headline}</h1><div class=text><h2>{kicker}</h2>{TEXT}</div></article>",
        f"<title>{ENGLISH.headline}</title>{title}",
    )
    assert story.paragraphs == ENGLISH.paragraphs


BYLINE = '<p>By <a rel="author" href="/by/1">Ida Deich</a></p>'


@pytest.mark.parametrize(
    ("last", "told"),
    [
        ("<div><p>Ida Deich covers the coast for The Paper and has written 48 stories for it.</p></div>", 0),
        ("<div><p>Eva Gold covers the coast for the council and has written 48 letters to it.</p></div>", 1),
        ("<p>Ida Deich covers the coast for The Paper and has written 48 stories for it.</p>", 1),
    ],
    ids=["author", "somebody else", "no box of its own"],
)
def test_who_the_author_is_stands_below_the_text_in_a_box_of_its_own(last: str, told: int) -> None:
    story = read(f"<main><article><h1>{ENGLISH.headline}</h1>{BYLINE}{TEXT}{last}</article></main>")
    assert story.byline == "Ida Deich"
    assert len(story.paragraphs) == len(ENGLISH.paragraphs) + told


def test_a_standfirst_beside_links_for_sharing_is_read_where_the_page_describes_itself_so() -> None:
    standfirst = "After sixteen years of plans nobody says when the ferry comes"
    share = '<div class="s1"><a href="/s">Share</a> <a href="/s">Send by e-mail</a></div>'
    top = f'<h1>{ENGLISH.headline}</h1><div class="s2"><p>{standfirst}</p></div>{BYLINE}{share}'
    described = f'{HEAD}<meta property="og:description" content="{standfirst}">'
    page = f'<article><header class="h1">{top}</header><div class="text">{TEXT}</div></article>'
    assert read(page, described).paragraphs == (standfirst, *ENGLISH.paragraphs)
    dated = page.replace(standfirst, "29 June 2023, 15:04, to be read in seven minutes, or in five")
    assert read(dated, described).paragraphs == ENGLISH.paragraphs
