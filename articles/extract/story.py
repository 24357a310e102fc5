"""What a page says: the value that extraction returns."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal


class NoStory(StrEnum):
    """Why a page gives no story, as a code; `NONE` is empty and therefore false."""

    NONE = ""
    EMPTY = "empty"
    NOT_HTML = "not-html"
    CUT_OFF = "cut-off"  # nested deeper than the parser reads
    NOTHING_KEPT = "nothing-kept"  # no element fits what a rule says to keep
    WALL = "wall"
    CONSENT = "consent"
    NOT_FOUND = "not-found"  # the page says that there is no such page
    TOO_SHORT = "too-short"
    NO_TEXT = "no-text"


@dataclass(frozen=True, slots=True)
class Story:
    """A news story as its page showed it; all text is clean (see `clean`).

    `problem` is empty when there is a story. Otherwise it says in a few words why there is none; `no_story`
    says it as a code (none where the reading itself was stopped), and `paragraphs` holds whatever was found,
    for a human to look at: never to be stored as a version.
    """

    headline: str = ""
    byline: str = ""
    published: datetime | None = None  # as the page claims; aware
    modified: datetime | None = None  # as the page claims; aware. No time at which anybody saw anything
    canonical: str = ""  # absolute http(s) address, or empty
    language: str = ""  # BCP 47, lower case ("en-gb"); empty when unknown
    direction: Literal["ltr", "rtl"] = "ltr"
    paragraphs: tuple[str, ...] = ()
    problem: str = ""
    no_story: NoStory = NoStory.NONE
