"""Datasets: all that readers may see and nothing else, in three forms that say the same."""

import csv
import gzip
import hashlib
import io
import json
from datetime import date, timedelta

import pytest
import zstandard
from django.core.management import CommandError, call_command
from django.utils import timezone
from pyarrow import parquet

from articles import takedown
from articles.exports import datasets, files
from articles.exports.tables import TABLES, months_of
from articles.models import Host, Imported, Reason, Source, TakedownStep, Version
from articles.takedown import Grounds
from tests.exports.conftest import NOON, SECRET, Site
from tests.factories import MORNING, make_article, make_version


def lines(folder, name):
    with zstandard.open(folder / f"{name}.jsonl.zst", "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def words_in(folder):
    """All that stands in the files of a folder, unpacked."""
    found = []
    for file in folder.rglob("*"):
        if file.name.endswith(".zst"):
            found.append(zstandard.ZstdDecompressor().decompressobj().decompress(file.read_bytes()).decode())
        elif file.name.endswith(".gz"):
            found.append(gzip.decompress(file.read_bytes()).decode())
        elif file.name.endswith(".parquet"):
            found.append(json.dumps(parquet.read_table(file).to_pylist(), default=str))
        elif file.is_file():
            found.append(file.read_text())
    return "".join(found)


def test_each_row_that_readers_may_see_is_there(site: Site, tmp_path):
    call_command("export", tmp_path, verbosity=0)
    assert [row["slug"] for row in lines(tmp_path, "sources")] == ["harbour"]
    assert [row["id"] for row in lines(tmp_path, "articles/2016-07")] == [site.open.pk, site.partly.pk]
    versions = lines(tmp_path, "versions/2016-07")
    assert [(row["article"], row["number"]) for row in versions] == [
        (site.open.pk, 1),
        (site.partly.pk, 1),
        (site.open.pk, 2),
        (site.partly.pk, 3),
    ]
    assert "paragraphs" not in versions[0]
    [change] = lines(tmp_path, "changes/2016-07")
    assert (change["number"], change["words_added"], change["words_removed"]) == (2, 1, 1)
    assert change["previous_last_seen"] < change["seen"]
    assert change["seen"].endswith("Z")
    assert change["facts"]
    [event] = lines(tmp_path, "events/2016-07")
    assert event["kind"] == "removed"
    assert lines(tmp_path, "withdrawn") == [
        {"article": site.hidden.pk, "version": None},
        {"article": site.purged.pk, "version": None},
        {"article": site.partly.pk, "version": 2},
    ]


def test_what_sites_wish_stands_in_every_row(site: Site, tmp_path):
    Host.objects.update(content_usage=[["/", "train-ai=n, search=y"]])
    call_command("export", tmp_path, verbosity=0)
    with_header, of_robots_txt, *_ = lines(tmp_path, "versions/2016-07")
    assert with_header["tdm_reservation"] is True
    assert with_header["content_usage"] == "train-ai=n"
    assert with_header["robots"] == "max-snippet:50"
    assert of_robots_txt["tdm_reservation"] is None
    assert of_robots_txt["content_usage"] == "train-ai=n, search=y"
    assert lines(tmp_path, "changes/2016-07")[0]["tdm_reservation"] is True


@pytest.mark.parametrize("texts", [False, True])
def test_nothing_taken_down_is_in_any_file(site: Site, tmp_path, texts):
    call_command("export", tmp_path, texts=texts, verbosity=0)
    told = words_in(tmp_path)
    assert "Bridge closed" in told
    assert SECRET not in told
    assert ("The bridge stays closed." in told) is texts


def test_all_forms_say_the_same_and_the_manifest_names_them(site: Site, tmp_path):
    Imported.objects.create(
        origin="newsdiffs",
        origin_article="x",
        origin_version="y",
        article=site.open,
        version=site.open.versions.get(number=1),
        importer_version=1,
    )
    manifest = datasets.export(tmp_path, texts=True)
    assert manifest == datasets.read_manifest(tmp_path)
    named = set()
    for entry in manifest["files"]:
        data = (tmp_path / entry["path"]).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (entry["bytes"], entry["sha256"])
        named.add(entry["path"])
    assert named | {"manifest.json", "README.txt"} == {
        str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()
    }
    for table in TABLES:
        name = next(path for path in sorted(named) if path.startswith(table.name)).partition(".")[0]
        rows = lines(tmp_path, name)
        columns = [column["name"] for column in manifest["tables"][table.name]["columns"]]
        assert list(rows[0]) == columns
        text = gzip.decompress((tmp_path / f"{name}.csv.gz").read_bytes()).decode()
        cells = list(csv.DictReader(io.StringIO(text)))
        assert len(cells) == len(rows)
        stored = parquet.read_table(tmp_path / f"{name}.parquet").to_pylist()
        for row, cell, one in zip(rows, cells, stored, strict=True):
            for column in manifest["tables"][table.name]["columns"]:
                value, key = row[column["name"]], column["name"]
                if column["type"] == "json":
                    assert json.loads(cell[key]) == json.loads(one[key]) == value
                elif column["type"] == "time":
                    assert cell[key] == (value or "")
                    assert (files.moment(one[key]) if one[key] else None) == value
                elif column["type"] == "texts":
                    assert json.loads(cell[key]) == one[key] == value
                else:
                    assert one[key] == value
    assert lines(tmp_path, "versions/2016-07")[0]["imported_from"] == "newsdiffs"


def test_a_second_edition_of_the_same_is_the_same_bytes(site: Site, tmp_path):
    one, other = datasets.export(tmp_path / "a"), datasets.export(tmp_path / "b")
    assert [entry["sha256"] for entry in one["files"]] == [entry["sha256"] for entry in other["files"]]


def settled():
    """As if what was taken down had been so for long."""
    TakedownStep.objects.update(at=timezone.now() - timedelta(hours=1))


def test_since_writes_later_months_and_keeps_the_others(site: Site, tmp_path):
    settled()
    in_august = MORNING + timedelta(days=40)
    later = make_article(Source.objects.first(), headline="Lime trees", first_seen=in_august)
    make_version(later)
    datasets.export(tmp_path)
    old = tmp_path / "versions/2016-07.csv.gz"
    new = tmp_path / "versions/2016-08.csv.gz"
    stamps = old.stat().st_mtime_ns, new.stat().st_mtime_ns
    manifest = datasets.export(tmp_path, since=date(2016, 8, 20))
    assert old.stat().st_mtime_ns == stamps[0]
    assert new.stat().st_mtime_ns != stamps[1]
    assert {"versions/2016-07.csv.gz", "versions/2016-08.csv.gz"} <= {
        entry["path"] for entry in manifest["files"]
    }
    takedown.hide([site.open.pk], Grounds(Reason.LEGAL))
    datasets.export(tmp_path, since=date(2016, 8, 20))
    assert "Bridge closed" not in words_in(tmp_path)
    assert not (tmp_path / "changes/2016-07.csv.gz").exists()


def test_a_folder_with_something_else_is_left_alone(db, tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(CommandError, match=r"thesis\.txt"):
        call_command("export", tmp_path)
    with pytest.raises(CommandError, match="no date"):
        call_command("export", str(tmp_path), "--since", "yesterday")


def test_a_manifest_leads_to_no_other_file(site: Site, tmp_path):
    other = tmp_path / "keep.txt"
    other.write_text("mine")
    folder = tmp_path / "export"
    datasets.export(folder)
    manifest = datasets.read_manifest(folder)
    for path in ("../keep.txt", "sources/../../keep.txt", str(other)):
        manifest["files"].append({"path": path, "table": "x", "month": "", "form": "x", "rows": 1})
    (folder / "manifest.json").write_text(json.dumps(manifest))
    datasets.export(folder)
    assert other.exists()


def test_without_pyarrow_the_others_are_written(site: Site, tmp_path, monkeypatch):
    monkeypatch.setattr(files, "find_spec", lambda name: None)
    manifest = datasets.export(tmp_path)
    assert {entry["form"] for entry in manifest["files"]} == {"jsonl.zst", "csv.gz"}


def test_months_are_whole():
    december = NOON.replace(year=2025, month=12, day=31)
    assert [(first.month, last.month) for first, last in months_of((december, NOON))] == [
        (12, 1),
        (1, 2),
        (2, 3),
        (3, 4),
    ]
    assert months_of(None) == []


def test_a_damaged_text_leaves_out_itself_alone(site: Site, tmp_path):
    Version.objects.filter(article=site.open, number=1).update(data=b"damaged")
    datasets.export(tmp_path, texts=True)
    texts = [row["paragraphs"] for row in lines(tmp_path, "versions/2016-07")]
    assert texts == [[], ["The mill is sold."], [], ["It is sold to a neighbour."]]
