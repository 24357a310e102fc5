"""HTTPS: certificates are verified, and the limits hold there too."""

import shutil
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from articles.fetch import Cause, Fetcher, FetchSettings, Problem
from articles.fetch.connection import metered_tls
from tests.fetch.conftest import AGENT
from tests.hostile import HostileServer

HOST = "secure.example"

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="openssl makes the certificate")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for `HOST` that nobody has signed but itself."""
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    command += ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}", "-days", "2"]
    made = subprocess.run([*command, "-keyout", "-", "-out", "-"], capture_output=True, check=True)
    path.write_bytes(made.stdout)
    return path


@pytest.fixture(scope="module")
def secure(certificate: Path) -> Iterator[HostileServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with HostileServer(tls=context) as running:
        yield running


@pytest.fixture
def fetcher(secure: HostileServer, server: HostileServer, certificate: Path) -> Fetcher:
    """One that trusts the certificate, for tests of everything else."""
    settings = FetchSettings(AGENT, frozenset({secure.endpoint, server.endpoint}))
    trusting = metered_tls(ssl.create_default_context(cafile=str(certificate)))
    return Fetcher(settings, resolve=lambda host, port: ["127.0.0.1"], tls=trusting)


def test_https_is_fetched(secure: HostileServer, fetcher: Fetcher) -> None:
    answer = fetcher.get(secure.url("/echo", HOST))
    assert (answer.status, answer.problem) == (200, "")


def test_a_certificate_nobody_trusts_is_a_network_problem(secure: HostileServer) -> None:
    settings = FetchSettings(AGENT, frozenset({secure.endpoint}))
    distrusting = Fetcher(settings, resolve=lambda host, port: ["127.0.0.1"])
    answer = distrusting.get(secure.url("/echo", HOST))
    assert (answer.problem, answer.status) == (Problem.NETWORK, None)
    assert "certificate" in answer.reason
    assert answer.cause is Cause.CERTIFICATE


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_the_environment_cannot_add_to_what_is_trusted(
    secure: HostileServer, certificate: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, str(certificate))
    settings = FetchSettings(AGENT, frozenset({secure.endpoint}))
    fetcher = Fetcher(settings, resolve=lambda host, port: ["127.0.0.1"])
    assert fetcher.get(secure.url("/echo", HOST)).problem == Problem.NETWORK


def test_fetching_adds_nothing_to_what_is_trusted(secure: HostileServer, certificate: Path) -> None:
    trusting = metered_tls(ssl.create_default_context(cafile=str(certificate)))
    before = trusting.cert_store_stats()
    settings = FetchSettings(AGENT, frozenset({secure.endpoint}))
    fetcher = Fetcher(settings, resolve=lambda host, port: ["127.0.0.1"], tls=trusting)
    assert fetcher.get(secure.url("/echo", HOST)).status == 200
    assert trusting.cert_store_stats() == before


def test_a_certificate_for_another_host_is_a_network_problem(secure: HostileServer, fetcher: Fetcher) -> None:
    answer = fetcher.get(secure.url("/echo", "other.example"))
    assert (answer.problem, answer.status) == (Problem.NETWORK, None)


def test_a_redirect_from_https_to_http_is_followed_and_recorded(
    secure: HostileServer, server: HostileServer, fetcher: Fetcher
) -> None:
    secure.serve("/down", b"", 301, location=server.url("/echo"))
    answer = fetcher.get(secure.url("/down", HOST))
    assert (answer.status, answer.final_url) == (200, server.url("/echo"))
    assert answer.hops == ((301, secure.url("/down", HOST)),)


@pytest.mark.parametrize("route", ["/silent", "/drip-headers", "/drip-body"])
def test_the_total_timeout_holds_over_tls(secure: HostileServer, fetcher: Fetcher, route: str) -> None:
    assert fetcher.get(secure.url(route, HOST), total=0.6).problem == Problem.TIMEOUT


def test_a_handshake_that_never_ends_is_left(server: HostileServer, fetcher: Fetcher) -> None:
    answer = fetcher.get(server.url("/", HOST).replace("http:", "https:"), total=0.4)
    assert answer.problem == Problem.TIMEOUT


def test_the_wire_limit_holds_over_tls(secure: HostileServer, fetcher: Fetcher) -> None:
    assert fetcher.get(secure.url("/endless-continue", HOST)).problem == Problem.TOO_LARGE
