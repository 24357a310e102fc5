"""A page from bytes to Story."""

from dataclasses import replace

from articles.extract import body, metadata, problems
from articles.extract.decoding import decode
from articles.extract.headline import headline
from articles.extract.page import NotHTML, Page, parse
from articles.extract.rules import Rules, cut, select
from articles.extract.story import Story
from articles.extract.text import clean

# Grows whenever the same page may give another Story.
EXTRACTOR_VERSION = 1

_SHOWN_LIMIT = 20_000  # characters of a page looked at for the words of a wall or a "not found"


def extract(html: bytes, url: str, *, content_type: str | None = None, rules: Rules | None = None) -> Story:
    """Return the story that a page tells.

    html          the body of the answer, decompressed
    url           where it came from, after redirects; relative addresses are resolved against it
    content_type  the response header's value, if any
    rules         the source's own rules, if any

    Never fails for what stands in the page: `Story.problem` says why there is no story. Raises RuleError when
    a rule cannot be applied.
    """
    text = decode(html, content_type)
    reason = problems.not_a_page(text, content_type)
    if reason:
        return Story(problem=reason)
    try:
        page = parse(text, url)
    except NotHTML as error:
        return Story(problem=f"not HTML: {error}")
    return _story(page, rules or Rules())


def _story(page: Page, rules: Rules) -> Story:
    shown = clean(page.tree.text_content()[:_SHOWN_LIMIT])
    language = metadata.language(page)
    _drop(page, rules.drop)
    story = Story(
        headline=_first_text(page, rules.headline) or headline(page),
        byline=_first_text(page, rules.byline) or metadata.byline(page),
        published=metadata.published(page),
        modified=metadata.modified(page),
        canonical=metadata.canonical(page),
        language=language,
    )
    paragraphs = _paragraphs(page, rules)
    return replace(
        story,
        paragraphs=paragraphs,
        direction=metadata.direction(page, language, paragraphs),
        problem="cut off: nesting deeper than the parser reads"
        if page.cut_off
        else problems.no_story(paragraphs, shown),
    )


def _drop(page: Page, selectors: tuple[str, ...]) -> None:
    for selector in selectors:
        for element in select(page.tree, selector):
            if element.getparent() is not None:
                element.drop_tree()


def _first_text(page: Page, selectors: tuple[str, ...]) -> str:
    for selector in selectors:
        for element in select(page.tree, selector):
            text = clean(element.text_content())
            if text:
                return text
    return ""


def _paragraphs(page: Page, rules: Rules) -> tuple[str, ...]:
    kept = next((found for selector in rules.keep if (found := select(page.tree, selector))), None)
    found = body.paragraphs(page) if kept is None else body.all_paragraphs(kept)
    cleaned = (clean(cut(paragraph, rules.drop_text)) for paragraph in found)
    return tuple(paragraph for paragraph in cleaned if paragraph)
