"""A client that another program generates from our description reads every page of changes."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils.dateparse import parse_datetime

from articles.models import Version
from tests.api.conftest import Archive
from tests.factories import MORNING, make_article, make_source, make_version

READER = """
import json, sys
from urllib.parse import parse_qs, urlsplit
from client import Client
from client.api.changes import articles_api_endpoints_changes as changes

client, pages, cursor = Client(base_url=sys.argv[1]), [], ""
while not pages or cursor:
    page = changes.sync(client=client, cursor=cursor, minor=True, limit=10)
    pages.append([change.to_dict() for change in page.items])
    cursor = parse_qs(urlsplit(page.next_).query)["cursor"][0] if page.next_ else ""
print(json.dumps(pages))
"""

COUNTS = ("Four", "Five", "Six", "Seven", "Eight", "Nine")


def generate(description: str, folder: Path) -> None:
    """Make a package `client` in *folder* of the description at that address; a warning is a failure."""
    programs = str(Path(sys.executable).parent)
    command = [
        *(f"{programs}/openapi-python-client", "generate", "--fail-on-warning"),
        *("--url", description, "--output-path", str(folder / "client"), "--meta", "none"),
    ]
    # It has what it wrote formatted by ruff.
    environment = os.environ | {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_reads_every_page_of_changes_and_what_is_in_them(live_server, archive: Archive, tmp_path):
    source = make_source("The Lighthouse", slug="lighthouse")
    for number in range(5):
        article = make_article(
            source, headline=f"Ferry {number}", first_seen=MORNING + timedelta(hours=number)
        )
        for count in COUNTS:
            make_version(article, (f"{count} ferries sail today.", "The harbour is open."))
    generate(f"{live_server.url}/api/v1/openapi.json", tmp_path)
    (tmp_path / "reader.py").write_text(READER)
    command = [sys.executable, str(tmp_path / "reader.py"), live_server.url]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    pages = json.loads(done.stdout)
    assert [len(page) for page in pages] == [10, 10, 7]
    told = [entry for page in pages for entry in page]
    assert [entry["event"]["id"] for entry in told if entry["event"]] == [archive.event.pk]
    stored = Version.objects.changes().select_related("article", "source").order_by("-seen", "-pk")
    read = [entry for entry in told if entry["version"]]
    assert [as_told(entry) for entry in read] == [as_stored(version) for version in stored]
    times = [entry["version"]["seen"] if entry["version"] else entry["event"]["at"] for entry in told]
    assert times == sorted(times, reverse=True)


def as_told(entry: dict[str, Any]) -> list[object]:
    article, version = entry["article"], entry["version"]
    change = version["change"]
    return [
        *(article["id"], article["source"], article["address"]),
        *(version["id"], version["number"], version["headline"], version["words"]),
        *(parse_datetime(version["seen"]), parse_datetime(version["previous_last_seen"])),
        *(change["words_added"], change["words_removed"], change["badges"], change["minor"]),
    ]


def as_stored(version: Version) -> list[object]:
    article = version.article
    return [
        *(article.pk, version.source.slug, article.address),
        *(version.pk, version.number, version.headline, version.words),
        *(version.seen, version.previous_last_seen),
        *(version.words_added, version.words_removed, version.badges, version.minor),
    ]
