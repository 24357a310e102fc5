"""The container files: all they name exists, and what their containers run works on PostgreSQL and Redis."""

import contextlib
import re
import shlex
import shutil
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
import yaml
from django.core.management import load_command_class

from tests import services
from tests.running.installation import PATIENCE, PROJECT, Installation, wait_until

COMPOSE: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OWN = ("migrate", "site", "worker")
DOCKERFILE = (PROJECT / "Dockerfile").read_text()


def commands() -> list[list[str]]:
    """Every command line of ours in the two files."""
    found = [SERVICES[name]["command"] for name in OWN]
    found += [SERVICES[name]["healthcheck"]["test"][1:] for name in OWN if "healthcheck" in SERVICES[name]]
    found += [yaml.safe_load(line[4:]) for line in DOCKERFILE.splitlines() if line.startswith("CMD ")]
    return found


@pytest.mark.parametrize("command", commands(), ids=shlex.join)
def test_every_command_is_one_of_ours_with_arguments_it_takes(command: list[str]) -> None:
    python, script, name, *arguments = command
    assert (python, script) == ("python", "manage.py")
    parser = load_command_class("articles", name).create_parser("manage.py", name)
    parser.parse_args(arguments)  # exits on what it does not know


@pytest.mark.parametrize("name", SERVICES["site"]["environment"])
def test_every_variable_is_one_the_settings_read(name: str) -> None:
    assert re.search(rf'\(\s*"{name}"', (PROJECT / "newsdiffs/settings.py").read_text())


def test_the_containers_are_given_what_advice_and_the_readme_tell_to_set() -> None:
    of_no_use = {"DEBUG", "LEASE_SECONDS", "NEWSROOM_PORT", "QUEUE_NAME"}  # where tests and the demo run
    table = re.findall(r"^\| `([A-Z_]+)`", (PROJECT / "README.md").read_text(), re.MULTILINE)
    assert set(table) - of_no_use <= set(SERVICES["site"]["environment"])


def test_every_copied_path_exists_and_reaches_the_builder() -> None:
    sent = {line[1:] for line in (PROJECT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = {
        path for line in DOCKERFILE.splitlines() if line.startswith("COPY ") for path in line.split()[1:-1]
    }
    assert copied == sent
    assert not {path for path in copied if not (PROJECT / path).exists()}


def test_what_the_image_holds_runs_alone(installation: Installation, tmp_path: Path) -> None:
    for path in re.findall(r"^COPY (\S+) \S+$", DOCKERFILE, re.MULTILINE):
        if (PROJECT / path).is_dir():
            shutil.copytree(PROJECT / path, tmp_path / "image" / path)
    shutil.copy(PROJECT / "manage.py", tmp_path / "image")
    for command in (["check"], ["supervise", "--help"]):
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=tmp_path / "image",
            env=installation.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr


def test_the_image_runs_as_a_user_without_rights() -> None:
    users = re.findall(r"^USER (.*)$", DOCKERFILE, re.MULTILINE)
    assert users
    assert "root" not in users
    for name in OWN:
        assert SERVICES[name]["read_only"] is True
        assert SERVICES[name]["cap_drop"] == ["ALL"]


def test_only_the_site_can_be_reached_from_outside() -> None:
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"site"}


def test_secrets_must_be_given() -> None:
    environment = SERVICES["site"]["environment"]
    for value in (
        environment["SECRET_KEY"],
        environment["DATABASE_URL"],
        SERVICES["postgres"]["environment"]["POSTGRES_PASSWORD"],
    ):
        assert re.search(r"\$\{(SECRET_KEY|POSTGRES_PASSWORD):\?[^}]+\}", value)


def test_site_and_worker_wait_for_the_migration_and_it_for_the_database() -> None:
    for name in ("site", "worker"):
        assert SERVICES[name]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
    assert SERVICES["migrate"]["depends_on"] == {
        name: {"condition": "service_healthy"} for name in ("postgres", "redis")
    }
    assert SERVICES["worker"].get("container_name") is None  # else it could not be scaled


def test_every_volume_is_declared() -> None:
    used = {
        volume.partition(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])
    }
    assert used == COMPOSE["volumes"].keys()


# --- The same commands and settings on this machine's PostgreSQL and Redis


@pytest.fixture
def containers(tmp_path: Path) -> Iterator[Installation]:
    with services.postgres_database() as address, services.redis_queue() as queue:
        made = Installation(
            tmp_path,
            DATABASE_URL=address,
            SECRET_KEY=uuid.uuid4().hex * 2,
            ALLOWED_HOSTS="diffs.example.org,127.0.0.1",
            **queue,
        )
        with contextlib.closing(made):
            yield made


@pytest.mark.postgres
@pytest.mark.redis
def test_the_three_containers_work_on_postgresql_and_redis(containers: Installation) -> None:
    site, worker = (SERVICES[name]["command"][3:] for name in ("site", "worker"))
    too_early = containers.manage("supervise", *site)
    assert too_early.returncode != 0
    assert "docker compose run --rm migrate" in too_early.stderr

    migrated = containers.manage(*SERVICES["migrate"]["command"][2:])
    assert (migrated.returncode, migrated.stderr) == (0, "")
    assert "Administrator: admin, password " in migrated.stdout
    assert containers.manage(*SERVICES["migrate"]["command"][2:]).stdout == ""
    assert not (containers.data / "secret-key").exists()

    running = [containers.start(*site), containers.start(*worker), containers.start(*worker)]
    containers.wait_for_site()
    for part in ("site", "worker"):
        _wait_until_well(containers, part)
    for process in running:
        process.send_signal(signal.SIGTERM)
    assert [process.wait(PATIENCE) for process in running] == [0, 0, 0]
    assert "Traceback" not in containers.output()


def _wait_until_well(containers: Installation, part: str) -> None:
    check = SERVICES[part]["healthcheck"]["test"][3:]
    wait_until(lambda: containers.manage(*check).returncode == 0, containers.output)


@pytest.mark.postgres
@pytest.mark.parametrize("wrong", ["database", "user"])
def test_a_postgresql_that_refuses(tmp_path: Path, wrong: str) -> None:
    with services.postgres_database() as address:
        parts = urlsplit(address)
    if wrong == "user":
        parts = parts._replace(netloc=f"nobody_we_know:sesame@{parts.hostname}:{parts.port or 5432}")
    done = Installation(tmp_path).manage("supervise", DATABASE_URL=urlunsplit(parts))  # it was dropped
    assert done.returncode != 0
    (line,) = done.stderr.splitlines()
    assert line.startswith("newsdiffs: ")
    assert "correct DATABASE_URL" in line
    assert "sesame" not in line
