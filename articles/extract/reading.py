"""A page from bytes to Story."""

from dataclasses import replace

from articles.extract import body, metadata, problems
from articles.extract.blocks import Text, fold_digits
from articles.extract.decoding import decode
from articles.extract.headline import headline
from articles.extract.language import language_of
from articles.extract.page import Element, NotHTML, Page, parse
from articles.extract.rules import Rules, cut, select
from articles.extract.runs import seen_text
from articles.extract.story import NoStory, Story, TextBlock
from articles.extract.text import clean

# Grows whenever the same page may give another Story.
EXTRACTOR_VERSION = 9


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
    why = problems.not_a_page(text, content_type)
    if why.code:
        return Story(problem=why.words, no_story=why.code)
    try:
        page = parse(text, url)
    except NotHTML as error:
        return Story(problem=f"not HTML: {error}", no_story=NoStory.NOT_HTML)
    return _story(page, rules or Rules())


def _story(page: Page, rules: Rules) -> Story:
    language = metadata.language(page)
    _drop(page, rules.drop)
    title = headline(page)
    story = Story(
        headline=_first_text(page, rules.headline) or title,
        byline=_first_text(page, rules.byline) or metadata.byline(page),
        published=metadata.published(page),
        modified=metadata.modified(page),
        canonical=metadata.canonical(page),
        language=language,
    )
    kept = _kept(page, rules.keep)
    found = body.read_text(page, title, story.byline.split(", ")) if kept is None else body.all_text(kept)
    found = _cut(found, rules.drop_text)
    paragraphs = tuple(paragraph for paragraph, _ in found.paragraphs)
    why = _why_none(page, kept, found, story.headline)
    language = language_of(paragraphs, language)
    return replace(
        story,
        paragraphs=paragraphs,
        blocks=tuple(block for _, block in found.paragraphs),
        standfirst=found.standfirst,
        gated=found.gated,
        live=bool(found.entries),
        entries=found.entries,
        claims=metadata.claims(page, story.modified, story.canonical),
        language=language,
        direction=metadata.direction(page, language, paragraphs),
        problem=why.words,
        no_story=why.code,
    )


def _cut(text: Text, patterns: tuple[str, ...]) -> Text:
    """Return a text without what a source's patterns match in it; entries are told anew where it shortens."""
    if not patterns:
        return text
    kept: list[tuple[str, TextBlock]] = []
    places: list[int] = [0]  # for each paragraph found, how many are kept before it
    for paragraph, block in text.paragraphs:
        left = clean(cut(paragraph, patterns))
        if left:
            words, compared = fold_digits(left), clean(cut(block.compared, patterns))
            kept.append((left, replace(block, words=words, compared=compared)))
        places.append(len(kept))
    entries = (replace(one, start=places[one.start], end=places[one.end]) for one in text.entries)
    return replace(
        text,
        paragraphs=tuple(kept),
        standfirst=places[text.standfirst],
        entries=tuple(one for one in entries if one.start < one.end),
    )


def _why_none(page: Page, kept: list[Element] | None, found: Text, headline: str) -> problems.Why:
    if page.cut_off:
        return problems.Why(NoStory.CUT_OFF, "cut off: nesting deeper than the parser reads")
    if kept == []:
        return problems.Why(NoStory.NOTHING_KEPT, "rule: nothing on the page matches what to keep")
    why = problems.no_story(tuple(paragraph for paragraph, _ in found.paragraphs), page, headline)
    if found.is_list and why.code is NoStory.NO_TEXT:  # not where the page says that it has no such story
        return problems.Why(NoStory.LIST, "a list of stories")
    return why


def _kept(page: Page, selectors: tuple[str, ...]) -> list[Element] | None:
    """Return the outermost elements that the first fitting selector names; None when there is no selector."""
    if not selectors:
        return None
    found = next((found for selector in selectors if (found := select(page.tree, selector))), [])
    chosen = set(found)
    return [element for element in found if chosen.isdisjoint(element.iterancestors())]


def _drop(page: Page, selectors: tuple[str, ...]) -> None:
    for selector in selectors:
        for element in select(page.tree, selector):
            if element.getparent() is not None:
                element.drop_tree()


def _first_text(page: Page, selectors: tuple[str, ...]) -> str:
    for selector in selectors:
        for element in select(page.tree, selector):
            text = seen_text(element)
            if text:
                return text
    return ""
