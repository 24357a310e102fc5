"""Being a good guest: one worker at a time at a host, with its delays, its robots.txt and its troubles kept.

Everything is in the database, so that all workers share it.
"""

import random
import time
from datetime import timedelta
from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from articles.fetch import (
    ACCEPT_PAGE,
    Answer,
    Fetcher,
    FetchSettings,
    Problem,
    Robots,
    Validators,
    parse_endpoints,
)
from articles.models import Host

TURN_SECONDS = 50.0
"""A turn ends by then: the queue stops a task after 60."""

PATIENCE = 60.0
"""How long a person's command waits for a host that a worker is talking to: a visit ends after 30 seconds."""

ROBOTS_FRESH = timedelta(hours=24)
ROBOTS_KEPT = timedelta(days=30)
ROBOTS_AGAIN = timedelta(hours=1)
"""Until then a kept copy serves without asking: a slow host's turn has no time for a failure and a page."""
ROBOTS_SIZE = 512 * 1024
"""Bytes; what comes after them in a robots.txt does not count."""
LONGEST_CRAWL_DELAY = 300.0
LONGEST_DURATION_DELAY = 30.0
FAILURES_TO_PAUSE = 5
PAUSE = timedelta(minutes=30)
LONGEST_PAUSE = timedelta(hours=24)

_TROUBLE = {408, 425, 429, *range(500, 600)}


def fetcher() -> Fetcher:
    """The fetcher as this installation's settings have it."""
    return Fetcher(
        FetchSettings(
            user_agent=settings.USER_AGENT, allow_endpoints=parse_endpoints(settings.FETCH_ALLOW_ENDPOINTS)
        )
    )


class TurnOver(Exception):
    """No further request may be made in this turn; the message says why."""


class Forbidden(Exception):
    """robots.txt does not let us fetch the address."""

    def __init__(self) -> None:
        super().__init__("robots.txt does not let us fetch it")


class Turn:
    """One worker's turn at one host: for its time, nobody else of ours talks to that host.

    Get one with :meth:`take`; :meth:`ask` obeys robots.txt and keeps the delays; :meth:`leave` gives the
    host back.
    """

    def __init__(self, host: Host, token: UUID, seconds: float = TURN_SECONDS) -> None:
        self.host = host
        self.token = token
        self.ends = time.monotonic() + seconds
        self.seconds_waited = 0.0
        self.fetcher = fetcher()

    @classmethod
    def take(cls, host_id: int, *, seconds: float = TURN_SECONDS) -> "Turn | None":
        """A turn at the host, or None when somebody else is there."""
        token = Host.objects.claim(host_id, timezone.now(), settings.LEASE_SECONDS)
        return cls.of(host_id, token, seconds=seconds) if token else None

    @classmethod
    def wait_for(cls, host: Host, *, patience: float = PATIENCE) -> "Turn":
        """A turn at the host as soon as it is free; for people, who want it now.

        :raises TurnOver: it was not free within *patience* seconds.
        """
        give_up = time.monotonic() + patience
        while (turn := cls.take(host.pk)) is None:
            if time.monotonic() >= give_up:
                raise TurnOver(f"another worker is talking to {host.name}; try again in a minute")
            time.sleep(0.1)
        return turn

    @classmethod
    def of(cls, host_id: int, token: UUID, *, seconds: float = TURN_SECONDS) -> "Turn | None":
        """The turn that the dispatcher claimed under *token*, or None when it has run out."""
        if not Host.objects.renew(host_id, token, timezone.now(), settings.LEASE_SECONDS):
            return None
        return cls(Host.objects.get(pk=host_id), token, seconds)

    def leave(self) -> None:
        """Let the next one in."""
        Host.objects.release(self.host.pk, self.token, last_visited=timezone.now())

    @property
    def seconds_left(self) -> float:
        return self.ends - time.monotonic()

    @property
    def paused(self) -> bool:
        """Whether the host failed so often that scheduled checks leave it alone for a while."""
        return self.host.paused_until is not None and self.host.paused_until > timezone.now()

    @property
    def wait(self) -> float:
        """Seconds until the host may be asked again."""
        return max((self.host.next_allowed - timezone.now()).total_seconds(), 0.0)

    def ask(
        self,
        url: str,
        *,
        validators: Validators | None = None,
        accept: str = ACCEPT_PAGE,
        total: float = 15.0,
    ) -> Answer:
        """Fetch *url* if robots.txt allows it; where that can't be had, the answer says why.

        :raises Forbidden: robots.txt does not allow it.
        :raises TurnOver: the host may not be asked again within this turn, or somebody else is there by now.
        """
        robots = self.robots(scheme=url.split(":", 1)[0])
        if isinstance(robots, Answer):
            return robots
        if not robots.allows(url, settings.USER_AGENT):
            raise Forbidden
        return self.fetch(url, validators=validators, accept=accept, total=total)

    def fetch(
        self,
        url: str,
        *,
        validators: Validators | None = None,
        accept: str = ACCEPT_PAGE,
        total: float = 15.0,
    ) -> Answer:
        """Fetch *url* when the host's delay is over, and note when it may be asked again.

        :raises TurnOver: the host may not be asked again within this turn, or somebody else is there by now.
        """
        self._wait()
        # The next request is barred before this one goes out: a killed worker's delay holds too.
        self._note(next_allowed=timezone.now() + timedelta(seconds=self._delay(0.0)))
        limit = max(min(total, self.seconds_left), 1.0)
        answer = self.fetcher.get(url, validators=validators, accept=accept, total=limit)
        self._note(**self._after(answer))
        return answer

    def robots(self, *, scheme: str) -> "Robots | Answer":
        """The host's robots.txt, at most a day old; or the answer that says why it can't be had.

        A copy up to 30 days old serves while the host gives no new one.
        """
        now = timezone.now()
        kept = _read_robots(self.host.robots_text, self.host.robots_status)
        age = now - self.host.robots_fetched if self.host.robots_fetched else None
        if age is not None and timedelta(0) <= age < ROBOTS_FRESH:
            return kept
        usable = age is not None and age < ROBOTS_KEPT and self.host.robots_status is not None
        if usable and self.host.robots_tried and timedelta(0) <= now - self.host.robots_tried < ROBOTS_AGAIN:
            return kept
        answer = self.fetch(
            f"{scheme}://{_authority(self.host.name, scheme)}/robots.txt", accept="text/plain,*/*;q=0.5"
        )
        # One that broke off has a status too, but its rules are not known.
        status = None if answer.problem else answer.status
        if status is not None and status < 500 and status not in _TROUBLE:
            return self._keep_robots(answer)
        if usable:
            self._note(robots_tried=now)
            return kept
        return Robots("", status) if status is not None else answer

    def _keep_robots(self, answer: Answer) -> Robots:
        text = answer.body[:ROBOTS_SIZE].decode("utf-8-sig", "replace").replace("\x00", "")
        robots = Robots(text, answer.status)
        delay = min(robots.crawl_delay(settings.USER_AGENT) or 0.0, LONGEST_CRAWL_DELAY)
        self._note(
            next_allowed=max(self.host.next_allowed, timezone.now() + timedelta(seconds=delay)),
            robots_text=text if answer.status == 200 else "",
            robots_status=answer.status,
            robots_fetched=timezone.now(),
            delay_seconds=delay,
        )
        return robots

    def _wait(self) -> None:
        if self.wait > self.seconds_left:
            raise TurnOver(
                f"{self.host.name} may not be asked before {self.host.next_allowed:%d %B %Y, %H:%M:%S} UTC"
            )
        began = time.monotonic()
        while (wait := self.wait) > 0:
            time.sleep(min(wait, settings.LEASE_SECONDS / 3))
            self._note()
        self.seconds_waited += time.monotonic() - began

    def _note(self, **values: object) -> None:
        """Write *values* to the host and hold it longer.

        :raises TurnOver: it is no longer ours.
        """
        until = timezone.now() + timedelta(seconds=settings.LEASE_SECONDS)
        held = Host.objects.filter(pk=self.host.pk, lease_token=self.token)
        if not held.update(lease_until=until, **values):
            raise TurnOver(f"the turn at {self.host.name} was lost to another worker")
        for name, value in values.items():
            setattr(self.host, name, value)

    def _delay(self, duration: float) -> float:
        return max(
            settings.FETCH_HOST_DELAY,
            min(5 * duration, LONGEST_DURATION_DELAY) if settings.FETCH_HOST_DELAY else 0.0,
            self.host.delay_seconds,
        )

    def _after(self, answer: Answer) -> dict[str, object]:
        """What the host's row says after *answer*: the delay, what it asks for, its failures and pauses."""
        now = timezone.now()
        allowed = now + timedelta(seconds=self._delay(answer.seconds))
        broke_off = answer.problem in (Problem.NETWORK, Problem.TIMEOUT)
        if answer.status is not None and answer.status not in _TROUBLE and not broke_off:
            return {"next_allowed": allowed, "failures": 0, "pauses": 0, "paused_until": None}
        if answer.problem in (Problem.REFUSED, Problem.BAD_ADDRESS):
            return {"next_allowed": allowed}
        values: dict[str, object] = {"next_allowed": allowed, "failures": self.host.failures + 1}
        if self.host.failures + 1 >= FAILURES_TO_PAUSE:
            pause = min(PAUSE * 2 ** min(self.host.pauses, 10), LONGEST_PAUSE) * random.uniform(0.9, 1.1)  # noqa: S311
            values |= {"paused_until": now + pause, "failures": 0, "pauses": self.host.pauses + 1}
        if answer.retry_after and answer.status in (429, 503):
            values["next_allowed"] = max(allowed, now + timedelta(seconds=answer.retry_after))
        return values


@lru_cache(maxsize=4)
def _read_robots(text: str, status: int | None) -> Robots:
    """Read once for all checks of a visit: 30 rules take 1 ms, and 15,000 (0.4 MB) 130 ms."""
    return Robots(text, status)


def _authority(name: str, scheme: str) -> str:
    """The host's name as it stands in an address: without the scheme's own port."""
    host, _, port = name.rpartition(":")
    host = f"[{host}]" if ":" in host else host
    return host if port == {"http": "80", "https": "443"}[scheme] else f"{host}:{port}"
