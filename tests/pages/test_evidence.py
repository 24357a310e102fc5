"""The evidence of a change, as it is had from the site: checked by its own script, refused when changed."""

import io
import subprocess
import sys
import zipfile
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from articles.evidence import Tampered
from articles.evidence.verify_evidence import check, sums_of
from articles.exports import log
from articles.models import ApiKey, Capture, LogRoot, Version
from tests.exports.conftest import NOON, Site, page_of
from tests.exports.conftest import site as site
from tests.factories import make_version

PARTS = {
    *("README.txt", "verify_evidence.py", "evidence.json", "root.json", "comparison.json", "diff.html"),
    *("before.txt", "after.txt", "before.warc", "after.warc", "SHA256SUMS"),
}


def address(article, a=1, b=2):
    return f"/articles/{article.pk}/diff/{a}/{b}/evidence.zip"


@pytest.fixture
def reader(client, db):
    client.force_login(User.objects.create_user("ann"))
    return client


def pack(client, article, a=1, b=2):
    response = client.get(address(article, a, b))
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(response.content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_whoever_follows_the_readme_proves_the_change(reader, site: Site, tmp_path):
    files = pack(reader, site.open)
    assert set(files) == PARTS
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    command = [sys.executable, "-I", "-S", str(tmp_path / "verify_evidence.py")]
    root = LogRoot.objects.get().hex
    done = subprocess.run([*command, "--root", root], capture_output=True, text=True, env={}, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Proven: both texts and the pages that are with them")
    assert "logged by 2026-03-02T12:00:00" in done.stdout
    assert b"Four" in files["before.warc"]
    assert b"train-ai=n" in files["after.warc"]
    html = files["diff.html"].decode()
    assert "<ins>" in html
    assert "<script" not in html
    assert "src=" not in html


def test_a_byte_changed_in_any_part_is_found(reader, site: Site):
    files = pack(reader, site.open)
    assert check(files)
    for part, data in files.items():
        for at in (0, len(data) // 2, len(data) - 1):
            changed = files | {part: data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]}
            with pytest.raises(Tampered):
                check(changed)
            if part in ("before.txt", "after.txt", "root.json"):  # who forges a pack forges the sums too
                with pytest.raises(Tampered):
                    check(changed | {"SHA256SUMS": sums_of(changed)})


def test_versions_far_apart_have_a_bracket_too(reader, site: Site):
    make_version(site.open, ("Six people were hurt.",))
    log.append()
    log.publish(NOON + timedelta(minutes=5))
    files = pack(reader, site.open, 1, 3)
    assert check(files)
    assert b"after.warc" not in files["SHA256SUMS"]  # of the third no page was kept


def test_an_article_that_moved_is_proven_at_both_addresses(reader, site: Site):
    site.open.address = "https://news.example/moved"
    site.open.save()
    make_version(site.open, ("Six people were hurt.",))
    log.append()
    log.publish(NOON + timedelta(minutes=5))
    files = pack(reader, site.open, 2, 3)
    assert "https://news.example/moved" in check(files)


def test_a_version_that_is_not_logged_yet_has_to_wait(reader, site: Site):
    make_version(site.open, ("Six people were hurt.",))
    response = reader.get(address(site.open, 2, 3))
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) == 600
    log.append()  # in the log, and in no published root yet
    assert reader.get(address(site.open, 2, 3)).status_code == 503


def test_a_page_that_is_not_the_one_that_was_logged_is_left_out(reader, site: Site):
    Capture.objects.filter(article=site.open, number=2).delete()
    page_of(site.open, 2, "another rendering")
    files = pack(reader, site.open)
    assert check(files)
    assert "after.warc" not in files
    assert "before.warc" in files


def test_what_was_altered_in_the_database_proves_nothing(reader, site: Site):
    Version.objects.filter(article=site.open, number=2).update(headline="Tunnel closed")
    assert reader.get(address(site.open)).status_code == 500


def test_what_is_taken_down_has_none(reader, site: Site):
    assert reader.get(address(site.hidden)).status_code == 451
    assert reader.get(address(site.purged)).status_code == 410
    assert reader.get(address(site.partly, 1, 2)).status_code == 410
    assert reader.get(address(site.partly, 2, 3)).status_code == 410
    assert check(pack(reader, site.partly, 1, 3))


def test_it_is_for_those_who_may_have_texts(client, site: Site, settings):
    where = address(site.open)
    response = client.get(where)
    assert (response.status_code, response.headers["Location"]) == (302, f"/sign-in/?next={where}")
    for texts, status in ((False, 302), (True, 200)):
        key = ApiKey(holder="a university", texts=texts)
        text = key.issue()
        key.save()
        answer = client.get(where, headers={"Authorization": f"Bearer {text}"})
        assert answer.status_code == status
    key.ends = timezone.now()
    key.save()
    refused = client.get(where, headers={"Authorization": f"Bearer {text}"})
    assert (refused.status_code, refused.headers["Cache-Control"]) == (401, "private, no-store")
    settings.OPEN_EVIDENCE = True
    assert client.get(where).status_code == 200


@pytest.mark.parametrize(("a", "b"), [(1, 1), (2, 1), (1, 9)])
def test_there_is_evidence_of_two_versions_in_order_only(reader, site: Site, a, b):
    assert reader.get(address(site.open, a, b)).status_code == 404


def test_the_diff_leads_to_it(reader, site: Site):
    page = reader.get(f"/articles/{site.open.pk}/diff/1/2/").content.decode()
    assert address(site.open) in page
    reader.logout()
    assert "evidence.zip" not in reader.get(f"/articles/{site.open.pk}/diff/1/2/").content.decode()


def test_it_takes_few_queries(reader, site: Site, django_assert_max_num_queries):
    with django_assert_max_num_queries(13):
        reader.get(address(site.open))
