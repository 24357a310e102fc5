"""What stands on a page beside its story: how to tell it by its markup and by the few words it uses."""

import re
from functools import lru_cache
from itertools import pairwise

from articles.extract import messages, phrases
from articles.extract.names import ABOUT_SOMETHING_ELSE, has_word, words_of
from articles.extract.page import Element, Page
from articles.extract.runs import Run, ends_a_sentence
from articles.extract.text import clean

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_LINES = HEADINGS | {"p", "li", "dt", "dd", "td", "th", "summary", "blockquote", "button"}
_TAGS = frozenset({"nav", "footer", "aside", "form", "figcaption", "dialog", "menu", "address", "fieldset"})
_ROLE_NAMES = "navigation complementary banner contentinfo dialog alertdialog search form menu"
_ROLES = frozenset(_ROLE_NAMES.split())

# Words in class, id and data-testid that name furniture, in the languages sites are built in.
_NAMES = """
    ad ads adbox adslot adsbox adunit adcontainer adwrapper advert adverts advertisement advertising
    advertorial anzeige anzeigen dfp gpt
    werbung publicite publicidad pubblicita sponsor sponsored sponsors outbrain taboola affiliate shop
    promo promos promoted promobox promotion plug
    share sharing sharebar sharebox sharelinks sharedaddy social socials sns follow
    twitter tweet instagram tiktok bluesky mastodon threads reddit
    respond reactions
    breadcrumb breadcrumbs nav navbar navi navigation menu footer
    cookie cookies consent cmp gdpr onetrust privacy
    caption captions figcaption credit credits copyright copyrights legend
    byline bylines author authors authorbox autor autoren auteur bio biography
    tag tags taglist topics keywords schlagworte
    timestamp pubdate pagination pager print toolbar tools button buttons btn
    poll quiz survey modal popup overlay tooltip lightbox login register registration
    player playlist gallery slideshow profile writerprofile authorprofile
    infobox factbox faktenbox glossary disclaimer
    hidden invisible offscreen noprint
    image images img photo photos picture pictures video videos videoplayer jwplayer fallback media
"""
_ELSEWHERE_NAMES = """
    newsletter newsletters subscribe subscription subscriptions signup abo piano donate donation
    related relatedarticles relatedlinks similar recommended recommendation recommendations recommender
    recirc recirculation readalso readmore seealso crosslink crosslinking linkbox linklist
    teaser teasers teaserlist card cards mostread mostpopular popular trending ticker latest morenews
    sidebar carousel slider
"""
_ELSEWHERE = frozenset(_ELSEWHERE_NAMES.split())
_TALK_NAMES = "comment comments commentlist kommentar kommentare commentaires comentarios disqus"
_TALK = frozenset(_TALK_NAMES.split())
_WORDS = frozenset(_NAMES.split()) | _ELSEWHERE | _TALK
# Words that stories are built of too, or that say how a thing looks: they need another sign.
_DOUBTFUL_NAMES = """
    affiliate auteur author authors autor autoren bluesky btn button buttons caption captions card cards
    carousel copyright copyrights credit credits disclaimer fallback follow footer gallery glossary
    hidden image images img instagram intro invisible jwplayer keywords latest legend mastodon media
    menu modal noprint offscreen overlay pager pagination photo photos picture pictures player playlist
    profile plug popular popup print privacy reactions reddit register registration respond shop slider
    slideshow sns social socials survey tag tags teaser teasers threads ticker tiktok timestamp toolbar
    tools tooltip topics trending tweet twitter video videoplayer videos
"""
_NETWORKS = frozenset({"twitter", "tweet", "instagram", "tiktok", "bluesky", "mastodon", "threads", "reddit"})
_CERTAIN = _WORDS - frozenset(_DOUBTFUL_NAMES.split())
_PAIRS = frozenset(
    {
        ("most", "read"),
        ("most", "popular"),
        ("read", "also"),
        ("read", "more"),
        ("read", "next"),
        ("see", "also"),
        ("also", "read"),
        ("more", "stories"),
        ("more", "news"),
        ("more", "on"),
        ("sign", "up"),
        ("sr", "only"),
        ("visually", "hidden"),
        ("screen", "reader"),
        ("article", "meta"),
        ("post", "media"),
        ("link", "list"),
        ("link", "box"),
        ("fact", "box"),
    }
)
_TICKERS = frozenset({"ticker", "tickers", "liveticker", "newsticker", "livefeed", "newsfeed"})
_TICKER_PAIRS = frozenset({("live", "feed"), ("news", "feed"), ("live", "ticker"), ("news", "ticker")})
_GATE_NAMES = """
    paywall regwall loginwall gate gated meter metered piano premium barrier locked unlock
    subscriber subscribers
"""
_GATES = frozenset(_GATE_NAMES.split())
_STORY_NAMES = "article articlebody body content copy intro lead paragraph section story text"
_STORY_WORDS = frozenset(_STORY_NAMES.split())
_NAMING_ATTRIBUTES = frozenset({"class", "id", "data-testid", "data-component", "data-qa"})

_SEPARATOR = re.compile(r"[:|>»→：｜]")
_PROMOTED = re.compile(
    r"""^https?://(?:[\w-]+\.)*(?:(?:play\.google|apps\.apple|itunes\.apple|facebook|instagram|twitter|whatsapp
        |tiktok|linkedin|youtube|pinterest|telegram)\.com|threads\.(?:com|net)|bsky\.app|t\.me|x\.com)/
        |[/.](?:newsletters?|newsletter-\w+|abonnements?|subscribe|subscriptions?)(?:[/?.#]|$)""",
    re.IGNORECASE | re.VERBOSE,
)
# Arrows, and the pictures that point or ring: with others, as 📞 and 🔴, editors begin what they tell.
_ARROW = re.compile(r"(?:>{1,3}|[→➤➔➜►▶👉📲🔔📩📬])[\ufe0f\U0001f3fb-\U0001f3ff]?\s")
_BARE_NUMBER = re.compile(r"\d[\d.,'’\s\u202f]*[km]?", re.IGNORECASE)
_LETTER = re.compile(r"\w")
_LEAST_SPACES = 2  # in a headline, or a sentence
_SPACES = 3  # how many spaces may stand between few words
_LABEL_LENGTH = 100  # characters
_LONGEST_HEADING = 40  # of a ticker
_LONGEST_METER = 170
_LONGEST_INVITATION = 40  # letters
_LONGEST_CALL = 300  # weight, of what a gate says
# Weights (see Run.weight) of what stands outside a link that leads elsewhere
_MARKS = 3  # "(…)."
_FEW_WORDS = 15  # "See also:", whatever the language
_A_SENTENCE = 80  # as much is possible if it is set in bold, or says "read more"


def is_skip_link(run: Run) -> bool:
    """Whether a line by itself only leads to another place on the same page: "Skip this map".

    Headings, paragraphs and items of lists link to places of their page too, and are text all the same.
    """
    return run.jumps and run.place.tag not in _LINES


def is_caption(run: Run) -> bool:
    """Whether a paragraph that begins with a picture says a few words under it: no sentence, or all of it in
    italics."""
    place = run.place
    if place.tag != "p" or not place.shows or run.weight > _LONGEST_METER:
        return False
    if run.is_sentence and not run.slanted:
        return False
    element = place.element
    first = element[0] if len(element) and not (element.text or "").strip() else None
    return first is not None and first.tag != "br" and not first.text_content().strip()


def is_named(element: Element) -> bool:
    """Whether the element's tag, role or names say that it is no part of the story.

    A sign, no verdict: some sites call the story itself a "card" or its start a "teaser".
    """
    if element.tag in _TAGS:
        return True
    names = _names_of(element)
    return element.get("role") in _ROLES or (names != "" and _names_furniture(names))


def is_certainly_named(element: Element) -> bool:
    """Whether its names alone say that an element is furniture, wherever it stands."""
    return _names_any_of(_names_of(element), _CERTAIN)


def has_role(element: Element) -> bool:
    """Whether an element says by its role that it is no part of the text; "complementary" may well be."""
    role = element.get("role")
    return role in _ROLES and role != "complementary"


def is_clickable(element: Element) -> bool:
    """Whether a block is a link as a whole, without being one: a script takes readers elsewhere."""
    return (
        element.get("role") == "link"
        or any(element.get(name) for name in ("data-href", "data-url", "data-link"))
        or bool(element.get("onclick"))
    )


def counts(text: str) -> bool:
    """Whether a short text is a counter: a number and what it counts, and nothing else."""
    return phrases.COUNTER.fullmatch(text) is not None


def is_bare_number(text: str) -> bool:
    """Whether a text is a number that counts nothing it names."""
    return _BARE_NUMBER.fullmatch(text) is not None


def is_talk(element: Element) -> bool:
    """Whether the element's names say that readers' comments stand in it."""
    return _names_any(_names_of(element), _TALK)


def leads_elsewhere(element: Element) -> bool:
    """Whether the element's names say that other stories, or a newsletter, are offered in it."""
    return _names_any(_names_of(element), _ELSEWHERE)


def is_of_a_network(element: Element) -> bool:
    """Whether the only names of furniture that the element has are those of networks: a post of one."""
    names = _names_of(element)
    return _names_any(names, _NETWORKS) and not _names_any(names, _WORDS - _NETWORKS)


def promotes(element: Element) -> bool:
    """Whether each item of a list has links, and all of them lead to apps, letters or profiles."""
    items = element.findall("li")
    return bool(items) and all(
        (links := [link.get("href") or "" for link in item.iter("a")]) and all(map(leads_to_a_profile, links))
        for item in items
    )


def leads_to_a_profile(address: str) -> bool:
    """Whether an address is of an app, a letter or a profile, on a network or elsewhere."""
    return _PROMOTED.search(address) is not None


def names_story(names: str) -> bool:
    """Whether class names say that an element holds a part of the story ("intro-text", "first-section")."""
    return has_word(names, _STORY_WORDS)


def is_label(run: Run) -> bool:
    """Whether a run is a label of furniture ("Advertisement"), a stamp, a clock, a counter, a meter, or signs
    alone that part others ("* * *")."""
    text = run.text
    return len(text) < _LONGEST_METER and (
        _LETTER.search(text) is None or _is_label(text, run.place.tag in HEADINGS, run.is_sentence)
    )


@lru_cache(maxsize=8192)
def _is_label(text: str, heads: bool, is_sentence: bool) -> bool:
    if heads:
        return phrases.HEADING.fullmatch(text) is not None or phrases.LABEL.fullmatch(text) is not None
    if len(text) < _LABEL_LENGTH and (
        phrases.LABEL.fullmatch(text)
        or phrases.COUNTER.fullmatch(text)
        or phrases.STAMP.fullmatch(text)
        or (not is_sentence and phrases.CREDIT.fullmatch(text))
        or phrases.READING_TIME.fullmatch(text)
        or (text[0] == "©" and not is_sentence)
        or phrases.TIME_OF_DAY.fullmatch(text)
        or phrases.CODE.fullmatch(text)
        or phrases.CLOCK_OF_THE_TEXT.fullmatch(text)
        or (phrases.CLOCK_SENTENCE if is_sentence else phrases.CLOCK).fullmatch(text)
        or (phrases.DURATION.fullmatch(text) and phrases.LISTEN.search(text))
    ):
        return True
    return phrases.METER.fullmatch(text) is not None


def is_heading_of_furniture(run: Run) -> bool:
    """Whether a short line is the heading of a box of links, as a whole: "Read also", "Most read"."""
    return len(run.text) < _LABEL_LENGTH and phrases.HEADING.fullmatch(run.text) is not None


def heads_talk(run: Run) -> bool:
    """Whether a heading says, as a whole, that comments follow: "2 comments"."""
    return len(run.text) < _LABEL_LENGTH and phrases.TALK.fullmatch(run.text) is not None


def is_heading_of_a_ticker(run: Run) -> bool:
    """Whether a short line heads what comes in about other stories, as a whole: "Live", "Breaking news"."""
    return len(run.text) < _LONGEST_HEADING and phrases.TICKER.fullmatch(run.text) is not None


def is_named_as_a_ticker(element: Element) -> bool:
    """Whether its names alone say that what comes in about other stories stands in an element."""
    return _names_a_ticker(_names_of(element))


def is_named_as_a_gate(element: Element) -> bool:
    """Whether an element's names say that it has the rest of a text for those who pay or log in."""
    return _names_a_gate(_names_of(element))


def calls_to_read_on(run: Run) -> bool:
    """Whether a short text is said where the rest is for those who pay or log in: "Subscribe to read on"."""
    return run.weight <= _LONGEST_CALL and (
        phrases.READ_ON.search(run.text) is not None
        or messages.WALL.search(run.text) is not None
        or phrases.METER.fullmatch(run.text) is not None
    )


def is_clock(text: str) -> bool:
    """Whether a text is a relative time, "3 hours ago", and what was done then at most."""
    return phrases.CLOCK.fullmatch(text) is not None


def is_time_of_day(text: str) -> bool:
    """Whether a text is a time of day and nothing else."""
    return phrases.TIME_OF_DAY.fullmatch(text) is not None


def says_who_pays(text: str) -> bool:
    """Whether a line says, as a whole, that what follows is an advert: "Paid for by …", "Sponsored"."""
    return phrases.PAID.fullmatch(text) is not None


def ends_in_an_invitation(run: Run, page: Page) -> bool:
    """Whether a few words that are a link to the same site stand behind the last sentence of a text: "… Read
    on". The address of a place to visit, or the source of what is told, leads to another."""
    if not run.ends_in_link or run.is_sentence or 2 * run.unlinked < run.letters:
        return False
    if run.last_link > _LONGEST_INVITATION:
        return False
    return ends_a_sentence(_before_the_last_link(run)) and all(
        page.is_on_this_site(link.get("href") or "") for link in run.place.element.iter("a")
    )


def is_teaser(run: Run, page: Page) -> bool:
    """Whether a text is a link of some words to the same site, a headline, and a sentence of its own behind
    it. One that runs on from the link is none: "<a>The minister of labour</a> Ada Lindqvist met …"."""
    if not run.first_link or not run.unlinked or not run.is_sentence:
        return False
    left, at = run.first_link, 0
    while left > 0:
        left -= not run.text[at].isspace()
        at += 1
    title, rest = run.text[:at], run.text[at:].lstrip()
    if title.count(" ") < _LEAST_SPACES or not rest[:1].isupper() or rest.count(" ") < _LEAST_SPACES:
        return False
    links = run.place.element.iter("a")
    link = next((link for link in links if clean(link.text_content()) == title), None)
    return (
        link is not None
        and page.is_on_this_site(link.get("href") or "")
        and (ends_a_sentence(title) or _stands_apart(link))
    )


def _stands_apart(link: Element) -> bool:
    """Whether a line break is right behind a link, or one element that has all that follows in its line."""
    behind = link.getnext()
    if behind is None or _has_text(link.tail):
        return False
    return behind.tag == "br" or (behind.getnext() is None and not _has_text(behind.tail))


def _before_the_last_link(run: Run) -> str:
    """Return what of a text stands before the link that it ends in."""
    left, end = run.last_link, len(run.text)
    while left > 0:
        end -= 1
        left -= not run.text[end].isspace()
    return run.text[:end].rstrip()


def is_pointer(run: Run) -> bool:
    """Whether a run sends the reader elsewhere: a link to another story, with or without words before it.

    It rests on the words outside the links alone: those inside change with the story pointed to.
    """
    if run.place.tag in HEADINGS:
        return run.unlinked == 0
    if run.unlinked == run.letters:
        return False
    if run.weight <= _LONGEST_METER and _ARROW.match(run.text):
        return True
    outside = run.unlinked * run.weight / len(run.text)
    if outside <= _FEW_WORDS:
        before = run.text[: run.unlinked + _SPACES]
        return (
            outside <= _MARKS
            or run.ends_in_link
            or _SEPARATOR.search(before) is not None
            or phrases.POINTER.match(run.text) is not None
        )
    return outside <= _A_SENTENCE and (run.plain == 0 or phrases.POINTER.match(run.text) is not None)


def _has_text(text: str | None) -> bool:
    return bool(text and text.strip())


def _names_of(element: Element) -> str:
    """Return the names that an element has in its attributes."""
    if _NAMING_ATTRIBUTES.isdisjoint(element.keys()):
        return ""
    return " ".join([names for attribute, names in element.items() if attribute in _NAMING_ATTRIBUTES])


@lru_cache(maxsize=8192)
def _names_furniture(names: str) -> bool:
    return any(_is_furniture_name(name) for name in names.split() if ":" not in name)


@lru_cache(maxsize=8192)
def _names_a_gate(names: str) -> bool:
    return has_word(names, _GATES)


@lru_cache(maxsize=8192)
def _names_a_ticker(names: str) -> bool:
    return any(
        not (_TICKERS.isdisjoint(found) and _TICKER_PAIRS.isdisjoint(pairwise(found)))
        for found in map(words_of, names.split())
    )


@lru_cache(maxsize=8192)
def _names_any_of(names: str, words: frozenset[str]) -> bool:
    return any(
        _is_furniture_name(name) and not (_PAIRS.isdisjoint(pairwise(found)) and words.isdisjoint(found))
        for name in names.split()
        if ":" not in name and (found := words_of(name))
    )


@lru_cache(maxsize=8192)
def _names_any(names: str, words: frozenset[str]) -> bool:
    return any(not words.isdisjoint(words_of(name)) and _is_furniture_name(name) for name in names.split())


@lru_cache(maxsize=16384)
def _is_furniture_name(name: str) -> bool:
    words = words_of(name)
    if not words or words[0] in ABOUT_SOMETHING_ELSE:
        return False
    return not _WORDS.isdisjoint(words) or not _PAIRS.isdisjoint(pairwise(words))
