"""What a page says: the value that extraction returns."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Story:
    """A news story as its page showed it; all text is clean (see `clean`).

    `problem` is empty when there is a story. Otherwise it says in a few words why there is none, and
    `paragraphs` holds whatever was found, for a human to look at: never to be stored as a version.
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
