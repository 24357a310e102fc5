"""What a page says: the value that extraction returns."""

from collections.abc import Sequence
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
    LIST = "list"  # the first words of several stories, each behind a link to it
    TOO_SHORT = "too-short"
    NO_TEXT = "no-text"


@dataclass(frozen=True, slots=True)
class TextBlock:
    """One paragraph of a story: where it stands, how it is set, and what in it changes by itself.

    signature   the path of tags and class names to it from what holds the story, each number in it folded to
                one digit: paragraphs that are set alike have the same one
    words       its text with each number folded to one digit: what stays when only a counter has moved
    container   the signature of the box it stands in; "" if it stands among the plain paragraphs
    in_column   whether it stands in the column of prose, not in a box of its own
    alone       whether its box holds nothing else of the story
    ticking     why it, or a part of it, changes by itself: "clock", "counter" or ""; no number within a
                sentence ever does, a death toll least of all
    compared    its text without what ticks; "" when all of it does
    table       whether it is a row of a table: text, and perhaps live figures
    counted     whether a number in it stands in an element of its own (`<span class="n">1,203</span>`): many
                looks may show that it ticks, even within a sentence
    """

    signature: str
    words: str
    container: str
    in_column: bool
    alone: bool
    ticking: Literal["", "clock", "counter"]
    compared: str
    table: bool
    counted: bool = False


@dataclass(frozen=True, slots=True)
class LiveEntry:
    """An entry of a live blog: `paragraphs[start:end]` of its story.

    id    what tells it from the others at each look: the id the page gives it, or else its time and its place
          from the oldest entry
    time  as the page writes it ("2026-03-01T10:00:00+01:00", "12:30"); "" when it has none
    """

    id: str
    time: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Claims:
    """What a page says of itself to machines, as it says it; nothing of it is believed without a second sign.

    modified    the same as `Story.modified`
    free        `isAccessibleForFree`; None when the page doesn't say
    correction  the text of JSON-LD's `correction`, or ""
    tdm_reservation, tdm_policy, robots
                what it wishes of machines, by `<meta>` of these names; "" where nothing is said
    """

    modified: datetime | None = None
    og_title: str = ""
    title: str = ""
    linked_headline: str = ""
    canonical: str = ""
    correction: str = ""
    free: bool | None = None
    tdm_reservation: str = ""
    tdm_policy: str = ""
    robots: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """A news story as its page showed it; all text is clean (see `clean`).

    `problem` is empty when there is a story. Otherwise it says in a few words why there is none; `no_story`
    says it as a code (none where the reading itself was stopped), and `paragraphs` holds whatever was found,
    for a human to look at: never to be stored as a version.
    `blocks` holds one entry for each paragraph, in the same order.
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
    blocks: tuple[TextBlock, ...] = ()
    standfirst: int = 0  # how many of the first paragraphs lead into the story
    gated: bool = False  # whether the text ends at a box that has the rest for those who pay or log in
    live: bool = False  # whether it is a live blog: entries, the newest first, that grow
    entries: tuple[LiveEntry, ...] = ()  # of a live blog, in reading order
    claims: Claims = Claims()


def compared_paragraphs(story: Story) -> tuple[str, ...]:
    """Return the paragraphs that two looks at one page are compared by: without what changes by itself.

    Stored text stays whole; this leaves out of a comparison the places that tick by evidence outside their
    sentence (an element of its own that holds a relative time, or a number and the name of a counter).
    """
    if len(story.blocks) != len(story.paragraphs):
        return story.paragraphs
    return tuple(block.compared for block in story.blocks if block.compared)


def left_out(story: Story) -> tuple[str, ...]:
    """Return the paragraphs of which something is left out when they are compared, whole."""
    return tuple(
        text for text, block in zip(story.paragraphs, story.blocks, strict=False) if block.compared != text
    )


def entry_texts(story: Story) -> Sequence[tuple[LiveEntry, tuple[str, ...]]]:
    """Return each entry of a live blog with its paragraphs."""
    return [(entry, story.paragraphs[entry.start : entry.end]) for entry in story.entries]
