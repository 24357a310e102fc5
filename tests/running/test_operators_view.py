"""What an operator sees of what other processes do: their log lines, and their checks in /metrics."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.running.installation import PATIENCE, PROJECT, Installation, wait_until
from tests.scripted import Page, ScriptedSite, story_page


@pytest.fixture
def newspaper() -> Iterator[ScriptedSite]:
    with ScriptedSite() as site:
        site.pages["/story"] = Page(story_page())
        yield site


def settings_for(newspaper: ScriptedSite) -> dict[str, str]:
    return {"FETCH_ALLOW_ENDPOINTS": newspaper.endpoint, "FETCH_HOST_DELAY": "0.01"}


def test_a_check_is_one_line_of_json_when_asked_for(ready: Installation, newspaper: ScriptedSite) -> None:
    asked = settings_for(newspaper) | {"LOG_FORMAT": "json"}
    done = ready.manage("check", f"{newspaper.url}/story", **asked)
    assert done.returncode == 0
    (line,) = [
        line for text in done.stderr.splitlines() if (line := json.loads(text))["message"] == "checked"
    ]
    assert line["outcome"] == "new-version"
    assert line["decision"] == "store"
    assert line["address"] == f"{newspaper.url}/story"
    assert line["host"] == newspaper.endpoint
    assert (line["article"], line["version"], line["status"]) == (1, 1, 200)


def test_the_same_is_a_line_of_text_otherwise(ready: Installation, newspaper: ScriptedSite) -> None:
    done = ready.manage("check", f"{newspaper.url}/story", **settings_for(newspaper))
    assert f" INFO articles.watch.check.check checked article=1 address={newspaper.url}/story" in done.stderr
    assert ' outcome=new-version reason="first version" decision=store' in done.stderr


def test_a_refused_request_is_a_line_without_a_trace(ready: Installation) -> None:
    ask = "from django.test import Client; Client(headers={'Host': 'localhost'}).get('/changes/?before=zzz')"
    done = ready.manage("shell", "--no-imports", "-c", ask)
    assert "'zzz' is no place in a list.: /changes/ status_code=400" in done.stderr
    assert "Traceback" not in done.stderr


def test_another_form_is_refused(ready: Installation) -> None:
    done = ready.manage("status", LOG_FORMAT="xml")
    assert done.returncode != 0
    assert "LOG_FORMAT='xml' must be text or json" in done.stderr


def test_the_site_counts_what_workers_check(set_up_folder: Path, newspaper: ScriptedSite) -> None:
    installation = Installation(set_up_folder, LOG_FORMAT="json", **settings_for(newspaper))

    def metrics() -> dict[str, float]:
        text = requests.get(f"http://127.0.0.1:{installation.port}/metrics", timeout=20).text
        pairs = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
        return {name: float(value) for name, _, value in pairs}

    try:
        installation.start()
        installation.wait_for_site()
        assert installation.manage("check", f"{newspaper.url}/story").returncode == 0
        due = "from articles.models import Article; from django.utils import timezone; "
        due += "from articles.watch.queue.enqueue import dispatch_soon; "
        due += "Article.objects.update(next_check_at=timezone.now()); dispatch_soon()"
        assert installation.manage("shell", "--no-imports", "-c", due).returncode == 0
        wait_until(lambda: metrics().get('newsdiffs_checks_total{outcome="unchanged"}'), installation.output)
        found = metrics()
        assert found['newsdiffs_checks_total{outcome="new-version"}'] == 1
        assert found["newsdiffs_versions_total"] == 1
        assert found['newsdiffs_heartbeat_age_seconds{part="dispatch"}'] < 300
        checked = wait_until(lambda: _checked(installation), installation.output)  # written after the count
        assert [line["outcome"] for line in checked] == ["unchanged"]
    finally:
        installation.close()


def _checked(installation: Installation) -> list[dict[str, object]]:
    """What the log says of checks, the line that is being written left out."""
    lines = installation.output().split("\n")[:-1]
    logged = [json.loads(line) for line in lines if line.startswith("{")]
    return [line for line in logged if line["message"] == "checked"]


COUNT = """
import django
django.setup()
from django.db import transaction
from articles.models import CheckCount
for _ in range(25):
    with transaction.atomic():
        CheckCount.add("unchanged", 0.5)
"""


def counted_at_once(installation: Installation) -> str:
    """What four processes counted at the same time."""
    environment = {**installation.environment, "DJANGO_SETTINGS_MODULE": "newsdiffs.settings"}
    started = [
        subprocess.Popen([sys.executable, "-c", COUNT], cwd=PROJECT, env=environment) for _ in range(4)
    ]
    assert [process.wait(PATIENCE) for process in started] == [0] * 4
    tell = "from articles.models import CheckCount; print(*CheckCount.tallies()['unchanged'])"
    return installation.manage("shell", "--no-imports", "-c", tell).stdout


def test_checks_made_at_once_are_all_counted(ready: Installation) -> None:
    assert counted_at_once(ready) == "100 50.0\n"


@pytest.mark.postgres
def test_checks_made_at_once_are_all_counted_on_postgresql(tmp_path: Path, postgresql_address: str) -> None:
    assert counted_at_once(Installation(tmp_path, DATABASE_URL=postgresql_address)) == "100 50.0\n"
