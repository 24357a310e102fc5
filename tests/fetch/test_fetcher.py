"""Honest answers, and what is asked for."""

import pickle
import warnings
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.fetch import ACCEPT_FEED, Fetcher, FetchSettings, Problem, Validators
from articles.fetch.fetcher import _retry_after
from tests.fetch.conftest import AGENT, Get
from tests.hostile import HostileServer


def test_an_answer_holds_body_status_and_type(server: HostileServer, get: Get) -> None:
    server.serve("/story", b"<p>Hello</p>", content_type="text/html; charset=utf-8")
    answer = get(server.url("/story"))
    assert (answer.status, answer.body, answer.content_type) == (
        200,
        b"<p>Hello</p>",
        "text/html; charset=utf-8",
    )
    assert answer.problem == ""
    assert answer.url == answer.final_url == server.url("/story")
    assert answer.seconds > 0


def test_an_answer_can_be_pickled(server: HostileServer, get: Get) -> None:
    answer = get(server.url("/echo"))
    assert pickle.loads(pickle.dumps(answer)) == answer


def test_the_request_names_us_and_asks_for_gzip_only(server: HostileServer, get: Get) -> None:
    get(server.url("/echo"), accept=ACCEPT_FEED)
    sent = server.requests[-1].headers
    assert sent["user-agent"] == AGENT
    assert sent["accept-encoding"] == "gzip"
    assert sent["accept"] == ACCEPT_FEED
    assert sent["host"] == server.url("").removeprefix("http://")


def test_the_environment_changes_nothing(
    server: HostileServer, get: Get, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    netrc = f"{tmp_path}/netrc"
    with open(netrc, "w") as file:
        file.write("machine 127.0.0.1 login me password secret")
    monkeypatch.setenv("NETRC", netrc)
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    assert get(server.url("/echo")).status == 200
    assert "authorization" not in server.requests[-1].headers


def test_a_cookie_goes_back_to_its_site_within_one_fetch_alone(server: HostileServer, get: Get) -> None:
    assert b"cookie: session=1" in get(server.url("/cookie")).body
    assert b"cookie" not in get(server.url("/echo")).body


@pytest.mark.parametrize("how", ["by-redirect", "by-page", "by-page-with-address"])
def test_a_site_that_bounces_until_it_sees_its_cookie_is_read(
    server: HostileServer, get: Get, how: str
) -> None:
    url = server.url(f"/bounce/{how}")
    for _ in range(2):  # nothing is kept: it bounces each time
        answer = get(url)
        assert (answer.status, answer.body, answer.final_url) == (200, b"<h1>The story</h1>", url)
        assert len(answer.hops) == 1


def test_no_cookie_goes_to_another_host(server: HostileServer, settings: FetchSettings) -> None:
    there = server.url("/echo", host="other.example")
    server.serve("/leave", b"", 302, Location=there, Set_Cookie="secret=1; Domain=other.example")
    fetcher = Fetcher(settings, resolve=lambda host, port: ["127.0.0.1"])
    answer = fetcher.get(server.url("/leave", host="first.example"))
    assert answer.final_url == there
    assert b"cookie" not in answer.body


@pytest.mark.parametrize(
    "cookie",
    [
        f"a=b; expires=1 Jan {'1' * 1_900}",
        f"a=b; Max-Age={'9' * 1_900}",
        "a=b; Max-Age=1e999; Version=x; Port=80",
        "=; ; =b; Domain=; Path",
        '"a="b"; Domain=.; Path=\\',
        "é=ü; SameSite; Partitioned",
    ],
)
def test_no_cookie_breaks_a_fetch(server: HostileServer, get: Get, cookie: str) -> None:
    server.serve("/odd-cookie", b"", 302, Location="/echo", Set_Cookie=cookie)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert get(server.url("/odd-cookie")).status == 200


def test_few_and_short_cookies_are_kept(server: HostileServer, get: Get) -> None:
    get(server.url("/cookie-flood"))
    sent = server.requests[-1].headers["cookie"].split("; ")
    assert sent == [f"c{number}=xxxxx" for number in range(50, 70)]


@pytest.mark.parametrize("status", [200, 403, 404, 410, 429, 451, 500, 503])
def test_every_status_is_an_answer_with_its_body(server: HostileServer, get: Get, status: int) -> None:
    answer = get(server.url(f"/status/{status}"))
    assert (answer.status, answer.problem, answer.body) == (status, "", b"<p>As you wished</p>")


@pytest.mark.parametrize("route", ["/chunked", "/until-closed"])
def test_bodies_without_a_length_are_read_to_their_end(server: HostileServer, get: Get, route: str) -> None:
    assert get(server.url(route)).body == b"hello world"


def test_what_robots_are_told_comes_back_header_by_header(server: HostileServer, get: Get) -> None:
    answer = get(server.url("/robots-tags/googlebot:%20noindex/noarchive,%20nosnippet"))
    assert answer.robots == ("googlebot: noindex", "noarchive, nosnippet")
    assert get(server.url("/status/200")).robots == ()


def test_validators_come_back_and_are_sent(server: HostileServer, get: Get) -> None:
    first = get(server.url("/etag"))
    assert first.validators == Validators('"v1"', "Sun, 22 Nov 2026 10:00:00 GMT")
    assert not first.sent_validators
    second = get(server.url("/etag"), validators=first.validators)
    assert (second.status, second.sent_validators, second.body) == (304, True, b"")
    assert server.requests[-1].headers["if-modified-since"] == "Sun, 22 Nov 2026 10:00:00 GMT"


def test_a_304_nobody_asked_for_is_told_apart(server: HostileServer, get: Get) -> None:
    answer = get(server.url("/lying-304"), validators=Validators())
    assert (answer.status, answer.sent_validators) == (304, False)


def test_validators_over_a_kilobyte_are_dropped(server: HostileServer, get: Get) -> None:
    assert get(server.url("/long-validators")).validators == Validators()


@pytest.mark.parametrize("etag", ["v1\r\nX-Injected: 1", "x" * 2000, "\u2603", "\x00"])
def test_validators_that_cannot_stand_in_a_header_are_not_sent(
    server: HostileServer, get: Get, etag: str
) -> None:
    answer = get(server.url("/echo"), validators=Validators(etag=etag))
    assert (answer.status, answer.sent_validators) == (200, False)
    assert "if-none-match" not in server.requests[-1].headers
    assert "x-injected" not in server.requests[-1].headers


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        ("0", 1.0),
        ("999999999999", 86_400.0),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 1.0),
        ("Sun, 06 Nov 2094 08:49:37 GMT", 86_400.0),
        ("soon", None),
        ("-5", None),
        ("9" * 5000, None),
        ("9" * 60, 86_400.0),
        ("120.5", 120.5),
        ("120, 60", 120.0),
        ("60,", None),
        ("1e3", None),
        ("inf", None),
        ("0x10", None),
        ("Fri, 31 Dec 99999 23:59:59 GMT", None),
        ("Sunday, 06-Nov-94 08:49:37 GMT", 1.0),
        ("Mon, 01 Jan 2026 00:00:00 +99999999999999999999", None),
        ("Mon, 01 Jan 0001 00:00:00 +2359", 1.0),
        ("Fri, 31 Dec 9999 23:59:59 -2359", 86_400.0),
        ("Mon, 99 Zzz 99999999999999999999 99:99:99 +99999999999999", None),
    ],
)
def test_retry_after_is_read_and_clamped(
    server: HostileServer, get: Get, header: str, seconds: float | None
) -> None:
    assert get(server.url(f"/retry-after/{header}".replace(" ", "%20"))).retry_after == seconds


def test_retry_after_may_be_a_date(server: HostileServer, get: Get) -> None:
    in_an_hour = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    found = get(server.url(f"/retry-after/{in_an_hour}".replace(" ", "%20"))).retry_after
    assert found is not None
    assert 3_500 < found <= 3_600


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("", Problem.BAD_ADDRESS),
        ("story", Problem.BAD_ADDRESS),
        ("http://", Problem.BAD_ADDRESS),
        ("http://example.org/\x00", Problem.BAD_ADDRESS),
        ("http://example.org/" + "x" * 2048, Problem.BAD_ADDRESS),
        ("http://[::1", Problem.BAD_ADDRESS),
        ("http://example.org:99999/", Problem.BAD_ADDRESS),
        ("http://\udcff/", Problem.BAD_ADDRESS),
    ],
)
def test_what_is_no_address_is_an_answer_too(get: Get, url: str, problem: Problem) -> None:
    answer = get(url)
    assert (answer.problem, answer.status, answer.body) == (problem, None, b"")
    assert answer.reason


@given(st.text("0123456789 :-+,GMTFriJan.ex", max_size=40))
def test_no_retry_after_raises(header: str) -> None:
    seconds = _retry_after(header)
    assert seconds is None or 1 <= seconds <= 86_400
