# ruff: noqa: E501  (markup stays on its line)
"""Pages as the common publishing systems make them, told by their markup alone: the words are our own.

Each shape takes the words of a language and a number that seeds the furniture, and gives a page whose story is
`words.paragraphs`.
"""

import random
from collections.abc import Callable
from html import escape

from tests.extract.words import Words

Shape = Callable[[Words, int], str]


def _page(words: Words, body: str, *, head: str = "") -> str:
    return (
        f'<!DOCTYPE html><html lang="{words.language}"><head><meta charset="utf-8">'
        f"<title>{escape(words.headline)} - The Paper</title>{head}</head><body>{body}</body></html>"
    )


def _links(words: Words, source: random.Random, count: int = 3) -> list[str]:
    teasers = source.sample(words.teasers, min(count, len(words.teasers)))
    return [f'<a href="/{source.randrange(10**6)}.html">{escape(teaser)}</a>' for teaser in teasers]


def _between(words: Words, source: random.Random, boxes: list[str], paragraphs: list[str]) -> str:
    """The paragraphs with some of the boxes between them, which and where being chance."""
    placed = list(paragraphs)
    for box in source.sample(boxes, source.randrange(1, len(boxes) + 1)):
        placed.insert(source.randrange(1, len(placed)), box)
    return "\n".join(placed)


def wordpress(words: Words, seed: int) -> str:
    source = random.Random(seed)
    links = "".join(f"<li>{link}</li>" for link in _links(words, source))
    boxes = [
        f'<div class="code-block code-block-{seed % 9}" style="margin: 8px 0"><ins class="adsbygoogle"></ins><span>{words.advert}</span></div>',
        f'<div class="wp-block-group has-background"><h4>{words.read_more}</h4><ul class="wp-block-latest-posts">{links}</ul></div>',
        f'<div class="mc4wp-form-wrap"><p>{words.newsletter}</p><form><input name="EMAIL"></form></div>',
        f'<figure class="wp-block-image size-large"><img src="/a.jpg"><figcaption class="wp-element-caption">{words.teasers[0]} (Photo: A. N.)</figcaption></figure>',
        f"<p><strong>{words.read_more}: {_links(words, source, 1)[0]}</strong></p>",
    ]
    text = _between(words, source, boxes, [f"<p>{escape(p)}</p>" for p in words.paragraphs])
    return _page(
        words,
        f'<div id="page" class="site"><header id="masthead" class="site-header"><ul id="primary-menu"><li><a href="/">Home</a></li></ul></header>'
        f'<main id="main" class="site-main"><article id="post-{seed}" class="post-{seed} post type-post status-publish hentry">'
        f'<header class="entry-header"><h1 class="entry-title">{escape(words.headline)}</h1><div class="entry-meta"><span class="byline">A. Writer</span></div></header>'
        f'<div class="entry-content">{text}<div class="sharedaddy sd-sharing-enabled"><ul><li>Facebook</li></ul></div>'
        f'<div id="jp-relatedposts" class="jp-relatedposts"><h3>{words.read_more}</h3>{links}</div></div>'
        f'<footer class="entry-footer"><span class="tags-links">{links}</span></footer></article>'
        f'<section id="comments"><ol class="comment-list"><li class="comment"><div class="comment-content"><p>{words.newsletter}</p></div></li></ol></section></main>'
        f'<aside id="secondary" class="widget-area"><section class="widget widget_recent_entries"><ul>{links}</ul></section></aside></div>',
    )


def arc(words: Words, seed: int) -> str:
    source = random.Random(seed)
    boxes = [
        f'<div class="arcad-feature-custom"><div class="c-stack" data-style-direction="vertical"><p class="ad-label">{words.advert}</p></div></div>',
        f'<div class="interstitial-link block-margin-bottom">{_links(words, source, 1)[0]}</div>',
        f'<figure class="b-article-body__image"><img src="/a.jpg"><figcaption class="c-media-item__fig-caption"><span>{words.teasers[1]}</span></figcaption></figure>',
        f'<div class="b-recirc"><h2 class="c-heading">{words.read_more}</h2>{"".join(f"<article class=c-promo>{link}</article>" for link in _links(words, source))}</div>',
    ]
    text = _between(
        words, source, boxes, [f'<p class="c-paragraph">{escape(p)}</p>' for p in words.paragraphs]
    )
    return _page(
        words,
        f'<div id="fusion-app"><header class="b-header-nav-chain"><nav><a href="/">News</a></nav></header>'
        f'<section role="main" class="b-right-rail__main" id="main"><div class="b-headline"><h1 class="b-headline">{escape(words.headline)}</h1></div>'
        f'<div class="b-byline"><span>By A. Writer</span><time>{source.randrange(24)}:00</time></div>'
        f'<article class="b-article-body article-body-wrapper">{text}</article>'
        f'<div class="b-results-list">{"".join(_links(words, source))}</div></section></div>',
    )


def drupal(words: Words, seed: int) -> str:
    source = random.Random(seed)
    boxes = [
        f'<div class="media media--type-image"><div class="field field--name-field-caption">{words.teasers[2]}</div></div>',
        f'<div class="paragraph paragraph--type--related-content"><div class="field__label">{words.read_more}</div>{"".join(_links(words, source))}</div>',
        f'<div class="block block-newsletter"><p>{words.newsletter}</p><form><input type="email"></form></div>',
    ]
    text = _between(words, source, boxes, [f"<p>{escape(p)}</p>" for p in words.paragraphs])
    return _page(
        words,
        f'<div class="dialog-off-canvas-main-canvas"><main role="main"><div class="layout-content"><div class="region region-content">'
        f'<h1 class="page-title"><span class="field field--name-title">{escape(words.headline)}</span></h1>'
        f'<article role="article" class="node node--type-article node--view-mode-full"><div class="node__content">'
        f'<div class="clearfix text-formatted field field--name-body field--type-text-with-summary field--label-hidden field__item">{text}</div>'
        f'<div class="field field--name-field-tags">{"".join(_links(words, source))}</div></div></article></div></div>'
        f'<aside class="layout-sidebar-second" role="complementary">{"".join(_links(words, source))}</aside></main></div>',
    )


def amp(words: Words, seed: int) -> str:
    source = random.Random(seed)
    boxes = [
        f'<div class="amp-ad-wrapper"><span>{words.advert}</span><amp-ad width="300" height="250"></amp-ad></div>',
        f'<amp-list src="/more.json"><div placeholder>{words.read_more}: {_links(words, source, 1)[0]}</div></amp-list>',
        f'<figure><amp-img src="/a.jpg"></amp-img><figcaption>{words.teasers[0]}</figcaption></figure>',
    ]
    text = _between(words, source, boxes, [f"<p>{escape(p)}</p>" for p in words.paragraphs])
    return _page(
        words,
        f'<header class="amp-wp-header"><a href="/">The Paper</a></header><article class="amp-wp-article"><header class="amp-wp-article-header">'
        f'<h1 class="amp-wp-title">{escape(words.headline)}</h1></header><div class="amp-wp-article-content">{text}</div>'
        f'<footer class="amp-wp-article-footer">{"".join(_links(words, source))}</footer></article>'
        f'<amp-consent id="consent"><div>{words.newsletter}</div></amp-consent>',
    )


def ghost(words: Words, seed: int) -> str:
    source = random.Random(seed)
    boxes = [
        f'<div class="kg-card kg-signup-card kg-width-regular"><h3>{words.teasers[0]}</h3><p class="kg-signup-card-subheading">{words.newsletter}</p><form><input></form></div>',
        f'<figure class="kg-card kg-bookmark-card"><a class="kg-bookmark-container" href="/b"><div class="kg-bookmark-title">{words.teasers[1]}</div><div class="kg-bookmark-description">{words.newsletter}</div></a></figure>',
        f'<div class="kg-card kg-cta-card"><div class="kg-cta-text"><p>{words.newsletter}</p></div><a class="kg-cta-button" href="/s">{words.read_more}</a></div>',
    ]
    text = _between(words, source, boxes, [f"<p>{escape(p)}</p>" for p in words.paragraphs])
    return _page(
        words,
        f'<div class="gh-viewport"><main class="gh-main"><article class="gh-article post"><header class="gh-article-header"><h1 class="gh-article-title">{escape(words.headline)}</h1></header>'
        f'<section class="gh-content gh-canvas is-body">{text}</section></article>'
        f'<section class="gh-container is-grid"><div class="gh-feed">{"".join(_links(words, source))}</div></section></main></div>',
    )


def substack(words: Words, seed: int) -> str:
    source = random.Random(seed)
    boxes = [
        f'<div class="subscription-widget-wrap-editor" data-attrs="{{}}"><div class="subscription-widget show-subscribe"><div class="preamble"><p class="cta-caption">{words.newsletter}</p></div><form><input></form></div></div>',
        f'<p class="button-wrapper" data-attrs="{{}}"><a class="button primary" href="/s"><span>{words.read_more}</span></a></p>',
        f'<div class="captioned-image-container"><figure><figcaption class="image-caption">{words.teasers[2]}</figcaption></figure></div>',
    ]
    text = _between(words, source, boxes, [f"<p>{escape(p)}</p>" for p in words.paragraphs])
    return _page(
        words,
        f'<div id="entry"><div class="main-menu"><a href="/">The Paper</a></div><article class="typography newsletter-post post"><div class="post-header"><h1 class="post-title published">{escape(words.headline)}</h1></div>'
        f'<div class="available-content"><div dir="auto" class="body markup">{text}</div></div>'
        f'<div class="post-footer"><div class="like-count">{seed % 900}</div></div></article>'
        f'<div class="comments-page"><div class="comment-content"><p>{words.newsletter}</p></div></div></div>',
    )


def blogger(words: Words, seed: int) -> str:
    source = random.Random(seed)
    text = "<br /><br />".join(escape(p) for p in words.paragraphs)
    return _page(
        words,
        f'<div class="main section" id="main"><div class="widget Blog"><div class="blog-posts hfeed"><div class="post hentry uncustomized-post-template">'
        f'<h3 class="post-title entry-title">{escape(words.headline)}</h3><div class="post-body entry-content" id="post-body-{seed}">'
        f'<div class="separator" style="clear: both"><a href="/a.jpg"><img src="/a.jpg"></a></div>{text}<div style="clear: both"></div></div>'
        f'<div class="post-footer"><span class="post-labels">{"".join(_links(words, source))}</span></div></div></div></div></div>'
        f'<div class="sidebar section"><div class="widget PopularPosts"><ul>{"".join(_links(words, source))}</ul></div></div>',
        head=f'<meta property="og:title" content="{escape(words.headline)}">',
    )


def old_paper(words: Words, seed: int) -> str:
    source = random.Random(seed)
    text = "<br>\n<br>".join(f'<font face="Arial" size="2">{escape(p)}</font>' for p in words.paragraphs)
    menu = "".join(f"<tr><td>{link}</td></tr>" for link in _links(words, source, 4))
    return _page(
        words,
        f'<table width="800"><tr><td width="150" valign="top"><table>{menu}</table></td><td valign="top"><h1>{escape(words.headline)}</h1>{text}</td>'
        f'<td width="120"><font size="1">{words.advert} {source.randrange(1000)}</font></td></tr></table>',
    )


def div_soup(words: Words, seed: int) -> str:
    source = random.Random(seed)
    name = f"css-{source.randrange(16**6):06x}"
    boxes = [
        f'<div class="css-{source.randrange(16**6):06x}"><div><span>{words.advert}</span></div></div>',
        f'<div class="css-{source.randrange(16**6):06x}"><div><a href="/n"><div><img></div><div>{words.teasers[0]}</div></a></div></div>',
    ]
    text = _between(
        words,
        source,
        boxes,
        [f'<div class="{name}"><div><span>{escape(p)}</span></div></div>' for p in words.paragraphs],
    )
    return _page(
        words,
        f'<div id="__next"><div><div><a href="/">The Paper</a></div><div><div><h1>{escape(words.headline)}</h1></div><div>{text}</div></div>'
        f"<div>{''.join(f'<div>{link}</div>' for link in _links(words, source, 4))}</div></div></div>",
    )


def text_blocks(words: Words, seed: int) -> str:
    source = random.Random(seed)
    boxes = [
        f'<div data-component="links-block" class="sc-a{seed % 10}"><ul><li>{"</li><li>".join(_links(words, source))}</li></ul></div>',
        f'<div data-component="advertisement-block">{words.advert}</div>',
        f'<figure data-component="image-block"><figcaption>{words.teasers[3]}</figcaption></figure>',
    ]
    blocks = [
        f'<div data-component="text-block" class="sc-bd"><p class="sc-eb7">{escape(p)}</p></div>'
        for p in words.paragraphs
    ]
    return _page(
        words,
        f'<main id="main-content"><article><header data-component="headline-block"><h1>{escape(words.headline)}</h1></header>'
        f'{_between(words, source, boxes, blocks)}</article><section data-component="related-internal-stories">{"".join(_links(words, source))}</section></main>',
    )


def typo3(words: Words, seed: int) -> str:
    source = random.Random(seed)
    text = "".join(f'<p class="bodytext">{escape(p)}</p>' for p in words.paragraphs)
    return _page(
        words,
        f'<div id="content"><div class="news news-single"><div class="article"><div class="header"><h1 itemprop="headline">{escape(words.headline)}</h1></div>'
        f'<div class="news-text-wrap" itemprop="articleBody">{text}</div><div class="news-backlink-wrap"><a href="/">{words.read_more}</a></div></div></div></div>'
        f'<div id="right"><div class="frame frame-default frame-type-list">{"".join(_links(words, source))}</div></div>',
    )


def live_blog(words: Words, seed: int) -> str:
    source = random.Random(seed)
    posts = "".join(
        f'<article class="live-post" id="post-{number}"><div class="live-post__time"><time>{number + 9}:{source.randrange(60):02}</time> <span>{source.randrange(2, 50)} min ago</span></div>'
        f'<div class="live-post__body"><p>{escape(p)}</p></div><div class="live-post__share"><button>Share</button></div></article>'
        for number, p in enumerate(words.paragraphs)
    )
    return _page(
        words,
        f'<main><h1>{escape(words.headline)}</h1><div class="live-blog"><div class="live-blog__posts">{posts}</div></div>'
        f'<aside class="most-read"><ol><li>{"</li><li>".join(_links(words, source))}</li></ol></aside></main>',
    )


SHAPES: tuple[Shape, ...] = (
    *(
        wordpress,
        arc,
        drupal,
        amp,
        ghost,
        substack,
        blogger,
        old_paper,
        div_soup,
        text_blocks,
        typo3,
        live_blog,
    ),
)
