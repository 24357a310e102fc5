"""What tests have readers do: functions that a reader can import by their names."""

import ctypes
import os
import resource
import time
from pathlib import Path
from typing import Any, NoReturn

from lxml import html

from articles.isolation import doing
from articles.watch.onboarding.document_reading import trace_by
from tests.hostile import deep_nesting, many_attributes

FOR_EVER = 30
"""Seconds: far beyond any limit under test."""


def sleep() -> None:
    time.sleep(FOR_EVER)


def spin() -> NoReturn:
    while True:
        pass


def spin_at(what: str, cpu: float | None = None) -> None:
    with doing(what, cpu=cpu):
        spin()


def spin_after(what: str) -> None:
    with doing(what, cpu=0.1):
        pass
    spin()


def raise_at(what: str) -> None:
    with doing(what):
        raise ValueError("no such thing")


def work_at(what: str, cpu: float) -> str:
    with doing(what, cpu=cpu):
        return what


def add_up(*numbers: int) -> dict[str, int]:
    return {"sum": sum(numbers)}


def signal_itself(number: int) -> None:
    os.kill(os.getpid(), number)


def signal_itself_once(number: int, file: str) -> str:
    """Ended by the signal the first time, as the file tells; not the second."""
    if not Path(file).exists():
        Path(file).touch()
        signal_itself(number)
    return "done"


def crash(*_args: Any) -> None:
    """As a parser may that is written in C."""
    ctypes.string_at(0)


def return_a_function() -> Any:
    return lambda: None


def limit_of(what: int) -> int:
    return resource.getrlimit(what)[0]


def say_pid_and_spin(file: str) -> None:
    whole = Path(f"{file}~")
    whole.write_text(str(os.getpid()))
    whole.rename(file)
    spin()


def environment() -> dict[str, str]:
    return dict(os.environ)


def open_descriptors() -> list[str]:
    """What the descriptors of the process lead to."""
    found = []
    for name in os.listdir("/proc/self/fd"):
        try:
            found.append(os.readlink(f"/proc/self/fd/{name}"))
        except FileNotFoundError:  # that of the listing itself
            continue
    return found


def trace_for_ever_part_1(body: bytes, *arguments: Any) -> Any:
    """A page whose reading never ends, among others."""
    while b"part 1" in body:
        pass
    return trace_by(body, *arguments)


def print_aloud() -> str:
    print("What a library prints goes nowhere.", flush=True)
    os.write(1, b"Nor what C writes.")
    return "done"


def parse_many_attributes() -> None:
    html.document_fromstring(many_attributes())


def parse_deep_nesting() -> str:
    return str(html.document_fromstring(deep_nesting()).tag)


def fill_and_drop(size: int) -> int:
    """Hold *size* bytes for the rest of the process, as a library's cache may."""
    _held.append(bytearray(os.urandom(1) * size))
    return os.getpid()


_held: list[bytearray] = []
