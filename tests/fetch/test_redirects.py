"""Hops are followed one by one, each of them checked."""

import time
from typing import Any

import pytest

from articles.fetch import Answer, Fetcher, FetchSettings, Problem, Refused, Validators
from tests.fetch.conftest import Get
from tests.hostile import HostileServer


def test_hops_are_recorded(server: HostileServer, get: Get) -> None:
    answer = get(server.url("/hops/2"))
    assert answer.body == b"arrived"
    assert answer.url == server.url("/hops/2")
    assert answer.final_url == server.url("/hops/0")
    assert answer.hops == ((302, server.url("/hops/2")), (302, server.url("/hops/1")))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_every_redirect_status_is_followed(server: HostileServer, get: Get, status: int) -> None:
    answer = get(server.redirect("/echo", status))
    assert (answer.status, [hop[0] for hop in answer.hops]) == (200, [status])


@pytest.mark.parametrize("status", [300, 304, 305, 306])
def test_other_3xx_are_answers(server: HostileServer, get: Get, status: int) -> None:
    assert get(server.redirect("/echo", status)).status == status


def test_ten_hops_are_followed_and_no_more(server: HostileServer, get: Get) -> None:
    assert get(server.url("/hops/10")).status == 200
    answer = get(server.url("/hops/11"))
    assert (answer.problem, answer.body) == (Problem.TOO_MANY_HOPS, b"")
    assert len(answer.hops) == 11


def test_a_loop_ends(server: HostileServer, get: Get) -> None:
    assert get(server.url("/loop")).problem == Problem.TOO_MANY_HOPS


def test_a_redirect_without_location_is_an_answer(server: HostileServer, get: Get) -> None:
    answer = get(server.url("/no-location"))
    assert (answer.status, answer.body, answer.problem) == (302, b"somewhere", "")


@pytest.mark.parametrize(
    ("location", "path"),
    [
        ("/echo?a=1#part", "/echo?a=1"),
        ("../../echo", "/echo"),
        ("/echo/./x/../y", "/echo/y"),
        ("/echo with space", "/echo%20with%20space"),
        ("/echo/é", "/echo/%C3%A9"),
        ("/echo/%e9", "/echo/%E9"),
        ("/echo\\x", "/echo/x"),
        ("  /echo  ", "/echo"),
        ("/echo/%zz", "/echo/%25zz"),
        ("/echo?a=1&#038;view=story", "/echo?a=1&view=story"),
        ("/echo?a=1&amp;#038;view=story", "/echo?a=1&view=story"),
        ("/echo?a=1&amp;view=story", "/echo?a=1&view=story"),
    ],
)
def test_relative_and_odd_locations_are_understood(
    server: HostileServer, get: Get, location: str, path: str
) -> None:
    if path != "/echo":
        server.serve(path, path.encode())
    answer = get(server.redirect(location))
    assert (answer.status, answer.final_url) == (200, server.url(path))


def test_a_location_without_scheme_keeps_the_scheme(server: HostileServer, get: Get) -> None:
    there = server.url("/echo").removeprefix("http:")
    assert get(server.redirect(there)).final_url == server.url("/echo")


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "ftp://example.org/",
        "javascript:alert(1)",
        "data:text/html,hello",
        "gopher://127.0.0.1/",
        "http://127.0.0.1/",
        "http://127.0.0.1:22/",
        "http://0x7f.1/",
        "http://2130706433/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://user:password@example.org/",
        "http://localhost/",
    ],
)
def test_a_redirect_to_a_forbidden_address_is_refused(
    server: HostileServer, get: Get, connections: list[object], location: str
) -> None:
    answer = get(server.redirect(location))
    assert (answer.problem, answer.status, answer.body) == (Problem.REFUSED, None, b"")
    assert len(answer.hops) == 1
    assert connections == [server.endpoint]


@pytest.mark.parametrize("location", ["http://", "http://[", "/" + "x" * 3000, "http://a..b/"])
def test_a_redirect_to_no_address_says_so(server: HostileServer, get: Get, location: str) -> None:
    server.serve("/bad", b"", 302, location=location)
    answer = get(server.url("/bad"))
    assert (answer.problem, answer.final_url) == (Problem.BAD_ADDRESS, server.url("/bad"))
    assert "redirects to" in answer.reason
    assert len(answer.reason) < 300


def test_a_reference_that_a_site_insists_on_is_kept(server: HostileServer, get: Get) -> None:
    server.serve("/insists?a=1&b=2", b"", 302, Location="/insists?a=1&amp;b=2")
    server.serve("/insists?a=1&amp;b=2", b"arrived")
    assert get(server.url("/insists?a=1&b=2")).body == b"arrived"


@pytest.mark.parametrize(
    ("statuses", "moved_to"),
    [
        ([], ""),
        ([302], ""),
        ([301], "/1"),
        ([308, 301], "/2"),
        ([301, 302], "/1"),
        ([302, 301], ""),
        ([301, 200], "/1"),
    ],
)
def test_where_an_address_has_moved_for_good_is_told(statuses: list[int], moved_to: str) -> None:
    hops = tuple((status, f"/{number}") for number, status in enumerate(statuses))
    assert Answer("/0", f"/{len(statuses)}", hops).moved_to == moved_to


def test_conditions_are_sent_on_every_hop(server: HostileServer, get: Get) -> None:
    answer = get(server.redirect("/etag"), validators=Validators('"v1"'))
    assert (answer.status, answer.sent_validators) == (304, True)


def test_each_hop_is_passed_on_before_it_is_asked(server: HostileServer, settings: FetchSettings) -> None:
    passed: list[tuple[Any, str]] = []

    def passage(hops: Any, url: str) -> float:
        passed.append((hops, url))
        return 0.0

    answer = Fetcher(settings).get(server.url("/hops/2"), passage=passage)
    first, second, last = (server.url(f"/hops/{left}") for left in (2, 1, 0))
    assert passed == [(((302, first),), second), (((302, first), (302, second)), last)]
    assert answer.hops == ((302, first), (302, second))


def test_what_a_passage_raises_ends_the_fetch(server: HostileServer, settings: FetchSettings) -> None:
    class Barred(Exception):
        pass

    def passage(hops: Any, url: str) -> float:
        raise Barred

    with pytest.raises(Barred):
        Fetcher(settings).get(server.url("/hops/1"), passage=passage)
    assert server.url("/hops/0") not in [server.url(request.path) for request in server.requests[-1:]]


def test_waiting_between_hops_does_not_count(server: HostileServer, settings: FetchSettings) -> None:
    def passage(hops: Any, url: str) -> float:
        time.sleep(0.3)
        return 0.3

    assert Fetcher(settings).get(server.url("/hops/4"), total=1.0, passage=passage).status == 200


def test_a_fetch_goes_on_from_earlier_hops(server: HostileServer, settings: FetchSettings) -> None:
    earlier = ((301, "http://a.example/"),) * 9
    answer = Fetcher(settings).get(server.url("/hops/1"), hops=earlier)
    assert (answer.status, len(answer.hops)) == (200, 10)
    assert Fetcher(settings).get(server.url("/hops/2"), hops=earlier).problem == Problem.TOO_MANY_HOPS


def test_an_address_can_be_judged_without_asking(settings: FetchSettings, connections: list[Any]) -> None:
    fetcher = Fetcher(settings, resolve=lambda host, port: ["10.0.0.1"])
    for url in ("http://169.254.169.254/", "http://a.example/", "ftp://a.example/", "http://a.example:22/"):
        with pytest.raises(Refused):
            fetcher.check(url)
    assert connections == []
