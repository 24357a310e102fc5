"""Pages that stand in place of an article to see whether a person asks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.fetch import Answer
from articles.models import Outcome
from articles.watch.check.classify import judge
from tests.scripted import story_page

MARKS = [
    *(
        "<title>Just a moment...</title>",
        "<TITLE lang=en>\n ATTENTION required",
        "<title>Verify you're a human",
    ),
    *(
        "<script src=/CDN-CGI/challenge-platform/x>",
        "<form ID='challenge-form'>",
        "id=challenge-form",
        'id="Challenge-Form',
    ),
    *("_cf_chl_opt", "PX-Captcha", "/_Incapsula_Resource?x", "/_sec/cp_challenge/", "AwsWafIntegration"),
    *("captcha-delivery.com", "cf-browser-verification", "Sucuri_cloudproxy_js"),
]


def outcome(body: str) -> Outcome | None:
    address = "https://paper.example/a"
    return judge(Answer(address, address, status=200, body=body.encode())).outcome


@pytest.mark.parametrize("mark", MARKS)
def test_a_mark_of_a_challenge_tells_it_however_it_is_written(mark: str) -> None:
    for written in (mark, mark.lower(), mark.upper()):
        assert outcome(f"<html>{written}</html>") is Outcome.BLOCKED


@given(st.sampled_from(MARKS), st.text(max_size=40), st.text(max_size=40))
def test_whatever_stands_around_it(mark: str, before: str, behind: str) -> None:
    body = f"{before}{mark}{behind}".encode("utf-8", "replace").decode("utf-8", "replace")
    assert outcome(body) is Outcome.BLOCKED


@pytest.mark.parametrize("part", ["<title>A moment of truth</title>", "captcha delivery"])
def test_an_article_is_none(part: str) -> None:
    assert outcome(story_page(furniture=part)) is None


def test_a_long_page_that_speaks_of_one_is_an_article() -> None:
    assert outcome(f"px-captcha {'word ' * 25_000}") is None
