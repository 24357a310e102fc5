"""What holds for the facts of any two texts whatever."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.diff import compare
from articles.facts import How, Kind, change_kinds, excerpt, facts, weightiest
from articles.facts.lexicon import LANGUAGES
from tests.diff.strategies import any_article, articles, revisions
from tests.facts.edits import EDITS

anything = st.one_of(
    revisions(),
    st.tuples(any_article, any_article),
    st.tuples(articles, articles),
    st.lists(st.sampled_from(EDITS), max_size=5).map(
        lambda edits: ([edit.before for edit in edits], [edit.after for edit in edits][::-1])
    ),
)
languages = st.sampled_from(["", "xx", *LANGUAGES])


@given(anything, languages)
@settings(max_examples=200, deadline=None)
def test_the_words_of_a_fact_stand_in_the_texts_and_its_place_in_the_comparison(
    pair: tuple[list[str], list[str]], language: str
) -> None:
    before, after = pair
    comparison = compare(before, after)
    for fact in facts(before, after, language=language, comparison=comparison):
        row = comparison.rows[fact.place.row or 0]
        assert row.kind != "same"
        assert 0 <= fact.place.span < len(row.spans)
        assert fact.before in "\n".join(before[i] for i in row.before) or fact.kind is Kind.QUOTE
        assert fact.after in "\n".join(after[j] for j in row.after)
        assert bool(fact.before) == (fact.change is not How.ADDED)
        assert bool(fact.after) == (fact.change is not How.REMOVED)
        assert any(fact.before in text for text in ["\n".join(before)])
        json.dumps(fact.to_dict())


@given(st.one_of(any_article, articles), languages)
@settings(max_examples=60, deadline=None)
def test_a_text_has_no_facts_against_itself(article: list[str], language: str) -> None:
    assert facts(article, article, language=language, headline_before="A", headline_after="A") == ()


@given(anything, languages)
@settings(max_examples=60, deadline=None)
def test_the_same_question_gets_the_same_answer(pair: tuple[list[str], list[str]], language: str) -> None:
    before, after = pair
    assert facts(before, after, language=language) == facts(tuple(before), tuple(after), language=language)


@given(anything, languages)
@settings(max_examples=60, deadline=None)
def test_an_excerpt_is_part_of_the_row_of_the_weightiest_fact(
    pair: tuple[list[str], list[str]], language: str
) -> None:
    before, after = pair
    comparison = compare(before, after)
    found = facts(before, after, language=language, comparison=comparison)
    shown = excerpt(comparison, found)
    if not found:
        assert shown == []
        return
    fact = weightiest(found)
    assert fact is not None
    assert change_kinds(comparison, found, headline_changed=False, seen_before=False)


@pytest.mark.parametrize("language", LANGUAGES)
def test_headlines_have_facts_too(language: str) -> None:
    (edit,) = [edit for edit in EDITS if edit.language == language and list(edit.kinds) == ["number"]][:1]
    found = facts([], [], headline_before=edit.before, headline_after=edit.after, language=language)
    assert {(fact.kind, fact.place.row) for fact in found} == {(Kind.NUMBER, None)}
