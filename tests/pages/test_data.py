"""The datasets' pages and the log's: what is served, and that nothing else is."""

import hashlib
import json
from datetime import UTC, datetime, timedelta

import feedparser
import pytest

from articles import takedown
from articles.evidence import verify_consistency, verify_evidence
from articles.exports import editions, log
from articles.models import LogRoot, Reason, TakedownStep
from articles.pages.words import moment
from articles.takedown import Grounds
from tests.exports.conftest import NOON, Site
from tests.exports.conftest import site as site
from tests.factories import make_version

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def edition(site: Site, settings, tmp_path):
    settings.DATASETS, settings.DATA_DIR = "metadata", tmp_path
    TakedownStep.objects.update(at=LONG_AGO)
    editions.work(60)


def test_the_files_are_those_of_the_manifest(client, edition):
    manifest = client.get("/data/manifest.json").json()
    page = client.get("/data/").content.decode()
    for entry in manifest["files"]:
        address = f"/data/files/{entry['path']}"
        assert address in page
        response = client.get(address)
        data = b"".join(response.streaming_content)
        assert hashlib.sha256(data).hexdigest() == entry["sha256"]
        assert response.headers["Content-Disposition"].startswith("attachment")
        assert response.headers["Cache-Control"] == "public, max-age=0, s-maxage=30"


def test_when_the_edition_was_written_is_said_as_on_all_pages(client, edition):
    made = datetime.fromisoformat(client.get("/data/manifest.json").json()["made"])
    assert str(moment(made)) in client.get("/data/").content.decode()


@pytest.mark.parametrize(
    "path", ["manifest.json", "../lock", "%2e%2e/lock", "README.txt", "/etc/passwd", "x"]
)
def test_no_other_file_is_served(client, edition, path):
    assert client.get(f"/data/files/{path}").status_code == 404


def test_after_a_takedown_no_file_of_before_is_served(client, edition, site: Site):
    path = client.get("/data/manifest.json").json()["files"][0]["path"]
    takedown.hide([site.open.pk], Grounds(Reason.LEGAL))
    for address in ("/data/manifest.json", f"/data/files/{path}"):
        assert client.get(address).status_code == 404
    assert "is being written" in client.get("/data/").content.decode()


def test_without_datasets_it_says_so(client, db):
    assert "publishes no datasets" in client.get("/data/").content.decode()
    assert client.get("/data/manifest.json").status_code == 404


def test_the_log_shows_its_roots_and_proves_that_it_only_grew(client, site: Site):
    make_version(site.open, ("Six people were hurt.",))
    log.append()
    log.publish(NOON + timedelta(days=1))
    later, earlier = LogRoot.objects.all()
    page = client.get("/data/log/").content.decode()
    assert later.hex in page
    assert earlier.hex in page
    told = client.get(f"/data/log/{later.pk}/root.json").json()
    assert (told["root"], told["size"]) == (later.hex, later.size)
    proof = client.get(f"/data/log/consistency/{earlier.size}/{later.size}/").json()["proof"]
    path = [bytes.fromhex(part) for part in proof]
    assert verify_consistency(earlier.size, later.size, bytes(earlier.root), bytes(later.root), path)
    for sizes in ("0/1", "2/1", "1/999999"):
        assert client.get(f"/data/log/consistency/{sizes}/").status_code == 404
    assert client.get(f"/data/log/{later.pk}/root.tsr").status_code == 404


def test_the_log_has_pages(client, site: Site, monkeypatch):
    monkeypatch.setattr("articles.pages.data.ROOTS_OF_A_PAGE", 1)
    make_version(site.open, ("Six people were hurt.",))
    log.append()
    log.publish(NOON + timedelta(minutes=5))
    newest, oldest = LogRoot.objects.all()
    first = client.get("/data/log/").content.decode()
    assert newest.hex in first
    assert f"?before={newest.pk}" in first
    assert oldest.hex in client.get(f"/data/log/?before={newest.pk}").content.decode()


@pytest.mark.parametrize("form", ["rss", "atom", "json"])
def test_the_daily_roots_are_a_feed(client, site: Site, form):
    daily = log.publish(NOON + timedelta(days=1))
    body = client.get(f"/data/log/feed.{form}").content.decode()
    if form == "json":
        [item] = json.loads(body)["items"]
        assert daily.hex in item["content_html"]
    else:
        [entry] = feedparser.parse(body).entries
        assert daily.hex in entry.summary
        assert entry.title == "The log up to 2026-03-02"


def test_the_script_is_the_one_of_the_packs(client):
    with open(verify_evidence.__file__, "rb") as file:
        assert client.get("/data/verify_evidence.py").content == file.read()
