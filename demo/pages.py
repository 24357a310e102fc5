"""The site's pages: home, sections, articles, and what stands where an article was."""

import json
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from html import escape
from string import Template

from demo.desk import Article, Edition
from demo.feeds import MOTTO, NAME
from demo.furniture import Furniture
from demo.story import HERE, SECTIONS


def home(edition: Edition, visit: int) -> str:
    """The front page: the newest story large, the others as cards."""
    furniture = Furniture(edition, visit)
    first, *others = edition.listed
    main = f"<main><h1 hidden>{NAME}</h1>{_lead(first)}{_cards(others)}</main>"
    head = f'<link rel="canonical" href="{edition.url}"><meta name="description" content="{MOTTO}">'
    return _with_furniture(furniture, NAME, head, f'<div class="page">{main}{furniture.rail()}</div>')


def section(edition: Edition, name: str, visit: int) -> str:
    """A section's page: its stories as cards."""
    furniture = Furniture(edition, visit)
    articles = [article for article in edition.listed if article.story.section == name]
    title = SECTIONS[name]
    main = f"<main><h1>{title}</h1>{_cards(articles)}</main>"
    head = f'<link rel="canonical" href="{edition.address(f"/{name}/")}">'
    page = f'<div class="page">{main}{furniture.rail()}</div>'
    return _with_furniture(furniture, f"{title} | {NAME}", head, page)


def article(edition: Edition, article: Article, visit: int) -> str:
    """An article with adverts, boxes and counters around the text and inside it."""
    furniture = Furniture(edition, visit)
    main = _article_main(
        article,
        body=furniture.among(_paragraphs(article), article),
        ago=furniture.ago(article),
        share=furniture.share(),
        after=furniture.comments(),
        rail=furniture.rail(),
    )
    return _layout(
        title=f"{article.state.headline} | {NAME}",
        head=_article_head(edition, article) + furniture.tracking(),
        main=main,
        language=article.story.language,
        direction=article.story.direction,
        strip=furniture.strip(),
        foot=furniture.cookies(),
    )


def plain_article(edition: Edition, article: Article) -> str:
    """An article and nothing else: the same bytes until it is edited."""
    return _layout(
        title=f"{article.state.headline} | {NAME}",
        head=_article_head(edition, article),
        main=_article_main(article, body="\n".join(_paragraphs(article))),
        language=article.story.language,
        direction=article.story.direction,
    )


def missing(edition: Edition, status: int) -> str:
    """What stands where nothing is: 404, or 410 for what was taken down for good."""
    title, text = {
        404: ("Page not found", "We could not find the page you asked for."),
        410: ("No longer available", "This article has been taken down and will not come back."),
    }[status]
    way_out = '<a href="/">Back to the front page</a>'
    main = f'<main class="page"><div><h1>{title}</h1><p>{text} {way_out}</p></div></main>'
    return _layout(title=f"{title} | {NAME}", head='<meta name="robots" content="noindex">', main=main)


def _with_furniture(furniture: Furniture, title: str, head: str, main: str) -> str:
    return _layout(
        title=title,
        head=head + furniture.tracking(),
        main=main,
        strip=furniture.strip(),
        foot=furniture.cookies(),
    )


def _layout(
    *,
    title: str,
    head: str,
    main: str,
    language: str = "en",
    direction: str = "ltr",
    strip: str = "",
    foot: str = "",
) -> str:
    return _template("layout").substitute(
        title=escape(title),
        head=head,
        main=main,
        language=language,
        direction=direction,
        strip=strip,
        foot=foot,
        sections="".join(f'<li><a href="/{slug}/">{name}</a></li>' for slug, name in SECTIONS.items()),
    )


def _article_main(
    article: Article, *, body: str, ago: str = "", share: str = "", after: str = "", rail: str = ""
) -> str:
    story = article.story
    return _template("article").substitute(
        language=story.language,
        direction=story.direction,
        section=story.section,
        section_name=SECTIONS[story.section],
        headline=escape(article.state.headline),
        author=escape(story.author),
        published=_time(article.published),
        slug=story.slug,
        caption=escape(story.caption),
        body=body,
        ago=ago,
        share=share,
        after=after,
        rail=rail,
    )


def _article_head(edition: Edition, article: Article) -> str:
    story, state = article.story, article.state
    address = edition.address(story.path)
    picture = edition.address(f"/pictures/{story.slug}.svg")
    properties = {
        "og:type": "article",
        "og:site_name": NAME,
        "og:title": state.headline,
        "og:description": story.summary,
        "og:url": address,
        "og:image": picture,
        "og:locale": story.language,
        "article:published_time": article.published.isoformat(),
        "article:modified_time": article.modified.isoformat(timespec="seconds"),
        "article:section": SECTIONS[story.section],
    }
    metas = "\n".join(
        f'<meta property="{name}" content="{escape(value)}">' for name, value in properties.items()
    )
    return (
        f'<link rel="canonical" href="{address}">\n'
        f'<meta name="description" content="{escape(story.summary)}">\n'
        f'<meta name="author" content="{escape(story.author)}">\n{metas}\n{_json_ld(edition, article)}\n'
    )


def _json_ld(edition: Edition, article: Article) -> str:
    story = article.story
    address = edition.address(story.path)
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": {"@type": "WebPage", "@id": address},
        "url": address,
        "headline": article.state.headline,
        "description": story.summary,
        "datePublished": article.published.isoformat(),
        "dateModified": article.modified.isoformat(timespec="seconds"),
        "inLanguage": story.language,
        "articleSection": SECTIONS[story.section],
        "image": [edition.address(f"/pictures/{story.slug}.svg")],
        "author": [{"@type": "Person", "name": story.author}],
        "publisher": {"@type": "NewsMediaOrganization", "name": NAME, "url": edition.url},
    }
    # A "<" inside the data could end the script element.
    text = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
    return f'<script type="application/ld+json">{text}</script>'


def _paragraphs(article: Article) -> list[str]:
    return [f"<p>{escape(text, quote=False)}</p>" for text in article.state.paragraphs]


def _lead(article: Article) -> str:
    story = article.story
    return (
        f'<section class="lead" lang="{story.language}">{_picture_link(article)}'
        f"<div>{_teaser(article, 'h2')}</div></section>"
    )


def _cards(articles: Sequence[Article]) -> str:
    cards = "".join(
        f'<section class="card" lang="{article.story.language}" dir="{article.story.direction}">'
        f"{_picture_link(article)}{_teaser(article, 'h3')}</section>"
        for article in articles
    )
    return f'<div class="cards">{cards}</div>'


def _picture_link(article: Article) -> str:
    source = f"/pictures/{article.story.slug}.svg"
    return f'<a href="{article.story.path}"><img src="{source}" alt="" width="1200" height="600"></a>'


def _teaser(article: Article, level: str) -> str:
    story = article.story
    return (
        f'<{level}><a href="{story.path}">{escape(article.state.headline)}</a></{level}>'
        f"<p>{escape(story.summary)}</p>"
        f'<p class="dates">{SECTIONS[story.section]} · {_time(article.published)}</p>'
    )


def _time(when: datetime) -> str:
    words = f"{when.day} {when:%B %Y, %H:%M} UTC"
    return f'<time datetime="{when.isoformat()}" lang="en" dir="ltr">{words}</time>'


@cache
def _template(name: str) -> Template:
    return Template((HERE / "html" / f"{name}.html").read_text(encoding="utf-8"))
