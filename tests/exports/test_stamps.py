"""Time stamps by a real time stamping authority: OpenSSL's, behind a server on loopback."""

import subprocess
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import which

import pytest

from articles.evidence import root_json
from articles.exports import log, stamps
from articles.models import LogRoot
from tests.exports.conftest import NOON, Site
from tests.pages.test_evidence import pack

pytestmark = pytest.mark.skipif(which("openssl") is None, reason="needs the program openssl")

CONFIGURATION = """
[req]
distinguished_name = name
prompt = no
x509_extensions = of_stamps
[name]
CN = A time stamping authority
[of_stamps]
extendedKeyUsage = critical, timeStamping
basicConstraints = critical, CA:TRUE
[tsa]
default_tsa = it
[it]
serial = {folder}/serial
signer_cert = {folder}/certificate.pem
signer_key = {folder}/key.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
ess_cert_id_alg = sha256
"""


def openssl(*arguments: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(["openssl", *arguments], capture_output=True, check=False)


class Authority:
    """Stamps what it is asked for; `answer` replaces its answer."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.answer, self.asked = folder, b"", 0
        configuration = folder / "tsa.cnf"
        configuration.write_text(CONFIGURATION.format(folder=folder))
        (folder / "serial").write_text("01")
        made = openssl(
            *("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
            *("-days", "2", "-config", str(configuration)),
            *("-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem")),
        )
        assert made.returncode == 0, made.stderr
        authority = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                authority.asked += 1
                answer = authority.answer or authority.stamp(body)
                self.send_response(200)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *arguments: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stamp(self, query: bytes) -> bytes:
        asked, answered = self.folder / "query.tsq", self.folder / "answer.tsr"
        asked.write_bytes(query)
        done = openssl(
            *("ts", "-reply", "-config", str(self.folder / "tsa.cnf"), "-section", "it"),
            *("-queryfile", str(asked), "-out", str(answered)),
        )
        assert done.returncode == 0, done.stderr
        return answered.read_bytes()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    made = Authority(tmp_path_factory.mktemp("tsa"))
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture(autouse=True)
def usual_answers(authority: Authority, settings) -> None:
    authority.answer, authority.asked = b"", 0
    settings.TSA_URL = authority.address


def test_the_daily_root_is_stamped_and_openssl_agrees(client, site: Site, authority, settings, tmp_path):
    settings.OPEN_EVIDENCE = True
    assert stamps.stamp_roots(NOON) == 0  # those between days are not
    daily = log.publish(NOON + timedelta(days=1))
    assert stamps.stamp_roots(NOON + timedelta(days=1)) == 1
    assert stamps.stamp_roots(NOON + timedelta(days=1)) == 0
    files = pack(client, site.open)
    assert files["root.tsr"] == client.get(f"/data/log/{daily.pk}/root.tsr").content
    assert b"openssl ts -verify" in files["README.txt"]
    for name in ("root.tsr", "root.json"):
        (tmp_path / name).write_bytes(files[name])
    command = (
        *("ts", "-verify", "-in", str(tmp_path / "root.tsr"), "-data", str(tmp_path / "root.json")),
        *("-CAfile", str(authority.folder / "certificate.pem")),
    )
    assert openssl(*command).returncode == 0
    (tmp_path / "root.json").write_bytes(files["root.json"].replace(b"0", b"1", 1))
    assert openssl(*command).returncode != 0


def test_a_stamp_of_something_else_is_none(authority: Authority):
    other = stamps.stamp(b"something else", authority.address)
    authority.answer = other
    with pytest.raises(stamps.NoStamp, match="something else"):
        stamps.stamp(b"a root", authority.address)


@pytest.mark.parametrize("answer", [b"<html>", b"\x30\x03\x02\x01\x02", b"x" * 70_000], ids=len)
def test_what_is_no_stamp_is_none(authority: Authority, answer):
    authority.answer = answer
    with pytest.raises(stamps.NoStamp):
        stamps.stamp(b"a root", authority.address)


def test_an_authority_that_does_not_answer_is_asked_again_later(site: Site, authority: Authority, settings):
    log.publish(NOON + timedelta(days=1))
    settings.TSA_URL = "http://127.0.0.1:9/"
    assert stamps.stamp_roots(NOON + timedelta(days=1)) == 0
    settings.TSA_URL = authority.address
    assert stamps.stamp_roots(NOON + timedelta(days=2)) == 1
    told = LogRoot.objects.exclude(day=None).get()
    assert told.stamp
    assert root_json(told.site, told.size, bytes(told.root), told.at)


def test_without_an_address_nobody_is_asked(site: Site, authority: Authority, settings):
    settings.TSA_URL = ""
    log.publish(NOON + timedelta(days=1))
    assert stamps.stamp_roots(NOON + timedelta(days=1)) == 0
    assert authority.asked == 0
