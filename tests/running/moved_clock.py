"""A clock that a test moves, and processes of ours that go by it.

``python -m tests.running.moved_clock FILE ARGUMENTS``: FILE holds the seconds that are added to the
computer's clock; ARGUMENTS are those of ``manage.py``. Beside a worker stands a process that looks for
scheduled tasks as often as the clock may move, as the worker itself does twice a minute of the real clock.
"""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.end_to_end.watched import Worker, query
from tests.running.installation import PATIENCE, PROJECT, Installation, wait_until

_SCHEDULES_EVERY = 0.2  # seconds of the computer's clock
_TIDY = timedelta(seconds=2)
_STATE = """
    SELECT (SELECT COUNT(*) FROM django_q_ormq), (SELECT MIN(next_run) FROM django_q_schedule),
           (SELECT MIN(next_check_at) FROM articles_article), (SELECT MIN(next_check_at) FROM articles_feed)
"""


class MovedClock:
    """The clock of an installation's processes; moved only when nothing is left to do."""

    def __init__(self, installation: Installation, start: datetime) -> None:
        self.installation = installation
        self.file = installation.data.parent / "clock"
        self._set((start - datetime.now(UTC)).total_seconds())

    def _set(self, seconds: float) -> None:
        new = self.file.with_suffix(".new")
        new.write_text(str(seconds))
        new.rename(self.file)
        self._seconds = seconds

    @property
    def now(self) -> datetime:
        """What the processes take for the time."""
        return datetime.now(UTC) + timedelta(seconds=self._seconds)

    def manage(self, *arguments: str) -> str:
        """Run a command by this clock; what it says."""
        done = subprocess.run(
            self._command(*arguments),
            cwd=PROJECT,
            env={"DJANGO_SETTINGS_MODULE": "newsdiffs.settings", **self.installation.environment},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def worker(self) -> Worker:
        """A worker that goes by this clock."""
        return Worker(self.installation, self._command("worker"))

    def _command(self, *arguments: str) -> tuple[str, ...]:
        return (sys.executable, "-m", "tests.running.moved_clock", str(self.file), *arguments)

    def forward_to(self, moment: datetime, step: timedelta) -> None:
        """Go on to a moment in steps no shorter than *step*, each time until all that is due is done."""
        while True:
            wait_until(self._is_idle, self.installation.output)
            following = min((due for due in self._due() if due is not None), default=moment)
            if self.now + step >= moment and following >= moment:
                break
            self._set(self._seconds + max(step, following - self.now + _TIDY).total_seconds())
        if self.now < moment:
            self._set(self._seconds + (moment - self.now).total_seconds())
            wait_until(self._is_idle, self.installation.output)

    def _is_idle(self) -> bool:
        waiting, *due = self._state()
        return not waiting and all(moment is None or moment > self.now for moment in map(_time, due))

    def _due(self) -> list[datetime | None]:
        """When the next article and the next feed are due."""
        return [_time(moment) for moment in self._state()[2:]]

    def _state(self) -> tuple[Any, ...]:
        """How many tasks wait in the queue, and when the next schedule, article and feed are due."""
        [row] = query(self.installation, _STATE)
        return row


def _time(stored: str | None) -> datetime | None:
    return datetime.fromisoformat(stored).replace(tzinfo=UTC) if stored else None


def _run(file: Path, arguments: list[str]) -> None:
    import django
    from django.core.management import execute_from_command_line
    from django.utils import timezone

    def moved_now() -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(file.read_text()))

    timezone.now = moved_now
    django.setup()
    if arguments == ["worker"] and os.fork() == 0:
        _look_for_schedules()
    execute_from_command_line(["manage.py", *arguments])


def _look_for_schedules() -> None:
    from django_q.scheduler import scheduler

    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    while True:
        scheduler()
        time.sleep(_SCHEDULES_EVERY)


if __name__ == "__main__":
    _run(Path(sys.argv[1]), sys.argv[2:])
