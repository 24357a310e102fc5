"""What kind of change it was: a comparison in, facts and kinds out. Pure, by rules and word lists.

    >>> [one.to_dict()["after"] for one in facts(["Four were hurt."], ["Five were hurt."], language="en")]
    ['Five']

:func:`facts` finds what a change did (``finding``): numbers, dates, quotations, names, hedges, attributions,
negations and notes, each with its words and its place. :func:`change_kinds` adds what is computed from the
whole change. :func:`weightiest` and :func:`excerpt` choose what lists show, ``disclosure`` tells whether a
correction would be due and was given, ``over_versions`` follows numbers and quotations over versions. The
rules are told in docs/facts.md; the word lists of each language are ``words/<language>.toml``.
"""

from articles.facts.disclosure import Disclosed, Disclosure, Note, correction_due, disclosed, note_is_about
from articles.facts.fact import Fact, How, Kind, Place
from articles.facts.finding import FACTS_VERSION, facts
from articles.facts.kinds import MINOR_WORDS, REWRITTEN, ChangeKind, change_kinds
from articles.facts.ledger import Entry, Told, is_live, ledger, most_told
from articles.facts.over_versions import Course, NamedSource, QuotationLife, Story, story_so_far
from articles.facts.stored import StoredFact, from_store, to_store
from articles.facts.weights import excerpt, weight, weightiest

__all__ = [
    "FACTS_VERSION",
    "MINOR_WORDS",
    "REWRITTEN",
    "ChangeKind",
    "Course",
    "Disclosed",
    "Disclosure",
    "Entry",
    "Fact",
    "How",
    "Kind",
    "NamedSource",
    "Note",
    "Place",
    "QuotationLife",
    "StoredFact",
    "Story",
    "Told",
    "change_kinds",
    "correction_due",
    "disclosed",
    "excerpt",
    "facts",
    "from_store",
    "is_live",
    "ledger",
    "most_told",
    "note_is_about",
    "story_so_far",
    "to_store",
    "weight",
    "weightiest",
]
