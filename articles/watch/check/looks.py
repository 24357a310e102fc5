"""What several looks tell: what is left out of a comparison, and what is a change all the same. Pure.

Stored texts are whole. What is left out of a comparison is marked in a story's blocks (`marked`): what its
page shows to be a counter or a clock is so already, and places that were learned of a source come to it.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from rapidfuzz.distance import Indel

from articles.extract import Story, TextBlock
from articles.extract.looks import HeadlineLook, Look, PlaceKey, rests, ticking_places
from articles.models.learned_places import LearnedPlace, place_of
from articles.models.looks import Remembered, digest, look_of
from articles.models.text_storage import Text
from articles.watch.check.alterations import only
from articles.watch.check.page import compared_of, text_hash

LEAST_ALIKE_AT_PLACE = 3
"""Articles on which one place changed within one visit: what changes there is stored only when it is seen
twice."""

VISIT = timedelta(minutes=15)
"""The longest time between checks of two articles that count as one visit to their site."""

SeenTicking = tuple[str, ...]
"""The texts that were seen at a place that ticks, oldest first."""

_RESTED_BEFORE = 3  # looks at rest; the one before them shows that it had ticked until then


def marked(story: Story, places: Collection[str]) -> Story:
    """*story* with what stands at *places* (see `place_of`) marked as not compared."""
    if not places or len(story.blocks) != len(story.paragraphs):
        return story
    blocks = tuple(
        replace(block, compared="") if _stands_at(block, places) else block for block in story.blocks
    )
    return replace(story, blocks=blocks)


def _stands_at(block: TextBlock, places: Collection[str]) -> bool:
    return place_of(block.signature, None) in places or place_of(block.signature, block.words) in places


def left_out_of(story: Story) -> tuple[tuple[int, str], ...]:
    """Return the parts of *story* that are not compared: (number of a paragraph from 0, what of it is
    compared)."""
    if len(story.blocks) != len(story.paragraphs):
        return ()
    return tuple(
        (number, block.compared)
        for number, (text, block) in enumerate(zip(story.paragraphs, story.blocks, strict=False))
        if block.compared != text
    )


def only_compared(story: Story) -> Story:
    """*story* as it is compared: without what is left out, and its blocks to match."""
    if len(story.blocks) != len(story.paragraphs):
        return story
    cut = replace(
        story,
        paragraphs=tuple(block.compared for block in story.blocks),
    )
    return only(cut, [bool(block.compared) for block in story.blocks])


def as_compared(before: Text, story: Story) -> Text:
    """*before*, of which only what is compared is known, with what is left out as it stands in *story*.

    So a change shows what was compared, and a counter that has moved on stands the same on both sides.
    """
    if not left_out_of(story):
        return before
    kept = [(text, block.compared) for text, block in zip(story.paragraphs, story.blocks, strict=True)]
    after = [compared for _, compared in kept if compared]
    matched: dict[int, int] = {}  # by number among those compared: the number in `before`
    for step in Indel.opcodes(before.paragraphs, after):
        if step.tag == "equal":
            matched |= {step.dest_start + n: step.src_start + n for n in range(step.src_end - step.src_start)}
    paragraphs = list(before.paragraphs)
    inserted: dict[int, list[str]] = {}
    number, last = 0, -1
    for text, compared in kept:
        if not compared:
            inserted.setdefault(last, []).append(text)
            continue
        if number in matched:
            last = matched[number]
            paragraphs[last] = text
        number += 1
    found = list(inserted.get(-1, ()))
    for at, paragraph in enumerate(paragraphs):
        found += [paragraph, *inserted.get(at, ())]
    return replace(before, paragraphs=tuple(found))


# --- Places


def place_at(block: TextBlock) -> str:
    """The place of a paragraph, whatever its words, if it stands apart from the plain ones; else ''."""
    return place_of(block.signature, None) if not block.in_column or block.container else ""


def places_apart(*stories: Story | None) -> dict[str, str]:
    """Return by text the places of the paragraphs of *stories* that stand apart from the plain ones."""
    return {
        text: place
        for story in stories
        if story is not None
        for text, block in zip(story.paragraphs, story.blocks, strict=False)
        if (place := place_at(block))
    }


def needs_page_before(latest: Text, story: Story) -> bool:
    """Return whether the page of the text before has to be read to tell what kind of change *story* makes.

    latest: what is compared of the text in force.
    """
    if story.live or any(block.table for block in story.blocks):
        return True
    now = compared_of(story).paragraphs
    came = Counter(now) - Counter(latest.paragraphs)
    apart = places_apart(only_compared(story))
    return not came or any(text in apart for text in came)


# --- Looks


def with_look(remembered: Remembered, story: Story, at: datetime) -> Remembered:
    """Return what is remembered after one more look, at which *story* was read."""
    return remembered.with_look(look_of(story, at), headline_look(story))


def headline_look(story: Story) -> HeadlineLook:
    """A look's headline, and what tells whether the text below it is the same."""
    return HeadlineLook(story.headline, digest(text_hash("", "", compared_of(story).paragraphs)))


def newly_ticking(looks: Sequence[Look], places: Mapping[str, str]) -> dict[str, SeenTicking]:
    """The places that tick by the looks at one article and are not known yet, with what was seen there."""
    found = {}
    for key in ticking_places(looks):
        place = f"{key.signature}:{digest(key.words)}"
        if place not in places and f"{key.signature}:" not in places:
            found[place] = tuple(text for look in looks for text in look.texts(key))
    return found


def at_rest(looks: Sequence[Look], places: Mapping[str, str]) -> frozenset[str]:
    """The places known to tick that have come to rest at the last look, or changed as the claimed time
    moved: their last value makes a version."""
    if len(looks) < 2:
        return frozenset()
    ticking = _keys_at(looks[-1], places, LearnedPlace.Kind.TICKING)
    return frozenset(
        place for place, key in ticking.items() if rests(looks, key) and _has_just_moved(looks, key)
    )


def _has_just_moved(looks: Sequence[Look], key: PlaceKey) -> bool:
    """Whether the value that is seen last was another one within the looks that tell that it rests."""
    before = looks[-_RESTED_BEFORE - 1 : -1]
    return any(look.texts(key) not in ((), looks[-1].texts(key)) for look in before)


def may_come_to_rest(looks: Sequence[Look], places: Mapping[str, str]) -> bool:
    """Return whether a place known to tick has not rested yet: then even the very same page is worth a
    look."""
    if not looks:
        return False
    ticking = _keys_at(looks[-1], places, LearnedPlace.Kind.TICKING)
    recent = looks[-_RESTED_BEFORE:]
    return any(any(look.texts(key) != looks[-1].texts(key) for look in recent) for key in ticking.values())


def furniture_gone(looks: Sequence[Look], places: Mapping[str, str]) -> dict[str, tuple[PlaceKey, datetime]]:
    """Return, of what stands on many articles, what stood on this one at a look that is remembered and does
    no more, with the time of the first look without it."""
    if len(looks) < 2:
        return {}
    gone = {}
    here = _keys_at(looks[-1], places, LearnedPlace.Kind.FURNITURE)
    for look in looks[:-1]:
        for place, key in _keys_at(look, places, LearnedPlace.Kind.FURNITURE).items():
            if place not in here:
                gone[place] = key
    found = {}
    for place, key in gone.items():
        stood = max(number for number, look in enumerate(looks) if look.texts(key))
        found[place] = (key, looks[stood + 1].seen)
    return found


def _keys_at(look: Look, places: Mapping[str, str], kind: str) -> dict[str, PlaceKey]:
    if kind not in places.values():
        return {}
    named = ((f"{block.signature}:{digest(block.words)}", block.key) for block in look.blocks)
    return {place: key for place, key in named if places.get(place) == kind}
