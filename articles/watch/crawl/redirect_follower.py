"""One fetch by its redirects: each host on the way is asked in its turn, with its delay and robots.txt."""

import time
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from articles.fetch import Answer
from articles.models import Host, Tombstone
from articles.watch.crawl import shutdown
from articles.watch.crawl.errors import Barred, Forbidden, NoRobots, PutOff, SessionOver

if TYPE_CHECKING:
    from articles.watch.crawl.host_session import HostSession

PATIENCE = 10.0
"""Seconds to wait for another host that a worker is talking to. Two workers that wait for each other's host
both give up then, and come back later."""

BUSY_FOR = timedelta(minutes=1)
"""Until then a redirect to a busy host is put off."""

Hops = tuple[tuple[int, str], ...]


class RedirectFollower:
    """Where a fetch has got to. Use it as a context: the turns it took on the way are left with it.

    home: the turn in which it begins. obey: whether other hosts' robots.txt count (not for a robots.txt
    itself). hurried: whether a host's own redirect is followed at once where its delay is longer than the
    turn: for what could not be put off. limit: seconds for all requests together.
    """

    def __init__(self, home: "HostSession", *, obey: bool, hurried: bool, limit: float) -> None:
        self._home, self._obey, self._hurried, self._left = home, obey, hurried, limit
        self._guests: list[HostSession] = []
        self._asked: float | None = None
        self.here: HostSession | None = home

    def __enter__(self) -> "RedirectFollower":
        return self

    def __exit__(self, *exception: object) -> None:
        for guest in self._guests:
            self._home.party.pop(guest.host.pk)
            guest.leave()

    def ask(self) -> None:
        """Wait for the host's delay, and bar its next request before this one goes out."""
        assert self.here is not None
        self.here.begin_request()
        self._asked = time.monotonic()

    def end(self, answer: Answer) -> None:
        """Note the answer with the host that gave it, if it was one we know."""
        if self.here and self._asked is not None:
            self.here.note_answer(replace(answer, seconds=time.monotonic() - self._asked))

    def go_on(self, hops: Hops, url: str) -> float:
        """Before a redirect to *url* is followed: end the host's request, and come to the next host in turn.

        Returns the seconds to add to the fetch's deadline.

        :raises PutOff: the next host has no time for us in this turn.
        :raises Forbidden: its robots.txt does not let us; NoRobots: that can't be had; Barred: *url* was
            taken down for good.
        """
        began, waited = time.monotonic(), self._home.seconds_waited
        if self.here and self._asked is not None:
            status, asked = hops[-1]
            self._left -= began - self._asked
            self.here.note_answer(Answer(asked, asked, status=status, seconds=began - self._asked))
        self.here = None  # what fails now is no failure of any host we know
        self._home.fetcher.check(url)
        if Tombstone.objects.bars(url):
            raise Barred(url)
        host = Host.objects.for_address(url)
        try:
            self.here = self._turn_at(host)
            if self._obey:
                self._check_robots(url)
            if not (self._hurried and self.here is self._home and self.here.wait > self._home.seconds_left):
                self.ask()
        except PutOff:
            raise
        except SessionOver as reason:
            if shutdown.is_asked():
                raise
            raise PutOff(str(reason), hops, url, self._until(host)) from reason
        self._asked = time.monotonic()
        self._home.seconds_waited = waited + self._asked - began
        beyond = max(self._left - self._home.seconds_left, 0.0)
        return self._asked - began - beyond

    def _turn_at(self, host: Host) -> "HostSession":
        """The turn at *host* that we hold, or one as soon as it is free.

        :raises SessionOver: it is not free soon, or is left alone after failures.
        """
        if host.pk in self._home.party:
            return self._home.party[host.pk]
        give_up = time.monotonic() + min(PATIENCE, self._home.seconds_left)
        while (turn := self._home.take(host.pk, seconds=self._home.seconds_left)) is None:
            if time.monotonic() >= give_up:
                raise SessionOver(f"it redirects to {host.name}, where another worker is")
            shutdown.sleep(0.1)
        turn.via_redirect = True
        turn.party = self._home.party
        turn.party[host.pk] = turn
        self._guests.append(turn)
        if turn.paused:
            raise SessionOver(f"it redirects to {host.name}, which is left alone after failures")
        return turn

    def _check_robots(self, url: str) -> None:
        assert self.here is not None
        robots = self.here.robots(scheme=url.split(":", 1)[0])
        if isinstance(robots, Answer):
            raise NoRobots(robots)
        if not robots.allows(url, settings.USER_AGENT):
            raise Forbidden(url)

    def _until(self, host: Host) -> datetime:
        """When the host may have time for us."""
        host.refresh_from_db()
        soon = timezone.now() + BUSY_FOR
        return max(soon, host.next_allowed, host.paused_until or soon)
