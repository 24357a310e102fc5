"""What of a fetched page is read in the reader: its story, and whether it asks not to be archived. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from articles.extract import Rules, Story, decode, extract, teasers
from articles.fetch import looks_like_article

_US = "newsdiffs"
_META = re.compile(r"<meta\b[^<>]{1,1000}>", re.IGNORECASE)
_FOR_US = re.compile(rf"""\bname\s*=\s*["']?(?:robots|{_US})\b""", re.IGNORECASE)
# "none" asks for all there is to ask; that of "max-image-preview:none" is a value.
_NOARCHIVE = re.compile(r"""\bnoarchive\b|(?:^|["',=])\s*none\s*(?:$|["',/>])""", re.IGNORECASE)
_HEAD = 64 * 1024
"""Characters in which the page's own wishes stand."""

_WITH_VALUE = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})
"""Directives of X-Robots-Tag that have a value behind a colon; any other word before one names a robot."""


_STORIES_OF_A_LIST = 5
"""Links to stories that stand among the paragraphs of a list at least; stories have some too."""


@dataclass(frozen=True)
class Reading:
    """A page's story, or (story.problem) why there is none; whether the page asks not to be archived.

    lists_stories: whether it leads to other stories from among its paragraphs, as front and section pages do;
    looked at only where asked for.
    """

    story: Story
    noarchive: bool = False
    lists_stories: bool = False


def read(
    body: bytes, url: str, content_type: str, rules: Rules | None, is_elsewhere: bool = False
) -> Reading:
    """Read a page. To be called where a hostile page does no harm.

    is_elsewhere: whether a redirect led to it; then it may be a list of stories in place of the story.
    """
    story = extract(body, url, content_type=content_type or None, rules=rules)
    lists = is_elsewhere and _lists_stories(body, url, content_type, story)
    return Reading(story, says_noarchive(body, content_type), lists)


def _lists_stories(body: bytes, url: str, content_type: str, story: Story) -> bool:
    """Whether as many links to stories as half the paragraphs stand among them."""
    links = teasers(body, url, story.paragraphs, content_type=content_type or None)
    stories = {address for address, words in links if looks_like_article(address, words)}
    return len(stories) >= _STORIES_OF_A_LIST and 2 * len(stories) >= len(story.paragraphs)


def says_noarchive(body: bytes, content_type: str) -> bool:
    """Return whether the page asks not to be archived. To be called where a hostile page does no harm."""
    head = decode(body, content_type or None)[:_HEAD]
    return any(_FOR_US.search(tag) and _NOARCHIVE.search(tag) for tag in _META.findall(head))


def headers_say_noarchive(robots: Iterable[str]) -> bool:
    """Return whether one of a page's X-Robots-Tag headers asks not to archive it."""
    return any(_NOARCHIVE.search(directive) for header in robots for directive in _for_us(header))


def asks_no_archive(body: bytes, content_type: str, robots: Iterable[str]) -> bool:
    """Return whether a page asks not to be archived, in its head or by X-Robots-Tag headers."""
    return headers_say_noarchive(robots) or says_noarchive(body, content_type)


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
