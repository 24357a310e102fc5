"""The standfirst: what a page says of its story between the headline and the first paragraph."""

import re
from collections.abc import Sequence
from itertools import islice

from articles.extract import furniture
from articles.extract.column import Column
from articles.extract.machine_readable_text import Witness
from articles.extract.names import has_word, is_hidden
from articles.extract.runs import Place, Run, outward, weight

_HEADINGS = frozenset({"h1", "h2"})
_NAMES = """
    abstract anons bajada chapeau chapo deck dek description einleitung entradilla excerpt ingress intro
    introduction introtext lead leadtext lede midtitle perex preface sapo standfirst sommaire subdeck subhead
    subheading subheadline subline subtit subtitle summary sumario tagline teaser vorspann
"""
_WORDS = frozenset(_NAMES.split())
_ITEMS = frozenset({"description", "abstract", "alternativeHeadline"})  # of microdata
_NAMED_WITHIN = 3  # how far out such a name may stand
_NO_HINDRANCE = ("", "no sentence")  # a standfirst often has no full stop
_LINES = frozenset({"p", "h2", "h3", "h4", "div"})
_SHORTEST_LINE = 40  # weight of a line that only its place tells
_LEAST_SPACES = 5
_LEAST_LETTERS = 30  # weight of the letters alone of a line that is looked at
_SHORTEST = 50  # weight (see Run.weight); what is shorter is a section, a byline, a date
_DATED = re.compile(  # with a time of day, or a date at one end
    r"\d:\d{2}(?!\d)|\b\d{1,2}[.h時点]\s?\d{2}(?!\d)"
    r"|^\W*(?:[^\W\d]+\W{1,2}){0,2}\d{1,2}\W{1,3}(?:[^\W\d]+\W{1,2}){0,2}(?:19|20)\d\d\b"
    r"|\b\d{1,2}\W{1,3}(?:[^\W\d]+\W{1,2}){0,2}(?:19|20)\d\d\W*$"
)
_MOST = 5  # runs; more are no standfirst but a list


def find_standfirst(
    units: list[Run], first: Run, witness: Witness, column: Column, authors: Sequence[str]
) -> list[Run]:
    """Return the runs between the headline and the `first` paragraph that lead into the story.

    Two signs tell them: the page describes itself to machines in the same words, or marks them so, and what
    they stand in is named so. One is enough, of what has no full stop the name; what is named as furniture
    too needs both.
    Without either, it is the line right after the headline that says enough to be one.
    """
    end = units.index(first)
    start = next(
        (order for order, run in enumerate(units[:end]) if _is_headline(run, witness.headline)), None
    )
    if start is None:
        return []
    around = set(outward(units[start].place))
    between = [run for run in units[start + 1 : end] if not _is_about_the_story(run, authors)]
    found = [run for run in between if _leads_in(run, around, witness)]
    if not found:
        said = (run for run in between if column.against_within(run.place, around) in _NO_HINDRANCE)
        lines = (run for run in said if not _is_scrap(run) and run.text not in witness.headline)
        found = [run for run in islice(lines, 1) if _follows_the_headline(run, around)]
    return found if len(found) <= _MOST else []


def _is_about_the_story(run: Run, authors: Sequence[str]) -> bool:
    """Whether a run says who wrote the story, or when, or how long it is."""
    return furniture.is_label(run) or any(author and author in run.text for author in authors)


def _is_scrap(run: Run) -> bool:
    """Whether a line says when the story was written, or too little to lead into it: a section, a counter."""
    if not run.is_sentence and _DATED.search(run.text):
        return True
    return weight("".join(filter(str.isalpha, run.text))) < _LEAST_LETTERS


def _follows_the_headline(run: Run, around: set[Place]) -> bool:
    own = [place for place in outward(run.place) if place not in around]
    return (
        run.place.tag in _LINES
        and run.weight >= _SHORTEST_LINE
        and run.text.count(" ") >= _LEAST_SPACES * (run.weight == len(run.text))
        and run.unlinked == run.letters
        and len(own) <= _NAMED_WITHIN
        and not any(
            place.asks or place.shows or is_hidden(place.element) or furniture.is_named(place.element)
            for place in own
        )
    )


def _is_headline(run: Run, headline: str) -> bool:
    return run.place.tag in _HEADINGS and headline != "" and headline in run.text


def _leads_in(run: Run, around: set[Place], witness: Witness) -> bool:
    if (
        run.place.tag in ("li", "tr")
        or run.weight < _SHORTEST
        or 2 * run.unlinked < run.letters
        or run.text in witness.headline
    ):
        return False
    own = [place for place in outward(run.place) if place not in around]
    if any(place.asks or place.tag == "figure" or is_hidden(place.element) for place in own):
        return False
    said = witness.describes(run.text) or any(place.element.get("itemprop") in _ITEMS for place in own)
    named = any(has_word(place.names, _WORDS) for place in own[:_NAMED_WITHIN])
    if any(furniture.is_named(place.element) for place in own):
        return said and named
    return named or (said and run.is_prose)
