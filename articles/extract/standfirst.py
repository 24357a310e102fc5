"""The standfirst: what a page says of its story between the headline and the first paragraph."""

from articles.extract import furniture
from articles.extract.names import has_word, is_hidden
from articles.extract.runs import Place, Run
from articles.extract.witness import Witness

_HEADINGS = frozenset({"h1", "h2"})
_NAMES = """
    abstract anons bajada chapeau chapo deck dek description einleitung entradilla excerpt ingress intro
    introduction introtext lead leadtext lede midtitle perex preface sapo standfirst sommaire subdeck subhead
    subheading subheadline subline subtit subtitle summary sumario tagline teaser vorspann
"""
_WORDS = frozenset(_NAMES.split())
_NAMED_WITHIN = 3  # how far out such a name may stand
_SHORTEST = 50  # weight (see Run.weight); what is shorter is a section, a byline, a date
_MOST = 5  # runs; more are no standfirst but a list


def find_standfirst(units: list[Run], first: Run, witness: Witness) -> list[Run]:
    """Return the runs between the headline and the `first` paragraph that lead into the story.

    Two signs tell them: the page describes itself to machines in the same words, and what they stand in is
    named so. One is enough, of what has no full stop the name; what is named as furniture too needs both.
    """
    end = units.index(first)
    heading = next((run for run in units[:end] if _is_headline(run, witness.headline)), None)
    if heading is None:
        return []
    around = set(_outward(heading.place))
    between = units[units.index(heading) + 1 : end]
    found = [run for run in between if _leads_in(run, around, witness)]
    return found if len(found) <= _MOST else []


def _is_headline(run: Run, headline: str) -> bool:
    return run.place.tag in _HEADINGS and headline != "" and headline in run.text


def _leads_in(run: Run, around: set[Place], witness: Witness) -> bool:
    if (
        run.place.tag == "li"
        or run.weight < _SHORTEST
        or 2 * run.unlinked < run.letters
        or run.text in witness.headline
    ):
        return False
    own = [place for place in _outward(run.place) if place not in around]
    if any(place.asks or place.tag == "figure" or is_hidden(place.element) for place in own):
        return False
    said = witness.describes(run.text)
    named = any(has_word(place.names, _WORDS) for place in own[:_NAMED_WITHIN])
    if any(furniture.is_named(place.element) for place in own):
        return said and named
    return named or (said and run.is_prose)


def _outward(place: Place | None) -> list[Place]:
    """Return a place and all it stands in, innermost first."""
    found = []
    while place is not None:
        found.append(place)
        place = place.parent
    return found
