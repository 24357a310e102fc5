"""Sending: by the guard and limits of fetching, to one address alone, and nothing secret is kept."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from articles.fetch import Answer, Fetcher, FetchSettings, Problem
from tests.fetch.conftest import AGENT
from tests.hostile import HostileServer
from tests.notices.conftest import Receiver, Reply

BODY = b'{"text": "Five people were hurt."}'
SECRET = {"Authorization": "Bearer very-secret", "Content-Type": "application/json"}


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


def fetcher_to(receiver: Receiver, **limits: Any) -> Fetcher:
    host, _, port = receiver.endpoint.partition(":")
    return Fetcher(FetchSettings(AGENT, frozenset({(host, int(port))}), **limits))


def send(receiver: Receiver, path: str = "/hook", **more: Any) -> Answer:
    return fetcher_to(receiver).send(f"{receiver.url}{path}", BODY, headers=SECRET, **more)


def test_what_is_sent_arrives_as_it_is_and_says_who_sends(receiver):
    receiver.replies["/hook"] = Reply(201, {"id": 7})
    answer = send(receiver)
    assert (answer.status, answer.problem, answer.body) == (201, Problem.NONE, b'{"id": 7}')
    [got] = receiver.got
    assert (got.method, got.path, got.body) == ("POST", "/hook", BODY)
    assert got.headers["User-Agent"] == AGENT
    assert got.headers["Authorization"] == "Bearer very-secret"
    assert got.headers["Content-Length"] == str(len(BODY))


def test_it_may_be_put(receiver):
    assert send(receiver, method="PUT").status == 200
    assert receiver.got[0].method == "PUT"


@pytest.mark.parametrize(
    "url",
    [
        *("http://127.0.0.1/", "http://127.0.0.1:22/", "http://[::1]/", "http://10.1.2.3/hook"),
        *("http://169.254.169.254/latest/", "http://0x7f000001/", "http://[::ffff:127.0.0.1]/"),
        *("http://93.184.216.34:25/", "ftp://hub.example/", "http://user:pass@hub.example/", "nonsense"),
    ],
)
def test_nothing_is_sent_inside_the_network(receiver, connections, url):
    answer = fetcher_to(receiver).send(url, BODY, headers=SECRET)
    assert answer.problem in (Problem.REFUSED, Problem.BAD_ADDRESS)
    assert (answer.status, answer.body, connections) == (None, b"", [])


def test_a_name_is_judged_by_where_it_leads(receiver, connections):
    settings = FetchSettings(AGENT)
    inside = Fetcher(settings, resolve=lambda host, port: ["93.184.216.34", "192.168.1.1"])
    answer = inside.send("https://desk.example/hook", BODY, headers=SECRET)
    assert (answer.problem, connections) == (Problem.REFUSED, [])


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("target", ["/elsewhere", "http://127.0.0.1:22/", "http://169.254.169.254/"])
def test_a_redirect_is_the_answer(receiver, connections, status, target):
    receiver.replies["/hook"] = Reply(status, headers={"Location": target})
    answer = send(receiver)
    assert (answer.status, answer.hops, answer.final_url) == (status, (), f"{receiver.url}/hook")
    assert [got.path for got in receiver.got] == ["/hook"]
    assert len(connections) == 1


def test_a_receiver_that_hangs_is_left_in_time(receiver):
    receiver.hang = {"/hook"}
    answer = send(receiver, total=1.0)
    assert (answer.problem, answer.status) == (Problem.TIMEOUT, None)


@pytest.mark.parametrize("path", ["/drip-body", "/drip-headers"])
def test_one_that_drips_is_left_in_time(server: HostileServer, settings: FetchSettings, path: str) -> None:
    answer = Fetcher(settings).send(server.url(path), BODY, headers=SECRET, total=1.0)
    assert answer.problem is Problem.TIMEOUT


def test_no_more_is_taken_than_the_limit(receiver):
    receiver.replies["/hook"] = Reply(200, b"x" * 100_000)
    answer = fetcher_to(receiver, wire_limit=50_000).send(f"{receiver.url}/hook", BODY, headers=SECRET)
    assert (answer.problem, answer.body) == (Problem.TOO_LARGE, b"")


def test_retry_after_and_the_status_are_told(receiver):
    receiver.replies["/hook"] = Reply(503, headers={"Retry-After": "120"})
    answer = send(receiver)
    assert (answer.status, answer.retry_after) == (503, 120.0)


def test_no_secret_is_kept_or_logged(receiver, caplog):
    """Neither headers nor body, nor an address in which a token stands, on any way that it may end."""
    assert not logging.getLogger("urllib3.connectionpool").isEnabledFor(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="articles")
    receiver.replies["/hook"] = Reply(302, headers={"Location": "/x", "Set-Cookie": "a=very-secret"})
    receiver.hang = {"/hook-very-secret"}
    nobody = Fetcher(FetchSettings(AGENT, frozenset({("127.0.0.1", 9)})))
    answers = [
        send(receiver),
        send(receiver, "/hook-very-secret", total=1.0),
        nobody.send("http://127.0.0.1:9/hook-very-secret", BODY, headers=SECRET),
        nobody.send("http://10.0.0.1/hook-very-secret", BODY, headers=SECRET),
    ]
    for answer in answers:
        shown = repr(replace(answer, url="", final_url=""))
        assert "very-secret" not in shown
        assert "Five people" not in shown
    assert "very-secret" not in caplog.text
