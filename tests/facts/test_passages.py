"""Figures that the diff keeps within a word stand by themselves where facts are looked for."""

from hypothesis import given
from hypothesis import strategies as st

from articles.diff.tokens import tokenise
from articles.facts.passages import words_of


def test_a_figure_stands_apart_from_what_is_written_onto_it() -> None:
    assert words_of("un calo dell'8% e l’11 marzo") == [
        "un ", "calo ", "dell'", "8", "% ", "e ", "l’", "11 ", "marzo",
    ]  # fmt: skip
    assert words_of("و7 وفيات") == ["و", "7 ", "وفيات"]


def test_other_words_with_figures_stay_whole() -> None:
    assert words_of("Covid19 G20 l'euro") == ["Covid19 ", "G20 ", "l'euro"]


@given(st.text(alphabet="ld'’8 1,.%وب7aé\n"))
def test_no_letter_is_lost(text: str) -> None:
    assert "".join(words_of(text)) == "".join(tokenise(text))
