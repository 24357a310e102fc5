"""The published edition, in a folder and in a bucket of a server that speaks S3."""

import gzip
import hashlib
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from math import inf
from pathlib import Path
from types import SimpleNamespace

import pytest
import zstandard
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.utils import timezone

from articles import takedown
from articles.exports import editions, shelf, trouble
from articles.exports.datasets import MANIFEST
from articles.exports.shelf import Trouble
from articles.exports.tables import TABLES
from articles.exports.tasks import write_datasets
from articles.management.commands.status import read_status
from articles.models import Heartbeat, Reason, Source, TakedownStep
from articles.takedown import Grounds
from newsdiffs import checks
from tests import bucket
from tests.exports.conftest import SECRET, Site
from tests.exports.test_datasets import settled
from tests.factories import MORNING, make_article, make_version


@pytest.fixture(scope="module")
def server() -> Iterator[bucket.Server]:
    with bucket.running() as running:
        yield running


@pytest.fixture(autouse=True)
def _no_midnight(monkeypatch) -> None:
    """An edition is of a day, and one day lasts as long as a test."""
    last = timezone.now().replace(hour=23, minute=59, second=59, microsecond=999_999)
    monkeypatch.setattr(editions, "timezone", SimpleNamespace(now=lambda: min(timezone.now(), last)))


@dataclass
class Published:
    """Where editions are published in a test."""

    folder: Path
    server: bucket.Server | None

    def names(self) -> list[str]:
        """Of all files that are there."""
        if self.server:
            return [name.removeprefix("open/data/") for name in self.server.names()]
        return sorted(
            path.relative_to(self.folder).as_posix()
            for path in self.folder.rglob("*")
            if path.is_file() and path.name != "lock"
        )

    def body(self, name: str) -> bytes:
        return self.server.body(f"open/data/{name}") if self.server else (self.folder / name).read_bytes()

    def words(self) -> str:
        """All that stands in the files there, unpacked; those in Parquet say what the others do."""
        found = []
        for name in self.names():
            body = self.body(name)
            if name.endswith(".zst"):
                body = zstandard.ZstdDecompressor().decompressobj().decompress(body)
            elif name.endswith(".gz"):
                body = gzip.decompress(body)
            found.append(body.decode("utf-8", "replace"))
        return "".join(found)


def in_bucket(settings, server: bucket.Server) -> None:
    server.asked.clear()
    server.most_puts = inf
    for name in server.names():
        server.client().delete_object(Bucket=bucket.BUCKET, Key=name)
    server.asked.clear()
    settings.DATASETS_BUCKET = f"{bucket.BUCKET}/open/data"
    settings.DATASETS_ENDPOINT, settings.DATASETS_KEYS = server.url, server.keys
    settings.DATASETS_REGION = bucket.REGION


@pytest.fixture(params=["folder", "bucket"])
def published(request, settings, tmp_path, monkeypatch) -> Published:
    settings.DATASETS, settings.DATA_DIR = "metadata", tmp_path
    monkeypatch.setattr(editions, "REMEMBERED_SECONDS", 1e-9)
    server = request.getfixturevalue("server") if request.param == "bucket" else None
    if server:
        in_bucket(settings, server)
    return Published(tmp_path / "datasets", server)


@pytest.fixture
def in_the_bucket(settings, tmp_path, server, monkeypatch) -> Published:
    settings.DATASETS, settings.DATA_DIR = "metadata", tmp_path
    monkeypatch.setattr(editions, "REMEMBERED_SECONDS", 1e-9)
    in_bucket(settings, server)
    return Published(tmp_path / "datasets", server)


def test_the_task_publishes_an_edition_in_pieces(client, site: Site, published: Published):
    settled()
    assert editions.current() is None
    assert editions.work(0) == 1
    assert editions.current() is None
    while editions.current() is None:
        assert editions.work(0) == 1
    manifest = client.get("/data/manifest.json").json()
    assert {entry["table"] for entry in manifest["files"]} == {table.name for table in TABLES}
    for entry in manifest["files"]:
        response = client.get(f"/data/files/{entry['path']}")
        body = b"".join(response)
        assert (len(body), hashlib.sha256(body).hexdigest()) == (entry["bytes"], entry["sha256"])
        assert response.headers["Content-Length"] == str(entry["bytes"])
        assert response.headers["Content-Usage"] == "train-ai=n"
        assert entry["path"] in client.get("/data/").content.decode()
    assert SECRET not in published.words()
    assert write_datasets() == 0  # there is one of today
    assert Heartbeat.seconds_since("datasets") is not None


def test_a_takedown_withholds_the_edition_at_once_and_the_next_is_without_it(
    client, site: Site, published: Published
):
    settled()
    editions.work(60)
    path = client.get("/data/manifest.json").json()["files"][0]["path"]
    assert b"".join(client.get(f"/data/files/{path}"))
    takedown.hide([site.open.pk], Grounds(Reason.LEGAL))
    assert client.get("/data/manifest.json").status_code == 404
    assert client.get(f"/data/files/{path}").status_code == 404
    settled()
    TakedownStep.objects.filter(article=site.open).update(at=timezone.now() - timedelta(seconds=30))
    editions.work(60)
    assert editions.current() is None  # what was noted a minute ago may have been stored since it was begun
    TakedownStep.objects.filter(article=site.open).update(at=timezone.now() - timedelta(seconds=90))
    editions.work(60)
    assert editions.current()
    assert "Bridge closed" not in published.words()


def test_what_is_deleted_for_good_leaves_the_shelf_before_a_new_edition_is_whole(
    site: Site, published: Published
):
    settled()
    editions.work(60)
    assert "Bridge closed" in published.words()
    takedown.purge(site.open, Grounds(Reason.PERSONAL))
    assert editions.work(0) == 1
    assert "Bridge closed" not in published.words()
    assert not [name for name in published.names() if "versions" in name]
    settled()
    while editions.current() is None:
        editions.work(60)
    assert "Bridge closed" not in published.words()
    assert f'"article":{site.open.pk},"version":null' in published.words()


def test_a_takedown_while_it_is_written_begins_it_anew(site: Site, published: Published):
    settled()
    while not any("versions" in name for name in published.names()):
        editions.work(0)
    takedown.hide([site.open.pk], Grounds(Reason.LEGAL))
    assert editions.work(0) == 1
    assert len(json.loads((published.folder / "building/state.json").read_text())["done"]) == 1


def test_a_takedown_at_the_last_moment_keeps_it_from_being_published(site: Site, published: Published):
    settled()

    def tell(part, done, of):
        if done == of - 1:
            takedown.hide([site.open.pk], Grounds(Reason.LEGAL))

    with pytest.raises(editions.Overtaken):
        editions.publish(tell=tell)
    assert "manifest.json" not in published.names()


def test_of_two_tasks_one_writes(site: Site, published: Published):
    settled()
    with editions._alone() as is_alone:
        assert is_alone
        assert editions.work(60) == 0
        with pytest.raises(CommandError, match="just now"):
            call_command("export")
    assert editions.work(60) > 5


def test_with_datasets_off_none_is_left(site: Site, published: Published, settings):
    editions.work(60)
    assert published.names()
    settings.DATASETS = "off"
    assert editions.work(60) == 0
    assert not published.names()
    with pytest.raises(CommandError, match="publishes no datasets"):
        call_command("export")


def test_an_edition_goes_on_after_a_full_stop(site: Site, published: Published, monkeypatch):
    """The process is killed at each of its writes in turn; what was served before is served all the while."""
    settled()
    editions.publish()
    before = editions.current()
    make_version(site.open, ("Six people were hurt.",))
    killed_at = []
    while MANIFEST not in killed_at:
        with monkeypatch.context() as patched:
            _killed_at_its_first_write(patched)
            with pytest.raises(Killed) as stopped:
                editions.publish()
        killed_at.append(str(stopped.value))
        assert editions.current() == before
    assert len(killed_at) == len(set(killed_at)) > 9
    editions.publish()
    assert editions.current() != before
    named = {f"{entry['sha256'][:32]}/{entry['path']}" for entry in editions.current()["files"]}
    found = {name for name in published.names() if not name.startswith("building")}
    assert found == named | {MANIFEST}


class Killed(BaseException):
    """As if by SIGKILL: nothing of ours catches it."""


def _killed_at_its_first_write(patched) -> None:
    """Break off when a file is on the shelf (the manifest: before it is), and nobody could note so yet."""
    for kind in (shelf.Folder, shelf._Bucket):

        def broken_off(self, name, file, put=kind.put):
            if name != MANIFEST:
                put(self, name, file)
            raise Killed(name)

        patched.setattr(kind, "put", broken_off)


def test_an_incremental_edition_writes_later_months_alone(site: Site, published: Published):
    settled()
    in_august = MORNING + timedelta(days=40)
    later = make_article(Source.objects.first(), headline="Lime trees", first_seen=in_august)
    make_version(later)
    call_command("export", verbosity=0)
    first = {entry["path"]: entry for entry in editions.current()["files"]}
    make_version(later, ("Lime trees fell.",))
    if published.server:
        published.server.asked.clear()
    call_command("export", "--since", "2016-08-20", verbosity=0)
    second = {entry["path"]: entry for entry in editions.current()["files"]}
    assert second.keys() > first.keys()  # there is a change of August now
    assert second["versions/2016-07.csv.gz"] == first["versions/2016-07.csv.gz"]
    assert second["versions/2016-08.csv.gz"]["sha256"] != first["versions/2016-08.csv.gz"]["sha256"]
    if published.server:
        assert not [path for path in published.server.puts() if "2016-07" in path]
    takedown.hide([site.open.pk], Grounds(Reason.LEGAL))
    TakedownStep.objects.filter(article=site.open).update(at=timezone.now() - timedelta(minutes=5))
    manifest = editions._manifest(shelf.shelf())
    manifest["made"] = shelf_time(timedelta(minutes=2))  # as if the takedown had been stored late
    _publish_manifest(published, manifest)
    call_command("export", "--since", "2016-08-20", verbosity=0)
    assert "Bridge closed" not in published.words()


def shelf_time(ago: timedelta) -> str:
    return (timezone.now() - ago).isoformat().replace("+00:00", "Z")


def _publish_manifest(published: Published, manifest) -> None:
    file = published.folder / "building.json"
    for entry in manifest["files"]:
        entry["made"] = shelf_time(timedelta(minutes=10))
    file.write_text(json.dumps(manifest))
    shelf.shelf().put("manifest.json", file)


def test_what_is_the_same_is_not_written_again(site: Site, in_the_bucket: Published):
    settled()
    editions.publish()
    make_version(site.open, ("Six people were hurt.",))
    in_the_bucket.server.asked.clear()
    editions.publish()
    written = {path.split("/", 5)[5] for path in in_the_bucket.server.puts() if not path.endswith(MANIFEST)}
    assert {path.partition("/")[0].partition(".")[0] for path in written} == {
        "articles",
        "versions",
        "changes",
    }


def test_files_of_others_stay(site: Site, in_the_bucket: Published, settings):
    """A bucket may hold other things, also in our folder; we delete what has a name of ours."""
    client = in_the_bucket.server.client()
    for name in ("open/data/thesis.txt", "open/data/2016/versions.csv", "versions/2016-07.csv.gz"):
        client.put_object(Bucket=bucket.BUCKET, Key=name, Body=b"mine")
    settled()
    editions.publish()
    settings.DATASETS = "off"
    editions.work(60)
    assert in_the_bucket.server.names() == [
        "open/data/2016/versions.csv",
        "open/data/thesis.txt",
        "versions/2016-07.csv.gz",
    ]


def test_editions_of_the_older_form_are_deleted(site: Site, published: Published):
    old = published.folder / "20261122T030000.000001/versions/2016-07.csv.gz"
    old.parent.mkdir(parents=True)
    old.write_text("Bridge closed")
    settled()
    editions.work(60)
    assert not old.exists()


# --- Trouble


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("DATASETS_KEYS", "AKIAOFNOBODY0000000:s3cr3t-of-nobody", Trouble.REFUSED),
        ("DATASETS_BUCKET", "no-such-bucket", Trouble.NO_BUCKET),
        ("DATASETS_ENDPOINT", "http://127.0.0.1:9", Trouble.AWAY),
    ],
)
def test_a_bucket_that_can_not_be_had_is_told(
    client, admin_client, site: Site, in_the_bucket, settings, caplog, name, value, expected
):
    settled()
    editions.publish()
    before = in_the_bucket.names()
    first = client.get("/data/manifest.json").json()
    well = getattr(settings, name)
    setattr(settings, name, value)
    TakedownStep.objects.update(at=timezone.now())  # one is due
    for _ in range(2):
        with caplog.at_level(logging.INFO):
            assert editions.work(60) == 0
        assert trouble.current().trouble == expected
    assert read_status()["problems"][0].endswith(f": {expected.label}")
    metrics = client.get("/metrics").content.decode()
    assert "newsdiffs_datasets_failing 1.0" in metrics
    assert "datasets-" not in metrics
    assert str(expected.label) in admin_client.get("/admin/").content.decode()
    with pytest.raises(CommandError, match=str(expected.label)):
        call_command("export")
    for address in ("/data/manifest.json", f"/data/files/{first['files'][0]['path']}"):
        response = client.get(address)
        assert response.status_code == 503
        assert response.headers["Retry-After"]
        assert response.headers["Cache-Control"] == "no-store"
    assert "can’t be read" in client.get("/data/").content.decode()
    assert "s3cr3t" not in caplog.text
    setattr(settings, name, well)
    assert in_the_bucket.names() == before  # nothing was lost
    settled()
    editions.work(60)
    assert trouble.current() is None
    assert client.get("/data/manifest.json").json()["files"]
    assert str(expected.label) not in admin_client.get("/admin/").content.decode()


def test_a_bucket_that_fails_in_the_middle_is_gone_on_with(site: Site, in_the_bucket: Published):
    settled()
    in_the_bucket.server.most_puts = 4
    assert editions.work(60) == 0
    assert trouble.current().trouble == Trouble.FAILED
    done = json.loads((in_the_bucket.folder / "building/state.json").read_text())["done"]
    assert done == ["sources"]  # its three files; of the next part's only one came in
    assert editions.current() is None
    in_the_bucket.server.most_puts = inf
    in_the_bucket.server.asked.clear()
    assert editions.work(60) > 3
    assert not [path for path in in_the_bucket.server.puts() if "/sources" in path]
    assert editions.current()
    assert trouble.current() is None


def test_a_data_folder_that_can_not_be_written_is_told(site: Site, settings, tmp_path):
    settings.DATASETS, settings.DATA_DIR = "metadata", tmp_path
    (tmp_path / "datasets").write_text("no folder")
    assert editions.work(60) == 0
    assert trouble.current().trouble == Trouble.DISK
    with pytest.raises(CommandError, match="data folder"):
        call_command("export")


def test_without_the_library_it_is_said_what_to_install(site: Site, in_the_bucket, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "boto3.exceptions", None)
    assert editions.work(60) == 0
    assert trouble.current().trouble == Trouble.LIBRARY
    with pytest.raises(CommandError, match="requirements-s3"):
        call_command("export")
    monkeypatch.setattr(checks, "find_spec", lambda name: None)
    assert [found.id for found in run_checks(tags=[checks.TAG])] == ["newsdiffs.E002"]


def test_the_reason_changes_and_since_when_does_not(db):
    trouble.note(Trouble.REFUSED)
    Heartbeat.objects.update(at=timezone.now() - timedelta(hours=1))
    since = trouble.current().since
    trouble.note(Trouble.AWAY)
    assert trouble.current() == (Trouble.AWAY, since)
    trouble.clear()
    assert trouble.current() is None


def test_a_process_asks_the_bucket_once_in_a_while(client, site: Site, in_the_bucket, monkeypatch):
    monkeypatch.setattr(editions, "REMEMBERED_SECONDS", 1e6)
    settled()
    editions.publish()
    in_the_bucket.server.asked.clear()
    for _ in range(5):
        assert client.get("/data/").status_code == 200
    assert len(in_the_bucket.server.asked) == 1
    takedown.hide([site.open.pk], Grounds(Reason.LEGAL))
    assert client.get("/data/manifest.json").status_code == 404  # whatever is remembered


def test_only_a_folder_may_have_texts_or_pages_of_its_own(db, published: Published):
    for option in ("--texts", "--pages"):
        with pytest.raises(CommandError, match="DATASETS"):
            call_command("export", option)
