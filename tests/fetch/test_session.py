"""What is asked for is what was checked, letter by letter, and requests adds nothing of its own."""

import warnings

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from articles.fetch import BadAddress, Fetcher, FetchSettings
from articles.fetch.address import parse
from tests.fetch.conftest import AGENT, Get
from tests.hostile import HostileServer

# Everything that some library on the way might escape, unescape, drop or take for something else.
odd_text = st.text(
    st.one_of(st.sampled_from("/.;?&=+%|[]{}()<>\\^`~!$'\"*,:@#-_ azAZ09é"), st.characters(codec="utf-8")),
    max_size=30,
)
odd_pieces = st.lists(st.one_of(odd_text, st.sampled_from(["%2F", "%2e", "%7e", "%e9", "%", "//", "/../"])))


@given(odd_pieces.map("".join))
def test_what_is_asked_for_is_the_final_address(server: HostileServer, text: str) -> None:
    url = server.url(f"/echo/{text}")
    try:
        target = str(parse(url)).removeprefix(server.url(""))
    except BadAddress:
        assume(False)
    assume(target.startswith("/echo/"))
    answer = Fetcher(FetchSettings(AGENT, frozenset({server.endpoint}))).get(url)
    assert answer.problem == ""
    assert answer.final_url == server.url(server.requests[-1].path)


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/echo", "/echo"),
        ("/echo/", "/echo/"),
        ("//echo", "//echo"),
        ("/echo//a", "/echo//a"),
        ("/echo/a|b[c]", "/echo/a|b[c]"),
        ("/echo/%7C%5B%5D", "/echo/%7C%5B%5D"),
        ("/echo/%2F%2f", "/echo/%2F%2F"),
        ("/echo/%2e%2e/%7Ea", "/~a"),
        ("/echo/%", "/echo/%25"),
        ("/echo/%25zz", "/echo/%25zz"),
        ("/echo/%e9", "/echo/%E9"),
        ("/echo/é", "/echo/%C3%A9"),
        ("/echo/a;b=1,2!$&'()*+", "/echo/a;b=1,2!$&'()*+"),
        ("/echo/@user:80", "/echo/@user:80"),
        ("/echo/?", "/echo/"),
        ("/echo/??", "/echo/??"),
        ("/echo/?a[]=1|2&b=%20+#part", "/echo/?a[]=1|2&b=%20+"),
        ("/echo/?u=http://example.org/a?b", "/echo/?u=http://example.org/a?b"),
    ],
)
def test_the_path_is_sent_as_it_was_checked(server: HostileServer, get: Get, path: str, asked: str) -> None:
    server.serve("/~a", b"")
    answer = get(server.url(path))
    assert (answer.status, answer.final_url) == (200, server.url(asked))
    assert server.requests[-1].path == asked


@pytest.mark.parametrize(
    ("host", "asked"),
    [
        ("Example.ORG", "example.org"),
        ("example.org.", "example.org"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("straße.example", "xn--strae-oqa.example"),
        ("ⓔxample.org", "example.org"),
        ("foo_bar.example.org", "foo_bar.example.org"),
        ("xn--a.example", "xn--a.example"),
        ("0x7f.1", "127.0.0.1"),
        ("[2606:4700:0:0::1]", "[2606:4700::1]"),
    ],
)
def test_the_host_looked_up_is_the_host_named_in_the_request(
    server: HostileServer, settings: FetchSettings, host: str, asked: str
) -> None:
    looked_up = []

    def resolve(host: str, port: int) -> list[str]:
        looked_up.append((host, port))
        return ["127.0.0.1"]

    answer = Fetcher(settings, resolve=resolve).get(server.url("/echo", host=host))
    port = server.endpoint[1]
    assert (answer.status, answer.final_url) == (200, server.url("/echo", host=asked))
    assert looked_up == [(asked.strip("[]"), port)]
    assert server.requests[-1].headers["host"] == f"{asked}:{port}"


def test_nothing_is_sent_but_what_we_mean_to(server: HostileServer, get: Get) -> None:
    get(server.url("/echo"))
    assert sorted(server.requests[-1].headers) == [
        "accept",
        "accept-encoding",
        "connection",
        "host",
        "user-agent",
    ]


def test_cookies_are_not_even_read(server: HostileServer, get: Get) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert get(server.url("/cookie-nobody-can-read")).body == b"story"
    assert caught == []


@pytest.mark.parametrize("status", [413, 429, 503])
def test_nothing_is_asked_for_twice(server: HostileServer, get: Get, status: int) -> None:
    server.serve(f"/busy/{status}", b"", status, retry_after="1")
    before = len(server.requests)
    assert get(server.url(f"/busy/{status}")).status == status
    assert len(server.requests) == before + 1
