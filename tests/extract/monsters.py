"""Pages made to take long: each grows with `size`, so that a cost that grows faster than it is seen."""

import json
from collections.abc import Callable

from tests.extract.pages import news_page
from tests.extract.words import ENGLISH

Monster = Callable[[int], str]

SENTENCE = "A sentence of the story that is long enough to be one, with a comma and a full stop."
PAGE = news_page(ENGLISH)


def _inside(more: str) -> str:
    """The page with more among its paragraphs."""
    return PAGE.replace("</div></article>", f"{more}</div></article>")


def nested_divs(size: int) -> str:
    return "<div>" * min(size, 1_900) + PAGE


def nested_inline(size: int) -> str:
    return _inside(f"<p>{'<b><i>' * min(size // 2, 900)}{SENTENCE}</p>")


def nested_lists(size: int) -> str:
    return _inside("<ul><li>Point one of many" * min(size // 2, 900))


def nested_tables(size: int) -> str:
    return _inside("<table><tr><td>1</td><td>2</td></tr><tr><td>" * min(size // 5, 350))


def links(size: int) -> str:
    return _inside("".join(f'<p><a href="/{n}">Story number {n}</a></p>' for n in range(size)))


def links_in_one_paragraph(size: int) -> str:
    return _inside("<p>" + "".join(f'<a href="/{n}">{n}</a>, ' for n in range(size)) + "</p>")


def tiny_paragraphs(size: int) -> str:
    return _inside("<p>x</p>" * size)


def paragraphs(size: int) -> str:
    return _inside("".join(f"<p>{SENTENCE} {n}</p>" for n in range(size)))


def headings(size: int) -> str:
    return _inside("<h2>Heading</h2>" * size)


def headlines(size: int) -> str:
    return f"<h1>{ENGLISH.headline}</h1>" * size + PAGE


def blocks_above_the_text(size: int) -> str:
    return PAGE.replace("</h1>", "</h1>" + f'<div class="intro"><p>{SENTENCE}</p></div>' * size)


def line_breaks(size: int) -> str:
    return _inside("<div>" + "x<br>" * size + "</div>")


def one_long_text(size: int) -> str:
    return _inside(f"<p>{SENTENCE * size}</p>")


def text_nodes(size: int) -> str:
    return _inside("<p>" + "word<!-- -->" * size + "</p>")


def class_names(size: int) -> str:
    return _inside(f'<div class="{" ".join(f"name-{n}" for n in range(size))}"><p>{SENTENCE}</p></div>')


def long_class_name(size: int) -> str:
    return _inside(f'<div class="{"fooBar-" * size}"><p>{SENTENCE}</p></div>')


def a_class_for_each(size: int) -> str:
    return _inside(
        "".join(f'<div class="box{chr(97 + n % 26)} own-{n}x"><p>{SENTENCE}</p></div>' for n in range(size))
    )


def table_rows(size: int) -> str:
    return _inside("<table>" + "<tr><td>May</td><td>310</td></tr>" * size + "</table>")


def tables(size: int) -> str:
    return _inside("<table><tr><td>May</td><td>310</td></tr></table>" * size)


def linked_data(size: int) -> str:
    data = {
        "@graph": [{"@type": "NewsArticle", "headline": f"{n}", "articleBody": SENTENCE} for n in range(size)]
    }
    return PAGE.replace("<head>", f'<head><script type="application/ld+json">{json.dumps(data)}</script>')


def nested_linked_data(size: int) -> str:
    return PAGE.replace("<head>", f'<head><script type="application/ld+json">{"[" * size}</script>')


def trailing_commas(size: int) -> str:
    return PAGE.replace("<head>", f'<head><script type="application/ld+json">[{", " * size}</script>')


def spaces(size: int) -> str:
    return PAGE.replace("<head>", f'<head><script type="application/ld+json">{" " * size}x</script>')


def article_body(size: int) -> str:
    data = {"@type": "NewsArticle", "headline": ENGLISH.headline, "articleBody": f"{SENTENCE} " * size}
    return PAGE.replace("<head>", f'<head><script type="application/ld+json">{json.dumps(data)}</script>')


def metas(size: int) -> str:
    return PAGE.replace(
        "<head>", "<head>" + "".join(f'<meta name="n{n}" content="{SENTENCE}">' for n in range(size))
    )


def dates(size: int) -> str:
    return PAGE.replace("</h1>", "</h1>" + "<time datetime='nonsense 2024'>now</time>" * size)


def nearly_a_clock(size: int) -> str:
    return _inside(f"<p>{'1 ' * 40}</p><p>{'vor 1 ' * 15}</p><p>{'(' * 90}</p>" * (size // 3))


def scripts(size: int) -> str:
    return _inside(f"<script>x()</script><style>y{{}}</style><p>{SENTENCE}</p>" * size)


def data_of_a_script(size: int) -> str:
    data: object = [{"text": SENTENCE}] * size
    for _ in range(100):
        data = [data, {"headline": ENGLISH.headline, "html": f"<p>{SENTENCE}"}]
    script = (
        f'<script type="application/json">{json.dumps({"headline": ENGLISH.headline, "data": data})}</script>'
    )
    return f"<title>{ENGLISH.headline}</title>{script}"


MONSTERS: dict[Monster, int] = {
    nested_divs: 1_900,
    nested_inline: 1_800,
    nested_lists: 1_800,
    nested_tables: 1_750,
    links: 100_000,
    links_in_one_paragraph: 100_000,
    tiny_paragraphs: 50_000,
    paragraphs: 20_000,
    headings: 50_000,
    headlines: 20_000,
    blocks_above_the_text: 10_000,
    line_breaks: 100_000,
    one_long_text: 50_000,
    text_nodes: 300_000,
    class_names: 100_000,
    long_class_name: 100_000,
    a_class_for_each: 10_000,
    table_rows: 50_000,
    tables: 20_000,
    linked_data: 20_000,
    nested_linked_data: 1_000_000,
    trailing_commas: 500_000,
    spaces: 1_000_000,
    article_body: 30_000,
    metas: 30_000,
    dates: 30_000,
    nearly_a_clock: 30_000,
    scripts: 20_000,
    data_of_a_script: 20_000,
}
"""Each with the size of about its largest page that a fetch lets through, or that the parser reads."""
