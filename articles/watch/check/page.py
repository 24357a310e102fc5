"""A fetched page as the watch compares it: read in a child process that can be killed."""

import hashlib
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from articles.diff import key
from articles.extract import EXTRACTOR_VERSION, Rules, Story, decode, extract
from articles.fetch import IsolationError, isolated
from articles.models import Article, Boilerplate, Source, Version
from articles.models.text_storage import Text
from articles.watch.check.alterations import T, left_out, without_what_is_new
from articles.watch.check.site_name import differ_by_site, names_of_site

_US = "newsdiffs"
_META = re.compile(r"<meta\b[^<>]{1,1000}>", re.IGNORECASE)
_FOR_US = re.compile(rf"""\bname\s*=\s*["']?(?:robots|{_US})\b""", re.IGNORECASE)
# "none" asks for all there is to ask; that of "max-image-preview:none" is a value.
_NOARCHIVE = re.compile(r"""\bnoarchive\b|(?:^|["',=])\s*none\s*(?:$|["',/>])""", re.IGNORECASE)
_HEAD = 64 * 1024
"""Characters in which the page's own wishes stand."""

_WITH_VALUE = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})
"""Directives of X-Robots-Tag that have a value behind a colon; any other word before one names a robot."""

READING_SECONDS = 10.0
"""Seconds that the reading of one page may take before it is stopped."""


@dataclass(frozen=True)
class Reading:
    """A page's story, or (story.problem) why there is none; whether the page asks not to be archived."""

    story: Story
    noarchive: bool = False


def read_page(
    body: bytes, url: str, content_type: str, rules: Rules | None, *, seconds: float = READING_SECONDS
) -> Reading:
    """Read the page in a child process: a page that hangs or crashes the parser becomes a problem."""
    try:
        return isolated(_read, body, url, content_type, rules, wall=seconds, cpu=int(seconds) + 1)
    except IsolationError as problem:
        return Reading(Story(problem=f"reading the page was stopped: {problem.reason}"))


def _read(body: bytes, url: str, content_type: str, rules: Rules | None) -> Reading:
    story = extract(body, url, content_type=content_type or None, rules=rules)
    return Reading(story, says_noarchive(body, content_type))


def says_noarchive(body: bytes, content_type: str) -> bool:
    """Whether the page asks not to be archived. To be called where a hostile page does no harm."""
    head = decode(body, content_type or None)[:_HEAD]
    return any(_FOR_US.search(tag) and _NOARCHIVE.search(tag) for tag in _META.findall(head))


def headers_say_noarchive(robots: Iterable[str]) -> bool:
    """Whether one of a page's X-Robots-Tag headers asks not to archive it."""
    return any(_NOARCHIVE.search(directive) for header in robots for directive in _for_us(header))


def _for_us(header: str) -> Iterator[str]:
    """The directives of an X-Robots-Tag header that are said to all robots, or to us.

    "noindex, googlebot: noarchive, nosnippet": those behind a robot's name are said to that robot alone.
    "unavailable_after: Fri, 25 Jun 2027 15:00:00 GMT": what stands before the clock of a date is no name.
    """
    robot = ""
    for directive in header.lower().split(","):
        name, colon, rest = directive.partition(":")
        name = name.strip()
        if colon and " " not in name and name not in _WITH_VALUE:
            robot, directive = name, rest
        if robot in ("", "*", "robots", _US):
            yield directive


def text_hash(headline: str, byline: str, paragraphs: tuple[str, ...]) -> str:
    """The hash by which two texts are the same: typography, such as the kind of quotes, does not count."""
    lines = (key(headline), key(byline), *(key(paragraph) for paragraph in paragraphs))
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()


def hash_of(text: Text | Story) -> str:
    """The ``text_hash`` of a whole text."""
    return text_hash(text.headline, text.byline, text.paragraphs)


def text_of(story: Story) -> Text:
    """What of *story* is compared and stored."""
    return Text(story.headline, story.byline, story.paragraphs)


def rules_hash(rules: Rules | None, dropped: Sequence[str] = ()) -> str:
    """What tells two ways of reading a source apart, by its rules and the signatures of paragraphs dropped as
    boilerplate; '' for the general way."""
    if rules is None and not dropped:
        return ""
    rules = rules or Rules()
    hashed = {
        name: list(getattr(rules, name)) for name in ("keep", "drop", "headline", "byline", "drop_text")
    }
    if dropped:
        hashed["dropped"] = sorted(dropped)
    return hashlib.sha256(json.dumps(hashed, sort_keys=True).encode()).hexdigest()


class ReadBy(NamedTuple):
    """What a text was read by; another one may read the same page differently, which is no edit."""

    extractor_version: int
    rules_hash: str


def read_by(source: Source) -> ReadBy:
    """What pages of *source* are read by today."""
    return ReadBy(EXTRACTOR_VERSION, rules_hash(source.extraction_rules, Boilerplate.of(source).dropped))


def reads_alike(article: Article) -> bool:
    """Whether the text in force was read as it would be read today: same extractor, same rules."""
    return (article.extractor_version, article.rules_hash) == read_by(article.source)


def reads_as_stored(article: Article, latest_hash: str) -> bool:
    """Whether the latest version, of the text hash *latest_hash*, says what its page reads like today."""
    return article.text_hash == latest_hash and reads_alike(article)


def without_boilerplate(text: T, source: Source) -> T:
    """*text* without the paragraphs that were dropped for good from all texts of *source*."""
    return left_out(text, Boilerplate.of(source).dropped)


def body_hash(body: bytes) -> str:
    """SHA-256 of a page as it was fetched, in hex."""
    return hashlib.sha256(body).hexdigest()


def has_end(body: bytes) -> bool:
    """Whether the page's last tag is there."""
    return b"</html" in body[-4096:].lower()


def carried_over(story: Story, latest: Version | Text, source: Source) -> Story:
    """*story* with the headline or byline it lacks taken from *latest*: a missing one is no editor's act.

    Nor is a headline to which, or from which, the template put or took a name of the *source*'s site.
    """
    names = names_of_site(source.name, source.home_page)
    same = not story.headline or differ_by_site(story.headline, latest.headline, names)
    headline = latest.headline if same else story.headline
    return replace(story, headline=headline, byline=story.byline or latest.byline)


def reread(
    article: Article, compressed: bytes, url: str, content_type: str, latest: Version | Text
) -> Story | None:
    """The story of a stored page (*compressed* by zlib) as it is read today; None when it has none.

    latest: the text in force, from which a headline or byline that is lacking is taken.
    """
    source = article.source
    story = read_page(zlib.decompress(compressed), url, content_type, source.extraction_rules).story
    if story.problem:
        return None
    return carried_over(without_boilerplate(story, source), latest, source)


def reread_text_in_force(
    article: Article, compressed: bytes, url: str, content_type: str, latest: Text
) -> Text | None:
    """The captured page of the text in force as it is read today, without the undecided paragraphs that were
    left out of *latest* too; None when it has no story."""
    story = reread(article, compressed, url, content_type, latest)
    if story is None:
        return None
    return without_what_is_new(text_of(story), latest.paragraphs, Boilerplate.of(article.source).held)
