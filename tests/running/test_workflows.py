"""The workflows do what ./run test does: its lanes, on every Python that the project says it runs on."""

import re
import tomllib
from typing import Any

import yaml

from tests.running.installation import PROJECT

WORKFLOW: dict[str, Any] = yaml.safe_load((PROJECT / ".github/workflows/test.yml").read_text())
JOBS: dict[str, dict[str, Any]] = WORKFLOW["jobs"]
MATRIX: dict[str, list[str]] = JOBS["tests"]["strategy"]["matrix"]


def lanes_of_run() -> set[str]:
    (lanes,) = re.findall(r"^lanes=\$\{LANES:-([a-z ]+)\}$", (PROJECT / "run").read_text(), re.MULTILINE)
    return set(lanes.split())


def test_the_jobs_run_every_lane_and_no_other() -> None:
    given = {step["env"]["LANES"] for job in JOBS.values() for step in job["steps"] if "env" in step}
    lanes = (given - {"${{ matrix.database }}"}) | set(MATRIX["database"])
    assert lanes == lanes_of_run()


def test_every_python_that_is_named_is_tested() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    named = [name.rpartition(" ")[2] for name in project["classifiers"] if "Python :: 3." in name]
    assert MATRIX["python"] == named
    assert project["requires-python"] == f">={named[0]}"


def test_every_script_that_is_run_is_there() -> None:
    commands = [step["run"] for job in JOBS.values() for step in job["steps"] if "run" in step]
    scripts = {command.split()[0] for command in commands} - {"docker"}
    assert scripts == {"./run", ".ci/run"}
    assert all((PROJECT / script).stat().st_mode & 0o100 for script in scripts)


def test_every_form_asks_for_what_it_needs() -> None:
    forms = [file for file in (PROJECT / ".github/ISSUE_TEMPLATE").glob("*.yml") if file.stem != "config"]
    assert forms
    for file in forms:
        form = yaml.safe_load(file.read_text())
        fields = [field for field in form["body"] if field["type"] != "markdown"]
        assert form["name"]
        assert form["description"]
        assert any(field.get("validations", {}).get("required") for field in fields), file
        identifiers = [field["id"] for field in fields]
        assert len(identifiers) == len(set(identifiers))
