"""Pages that only lead on are followed, under every rule that redirects are under."""

from typing import Any

import pytest

from articles.fetch import Fetcher, FetchSettings, Limit, Limits, Problem
from articles.fetch.refresh import refresh_target
from tests.fetch.conftest import Get
from tests.hostile import HostileServer

STORY = b"<p>The council met on Tuesday to discuss the bridge.</p>" * 30


def page(head: str, body: bytes = b"<p>One moment: you are taken to the story.</p>") -> bytes:
    return f"<!doctype html><html><head><title>Moved</title>{head}</head><body>".encode() + body


@pytest.mark.parametrize(
    ("head", "target"),
    [
        ('<meta http-equiv="refresh" content="0; url=/story">', "/story"),
        ("<META CONTENT='0;URL=/story' HTTP-EQUIV=Refresh>", "/story"),
        ('<meta http-equiv="refresh" content="3.5, url = \'/story\'">', "/story"),
        (
            '<meta http-equiv="refresh" content="0;https://example.org/?a=1&amp;b=2" />',
            "https://example.org/?a=1&b=2",
        ),
        ('<!-- x --><meta charset="utf-8"><meta http-equiv="refresh" content="10;url=/story">', "/story"),
        ('<meta http-equiv="refresh" content="0">', ""),
        ('<meta http-equiv="refresh" content="11;url=/story">', None),
        ('<meta http-equiv="refresh" content="soon;url=/story">', None),
        ('<noscript><meta http-equiv="refresh" content="0;url=/no-scripts"></noscript>', None),
        ('<!-- <meta http-equiv="refresh" content="0;url=/old"> -->', None),
        ('<script>var a = \'<meta http-equiv="refresh" content="0;url=/a">\'</script>', None),
        ('<meta name="refresh" content="0;url=/story">', None),
        ("<title>To refresh</title>", None),
        ('İ<noscript>İ</noscript><meta http-equiv="refresh" content="0;url=/story/é">', "/story/é"),
    ],
)
def test_a_page_says_where_it_leads(head: str, target: str | None) -> None:
    assert refresh_target("", page(head)) == target


def test_a_page_to_read_leads_nowhere() -> None:
    assert refresh_target("", page('<meta http-equiv="refresh" content="0;url=/other">', STORY)) is None


@pytest.mark.parametrize(
    ("header", "target"),
    [
        ("0; url=/story", "/story"),
        ("5;URL='/story'", "/story"),
        ("300; url=/story", None),
        ("x", None),
        ("0", ""),
    ],
)
def test_a_refresh_header_says_where_a_page_leads(header: str, target: str | None) -> None:
    assert refresh_target(header, STORY) == target


@pytest.mark.parametrize(
    "body",
    [
        b"<meta refresh" + b"<!--" * 15_000,
        b"<meta refresh" + b"<" * 60_000,
        b"<refresh " + b"<meta content='" * 4_000,
        b"<refresh <meta content=" + b" " * 60_000,
        b"<noscript>refresh" * 3_500,
    ],
    ids=lambda body: f"{body[:30]!r}",
)
def test_floods_lead_nowhere(body: bytes) -> None:
    assert refresh_target(" " * 60_000, body) is None
    assert refresh_target("", body) is None


@pytest.mark.parametrize("how", ["header", "element"])
def test_a_page_that_leads_on_is_followed(server: HostileServer, get: Get, how: str) -> None:
    server.serve("/story", STORY)
    if how == "header":
        server.serve("/moved", b"", Refresh="0; url=/story?a=1&#038;b=2#top")
        server.serve("/story?a=1&b=2", STORY)
    else:
        server.serve("/moved", page('<meta http-equiv="refresh" content="0; url=/story">'))
    answer = get(server.url("/moved"))
    assert (answer.body, answer.hops) == (STORY, ((200, server.url("/moved")),))


@pytest.mark.parametrize("target", ["/moved", "", "app://story/1", "javascript:go()", "http://["])
def test_a_page_that_leads_to_itself_or_to_no_page_is_the_answer(
    server: HostileServer, get: Get, target: str
) -> None:
    server.serve("/moved", b"<p>Here</p>", Refresh=f"0; url={target}")
    answer = get(server.url("/moved"))
    assert (answer.status, answer.body, answer.hops) == (200, b"<p>Here</p>", ())


@pytest.mark.parametrize("status", [404, 503])
def test_an_error_leads_nowhere(server: HostileServer, get: Get, status: int) -> None:
    server.serve("/gone", b"", status, Refresh="0; url=/echo")
    assert get(server.url("/gone")).status == status


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:22/",
        "http://127.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://localhost/",
        "http://[::1]/",
    ],
)
@pytest.mark.parametrize("how", ["header", "element"])
def test_a_page_that_leads_to_a_forbidden_address_is_refused(
    server: HostileServer, get: Get, connections: list[object], how: str, target: str
) -> None:
    if how == "header":
        server.serve("/moved", b"", Refresh=f"0; url={target}")
    else:
        server.serve("/moved", page(f'<meta http-equiv="refresh" content="0; url={target}">'))
    answer = get(server.url("/moved"))
    assert (answer.problem, answer.status, answer.body) == (Problem.REFUSED, None, b"")
    assert connections == [server.endpoint]


def test_pages_that_lead_to_each_other_end(server: HostileServer, get: Get) -> None:
    server.serve("/one", b"", Refresh="0; url=/other")
    server.serve("/other", b"", Refresh="0; url=/one")
    assert get(server.url("/one")).problem == Problem.TOO_MANY_HOPS


def test_pages_that_lead_on_share_the_bytes_and_the_time_of_one_fetch(
    server: HostileServer, get: Get
) -> None:
    server.serve("/one", b"x" * 30_000, Refresh="0; url=/other")
    server.serve("/other", b"x" * 30_000, Refresh="0; url=/one")
    assert get(server.url("/one"), limits=Limits(wire_limit=100_000)).limit is Limit.WIRE_SIZE
    server.serve("/slow", b"", Refresh="0; url=/drip-body")
    assert get(server.url("/slow"), total=0.4).limit is Limit.TOTAL_TIME


def test_a_cookie_that_leads_to_a_forbidden_address_leads_nowhere(
    server: HostileServer, get: Get, connections: list[object]
) -> None:
    server.serve("/in", b"", 302, Location="http://127.0.0.1/", Set_Cookie="seen=1; Domain=127.0.0.1; Path=/")
    answer = get(server.url("/in"))
    assert (answer.problem, connections) == (Problem.REFUSED, [server.endpoint])


def test_where_a_page_leads_is_passed_on_before_it_is_asked(
    server: HostileServer, settings: FetchSettings
) -> None:
    class Barred(Exception):
        pass

    def passage(hops: Any, url: str) -> float:
        assert (hops, url) == (((200, server.url("/moved")),), server.url("/barred"))
        raise Barred

    server.serve("/moved", b"", Refresh="0; url=/barred")
    with pytest.raises(Barred):
        Fetcher(settings).get(server.url("/moved"), passage=passage)
    assert all(request.path != "/barred" for request in server.requests)


def test_a_page_with_an_odd_status_has_a_page(server: HostileServer, get: Get) -> None:
    assert get(server.url("/status/203")).has_page
    assert not get(server.url("/status/206")).has_page


def test_link_headers_come_back(server: HostileServer, get: Get) -> None:
    server.serve("/linked", b"", Link='</wire>; rel="alternate"; type="application/rss+xml"')
    assert get(server.url("/linked")).links == ('</wire>; rel="alternate"; type="application/rss+xml"',)
