"""The exact versions in requirements*.txt: complete, and within the ranges of pyproject.toml."""

import tomllib
from collections.abc import Iterator
from importlib.metadata import distribution

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.running.installation import PROJECT

PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
RUNTIME = [Requirement(text) for text in PYPROJECT["dependencies"]]
DATA = [Requirement(text) for text in PYPROJECT["optional-dependencies"]["data"]]
S3 = [Requirement(text) for text in PYPROJECT["optional-dependencies"]["s3"]]
TEST = [Requirement(text) for text in PYPROJECT["optional-dependencies"]["test"]]


def pinned(name: str) -> dict[str, str]:
    """Name to version of every line that counts for this Python; -r lines are followed."""
    found = {}
    for line in (PROJECT / name).read_text().splitlines():
        if line.startswith("-r "):
            found.update(pinned(line.removeprefix("-r ")))
        elif line and not line.startswith("#"):
            pin = Requirement(line)
            assert pin.name == canonicalize_name(pin.name)
            (specifier,) = pin.specifier
            assert specifier.operator == "=="
            if pin.marker is None or pin.marker.evaluate():
                found[pin.name] = specifier.version
    return found


def needed_by(requirement: Requirement) -> Iterator[Requirement]:
    """What the installed project asks for on this machine, with the extras *requirement* names."""
    for text in distribution(requirement.name).requires or []:
        asked = Requirement(text)
        if asked.marker is None or any(
            asked.marker.evaluate({"extra": extra}) for extra in ("", *requirement.extras)
        ):
            yield asked


def closure(requirements: list[Requirement]) -> dict[str, list[Requirement]]:
    """Every project that *requirements* lead to, with all that is asked of it."""
    found: dict[str, list[Requirement]] = {}
    waiting = list(requirements)
    while waiting:
        requirement = waiting.pop()
        asked = found.setdefault(canonicalize_name(requirement.name), [])
        if str(requirement) not in map(str, asked):
            asked.append(requirement)
            waiting += needed_by(requirement)
    return found


@pytest.mark.parametrize(
    ("file", "requirements"),
    [
        ("requirements.txt", RUNTIME),
        ("requirements-data.txt", RUNTIME + DATA),
        ("requirements-s3.txt", RUNTIME + S3),
        ("requirements-test.txt", RUNTIME + TEST),
    ],
)
def test_every_dependency_is_pinned_to_a_version_all_who_need_it_accept(
    file: str, requirements: list[Requirement]
) -> None:
    versions = pinned(file)
    asked = closure(requirements)
    assert versions.keys() == asked.keys(), "pin what is missing, drop what nothing needs"
    refused = [
        f"{name}=={versions[name]} is not {one.specifier}"
        for name, ones in asked.items()
        for one in ones
        if not one.specifier.contains(versions[name], prereleases=True)
    ]
    assert not refused
