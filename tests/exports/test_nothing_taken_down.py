"""What is hidden or deleted comes out by no door that gives data: every one of them is gone through."""

import gzip
import io
import json
import re
import zipfile
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.urls import get_resolver
from warcio.archiveiterator import ArchiveIterator

from articles import takedown
from articles.api.api import api
from articles.exports import editions, log
from articles.exports.shelf import folder
from articles.models import Article, LoggedVersion, Reason, TakedownStep
from articles.takedown import Grounds
from tests.exports.conftest import SECRET, Site
from tests.exports.test_datasets import settled, words_in

ROOT = "/api/v1"


@pytest.fixture(autouse=True)
def everything_open(settings, tmp_path):
    """As open as an operator can make it."""
    settings.API_OPEN_TEXTS = settings.OPEN_EVIDENCE = True
    settings.DATASETS, settings.DATA_DIR = "texts", tmp_path


def words_of(response) -> str:
    """All that an answer says: its headers, and its body unpacked."""
    body = b"".join(response) if response.streaming else response.content
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as package:
            body = b"\n".join(package.read(name) for name in package.namelist())
    told = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    return told + body.decode("utf-8", "replace")


def asked(site: Site) -> list[str]:
    """Every address of the API, with every value that there is for each of its parts, and every list."""
    articles = [article.pk for article in (site.open, site.partly, site.hidden, site.purged)]
    versions = range(1, 12)
    found = []
    for path in api.get_openapi_schema()["paths"]:
        of_articles = (
            [path.replace("{article}", str(pk)) for pk in articles] if "{article}" in path else [path]
        )
        for one in of_articles:
            if "{before}" in one:
                pairs = [(1, 2), (2, 3), (1, 3), (3, 2), (2, 1)]
                found += [one.replace("{before}", str(a)).replace("{after}", str(b)) for a, b in pairs]
            elif "{version}" in one:
                found += [one.replace("{version}", str(pk)) for pk in versions]
            else:
                found.append(one.replace("{slug}", "harbour"))
    addresses = [article.address or "https://news.example/3" for article in (site.hidden, site.partly)]
    found += [f"{ROOT}/lookup?address={address}" for address in addresses]
    found += [f"{ROOT}/search?q={word}" for word in (SECRET, "stood", "mill", "people")]
    found += [f"{ROOT}/search?q={SECRET}&in={where}" for where in ("added", "removed")]
    found += [
        f"{ROOT}/changes?minor=true",
        f"{ROOT}/changes?minor=true&q={SECRET}",
        f"{ROOT}/articles?limit=1",
    ]
    return found


def test_by_no_answer_of_the_api(client, site: Site):
    waiting, seen, well = asked(site), set(), 0
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        response = client.get(address)
        said = words_of(response)
        # What was asked for is told back in the link to the next page, and in no other place.
        assert SECRET not in said.replace(f"q={SECRET}", ""), address
        if response.status_code == 200:
            well += 1
            if onwards := response.json().get("next"):
                parts = urlsplit(onwards)
                waiting.append(f"{parts.path}?{parts.query}")
    assert len(seen) > 40
    assert well > 15


def test_by_no_dataset(client, site: Site, tmp_path):
    call_command("export", tmp_path / "export", texts=True, pages=True, verbosity=0)
    assert SECRET not in words_in(tmp_path / "export")
    settled()
    editions.work(60)
    paths = [entry["path"] for entry in client.get("/data/manifest.json").json()["files"]]
    assert len(paths) > 10
    assert SECRET not in words_in(folder())


def test_by_no_kept_page(site: Site, tmp_path):
    call_command("export", tmp_path / "export", pages=True, verbosity=0)
    read = []
    for file in (tmp_path / "export/pages").iterdir():
        with gzip.open(file) as stream:
            for record in ArchiveIterator(stream):
                body = record.content_stream().read().decode()
                assert SECRET not in body + str(record.rec_headers) + str(record.http_headers)
                if record.rec_type == "response":
                    read.append((record.rec_headers.get_header("WARC-Target-URI"), body))
    assert len(read) == 4
    assert {address for address, _ in read} == {site.open.address, site.partly.address}


def test_by_no_timegate_and_no_timemap(client, site: Site):
    for article in Article.objects.exclude(address=""):
        for where in ("timegate", "timemap/link"):
            response = client.get(f"/{where}/{article.address}")
            said = words_of(response)
            assert SECRET not in said
            assert f"/articles/{site.partly.pk}/2/" not in said
            assert f"/articles/{site.hidden.pk}/" not in said


def test_by_no_evidence(client, site: Site):
    answers = {}
    for article in (site.open, site.partly, site.hidden, site.purged):
        for a, b in ((1, 2), (2, 3), (1, 3)):
            response = client.get(f"/articles/{article.pk}/diff/{a}/{b}/evidence.zip")
            assert SECRET not in words_of(response)
            answers[article.pk, a, b] = response.status_code
    assert [key for key, status in answers.items() if status == 200] == [
        (site.open.pk, 1, 2),
        (site.partly.pk, 1, 3),
    ]


def test_by_no_page_of_the_log(client, site: Site):
    gone = LoggedVersion.objects.filter(version__article__hidden=True)
    assert (
        gone.count() == 2
    )  # of what is hidden, which may be shown again; of what is purged there is nothing
    for address in (
        "/data/log/",
        "/data/log/feed.atom",
        "/data/log/1/root.json",
        "/data/log/consistency/3/5/",
    ):
        said = words_of(client.get(address))
        assert SECRET not in said
        for row in gone:
            assert bytes(row.nonce).hex() not in said


def test_what_is_taken_down_now_is_gone_from_the_next_answer_on(client, site: Site):
    settled()
    editions.work(60)
    before = len(client.get(f"{ROOT}/articles").json()["items"])
    takedown.hide([site.open.pk], Grounds(Reason.LEGAL, 451))
    assert len(client.get(f"{ROOT}/articles").json()["items"]) == before - 1
    for address in (
        f"{ROOT}/articles/{site.open.pk}",
        f"/articles/{site.open.pk}/diff/1/2/evidence.zip",
        f"/timegate/{site.open.address}",
        f"/timemap/link/{site.open.address}",
    ):
        response = client.get(address)
        assert response.status_code == 451
        kept = re.search(r"s-maxage=(\d+)", response.headers.get("Cache-Control", "s-maxage=0"))
        assert kept is None or int(kept[1]) <= 60
    assert client.get("/data/manifest.json").status_code == 404
    log.append()
    assert TakedownStep.objects.exists()


def test_every_address_that_gives_data_was_gone_through():
    """Whoever adds one adds it here."""
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    data = {name for name in names if re.match("data|log|manifest|time|evidence|verifier", name)}
    assert data == {
        *("data", "data-file", "manifest", "evidence", "timegate", "timemap", "verifier"),
        *("log", "log-root", "log-stamp", "log-feed", "log-consistency"),
    }
    assert json.dumps(api.get_openapi_schema()).count('"get"') == 12
