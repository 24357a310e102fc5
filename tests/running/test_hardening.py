"""The site as a proxy for HTTPS finds it: real processes, with the settings of a public installation."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import requests

from tests.running.installation import PROJECT, Installation, wait_until

PUBLIC = {"SITE_URL": "https://diffs.example.org", "HSTS_SECONDS": "31536000"}
AS_PROXY = {"Host": "diffs.example.org", "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"}


def site(folder: Path, set_up: Path, **environment: str) -> Installation:
    folder.mkdir()
    shutil.copytree(set_up, folder / "data", copy_function=shutil.copy2)
    made = Installation(folder, **environment)
    made.start("--only", "site")
    wait_until(lambda: made.get("/healthz") in (200, 503), made.output)
    return made


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory, set_up_once: Path) -> Iterator[Installation]:
    """Behind a proxy that is trusted."""
    folder = tmp_path_factory.mktemp("public") / "site"
    made = site(
        folder, set_up_once, **PUBLIC, TRUSTED_PROXIES="1", PAGE_LIMIT="20", METRICS_TOKEN="of-a-test"
    )
    yield made
    made.close()


@pytest.fixture(scope="module")
def trusting_nobody(tmp_path_factory: pytest.TempPathFactory, set_up_once: Path) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("untrusted") / "site"
    made = site(folder, set_up_once, **PUBLIC)
    yield made
    made.close()


def ask(installation: Installation, path: str, headers: dict[str, str] = AS_PROXY) -> requests.Response:
    address = f"http://127.0.0.1:{installation.port}{path}"
    return requests.get(address, headers=headers, allow_redirects=False, timeout=15)


def test_production_settings_pass_djangos_check(ready: Installation) -> None:
    for settings in ({}, {"HSTS_SECONDS": "3600"}):
        asked = PUBLIC | {"TRUSTED_PROXIES": "1"} | settings
        done = ready.manage("check", "--deploy", "--fail-level", "INFO", **asked)
        assert (done.returncode, done.stderr) == (0, ""), settings


def test_a_proxy_that_was_not_told_of_is_warned_of(ready: Installation) -> None:
    done = ready.manage("check", "--deploy", "--fail-level", "WARNING", **PUBLIC)
    assert done.returncode == 1
    assert "newsdiffs.W001" in done.stderr


def test_a_secret_too_short_does_not_pass(ready: Installation) -> None:
    done = ready.manage("check", "--deploy", "--fail-level", "WARNING", SECRET_KEY="short", **PUBLIC)
    assert done.returncode == 1
    assert "security.W009" in done.stderr


def test_https_is_promised_where_the_setting_asks(public: Installation) -> None:
    for path in ("/", "/nowhere/", "/changes/feed.rss", "/admin/login/", "/articles/1/"):
        assert ask(public, path).headers["Strict-Transport-Security"] == "max-age=31536000", path


def test_static_files_are_guarded_too(public: Installation) -> None:
    style = ask(public, "/").text.partition('rel="stylesheet" href="')[2].partition('"')[0]
    answer = ask(public, style)
    assert answer.status_code == 200
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_a_page_asked_for_by_head_is_not_logged_as_a_fault(public: Installation) -> None:
    answer = requests.head(f"http://127.0.0.1:{public.port}/about/", headers=AS_PROXY, timeout=15)
    assert (answer.status_code, answer.content) == (200, b"")
    assert "body" not in public.output()


def test_cookies_go_over_https_only(public: Installation) -> None:
    cookie = ask(public, "/admin/login/").headers["Set-Cookie"]
    assert cookie.startswith("csrftoken=")
    assert {"Secure", "HttpOnly", "SameSite=Lax"} <= set(map(str.strip, cookie.split(";")))


def test_plain_http_is_sent_to_https(public: Installation) -> None:
    answer = ask(public, "/about/?x=1", AS_PROXY | {"X-Forwarded-Proto": "http"})
    assert (answer.status_code, answer.headers["Location"]) == (301, "https://diffs.example.org/about/?x=1")
    assert "Strict-Transport-Security" not in answer.headers
    assert ask(public, "/healthz", {"Host": "127.0.0.1"}).status_code in (200, 503)


def test_nobody_is_believed_without_the_setting(trusting_nobody: Installation) -> None:
    answer = ask(trusting_nobody, "/")
    assert answer.status_code == 200  # and no redirect, which would go round for ever
    assert "Strict-Transport-Security" not in answer.headers
    assert "Set TRUSTED_PROXIES=1" in trusting_nobody.output()


def test_limits_hold_over_all_processes_of_the_site(public: Installation) -> None:
    def diff(visitor: str) -> requests.Response:
        return ask(public, "/articles/1/diff/1/2/", AS_PROXY | {"X-Forwarded-For": visitor})

    statuses = [diff("198.51.100.1").status_code for _ in range(25)]
    assert statuses[:20] == [404] * 20  # there is no such article
    refused = diff("198.51.100.1")
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 3
    assert "no-store" in refused.headers["Cache-Control"]
    assert "20 of them a minute" in refused.text
    assert "default-src 'none'" in refused.headers["Content-Security-Policy"]
    assert diff("198.51.100.2").status_code == 404  # another visitor
    assert diff("198.51.100.2, 198.51.100.1").status_code == 429  # what he says of himself counts for nothing
    assert ask(public, "/", AS_PROXY | {"X-Forwarded-For": "198.51.100.1"}).status_code == 200


def test_reading_does_not_wait_for_who_writes(trusting_nobody: Installation) -> None:
    with closing(sqlite3.connect(trusting_nobody.data / "newsdiffs.sqlite3", isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        # The usual patience with a writer is 20 seconds; ask() has less.
        assert ask(trusting_nobody, "/articles/1/diff/1/2/").status_code == 404
        writer.execute("ROLLBACK")
    assert "no limit is kept" in trusting_nobody.output()


def test_metrics_need_the_token_through_the_proxy(public: Installation) -> None:
    assert ask(public, "/metrics").status_code == 403
    answer = ask(public, "/metrics", AS_PROXY | {"Authorization": "Bearer of-a-test"})
    assert answer.status_code == 200
    assert "newsdiffs_articles_due 0.0" in answer.text


def test_metrics_are_not_for_the_visitors_of_an_unknown_proxy(trusting_nobody: Installation) -> None:
    assert ask(trusting_nobody, "/metrics").status_code == 403
    assert ask(trusting_nobody, "/metrics", {"Host": "127.0.0.1"}).status_code == 403


TEN_USES = """
import django
django.setup()
from articles.models.quota import Quota
print(sum(Quota("at once", 15, 3600).use("ann") == 0 for _ in range(10)))
"""


def granted_at_once(installation: Installation) -> int:
    """How many of 40 uses are granted that four processes ask for at the same time; 15 are allowed."""
    environment = {**installation.environment, "DJANGO_SETTINGS_MODULE": "newsdiffs.settings"}
    started = [
        subprocess.Popen(
            [sys.executable, "-c", TEN_USES], cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    return sum(int(process.communicate(timeout=300)[0]) for process in started)


def test_uses_asked_for_at_once_are_all_counted(ready: Installation) -> None:
    assert granted_at_once(ready) == 15


@pytest.mark.postgres
def test_uses_asked_for_at_once_are_all_counted_on_postgresql(
    tmp_path: Path, postgresql_address: str
) -> None:
    assert granted_at_once(Installation(tmp_path, DATABASE_URL=postgresql_address)) == 15
