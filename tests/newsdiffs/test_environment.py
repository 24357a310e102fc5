"""Settings from environment variables, and errors that say what to do."""

import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from newsdiffs import environment

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def variable(monkeypatch):
    return lambda value: monkeypatch.setenv("NEWSDIFFS_TEST", value)


def test_what_is_not_set_is_the_default():
    assert environment.text("NEWSDIFFS_TEST", "x") == "x"
    assert environment.whole("NEWSDIFFS_TEST", 7) == 7
    assert environment.seconds("NEWSDIFFS_TEST", 0.5) == 0.5
    assert environment.flag("NEWSDIFFS_TEST", True) is True
    assert environment.listing("NEWSDIFFS_TEST") == []


def test_values_are_read(variable):
    variable(" 12 ")
    assert environment.whole("NEWSDIFFS_TEST", 7) == 12
    assert environment.seconds("NEWSDIFFS_TEST", 7) == 12.0
    variable("a, b,,c ")
    assert environment.listing("NEWSDIFFS_TEST") == ["a", "b", "c"]


@pytest.mark.parametrize("value", ["-1", "1.5", "many", "99999", "١٢"])
def test_a_bad_number_says_what_is_wanted(variable, value):
    variable(value)
    with pytest.raises(ImproperlyConfigured, match=r"NEWSDIFFS_TEST=.* whole number from 1 to 65535"):
        environment.whole("NEWSDIFFS_TEST", 1, least=1, most=65535)


@pytest.mark.parametrize("value", ["-1", "soon", "nan", "inf", "1e9"])
def test_bad_seconds_say_what_is_wanted(variable, value):
    variable(value)
    with pytest.raises(ImproperlyConfigured, match="number of seconds"):
        environment.seconds("NEWSDIFFS_TEST", 1)


@pytest.mark.parametrize(("value", "on"), [("1", True), ("YES", True), ("off", False), ("0", False)])
def test_switches(variable, value, on):
    variable(value)
    assert environment.flag("NEWSDIFFS_TEST", not on) is on
    variable("maybe")
    with pytest.raises(ImproperlyConfigured, match="must be 1 or 0"):
        environment.flag("NEWSDIFFS_TEST")


def test_a_secret_may_come_from_a_file(monkeypatch, tmp_path):
    (tmp_path / "key").write_text("hush\n")
    monkeypatch.setenv("NEWSDIFFS_TEST_FILE", str(tmp_path / "key"))
    assert environment.text("NEWSDIFFS_TEST") == "hush"
    monkeypatch.setenv("NEWSDIFFS_TEST_FILE", str(tmp_path / "none"))
    with pytest.raises(ImproperlyConfigured, match=r"NEWSDIFFS_TEST_FILE names .*none"):
        environment.text("NEWSDIFFS_TEST")


def test_a_kept_secret_is_made_once_and_read_by_its_owner_alone(tmp_path):
    path = tmp_path / "new" / "secret"
    with ThreadPoolExecutor(8) as pool:
        secrets = set(pool.map(lambda _: environment.kept_secret(path), range(8)))
    assert len(secrets) == 1
    assert len(secrets.pop()) >= 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["secret"]


def test_what_the_database_address_asks_for_is_kept(tmp_path):
    environ = {"DATABASE_URL": "postgres://u@db.example/d?sslmode=require", "DATA_DIR": str(tmp_path)}
    told = "from newsdiffs.settings import DATABASES; print(sorted(DATABASES['default']['OPTIONS']))"
    done = subprocess.run(
        [sys.executable, "-c", told], env=environ, cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "['connect_timeout', 'options', 'sslmode']"


@pytest.mark.parametrize(
    ("value", "settings"),
    [
        ("smtp://mail.example", ("mail.example", 25, "", "", False, False)),
        ("smtp+tls://me:s%40same@mail.example", ("mail.example", 587, "me", "s@same", True, False)),
        ("smtps://me:x@mail.example:4650/", ("mail.example", 4650, "me", "x", False, True)),
    ],
)
def test_a_mail_server_is_an_address(variable, value, settings):
    variable(value)
    assert tuple(environment.mail_server("NEWSDIFFS_TEST").values()) == settings


@pytest.mark.parametrize(
    "value", ["mail.example:25", "https://mail.example", "smtp://", "smtp://me:sesame@mail.example:x"]
)
def test_a_bad_mail_server_says_what_is_wanted_and_no_password(variable, value):
    variable(value)
    with pytest.raises(ImproperlyConfigured, match="smtp://user:password@mail") as problem:
        environment.mail_server("NEWSDIFFS_TEST")
    assert "sesame" not in str(problem.value)


def test_bad_e_mail_addresses_are_named(variable):
    variable("desk@example.org, night")
    with pytest.raises(ImproperlyConfigured, match="'night' is no e-mail address"):
        environment.emails("NEWSDIFFS_TEST")


def test_alerts_without_a_mail_server_are_refused(tmp_path):
    environ = {"ALERT_EMAILS": "desk@example.org", "DATA_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", "import newsdiffs.settings"],
        env=environ,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert "ALERT_EMAILS needs a mail server: set EMAIL_URL" in done.stderr
