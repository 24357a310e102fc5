"""Notes of the editors on their own text: corrections, clarifications, what was updated.

They often stand in a box of their own, above, among or below the paragraphs, and are what readers of a
page's history look for first.
"""

import re
from functools import lru_cache
from itertools import takewhile

from articles.extract import furniture
from articles.extract.layout import Layout, inside_of
from articles.extract.names import is_hidden, words_of
from articles.extract.phrases import NOTE
from articles.extract.runs import Place, Reading, Run, outward

_NAMES = """
    amendment clarification clarifications correctif correcao correccion correction corrections corrigendum
    editornote editorsnote erratum errata korrektur berichtigung rectificacion rectificatif rectification
    rettifica
"""
_WORDS = frozenset(_NAMES.split())
_EDITORS_NOTE = re.compile(
    r"(?<![a-z])(?:editor(?:s|ial)?|article|story|post|update)[-_]+note", re.IGNORECASE
)
_NAMED_WITHIN = 3  # how far out such a name may stand
_NOT_AROUND = frozenset({"article", "nav", "form", "dialog", "figure", "figcaption", "li"})
_NOT_BELOW = frozenset({"aside", "footer", "header"})  # of the page as a whole
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_SHORTEST = 25  # weight of a note that is a sentence
_MOST = 5  # notes; more are a list of them
_ASKING = re.compile("[?？؟]")  # "Seen an error? Write to us."


def find_notes(reading: Reading, layout: Layout) -> set[Run]:
    """Return the notes on the story, which stand in what holds its headline and its text.

    Their own words tell them ("Correction: …"), or the name of what they stand in.
    """
    likely = [run for run in reading.runs if _is_enough(run) and _reads_like_a_note(run)]
    if not likely:
        return set()
    places = _places_of_notes(reading, layout)
    teasers = _teasers(reading, layout)
    found = {run for run in likely if run.place in places and layout.hosts[run.place] not in teasers}
    if not found:
        found = _note_below_all(reading, layout, places)
    return found if len(found) <= _MOST else set()


def _note_below_all(reading: Reading, layout: Layout, places: set[Place]) -> set[Run]:
    """Return the note that stands alone in a box right after what holds headline and text, or after what that
    stands in. It is the only text of the page outside the story that reads like a note by its own words:
    where there are several, they are of several stories."""
    around = {*outward(layout.with_headline)}
    outside = [
        run for run in reading.runs if run.place not in places and NOTE.match(run.text) and _is_enough(run)
    ]
    if len(outside) != 1 or not _reads_like_a_note(outside[0]):
        return set()
    note = outside[0]
    boxes = list(takewhile(lambda place: place not in around, outward(note.place)))
    if not boxes or any(_keeps_out(box) or box.tag in _NOT_BELOW for box in boxes):
        return set()
    order = {place: at for at, place in enumerate(reading.places)}
    if order[boxes[-1]] < order[layout.home]:
        return set()
    in_box = inside_of(reading, {boxes[-1]})
    others = [run for run in reading.runs if run.place in in_box and run is not note]
    return set() if any(run.place.tag not in _HEADINGS or run.unlinked == 0 for run in others) else {note}


def _is_enough(run: Run) -> bool:
    return run.is_prose or (run.is_sentence and run.weight >= _SHORTEST and 2 * run.unlinked > run.letters)


def _reads_like_a_note(run: Run) -> bool:
    said = NOTE.match(run.text) is not None
    if not (said or _named(run.place)):
        return False
    return not _ASKING.search(run.text) and not furniture.is_label(run)


def _places_of_notes(reading: Reading, layout: Layout) -> set[Place]:
    """Return where notes may stand: in what holds headline and text, not with other stories or comments."""
    around = _around(reading, layout)
    places = {layout.with_headline}
    for place in reading.places:
        if place.parent in places and (place in around or not _keeps_out(place)):
            places.add(place)
    return places


def _keeps_out(place: Place) -> bool:
    return (
        place.tag in _NOT_AROUND
        or place.asks
        or is_hidden(place.element)
        or furniture.is_talk(place.element)
        or furniture.leads_elsewhere(place.element)
    )


def _around(reading: Reading, layout: Layout) -> set[Place]:
    """Return what the story, or a part of it, stands in, whatever it is called."""
    around: set[Place] = set()
    for host in {layout.hosts[run.place] for run in reading.runs if run.is_prose}:
        if host is layout.home or layout.is_host(host):
            place: Place | None = host
            while place is not None and place not in around:
                around.add(place)
                place = place.parent
    return around


def _teasers(reading: Reading, layout: Layout) -> set[Place]:
    """Return what holds a heading that is a link, and so the first words of another story."""
    return {
        layout.hosts[run.place]
        for run in reading.runs
        if run.place.tag in _HEADINGS and run.unlinked == 0 and layout.hosts[run.place] is not layout.home
    }


def _named(place: Place) -> bool:
    outer: Place | None = place
    for _ in range(_NAMED_WITHIN):
        if outer is None:
            return False
        if outer.names and _names_note(outer.names):
            return True
        outer = outer.parent
    return False


@lru_cache(maxsize=8192)
def _names_note(names: str) -> bool:
    if _EDITORS_NOTE.search(names):
        return True
    return any(not _WORDS.isdisjoint(words_of(name)) for name in names.split())
