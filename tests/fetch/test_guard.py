"""No request goes anywhere but to the public internet and the endpoints an operator opened."""

import ipaddress
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.fetch import Answer, Fetcher, FetchSettings, Problem
from articles.fetch.guard import is_public
from tests.fetch.conftest import AGENT, _connections
from tests.hostile import HostileServer

FORBIDDEN_V4 = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "168.63.129.16/32",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
]
FORBIDDEN_V6 = [
    "::/128",
    "::1/128",
    "::/96",
    "::ffff:0:0/96",
    "::ffff:0:0:0/96",
    "64:ff9b::/96",
    "64:ff9b:1::/48",
    "100::/64",
    "2001::/32",
    "2001:2::/48",
    "2001:10::/28",
    "2001:20::/28",
    "2001:db8::/32",
    "2002::/16",
    "3fff::/20",
    "5f00::/16",
    "fc00::/7",
    "fe80::/10",
    "fec0::/10",
    "ff00::/8",
    "4000::/2",
    "8000::/1",
]
PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "93.184.215.14",
    "100.63.255.255",
    "100.128.0.0",
    "168.63.129.17",
    "172.32.0.1",
    "192.0.1.1",
    "223.255.255.255",
    "2606:4700::6810:84e5",
    "2a00:1450:4001:80e::200e",
    "2001:4860:4860::8888",
]


def inside(network: str) -> st.SearchStrategy[str]:
    whole = ipaddress.ip_network(network)
    return st.integers(int(whole[0]), int(whole[-1])).map(lambda number: str(type(whole[0])(number)))


forbidden_v4 = st.sampled_from(FORBIDDEN_V4).flatmap(inside)
forbidden = st.sampled_from(FORBIDDEN_V4 + FORBIDDEN_V6).flatmap(inside)


def number_of(ip: str) -> int:
    return int(ipaddress.IPv4Address(ip))


def parts_of(ip: str) -> list[int]:
    return [int(part) for part in ip.split(".")]


def v6_with(prefix: int, ip: str, shift: int = 0) -> str:
    return f"[{ipaddress.IPv6Address(prefix | number_of(ip) << shift)}]"


SPELLINGS: dict[str, Callable[[str], str]] = {
    "dotted": lambda ip: ip,
    "trailing dot": lambda ip: f"{ip}.",
    "one number": lambda ip: str(number_of(ip)),
    "one hex number": lambda ip: hex(number_of(ip)),
    "one octal number": lambda ip: f"0{number_of(ip):o}",
    "octal": lambda ip: ".".join(f"0{part:o}" for part in parts_of(ip)),
    "padded octal": lambda ip: ".".join(f"0000{part:o}" for part in parts_of(ip)),
    "hex": lambda ip: ".".join(f"0X{part:X}" for part in parts_of(ip)),
    "two parts": lambda ip: f"{number_of(ip) >> 24}.{number_of(ip) & 0xFFFFFF}",
    "three parts": lambda ip: f"{number_of(ip) >> 24}.{parts_of(ip)[1]}.{number_of(ip) & 0xFFFF}",
    "mixed": lambda ip: "{}.0x{:x}.0{:o}.{}".format(*parts_of(ip)),
    "full width": lambda ip: ip.translate({ord("0") + n: 0xFF10 + n for n in range(10)}),
    "ideographic full stops": lambda ip: ip.replace(".", "。"),
    "circled": lambda ip: ip.replace("1", "①"),
    "soft hyphen": lambda ip: ip.replace(".", ".\u00ad"),
    "percent-encoded": lambda ip: "".join(f"%{ord(character):02x}" for character in ip),
    "mapped": lambda ip: f"[::ffff:{ip}]",
    "mapped, in hex": lambda ip: v6_with(0xFFFF << 32, ip),
    "compatible": lambda ip: f"[::{ip}]",
    "translated": lambda ip: v6_with(0xFFFF << 48, ip),
    "NAT64": lambda ip: v6_with(0x0064FF9B << 96, ip),
    "local NAT64": lambda ip: v6_with(0x0064FF9B0001 << 80, ip),
    "6to4": lambda ip: v6_with(0x2002 << 112, ip, 80),
    "Teredo": lambda ip: v6_with(0x20010000 << 96, str(ipaddress.IPv4Address(number_of(ip) ^ 0xFFFFFFFF))),
    "ISATAP": lambda ip: v6_with((0x2606470000000000 << 64) | (0x5EFE << 32), ip),
    "zone": lambda ip: f"[fe80::{ip}%25eth0]",
}


def fetch_without(connections_made: list[Any], fetcher: Fetcher, url: str) -> Answer:
    connections_made.clear()
    answer = fetcher.get(url, total=5)
    assert connections_made == []
    return answer


@given(
    ip=forbidden_v4, spelling=st.sampled_from(sorted(SPELLINGS)), scheme=st.sampled_from(["http", "https"])
)
def test_no_spelling_of_a_forbidden_address_is_connected_to(ip: str, spelling: str, scheme: str) -> None:
    url = f"{scheme}://{SPELLINGS[spelling](ip)}/"
    answer = fetch_without(_connections, Fetcher(FetchSettings(AGENT)), url)
    assert answer.problem in (Problem.REFUSED, Problem.BAD_ADDRESS)


@given(bad=forbidden, good=st.lists(st.sampled_from(PUBLIC), max_size=3), data=st.data())
def test_a_name_with_any_forbidden_address_is_refused(bad: str, good: list[str], data: st.DataObject) -> None:
    found = [*good]
    found.insert(data.draw(st.integers(0, len(good))), bad)
    fetcher = Fetcher(FetchSettings(AGENT), resolve=lambda host, port: found)
    assert fetch_without(_connections, fetcher, "http://example.org/").problem == Problem.REFUSED


@given(ip=forbidden)
def test_a_forbidden_address_is_not_public(ip: str) -> None:
    assert not is_public(ip)


@pytest.mark.parametrize("ip", PUBLIC)
def test_an_ordinary_address_is_public(ip: str) -> None:
    assert is_public(ip)


@pytest.mark.parametrize("ip", ["", "example.org", "fe80::1%eth0", "1.2.3", "::ffff:8.8.8.8"])
def test_what_is_no_plain_address_is_not_public(ip: str) -> None:
    assert not is_public(ip)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/",
        "file:///etc/passwd",
        "http://user@example.org/",
        "http://user:password@example.org/",
        "http://@example.org/",
        "http://example.org:22/",
        "http://example.org:8080/",
        "https://example.org:6379/",
        "http://localhost/",
        "http://LOCALHOST/",
        "http://localhost./",
        "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/",
        "http://[fe80::1%25eth0]/",
        "http://[::]/",
    ],
)
def test_schemes_ports_and_user_names_are_refused(connections: list[Any], url: str) -> None:
    assert fetch_without(connections, Fetcher(FetchSettings(AGENT)), url).problem == Problem.REFUSED


@pytest.mark.parametrize(
    "url",
    [
        r"http://example.org\@127.0.0.1/",
        r"http://127.0.0.1\.example.org/",
        "http://127.0.0.1 .example.org/",
        "http://[::1]x/",
        "http://[127.0.0.1]/",
        "http://1.2.3.4.5/",
        "http://256.1.1.1/",
        "http://0x/",
        "http://a..b/",
        "http://.a/",
        "http://-a-/",
        "http://" + "a" * 64 + "/",
        "http://example.org:0/",
        "//example.org/",
        "example.org",
        "http:example.org",
    ],
)
def test_what_parsers_disagree_about_is_not_fetched(connections: list[Any], url: str) -> None:
    answer = fetch_without(connections, Fetcher(FetchSettings(AGENT)), url)
    assert answer.problem in (Problem.BAD_ADDRESS, Problem.REFUSED)


def test_the_address_judged_is_the_address_connected_to(
    server: HostileServer, settings: FetchSettings, connections: list[Any]
) -> None:
    answers = iter([["127.0.0.1"], ["169.254.169.254"], ["127.0.0.2"]])
    fetcher = Fetcher(settings, resolve=lambda host, port: next(answers))
    assert fetcher.get(server.url("/echo", host="rebinding.example")).status == 200
    assert connections == [server.endpoint]
    assert fetcher.get(server.url("/echo", host="rebinding.example")).problem == Problem.REFUSED
    assert connections == [server.endpoint]


def test_a_name_is_looked_up_again_on_every_hop(
    server: HostileServer, settings: FetchSettings, connections: list[Any]
) -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    fetcher = Fetcher(settings, resolve=lambda host, port: next(answers))
    answer = fetcher.get(server.url("/hops/1", host="rebinding.example"))
    assert (answer.problem, len(answer.hops)) == (Problem.REFUSED, 1)
    assert connections == [server.endpoint]


def test_an_opened_endpoint_opens_nothing_beside_it(server: HostileServer, settings: FetchSettings) -> None:
    address, port = server.endpoint
    fetcher = Fetcher(settings)
    assert fetcher.get(f"http://{address}:{port}/echo").status == 200
    for closed in (f"http://{address}/", f"http://{address}:{port + 1}/", f"http://127.0.0.2:{port}/"):
        assert fetcher.get(closed).problem == Problem.REFUSED


def test_a_public_host_is_not_asked_at_an_opened_port(
    server: HostileServer, settings: FetchSettings, connections: list[Any]
) -> None:
    fetcher = Fetcher(settings, resolve=lambda host, port: ["93.184.215.14"])
    answer = fetch_without(connections, fetcher, server.url("/", host="example.org"))
    assert answer.problem == Problem.REFUSED


def test_a_name_that_cannot_be_looked_up_is_a_network_problem() -> None:
    def fail(host: str, port: int) -> list[str]:
        raise OSError("Temporary failure in name resolution")

    answer = Fetcher(FetchSettings(AGENT), resolve=fail).get("http://example.org/")
    assert (answer.problem, answer.status) == (Problem.NETWORK, None)
    assert "Temporary failure" in answer.reason
    no_address = Fetcher(FetchSettings(AGENT), resolve=lambda host, port: [])
    assert no_address.get("http://example.org/").problem == Problem.NETWORK


def test_the_next_address_is_tried_when_one_does_not_answer(
    server: HostileServer, settings: FetchSettings, connections: list[Any]
) -> None:
    dead = ("::1", server.endpoint[1])
    both = FetchSettings(AGENT, settings.allow_endpoints | {dead})
    fetcher = Fetcher(both, resolve=lambda host, port: ["::1", "127.0.0.1"])
    assert fetcher.get(server.url("/echo", host="two.example")).status == 200
    assert [address[:2] for address in connections] == [dead, server.endpoint]


ODD = r"""
http://𝟏𝟐𝟕.0.0.1/ http://①②⑦.⓪.⓪.①/ http://١٢٧.٠.٠.١/ http://127｡0｡0｡1/ http://127．0．0．1/ http://loc­alhost/
http://127.0.0.1.. http://127.0.0.1%00/ http://127.0.0.1%2f@example.org/ http://127.0.0.1%09/ http://0x.0.0.1/
http://08.0.0.1/ http://4294967296/ http://0x100000000/ http://127.0.0.256/ http://00000000177.0.0.1/
http://127.0.0.1:080/ http://127.0.0.1:8０/ http://127.0.0.1:-80/ http://127.0.0.1:+80/ http://127.0.0.1:65536/
http://127.0.0.1：80/ http://127.0.0.1＠example.org/ http://127.0.0.1？x http://127.0.0.1／x http://127.0.0.1＃x
http://example.org／@127.0.0.1 http://example.org#@127.0.0.1:99999/ http:\\127.0.0.1\ http:/127.0.0.1/
http:///127.0.0.1/ http:////127.0.0.1/ http:\/\/127.0.0.1/ ht&#9;tp://127.0.0.1/ http://127.0.0.1;example.org/
http://127.0.0.1,example.org/ http://127.0.0.1&@2.2.2.2#@3.3.3.3/ http://[::1%lo]/ http://[fe80::1%eth0]/
http://[v1.fe80::a]/ http://[::1 http://::1/ http://[::1]:80:80/ http://[::1].example.org/ http://[::1]%2f/
http://[：：1]/ http://[::1％lo]/ http://[]/ http://@/ http://:80/ http://% http://%zz/ http:// http://? http://-/
feed://127.0.0.1/ feed:http://127.0.0.1/ jar:http://127.0.0.1!/ view-source:http://127.0.0.1/ gopher://127.0.0.1/
dict://127.0.0.1/ data:text/html,hi javascript:alert(1) about:blank
blob:http://127.0.0.1/ unix:/run/docker.sock http+unix://%2frun%2fdocker.sock/ ldap://127.0.0.1/ http://[2001:0:4136:e378:8000:63bf:80ff:fffe]/
http://[64:ff9b::a9fe:a9fe]/ http://[fd00:ec2::254]/ http://192.0.0.192/ http://100.100.100.200/
""".split()  # noqa: SIM905  (one a line would hide the rest of this file)
UNSEEN = [
    "http://127.0.0.1\t/",
    "http://127.0\n.0.1/",
    "ht\ttp://127.0.0.1/",
    "\x00http://127.0.0.1/",
    "http://127.0.0.1/\r\nHost: example.org",
    "http://127.0.0.1\u2028/",
    "http://\u200b127.0.0.1/",
    "http://127.0.0.1\ufeff/",
    "\ufeffhttp://127.0.0.1/",
    "\u00a0http://127.0.0.1/",
    "http://\ud800/",
    "http://127.0.0.1/\ud800",
    "http://127.0.0.1/" + "a" * 3000,
]


@pytest.mark.parametrize("url", [*ODD, *UNSEEN], ids=ascii)
def test_nothing_odd_is_looked_up_or_connected_to(connections: list[Any], url: str) -> None:
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    answer = fetch_without(connections, Fetcher(FetchSettings(AGENT), resolve=resolve), url)
    assert answer.problem in (Problem.BAD_ADDRESS, Problem.REFUSED)
    assert answer.reason


@pytest.mark.parametrize("url", [*ODD, *UNSEEN], ids=ascii)
def test_nothing_odd_is_reached_through_a_redirect(
    server: HostileServer, settings: FetchSettings, connections: list[Any], url: str
) -> None:
    location = url.encode("utf-8", "replace").decode("latin-1")
    Fetcher(settings, resolve=lambda host, port: ["127.0.0.1"]).get(server.redirect(location), total=5)
    assert set(connections) <= {server.endpoint}
