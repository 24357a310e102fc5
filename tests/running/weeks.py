"""Days of a hard newspaper watched by a real worker whose clock is moved, and what was stored of them."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from tests.end_to_end.watched import Worker
from tests.running.hard_paper import EDIT, HardPaper, Stored
from tests.running.installation import Installation
from tests.running.moved_clock import MovedClock

STEP = timedelta(minutes=15)
"""The clock moves by so much at least in the first hours of a day: as often as the schedule looks at the
youngest articles, which come in the morning."""

LATER_STEP = timedelta(hours=1)
MORNING = timedelta(hours=3)

PaperOf = Callable[[datetime, Callable[[], datetime]], HardPaper]
"""Makes the newspaper, given when it begins and what tells the time."""

_SETTINGS = {"FETCH_HOST_DELAY": "0", "LEASE_SECONDS": "60", "LOG_LEVEL": "WARNING"}
# What counts, tells and exports is not asked about here.
_KEEP_SCHEDULES = """
from django.utils import timezone
from django_q.models import Schedule
Schedule.objects.exclude(name__in=["dispatch", "apply_decisions", "learn_places", "nightly"]).delete()
Schedule.objects.update(next_run=timezone.now())
"""
_VERSIONS = """
import json
from articles.models import Version, text_storage
print(json.dumps([
    (one.article.address, one.seen.isoformat(), list(one.paragraphs), one.made_of,
     list(text_storage.compared(tuple(one.paragraphs), [(number, kept) for number, kept in one.left_out])))
    for one in Version.objects.select_related("article").order_by("article", "number")
]))
"""


class Weeks:
    """An installation that watches the newspaper."""

    def __init__(self, installation: Installation, paper: HardPaper, clock: MovedClock) -> None:
        self.installation, self.paper, self.clock = installation, paper, clock

    @classmethod
    def of(cls, installation: Installation, paper_of: PaperOf) -> "Weeks":
        """Have an installation that is set up watch a newspaper. Its clock begins in the past, so that no
        date of a page lies ahead."""
        began = datetime.now(UTC).replace(hour=6, minute=0, second=0, microsecond=0) - timedelta(days=60)
        clock = MovedClock(installation, began)
        paper = paper_of(clock.now, lambda: clock.now)
        installation.environment |= {**_SETTINGS, "FETCH_ALLOW_ENDPOINTS": paper.site.endpoint}
        clock.manage("shell", "-v", "0", "-c", _KEEP_SCHEDULES)
        clock.manage("add_source", paper.feed_url, "--slug", "valley", "--name", "The Valley Post")
        clock.manage("shell", "-v", "0", "-c", "Source.objects.update(feed_seconds=6 * 3600)")
        return cls(installation, paper, clock)

    @contextmanager
    def working(self) -> Iterator[Worker]:
        worker = self.clock.worker()
        try:
            yield worker
        finally:
            worker.kill()

    def go_on_for(self, days: int) -> None:
        for _ in range(days):
            morning = self.clock.now
            self.clock.forward_to(morning + MORNING, STEP)
            self.clock.forward_to(morning + timedelta(days=1), LATER_STEP)

    def versions(self) -> list[tuple[str, datetime, list[str], str, list[str]]]:
        """Of all versions: the article's path, when first seen, the text, what it is made of, and what of it
        is compared."""
        rows = json.loads(self.clock.manage("shell", "-v", "0", "-c", _VERSIONS))
        return [
            (urlsplit(address).path, datetime.fromisoformat(seen), text, made_of, compared)
            for address, seen, text, made_of, compared in rows
        ]

    def stored(self) -> list[Stored]:
        """All versions, with how often their text was edited."""
        return [
            Stored(path, seen, sum(EDIT in paragraph for paragraph in text), text, compared)
            for path, seen, text, _, compared in self.versions()
        ]
