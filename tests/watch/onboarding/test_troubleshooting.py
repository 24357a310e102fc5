"""Every kind of failure has its own advice."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles.fetch import Answer, Cause, Problem
from articles.watch.onboarding.troubleshooting import may_answer_otherwise, trouble_of

HERE = "https://valley.example/news"


def answer(problem=Problem.NONE, reason="", **more):
    return Answer(HERE, more.pop("final_url", HERE), problem=problem, reason=reason, **more)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (answer(Problem.BAD_ADDRESS, "no host name"), "typing mistake"),
        (
            answer(Problem.REFUSED, "10.0.0.1 is not an address of the public internet"),
            "FETCH_ALLOW_ENDPOINTS",
        ),
        (answer(Problem.TIMEOUT, "the server took too long"), "slow, or keeps crawlers waiting"),
        (answer(Problem.NETWORK, "Name unknown", cause=Cause.NO_HOST), "host's name"),
        (answer(Problem.NETWORK, "expired", cause=Cause.CERTIFICATE), "can't prove who it is"),
        (
            answer(Problem.NETWORK, "Connection refused", cause=Cause.CONNECTION),
            "http:// in place of https://",
        ),
        (answer(Problem.NETWORK, "the answer was cut off"), "Try again"),
        (answer(Problem.TOO_MANY_HOPS, "more than 5 redirects"), "in a circle"),
        (answer(Problem.TOO_LARGE, "more than 5 MiB"), "in a browser"),
        (answer(status=404), "home page"),
        (answer(status=401), "ask the publication"),
        (answer(status=429), "Try again"),
        (answer(status=500), "Try again"),
        (answer(status=200, body=b" "), "sends nothing to us"),
        (answer(status=204), "in a browser"),
        (answer(status=200, body=b"<title>Just a moment...</title>"), "ask the publication"),
    ],
)
def test_what_to_do(given, words):
    trouble = trouble_of(given)
    assert trouble is not None
    assert words in trouble.advice
    assert given.reason in trouble.said


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_says_when_to_come_back_is_quoted(status):
    until = timezone.now() + timedelta(hours=2)
    advice = trouble_of(answer(status=status, retry_after=7200.0)).advice
    assert f"{until:%d %B %Y, %H:}" in advice
    assert "minutes" not in advice
    assert "in a few minutes" in trouble_of(answer(status=status, retry_after=30.0)).advice


def test_a_redirect_to_a_log_in_is_trouble_only_when_it_was_not_asked_for():
    page = b"<html><title>Sign in</title></html>"
    there = answer(status=200, body=page, final_url="https://valley.example/login", hops=((302, HERE),))
    assert "log-in" in trouble_of(there, asked=HERE).said
    assert trouble_of(answer(status=200, body=page)) is None


def test_where_a_redirect_led_is_told():
    there = answer(status=404, final_url="https://other.example/", hops=((302, HERE),))
    assert "after a redirect to https://other.example/" in trouble_of(there).said


@pytest.mark.parametrize(
    ("given", "may"),
    [
        (answer(Problem.NETWORK, "Connection refused", cause=Cause.CONNECTION), True),
        (answer(Problem.TIMEOUT, "the server took too long"), True),
        (answer(Problem.NETWORK, "Name unknown", cause=Cause.NO_HOST), False),
        (answer(Problem.NETWORK, "expired", cause=Cause.CERTIFICATE), False),
        (answer(Problem.NETWORK, "the answer was cut off", status=200), False),
        (answer(Problem.REFUSED, "10.0.0.1 is not an address of the public internet"), False),
        (answer(status=404), False),
    ],
)
def test_http_is_tried_only_where_nobody_answers_by_https(given, may):
    assert may_answer_otherwise(given) is may
