"""Traps: each ends in the right outcome, within its time and having taken no more than its bytes."""

import socket
import threading
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from articles.fetch import FEED_LIMITS, Cause, Fetcher, FetchSettings, Interrupted, Limit, Limits, Problem
from tests.fetch.conftest import AGENT, FOR_EVER, Get, eventually, open_files
from tests.hostile import HostileServer

# What the kernel of either side may hold of a connection that nobody reads, besides what we read.
BUFFERS = 16 << 20
WIRE_LIMIT = 5 << 20


@pytest.mark.parametrize(
    "route",
    [
        "/silent",
        "/drip-status",
        "/drip-headers",
        "/drip-continue",
        "/drip-body",
        "/drip-chunk-size",
        "/drip-gzip",
        "/drip-hops/0",
    ],
)
def test_a_server_that_takes_for_ever_is_left_at_the_total_timeout(
    server: HostileServer, get: Get, route: str
) -> None:
    answer = get(server.url(route), total=0.4)
    assert (answer.problem, answer.body) == (Problem.TIMEOUT, b"")
    assert answer.seconds < FOR_EVER


def test_a_pause_longer_than_the_read_timeout_ends_the_fetch(server: HostileServer) -> None:
    impatient = Fetcher(FetchSettings(AGENT, frozenset({server.endpoint}), read_timeout=0.2))
    assert impatient.get(server.url("/silent")).problem == Problem.TIMEOUT


def test_a_fetch_with_no_time_left_does_not_start(server: HostileServer, get: Get) -> None:
    assert get(server.url("/echo"), total=0).problem == Problem.TIMEOUT


def test_looking_up_a_name_counts_against_the_total() -> None:
    answered = threading.Event()

    def never(host: str, port: int) -> list[str]:
        answered.wait(FOR_EVER)
        return []

    answer = Fetcher(FetchSettings(AGENT), resolve=never).get("http://example.org/", total=0.2)
    answered.set()
    assert (answer.problem, answer.status) == (Problem.TIMEOUT, None)


@pytest.fixture
def full_endpoint() -> Iterator[tuple[str, int]]:
    """A port that takes no more connections: connecting to it hangs."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        waiting = [socket.socket() for _ in range(8)]
        for connection in waiting:
            connection.setblocking(False)
            connection.connect_ex(listener.getsockname())
        yield listener.getsockname()
        for connection in waiting:
            connection.close()


def test_connecting_counts_against_the_total(full_endpoint: tuple[str, int]) -> None:
    fetcher = Fetcher(FetchSettings(AGENT, frozenset({full_endpoint})))
    answer = fetcher.get(f"http://127.0.0.1:{full_endpoint[1]}/", total=0.3)
    assert answer.problem == Problem.TIMEOUT


@pytest.mark.parametrize(
    "route",
    [
        "/endless-body",
        "/endless-chunks",
        "/endless-continue",
        "/endless-trailer",
        "/chunk-of-size/-1",
        "/chunk-of-size/ffffffffffffffffffff",
    ],
)
def test_no_more_than_the_wire_limit_is_read(server: HostileServer, get: Get, route: str) -> None:
    before = server.sent[route]
    answer = get(server.url(route))
    assert (answer.problem, answer.body) == (Problem.TOO_LARGE, b"")
    assert server.sent[route] - before <= WIRE_LIMIT + BUFFERS


@pytest.mark.parametrize(
    "route", ["/endless-header", "/endless-headers", "/endless-chunk-extension", "/chunk-of-size/-5"]
)
def test_lines_without_end_are_not_read_to_the_end(server: HostileServer, get: Get, route: str) -> None:
    before = server.sent[route]
    answer = get(server.url(route))
    assert answer.problem in (Problem.TOO_LARGE, Problem.NETWORK)
    assert server.sent[route] - before <= WIRE_LIMIT + BUFFERS


@pytest.mark.parametrize(
    ("route", "limits", "limit"),
    [
        ("/silent", Limits(read_timeout=0.2), Limit.READ_TIME),
        ("/drip-body", Limits(total_timeout=0.4), Limit.TOTAL_TIME),
        ("/endless-body", Limits(wire_limit=100_000), Limit.WIRE_SIZE),
        ("/announced-huge", Limits(), Limit.WIRE_SIZE),
        ("/gzip-bomb", Limits(), Limit.DECODED_SIZE),
        ("/hops/3", Limits(hop_limit=2), Limit.REDIRECTS),
        ("/hops/3", Limits(hop_limit=3), Limit.NONE),
        ("/hang-up", Limits(), Limit.NONE),
        ("/status/500", Limits(), Limit.NONE),
    ],
)
def test_an_answer_says_which_limit_ended_it(
    server: HostileServer, get: Get, route: str, limits: Limits, limit: Limit
) -> None:
    answer = get(server.url(route), limits=limits)
    assert answer.limit is limit
    assert bool(answer.limit) is (
        answer.problem in (Problem.TIMEOUT, Problem.TOO_LARGE, Problem.TOO_MANY_HOPS)
    )


def test_connecting_has_a_limit_of_its_own(full_endpoint: tuple[str, int]) -> None:
    settings = FetchSettings(AGENT, frozenset({full_endpoint}), connect_timeout=0.2)
    assert Fetcher(settings).get(f"http://127.0.0.1:{full_endpoint[1]}/").limit is Limit.CONNECT_TIME


def test_one_fetch_may_take_more_than_others(server: HostileServer, get: Get) -> None:
    server.serve("/sitemap.xml", b"<urlset>" + b" " * (9 << 20) + b"</urlset>")
    assert get(server.url("/sitemap.xml")).limit is Limit.WIRE_SIZE
    assert len(get(server.url("/sitemap.xml"), limits=FEED_LIMITS).body) > 9 << 20


def test_the_wire_limit_is_exact(server: HostileServer) -> None:
    server.serve("/exact", b"x" * 1000)
    head_and_body = 1000 + len(b"HTTP/1.1 200 Whatever\r\nContent-Length: 1000\r\n\r\n")
    for limit, problem in [(head_and_body, ""), (head_and_body - 1, Problem.TOO_LARGE)]:
        fetcher = Fetcher(FetchSettings(AGENT, frozenset({server.endpoint}), wire_limit=limit))
        assert fetcher.get(server.url("/exact")).problem == problem


def test_a_body_announced_as_too_large_is_not_read(server: HostileServer, get: Get) -> None:
    answer = get(server.url("/announced-huge"))
    assert (answer.problem, answer.status) == (Problem.TOO_LARGE, 200)
    assert server.sent["/announced-huge"] <= BUFFERS


@pytest.mark.parametrize("route", ["/gzip-bomb", "/endless-gzip"])
def test_a_body_that_grows_is_left_at_the_decoded_limit(server: HostileServer, get: Get, route: str) -> None:
    answer = get(server.url(route))
    assert (answer.problem, answer.body) == (Problem.TOO_LARGE, b"")
    assert "8,388,608" in answer.reason


def test_a_redirects_body_is_not_drained(server: HostileServer, get: Get) -> None:
    answer = get(server.url("/redirect-flood"))
    assert (answer.status, answer.problem) == (200, "")
    assert server.sent["/redirect-flood"] <= BUFFERS


@pytest.mark.parametrize(
    "route",
    [
        "/encoded/plain/identity",
        "/encoded/plain/",
        "/encoded/plain/aws-chunked",
        "/encoded/plain/UTF-8",
        "/encoded/plain/none,%208bit",
        "/encoded/gzip/aws-chunked,gzip",
        "/encoded/gzip/utf-8",
        "/encoded/gzip/gzip",
        "/encoded/gzip/x-gzip",
        "/encoded/gzip/GZip%20",
        "/encoded/two-members/gzip",
        "/encoded/padded/gzip",
        "/encoded/zlib/deflate",
        "/encoded/deflate/deflate",
    ],
)
def test_one_layer_of_gzip_or_deflate_is_undone(server: HostileServer, get: Get, route: str) -> None:
    answer = get(server.url(route))
    assert (answer.problem, answer.body) == ("", b"hello world" * 100)


@pytest.mark.parametrize(
    "route",
    [
        "/encoded/gzip/gzip,%20gzip",
        "/encoded/twice/gzip,gzip",
        "/encoded/plain/br",
        "/encoded/plain/zstd",
        "/encoded/plain/compress",
        "/encoded/plain/gzip",
        "/encoded/plain/deflate",
        "/encoded/cut/gzip",
        "/encoded/many-members/gzip",
    ],
)
def test_any_other_encoding_is_refused(server: HostileServer, get: Get, route: str) -> None:
    answer = get(server.url(route))
    assert (answer.problem, answer.body, answer.status) == (Problem.BAD_ENCODING, b"", 200)


@pytest.mark.parametrize(
    "coding", ["aws-chunked", "UTF-8", "none", "gzip", "deflate", "br", "zstd", "gzip, br"]
)
@pytest.mark.parametrize("body", [b"<!doctype html><title>A</title>", b'\n{"version": "1.1", "items": []}'])
def test_a_body_that_plainly_is_not_coded_is_taken_as_it_is(
    server: HostileServer, get: Get, coding: str, body: bytes
) -> None:
    server.serve("/mislabelled", body, Content_Encoding=coding)
    answer = get(server.url("/mislabelled"))
    assert (answer.problem, answer.body) == ("", body)


@pytest.mark.parametrize("header", ["gzip, chunked", "chunked, chunked", "chunked ", "x"])
def test_the_framing_of_a_body_is_never_taken_for_the_body(
    server: HostileServer, get: Get, header: str
) -> None:
    answer = get(server.url(f"/transferred/{quote(header)}"))
    assert answer.body in (b"", b"hello world")
    assert answer.problem == ("" if answer.body else Problem.BAD_ENCODING)


def test_an_empty_body_needs_no_decoding(server: HostileServer, get: Get) -> None:
    assert get(server.url("/encoded/empty/gzip")).problem == ""


@pytest.mark.parametrize(
    "route",
    [
        "/cut-short",
        "/chunks-cut-short",
        "/early-hints-only",
        "/two-lengths",
        "/not-http",
        "/hang-up",
        "/no-headers-at-all",
        *(f"/{route}/{status}" for route in ("head-cut-short", "unended-head") for status in (200, 302, 404)),
    ],
)
def test_a_broken_answer_is_a_network_problem_and_no_body(
    server: HostileServer, get: Get, route: str
) -> None:
    answer = get(server.url(route))
    assert (answer.problem, answer.body) == (Problem.NETWORK, b"")
    assert answer.reason


def test_an_address_that_breaks_off_is_not_gone_to(server: HostileServer, get: Get) -> None:
    asked = len(server.requests)
    answer = get(server.url("/head-cut-short/302"))
    assert (answer.status, answer.hops, answer.reason) == (None, (), "the answer was cut off")
    assert len(server.requests) == asked + 1


@pytest.mark.parametrize(
    "line",
    [
        "nonsense",
        "nonsense\r\n  folded",
        "X: a\rnonsense b",
        "X: a\r",
        ": no name",
        "two words: here",
        "HTTP/1.1 200 OK",
        "\x00X: y",
        "\xe9: y",
        "<p>",
    ],
)
def test_a_line_that_is_no_header_costs_no_other(
    server: HostileServer, get: Get, caplog: pytest.LogCaptureFixture, line: str
) -> None:
    answer = get(server.url(f"/bad-header/{quote(line)}"))
    assert (answer.problem, answer.content_type, answer.body) == ("", "text/x-found", b"hello world")
    assert caplog.records == []


def test_the_answer_behind_early_hints_is_read(server: HostileServer, get: Get) -> None:
    answer = get(server.url("/early-hints"))
    assert (answer.problem, answer.content_type, answer.body) == ("", "text/x-found", b"hello")


def test_a_space_before_a_colon_hides_no_header(server: HostileServer, get: Get) -> None:
    answer = get(server.url("/spaced-headers"))
    assert (answer.problem, answer.content_type, answer.body) == ("", "text/x-found", b"hello world")


def test_nobody_listening_is_a_network_problem() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        endpoint = listener.getsockname()
    answer = Fetcher(FetchSettings(AGENT, frozenset({endpoint}))).get(f"http://127.0.0.1:{endpoint[1]}/")
    assert (answer.problem, answer.status) == (Problem.NETWORK, None)


def test_nothing_stays_open_after_a_trap(server: HostileServer, get: Get) -> None:
    get(server.url("/echo"))
    before = open_files()
    with HostileServer() as other:
        fetcher = Fetcher(FetchSettings(AGENT, frozenset({other.endpoint})))
        for route in ["/redirect-flood", "/endless-body", "/gzip-bomb", "/cut-short", "/hops/3"]:
            fetcher.get(other.url(route))
    eventually(lambda: open_files() <= before)


@pytest.mark.parametrize(
    ("route", "words"),
    [
        ("/cut-short", "the answer was cut off"),
        ("/chunks-cut-short", "the answer was cut off"),
        ("/hang-up", "the server closed the connection without an answer"),
        ("/not-http", "the answer makes no sense: 220 mail.example.org ESMTP"),
        ("/silent", "the whole fetch took longer than 1 seconds"),
        ("/encoded/plain/br", "the body is encoded as 'br', which we did not ask for"),
        ("/hops/11", "more than 10 redirects"),
    ],
)
def test_what_went_wrong_is_told_in_words(server: HostileServer, get: Get, route: str, words: str) -> None:
    assert get(server.url(route), total=1).reason == words


@pytest.mark.parametrize(
    ("route", "cause"),
    [
        ("/cut-short", Cause.CUT_OFF),
        ("/hang-up", Cause.CLOSED),
        ("/not-http", Cause.NONSENSE),
        ("/silent", Cause.NONE),
        ("/status/500", Cause.NONE),
    ],
)
def test_what_of_the_network_failed_is_told_by_a_code(
    server: HostileServer, get: Get, route: str, cause: Cause
) -> None:
    assert get(server.url(route), total=1).cause is cause


def test_a_host_that_is_not_there_is_told_by_a_code(settings: FetchSettings) -> None:
    def nowhere(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    answer = Fetcher(settings, resolve=nowhere).get("http://nowhere.example/")
    assert (answer.problem, answer.cause) == (Problem.NETWORK, Cause.NO_HOST)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        closed = listener.getsockname()
    answer = Fetcher(FetchSettings(AGENT, frozenset({closed}))).get(f"http://127.0.0.1:{closed[1]}/")
    assert answer.cause is Cause.CONNECTION


@pytest.mark.parametrize("route", ["/silent", "/drip-body", "/drip-headers", "/drip-continue"])
def test_a_fetch_is_given_up_when_we_are_to_stop(
    server: HostileServer, settings: FetchSettings, route: str
) -> None:
    asked = len(server.requests)
    fetcher = Fetcher(settings, interrupted=lambda: len(server.requests) > asked)
    with pytest.raises(Interrupted):
        fetcher.get(server.url(route))


@pytest.mark.parametrize("coding", ["br", "gzip"])
def test_what_an_error_asks_for_is_known_although_its_page_is_broken(
    server: HostileServer, get: Get, coding: str
) -> None:
    server.serve("/busy", b"not zipped", 503, Retry_After="120", Content_Encoding=coding)
    answer = get(server.url("/busy"))
    assert (answer.problem, answer.status, answer.retry_after) == (Problem.BAD_ENCODING, 503, 120.0)
