"""Being a good guest: one worker at a time at a host, with its delays, its robots.txt and its troubles kept.

Everything is in the database, so that all workers share it.
"""

import random
import time
from dataclasses import replace
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
    Interrupted,
    IsolationError,
    Problem,
    Robots,
    Validators,
    isolated,
    parse_endpoints,
)
from articles.models import Host, Outage, Tombstone
from articles.watch.crawl import outage, shutdown
from articles.watch.crawl.errors import Barred, Forbidden, NoRobots, PutOff, SessionOver, Taken
from articles.watch.crawl.redirect_follower import Hops, RedirectFollower

SESSION_SECONDS = 50.0
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
        ),
        interrupted=shutdown.is_asked,
    )


class HostSession:
    """One worker's turn at one host: for its time, nobody else of ours talks to that host.

    Get one with :meth:`take`; :meth:`ask` obeys robots.txt and keeps the delays; :meth:`leave` gives the
    host back.
    """

    def __init__(self, host: Host, token: UUID, seconds: float = SESSION_SECONDS) -> None:
        self.host = host
        self.token = token
        self.ends = time.monotonic() + seconds
        self.seconds_waited = 0.0
        self.fetcher = fetcher()
        self.outage = Outage.current()
        self.via_redirect = False
        """Whether a redirect of another site led here: what goes wrong then is not held against the host."""
        self.party = {host.pk: self}
        """The turns held together: a redirect leads from one host to another."""

    @classmethod
    def take(cls, host_id: int, *, seconds: float = SESSION_SECONDS) -> "HostSession | None":
        """A turn at the host, or None when somebody else is there."""
        token = Host.objects.claim(host_id, timezone.now(), settings.LEASE_SECONDS)
        return cls.of(host_id, token, seconds=seconds) if token else None

    @classmethod
    def wait_for(cls, host: Host, *, patience: float = PATIENCE) -> "HostSession":
        """A turn at the host as soon as it is free; for people, who want it now.

        :raises Taken: it was not free within *patience* seconds.
        """
        give_up = time.monotonic() + patience
        while (turn := cls.take(host.pk)) is None:
            if time.monotonic() >= give_up:
                raise Taken(f"another worker is talking to {host.name}; try again in a minute")
            shutdown.sleep(0.1)
        return turn

    @classmethod
    def of(cls, host_id: int, token: UUID, *, seconds: float = SESSION_SECONDS) -> "HostSession | None":
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
        hops: Hops = (),
        hurried: bool = False,
    ) -> Answer:
        """Fetch *url* if robots.txt allows it; where that can't be had, the answer says why.

        The same goes for where it redirects to. hops: what led to *url* in an earlier turn.

        :raises Forbidden: robots.txt does not allow it; Barred: it was taken down for good.
        :raises PutOff: a redirect can't be followed within this turn.
        :raises SessionOver: the host may not be asked again within this turn, or somebody else is there.
        """
        if Tombstone.objects.bars(url):
            raise Barred(url)
        if not hops:
            robots = self.robots(scheme=url.split(":", 1)[0])
            if isinstance(robots, Answer):
                return robots
            if not robots.allows(url, settings.USER_AGENT):
                raise Forbidden(url)
        try:
            return self.fetch(
                url, validators=validators, accept=accept, total=total, hops=hops, obey=True, hurried=hurried
            )
        except NoRobots as problem:
            return problem.answer

    def fetch(
        self,
        url: str,
        *,
        validators: Validators | None = None,
        accept: str = ACCEPT_PAGE,
        total: float = 15.0,
        hops: Hops = (),
        obey: bool = False,
        hurried: bool = False,
    ) -> Answer:
        """Fetch *url* when the host's delay is over, and note when it may be asked again.

        obey, hurried: as in ``RedirectFollower``.

        :raises SessionOver: the host may not be asked again within this turn, or somebody else is there.
        """
        if not hops:
            self.await_delay()
        limit = max(min(total, self.seconds_left), 1.0)
        with RedirectFollower(self, obey=obey, hurried=hurried, limit=limit) as journey:
            if not hops:
                journey.ask()
            try:
                answer = self.fetcher.get(
                    url,
                    validators=validators,
                    accept=accept,
                    total=limit,
                    passage=journey.go_on,
                    hops=hops,
                )
            except Interrupted as reason:
                raise SessionOver("the worker stops") from reason
            journey.end(answer)
        return answer

    def begin_request(self) -> None:
        """Wait for the host's delay, and bar the next request: a killed worker's delay holds too.

        :raises SessionOver: as ``fetch`` does.
        """
        self.await_delay()
        self.note(next_allowed=timezone.now() + timedelta(seconds=self._delay(0.0)))

    def note_answer(self, answer: Answer) -> None:
        """Note when the host may be asked again, and what *answer* says of it and of our own network."""
        self.note(**self._after(answer))
        if answer.status is not None:
            if self.outage:
                outage.note_answer()
                self.outage = None
        elif answer.problem in (Problem.NETWORK, Problem.TIMEOUT) and not self.via_redirect:
            self.outage = outage.note_silence()

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
        try:
            answer = self.ask_robots(scheme=scheme)
        except PutOff:
            if not usable:
                raise
            self.note(robots_tried=now)
            return kept
        # One that broke off has a status too, but its rules are not known.
        status = None if answer.problem else answer.status
        if status is not None and status < 500 and status not in _TROUBLE:
            try:
                return self._keep_robots(answer)
            except IsolationError as problem:
                status, reason = None, f"reading robots.txt was stopped: {problem.reason}"
                answer = replace(answer, problem=Problem.NETWORK, reason=reason)
        if usable:
            self.note(robots_tried=now)
            return kept
        # The status is robots.txt's own, and says nothing of the page that was wanted.
        return Robots("", status) if status is not None else replace(answer, status=None)

    def ask_robots(self, *, scheme: str) -> Answer:
        """What the host answers when asked for its robots.txt."""
        address = f"{scheme}://{_authority(self.host.name, scheme)}/robots.txt"
        return self.fetch(address, accept="text/plain,*/*;q=0.5", hurried=True)

    def _keep_robots(self, answer: Answer) -> Robots:
        text = answer.body[:ROBOTS_SIZE].decode("utf-8-sig", "replace").replace("\x00", "")
        # First where it can do no harm.
        delay: float = isolated(_crawl_delay, text, answer.status, settings.USER_AGENT)
        self.note(
            next_allowed=max(self.host.next_allowed, timezone.now() + timedelta(seconds=delay)),
            robots_text=text if answer.status == 200 else "",
            robots_status=answer.status,
            robots_fetched=timezone.now(),
            delay_seconds=delay,
        )
        return _read_robots(self.host.robots_text, self.host.robots_status)

    def await_delay(self) -> None:
        """Wait until the host may be asked.

        :raises SessionOver: that is not within this turn, or somebody else is there, or we stop.
        """
        if self.wait > self.seconds_left:
            raise SessionOver(
                f"{self.host.name} may not be asked before {self.host.next_allowed:%d %B %Y, %H:%M:%S} UTC"
            )
        began = time.monotonic()
        while (wait := self.wait) > 0:
            shutdown.sleep(min(wait, settings.LEASE_SECONDS / 3))
            for turn in self.party.values():
                turn.note()
        self.seconds_waited += time.monotonic() - began

    def note(self, **values: object) -> None:
        """Write *values* to the host and hold it longer.

        :raises SessionOver: it is no longer ours.
        """
        until = timezone.now() + timedelta(seconds=settings.LEASE_SECONDS)
        held = Host.objects.filter(pk=self.host.pk, lease_token=self.token)
        if not held.update(lease_until=until, **values):
            raise SessionOver(f"the turn at {self.host.name} was lost to another worker")
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
        values: dict[str, object] = {"next_allowed": allowed}
        if answer.problem in (Problem.REFUSED, Problem.BAD_ADDRESS):
            return values
        if answer.retry_after and answer.status in (429, 503):
            values["next_allowed"] = max(allowed, now + timedelta(seconds=answer.retry_after))
        if self.via_redirect:
            return values
        values["last_unanswered" if answer.status is None else "last_answered"] = now
        if answer.status is not None and answer.status not in _TROUBLE and not broke_off:
            return values | {"failures": 0, "pauses": 0, "paused_until": None}
        values["failures"] = self.host.failures + 1
        if self.host.failures + 1 >= FAILURES_TO_PAUSE:
            pause = min(PAUSE * 2 ** min(self.host.pauses, 10), LONGEST_PAUSE) * random.uniform(0.9, 1.1)  # noqa: S311
            values |= {"paused_until": now + pause, "failures": 0, "pauses": self.host.pauses + 1}
        return values


@lru_cache(maxsize=4)
def _read_robots(text: str, status: int | None) -> Robots:
    """Read once for all checks of a visit: 30 rules take 1 ms, and 15,000 (0.4 MB) 130 ms."""
    return Robots(text, status)


def _crawl_delay(text: str, status: int, agent: str) -> float:
    robots = Robots(text, status)
    robots.allows("https://host.example/", agent)
    return min(max(robots.crawl_delay(agent) or 0.0, 0.0), LONGEST_CRAWL_DELAY)


def _authority(name: str, scheme: str) -> str:
    """The host's name as it stands in an address: without the scheme's own port."""
    host, _, port = name.rpartition(":")
    host = f"[{host}]" if ":" in host else host
    return host if port == {"http": "80", "https": "443"}[scheme] else f"{host}:{port}"
