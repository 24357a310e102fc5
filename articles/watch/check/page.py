"""A fetched page as the watch compares it: read in a child process that can be killed."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from articles.diff import key
from articles.extract import Rules, Story, decode, extract
from articles.fetch import IsolationError, isolated
from articles.models import Source, Version
from articles.models.text_storage import Text
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


def hash_of(text: Text) -> str:
    return text_hash(text.headline, text.byline, text.paragraphs)


def rules_hash(rules: Rules | None, dropped: Sequence[str] = ()) -> str:
    """What tells two ways of reading a source apart, by its rules and the signatures of paragraphs dropped as
    furniture; '' for the general way."""
    if rules is None and not dropped:
        return ""
    rules = rules or Rules()
    told = {name: list(getattr(rules, name)) for name in ("keep", "drop", "headline", "byline", "drop_text")}
    if dropped:
        told["dropped"] = sorted(dropped)
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def body_hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def carried_over(story: Story, latest: Version, source: Source) -> Story:
    """*story* with the headline or byline it lacks taken from *latest*: a missing one is no editor's act.

    Nor is a headline to which, or from which, the template put or took a name of the *source*'s site.
    """
    names = names_of_site(source.name, source.home_page)
    same = not story.headline or differ_by_site(story.headline, latest.headline, names)
    headline = latest.headline if same else story.headline
    return replace(story, headline=headline, byline=story.byline or latest.byline)
