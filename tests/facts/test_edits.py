"""Edits of news in ten languages: what changed is named, and nothing else."""

from collections import Counter

import pytest

from articles.facts import facts
from articles.facts.lexicon import LANGUAGES
from tests.facts.edits import EDITS, Edit


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: f"{edit.language}: {edit.after[:40]}")
def test_an_edit_is_told_by_what_it_changed(edit: Edit) -> None:
    found = facts([edit.before], [edit.after], language=edit.language)
    assert {fact.kind.value for fact in found} == set(edit.kinds)
    for kind, wanted in edit.kinds.items():
        own = [fact for fact in found if fact.kind == kind]
        if isinstance(wanted, list):
            for before, after in wanted:
                assert any(before in fact.before and after in fact.after for fact in own)
        elif isinstance(wanted, str):
            assert [fact.change.value for fact in own] == [wanted]


def test_every_language_has_edits_and_half_of_them_are_hard_negatives() -> None:
    every = Counter(edit.language for edit in EDITS)
    quiet = Counter(edit.language for edit in EDITS if not edit.kinds)
    assert set(every) == set(LANGUAGES)
    assert min(every.values()) >= 15
    assert all(2 * quiet[language] >= every[language] for language in LANGUAGES)


@pytest.mark.parametrize("edit", [edit for edit in EDITS if not edit.kinds], ids=lambda edit: edit.after[:40])
def test_a_hard_negative_is_quiet_the_other_way_round_too(edit: Edit) -> None:
    assert facts([edit.after], [edit.before], language=edit.language) == ()


@pytest.mark.parametrize(
    "edit",
    [edit for edit in EDITS if not {"hedge", "attribution", "negation", "note"} & set(edit.kinds)],
    ids=lambda edit: edit.after[:40],
)
def test_numbers_dates_names_and_quotations_are_mirrored(edit: Edit) -> None:
    turned = {"added": "removed", "removed": "added", "changed": "changed"}
    there = facts([edit.before], [edit.after], language=edit.language)
    back = facts([edit.after], [edit.before], language=edit.language)
    assert {(fact.kind, turned[fact.change], fact.after, fact.before) for fact in there} == {
        (fact.kind, fact.change, fact.before, fact.after) for fact in back
    }
