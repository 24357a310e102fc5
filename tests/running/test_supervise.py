"""The whole thing, driven as an operator does: started, hurt, stopped, started again."""

import os
import signal
import sys

import pytest
import requests

from tests.hostile import HostileServer
from tests.running.installation import PATIENCE, Installation, free_port, processes, wait_until

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at processes in /proc")

WORKER = "manage.py worker"


def test_a_worker_started_by_itself_does_not_wait_for_its_timetable(ready: Installation) -> None:
    no_timetable = "from django_q.models import Schedule; Schedule.objects.all().delete()"
    assert ready.manage("shell", "--no-imports", "-c", no_timetable).returncode == 0
    worker = ready.start(command="worker")
    wait_until(lambda: ready.manage("supervise", "--check", "--only", "worker").returncode == 0, ready.output)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(PATIENCE) == 0


def test_a_worker_that_dies_is_replaced_and_a_stop_leaves_nothing_behind(ready: Installation) -> None:
    supervisor = ready.start()
    ready.wait_for_site()
    worker = wait_until(lambda: ready.child(supervisor.pid, WORKER), ready.output)

    refused = ready.manage("supervise", PORT=str(free_port()))  # a second one on the same folder
    assert refused.returncode != 0
    assert "stop it first" in refused.stderr

    os.kill(worker, signal.SIGKILL)
    second = wait_until(
        lambda: (found := ready.child(supervisor.pid, WORKER)) is not None and found != worker and found,
        ready.output,
    )
    assert "worker was ended by SIGKILL; it starts again in 1 s" in ready.output()
    assert not [pid for pid, (_, group, _) in processes().items() if group == worker]

    wait_until(lambda: len(_of_group(second)) >= 5, ready.output)  # it is at work
    site = ready.child(supervisor.pid, "gunicorn")
    supervisor.send_signal(signal.SIGTERM)
    assert supervisor.wait(PATIENCE) == 0
    assert site
    assert not _of_group(site) + _of_group(second)
    assert "Traceback" not in ready.output()


def test_a_second_start_uses_what_the_first_made_and_says_no_password(installation: Installation) -> None:
    first = installation.start()
    installation.wait_for_site()
    secret, password = (installation.data / name for name in ("secret-key", "admin-password"))
    assert secret.stat().st_mode & 0o777 == password.stat().st_mode & 0o777 == 0o600
    kept = secret.read_text(), password.read_text()
    wait_until(lambda: kept[1].strip() in installation.output(), installation.output)
    _sign_in(installation, kept[1].strip())
    first.send_signal(signal.SIGINT)
    assert first.wait(PATIENCE) == 0

    installation.log.unlink()
    second = installation.start()
    installation.wait_for_site()
    wait_until(lambda: "NewsDiffs is at" in installation.output(), installation.output)
    assert (secret.read_text(), password.read_text()) == kept
    assert kept[1].strip() not in installation.output()
    assert str(password) in installation.output()
    _sign_in(installation, kept[1].strip())
    second.send_signal(signal.SIGTERM)
    assert second.wait(PATIENCE) == 0


def test_a_killed_supervisor_takes_its_children_along_and_can_start_again_at_once(
    ready: Installation,
) -> None:
    supervisor = ready.start()
    ready.wait_for_site()
    groups = [ready.child(supervisor.pid, name) for name in ("gunicorn", WORKER)]
    assert all(groups)

    supervisor.kill()
    supervisor.wait()
    again = ready.start()

    wait_until(lambda: ready.child(again.pid, "gunicorn"), ready.output)
    ready.wait_for_site()
    wait_until(lambda: not any(_of_group(group) for group in groups if group), ready.output)


def test_the_demo_watches_its_newsroom(ready: Installation) -> None:
    supervisor = ready.start("--demo")
    ready.wait_for_site()
    wait_until(lambda: "Its newsroom is at http://127.0.0.1:" in ready.output(), ready.output)
    assert ready.child(supervisor.pid, "demo")
    wait_until(lambda: _articles(ready) > 0, ready.output)
    supervisor.send_signal(signal.SIGTERM)
    assert supervisor.wait(PATIENCE) == 0
    assert "Stopping; " in ready.output()
    assert "Connection refused" not in ready.output()  # the newsroom leaves after the worker


def _of_group(group: int) -> list[int]:
    return [pid for pid, (_, its_group, _) in processes().items() if its_group == group]


def _articles(installation: Installation) -> int:
    count = "from articles.models import Article; print(Article.objects.count())"
    return int(installation.manage("shell", "--no-imports", "-c", count).stdout or 0)


def _sign_in(installation: Installation, password: str) -> None:
    address = f"http://127.0.0.1:{installation.port}/admin/login/"
    with requests.Session() as browser:
        browser.get(address, timeout=10)
        answer = browser.post(
            address,
            {
                "username": "admin",
                "password": password,
                "csrfmiddlewaretoken": browser.cookies["csrftoken"],
                "next": "/admin/",
            },
            allow_redirects=False,
            timeout=10,
        )
    assert answer.status_code == 302


def test_a_stop_does_not_wait_for_a_host_and_leaves_nothing_held(ready: Installation) -> None:
    with HostileServer() as strict:
        strict.serve("/robots.txt", b"", 404)
        ready.environment |= {
            "FETCH_ALLOW_ENDPOINTS": f"127.0.0.1:{strict.endpoint[1]}",
            "FETCH_HOST_DELAY": "20",
        }
        ask = (
            "from articles.watch.feeds.poll import add_article; "
            f"add_article('{strict.url('/echo/1')}', Source.objects.create(name='s', slug='s'))"
        )
        assert ready.manage("shell", "-v", "0", "-c", ask).returncode == 0
        supervisor = ready.start()
        wait_until(lambda: strict.requests, ready.output)  # now it waits for the host's delay
        supervisor.send_signal(signal.SIGTERM)
        assert supervisor.wait(30) == 0
        held = "print(*[model.objects.exclude(lease_token=None).count() for model in (Host, Article)])"
        assert ready.manage("shell", "-v", "0", "-c", held).stdout.split() == ["0", "0"]
        assert "the worker stops" in ready.output()
