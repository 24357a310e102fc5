"""One worker at one host: the host's lease, its delay, what is kept of its robots.txt, and its failures.

All workers share the host's row. A session reads it once, keeps what it learns, and writes that when the host
is given back; only what must hold although the worker is killed is written before a request. A session knows
nothing of redirects: the fetches themselves are ``polite_fetch``'s.

How long the whole host rests after an answer is computed by ``back_off``; the article's own next check is set
by ``articles.watch.check.next_check``. Errors of our own program are in ``our_errors``.
"""

import logging
import random
import time
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from articles.fetch import Answer, Problem, Robots, read_crawl_delay, read_usage
from articles.isolation import IsolationError, isolated
from articles.models import Host, Outage
from articles.models.lease import PreparedLease
from articles.models.prepared import Prepared
from articles.watch.crawl import outage, shutdown
from articles.watch.crawl.back_off import OVERLOADED, rest_after, rest_of
from articles.watch.crawl.errors import SessionOver, Taken

SESSION_SECONDS = 50.0
"""Seconds after which a session makes no request any more: the queue ends a task after 60."""

PATIENCE = 60.0
"""Seconds that a person's command waits for a host; workers leave it to the person meanwhile."""

TRY_EVERY = 0.1
"""Seconds between two tries to take a host that another worker is at."""

BARRED_LONGER = 2.0
"""Seconds by which a host is barred for longer than its delay while a worker is at it. The request begins a
little later than the host was taken, and the delay must be kept even if the worker is killed."""

ROBOTS_FRESH = timedelta(hours=24)
"""A robots.txt fetched within this time is obeyed without asking again (RFC 9309, section 2.4)."""

ROBOTS_KEPT = timedelta(days=30)
"""A robots.txt of at most this age is obeyed while the host gives no newer one."""

ROBOTS_AGAIN = timedelta(hours=1)
"""After a host gave no newer robots.txt, the kept one serves for this time without asking: a slow host has no
time for a failure and a page in one session."""

ROBOTS_SIZE = 512 * 1024
"""Bytes of a robots.txt that count; RFC 9309 asks for at least 500 KiB."""

SHORT_ROBOTS = 10_000
"""Characters; almost all robots.txt are shorter."""

LONGEST_CRAWL_DELAY = 300.0
"""Seconds between two requests; a robots.txt that asks for more gets these."""


_HOST = Prepared(lambda pk: Host.objects.filter(pk=pk))
# Both are unchanged since they were read: what a session knows is what is so.
_FREE = PreparedLease(
    Host,
    Prepared(
        lambda pk, now, next_allowed, last_visited: Host.objects.free(now).filter(
            pk=pk, next_allowed=next_allowed, last_visited=last_visited
        )
    ),
)
_READY = PreparedLease(
    Host,
    Prepared(
        lambda pk, now, by, next_allowed, last_visited: Host.objects.ready(now, by).filter(
            pk=pk, next_allowed=next_allowed, last_visited=last_visited
        )
    ),
)

log = logging.getLogger(__name__)


class HostSession:
    """One worker's time at one host: until it is given back, nobody else of ours talks to that host.

    host: the host's row, as this session knows it. ends: the moment (of ``time.monotonic``) after which no
    request is made. outage: the failure of our own network under way, as far as this session knows.
    """

    def __init__(
        self, host: Host, token: UUID, held_until: datetime, barred_until: datetime, seconds: float
    ) -> None:
        self.host = host
        self.token = token
        self.ends = time.monotonic() + seconds
        self.outage: Outage | None = None
        self.via_redirect = False
        """Whether another host's redirect led here: what goes wrong then is not held against this host."""
        self._held_until = held_until
        self._barred_until = barred_until
        """Until when the host's row, as it is stored, lets nobody ask."""
        self._unsaved: dict[str, object] = {}

    @classmethod
    def take(
        cls, host_id: int, *, seconds: float = SESSION_SECONDS, ready_within: float | None = None
    ) -> "HostSession | None":
        """A session at the host, or None when somebody else is there.

        ready_within: seconds within which the host must be ready to be asked by a worker (None: it is taken
        all the same). Then its next request is barred from the beginning.
        """
        host = _HOST.first(pk=host_id)
        if host is None:
            return None
        now = timezone.now()
        held_until = now + timedelta(seconds=settings.LEASE_SECONDS)
        as_read = {"next_allowed": host.next_allowed, "last_visited": host.last_visited}
        barred_until = host.next_allowed
        if ready_within is None:
            token = _FREE.claim(host_id, now, settings.LEASE_SECONDS, {}, **as_read)
        else:
            by = now + timedelta(seconds=ready_within)
            if host.next_allowed > by:
                return None
            barred_until = by + timedelta(seconds=rest_of(host, settings.FETCH_HOST_DELAY) + BARRED_LONGER)
            barred = {"next_allowed": barred_until}
            token = _READY.claim(host_id, now, settings.LEASE_SECONDS, barred, by=by, **as_read)
        return cls(host, token, held_until, barred_until, seconds) if token else None

    @classmethod
    def wait_for(cls, host: Host, *, patience: float = PATIENCE) -> "HostSession":
        """A session at the host as soon as it is free; for people, who want it now.

        :raises Taken: it was not free within *patience* seconds.
        """
        began = time.monotonic()
        while (session := cls.take(host.pk)) is None:
            if time.monotonic() - began >= patience:
                raise Taken(f"another worker is talking to {host.name}; try again in a minute")
            Host.objects.reserve_for_person(host.pk, timezone.now())
            shutdown.sleep(TRY_EVERY)
        session.note(reserved_until=None)
        session.outage = Outage.current()
        return session

    def leave(self) -> None:
        """Give the host back, with all that is known of it."""
        values = self._unsaved | {"next_allowed": self.host.next_allowed, "last_visited": timezone.now()}
        if not _FREE.release(self.host.pk, self.token, values):
            log.warning("lease lost, nothing noted of a host", extra={"host": self.host.name})

    def hold(self) -> None:
        """Hold the host for LEASE_SECONDS from now, and write all that is known of it.

        :raises SessionOver: it is no longer ours.
        """
        until = timezone.now() + timedelta(seconds=settings.LEASE_SECONDS)
        held = Host.objects.filter(pk=self.host.pk, lease_token=self.token)
        if not held.update(lease_until=until, next_allowed=self.host.next_allowed, **self._unsaved):
            raise SessionOver(f"the lease of {self.host.name} was lost to another worker")
        self._held_until, self._barred_until = until, self.host.next_allowed
        self._unsaved = {}

    @property
    def seconds_left(self) -> float:
        return self.ends - time.monotonic()

    @property
    def paused(self) -> bool:
        """Return whether the host failed so often that scheduled checks leave it alone for a while."""
        return self.host.paused_until is not None and self.host.paused_until > timezone.now()

    @property
    def wait(self) -> float:
        """Seconds until the host may be asked again."""
        return max((self.host.next_allowed - timezone.now()).total_seconds(), 0.0)

    def note(self, **values: object) -> None:
        """Note *values* of the host; they are written when it is given back, or held longer."""
        for name, value in values.items():
            setattr(self.host, name, value)
        self._unsaved |= {name: value for name, value in values.items() if name != "next_allowed"}

    def bar_next_request(self) -> None:
        """Note before a request that the next one has to wait, so that a killed worker's delay is kept too.

        :raises SessionOver: the host is no longer ours.
        """
        now = timezone.now()
        rest = rest_of(self.host, settings.FETCH_HOST_DELAY)
        self.note(next_allowed=now + timedelta(seconds=rest))
        half_gone = self._held_until - now < timedelta(seconds=settings.LEASE_SECONDS / 2)
        if half_gone or self._barred_until < self.host.next_allowed:
            self.hold()

    def note_answer(self, answer: Answer) -> None:
        """Note when the host may be asked again, and what *answer* says of it and of our own network.

        :raises SessionOver: that was to be written at once, and the host is no longer ours.
        """
        values = rest_after(
            self.host,
            answer,
            timezone.now(),
            delay=settings.FETCH_HOST_DELAY,
            via_redirect=self.via_redirect,
            random=random.random(),  # noqa: S311 (spreads load, hides nothing)
        )
        self.note(**values)
        if answer.status is not None:
            if self.outage:
                self.hold()
                outage.note_answer()
                self.outage = None
        elif answer.problem in (Problem.NETWORK, Problem.TIMEOUT) and not self.via_redirect:
            self.hold()  # the hosts' rows tell whether it is our network
            self.outage = outage.note_silence()

    def fresh_robots(self) -> Robots | None:
        """The host's robots.txt, where what is kept need not be asked for again; else None."""
        now = timezone.now()
        age = self._robots_age(now)
        if age is not None and timedelta(0) <= age < ROBOTS_FRESH:
            return self._robots()
        tried = self.host.robots_tried
        if self.has_kept_robots and tried and timedelta(0) <= now - tried < ROBOTS_AGAIN:
            return self._robots()
        return None

    @property
    def has_kept_robots(self) -> bool:
        """Return whether a robots.txt is kept that serves while the host gives no newer one."""
        age = self._robots_age(timezone.now())
        return age is not None and age < ROBOTS_KEPT and self.host.robots_status is not None

    def take_robots(self, answer: Answer) -> "Robots | Answer":
        """Return the rules to obey after the host gave *answer* when it was asked for its robots.txt, which
        is kept.

        A kept copy serves where it gave none. Where there is no copy: an answer that says why nothing can be
        fetched.
        """
        # One that broke off has a status too, but its rules are not known.
        status = None if answer.problem else answer.status
        if status is not None and status not in OVERLOADED:
            try:
                return self._keep_robots(answer)
            except IsolationError as problem:
                status, reason = None, f"reading robots.txt was stopped: {problem}"
                answer = replace(answer, problem=Problem.NETWORK, reason=reason)
        if self.has_kept_robots:
            return self.keep_robots_longer()
        # The status is robots.txt's own, and says nothing of the page that was wanted.
        return Robots("", status) if status is not None else _robots_unread(answer)

    def keep_robots_longer(self) -> Robots:
        """The kept robots.txt, which is not asked for again for a while."""
        self.note(robots_tried=timezone.now())
        return self._robots()

    def robots_address(self, scheme: str) -> str:
        """Return where the host's robots.txt is, for addresses of *scheme*."""
        return f"{scheme}://{_authority(self.host.name, scheme)}/robots.txt"

    def _robots(self) -> Robots:
        return _read_robots(self.host.robots_text, self.host.robots_status)

    def _robots_age(self, now: datetime) -> timedelta | None:
        return now - self.host.robots_fetched if self.host.robots_fetched else None

    def _keep_robots(self, answer: Answer) -> Robots:
        text = answer.body[:ROBOTS_SIZE].decode("utf-8-sig", "replace").replace("\x00", "")
        # First where it can do no harm.
        asked = isolated(read_crawl_delay, text, answer.status, settings.USER_AGENT)
        delay = min(max(asked, 0.0), LONGEST_CRAWL_DELAY)
        now = timezone.now()
        self.note(
            next_allowed=max(self.host.next_allowed, now + timedelta(seconds=delay)),
            robots_text=text if answer.status in range(200, 300) else "",
            content_usage=read_usage(text) if answer.status in range(200, 300) else [],
            robots_status=answer.status,
            robots_fetched=now,
            robots_delay_seconds=delay,
        )
        return self._robots()


def _read_robots(text: str, status: int | None) -> Robots:
    """Read once for many visits: 30 rules take 1 ms, and 15,000 (0.4 MB) 130 ms.

    Few long ones are kept: each may take many megabytes.
    """
    return _read_short_robots(text, status) if len(text) <= SHORT_ROBOTS else _read_long_robots(text, status)


@lru_cache(maxsize=256)
def _read_short_robots(text: str, status: int | None) -> Robots:
    return Robots(text, status)


def _robots_unread(answer: Answer) -> Answer:
    """*answer*, which brought no robots.txt, as what is known of the page that was wanted."""
    return replace(answer, status=None, reason=f"its robots.txt could not be read: {answer.reason}")


@lru_cache(maxsize=4)
def _read_long_robots(text: str, status: int | None) -> Robots:
    return Robots(text, status)


def _authority(name: str, scheme: str) -> str:
    """The host's name as it stands in an address: without the scheme's own port."""
    host, _, port = name.rpartition(":")
    host = f"[{host}]" if ":" in host else host
    return host if port == {"http": "80", "https": "443"}[scheme] else f"{host}:{port}"
