import pickle
from typing import Any

import pytest

from articles.extract import RuleError, Rules, extract, faults_of
from tests.extract.pages import news_page
from tests.extract.words import ENGLISH

URL = "https://paper.example/a"
PAGE = (
    '<p class="kicker">Harbour</p><div class="title">The bridge</div><div class="who">By Ada Lindqvist</div>'
    '<div id="text"><p>First we measured.</p><p class="note">Note: measured twice.</p>'
    f"<p>Then we closed it. Read on below.</p><p>{ENGLISH.paragraphs[0]}</p></div><p>Elsewhere.</p>"
)


def read(page: str = PAGE, **rules: tuple[str, ...]) -> Any:
    return extract(page.encode(), URL, rules=Rules(**rules))


@pytest.mark.parametrize("selector", ["#text", "//div[@id='text']", "(//div[@id='text'])[1]", "div#text"])
def test_keep_names_where_the_story_stands(selector: str) -> None:
    story = read(keep=(selector,))
    assert story.problem == ""
    assert story.paragraphs[0] == "First we measured."
    assert story.paragraphs[-1] == ENGLISH.paragraphs[0]


def test_keep_takes_the_first_selector_that_fits() -> None:
    assert read(keep=(".gone", "#text", "p")).paragraphs == read(keep=("#text",)).paragraphs


def test_keep_reads_nested_matches_once() -> None:
    assert read(keep=("div, p",)).paragraphs.count("First we measured.") == 1


def test_keep_that_fits_nothing_is_a_problem_and_not_another_text() -> None:
    assert read(news_page(ENGLISH), keep=(".gone",)).problem.startswith("rule")


def test_drop_takes_elements_out_of_the_story() -> None:
    story = read(keep=("#text",), drop=(".note", "//p[contains(., 'Elsewhere')]"))
    assert "Note: measured twice." not in story.paragraphs


def test_drop_keeps_what_follows_the_element() -> None:
    page = f"<div id=text><p>{ENGLISH.paragraphs[0]} <b>Now</b> again.</p></div>"
    assert read(page, keep=("#text",), drop=("b",)).paragraphs == (f"{ENGLISH.paragraphs[0]} again.",)


def test_headline_and_byline_name_their_places() -> None:
    story = read(headline=(".missing", ".title"), byline=("//div[@class='who']",))
    assert (story.headline, story.byline) == ("The bridge", "By Ada Lindqvist")


def test_drop_text_cuts_words_and_drops_what_is_left_empty() -> None:
    story = read(keep=("#text",), drop_text=(r" Read on below\.$", r"^Note:.*"))
    assert story.paragraphs[:2] == ("First we measured.", "Then we closed it.")


def test_no_rules_change_nothing() -> None:
    page = news_page(ENGLISH).encode()
    assert extract(page, URL, rules=Rules()) == extract(page, URL)


BAD = [
    ("keep", "div >"),
    ("keep", "//div["),
    ("keep", "//p/text()"),
    ("keep", "(count(//p))"),
    ("keep", "//p[nonsense()]"),
    ("keep", "//x:p"),
    ("drop", "p::before"),
    ("drop", ""),
    ("headline", "h1:unheard-of"),
    ("byline", "[class="),
    ("drop_text", "(unclosed"),
    ("drop_text", "a{99999999999}"),
]


@pytest.mark.parametrize(("rule", "value"), BAD)
def test_a_bad_rule_is_named(rule: str, value: str) -> None:
    [fault] = faults_of(Rules(**{rule: ("p", value)}))
    assert (fault.rule, fault.number) == (rule, 1)
    assert repr(value) in fault.detail


@pytest.mark.parametrize(("rule", "value"), BAD)
def test_a_bad_rule_that_was_stored_all_the_same_ends_the_reading(rule: str, value: str) -> None:
    with pytest.raises(RuleError):
        read(**{rule: (value,)})


def test_rules_are_tuples_of_text() -> None:
    with pytest.raises(RuleError):
        Rules(keep="div")
    with pytest.raises(RuleError):
        Rules(drop=(1,))


def test_rules_travel_between_processes() -> None:
    rules = Rules(keep=("#text",), drop_text=("x",))
    assert pickle.loads(pickle.dumps(rules)) == rules
