"""A fetch as a good guest makes it: by robots.txt, after the host's delay, and through all its redirects.

A redirect may lead to another host, which is asked in a session of its own, with its own delay and its own
robots.txt.
"""

import time
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from django.conf import settings
from django.utils import timezone

from articles.fetch import (
    ACCEPT_PAGE,
    Answer,
    Fetcher,
    FetchSettings,
    Interrupted,
    Validators,
    parse_endpoints,
)
from articles.models import Host, Outage, Tombstone, host_name
from articles.watch.crawl import shutdown
from articles.watch.crawl.bounds import Bounds, of_pages
from articles.watch.crawl.errors import Barred, Forbidden, Hops, NoRobots, PutOff, RobotsUnread, SessionOver
from articles.watch.crawl.host_session import TRY_EVERY, HostSession

BUSY_SECONDS = 10.0
"""Seconds to wait for another host that a worker is talking to. Two workers that wait for each other's host
both give up then, and come back later."""

WORKERS_PATIENCE = 0.1
"""Seconds that a worker waits for a host within a fetch: for longer, putting the fetch off costs less."""

ROBOTS_PATIENCE = 10.0
"""Seconds that a worker waits where a robots.txt redirects: once a day a host, and nothing keeps how far that
has got."""


@lru_cache(maxsize=1)
def _fetcher(user_agent: str, allowed: str) -> Fetcher:
    """The fetcher for these settings; it keeps nothing between two fetches."""
    wanted = FetchSettings(user_agent=user_agent, allow_endpoints=parse_endpoints(allowed))
    return Fetcher(wanted, interrupted=shutdown.is_asked)


class PoliteFetcher:
    """Fetches from the host of a session, and from where its redirects lead.

    home: the session in which every fetch begins; whoever took it gives it back. patience: seconds that one
    wait for a host or its delay may take; None: until the session ends. sessions: those held now, by the
    number of their host: *home*, and those that redirects led to. seconds_waited: the seconds that hosts and
    their delays were waited for.
    """

    def __init__(self, home: HostSession, *, patience: float | None = None) -> None:
        self.home = home
        self.patience = patience
        self.sessions = {home.host.pk: home}
        self.seconds_waited = 0.0
        self.fetcher = _fetcher(settings.USER_AGENT, settings.FETCH_ALLOW_ENDPOINTS)

    @property
    def host(self) -> Host:
        """The host where every fetch begins."""
        return self.home.host

    @property
    def outage(self) -> Outage | None:
        """The failure of our own network under way, as far as the session at home knows."""
        return self.home.outage

    def ask(
        self,
        url: str,
        *,
        validators: Validators | None = None,
        accept: str = ACCEPT_PAGE,
        bounds: Bounds | None = None,
        hops: Hops = (),
        hurried: bool = False,
    ) -> Answer:
        """Fetch *url* if robots.txt allows it; where that can't be had, the answer says why.

        The same goes for where it redirects to. bounds: what all its requests
        may take (None: what any page may). hops: what led to *url*
        in an earlier session. hurried: as ``RedirectFollower`` has it.

        :raises Forbidden: robots.txt does not allow it; Barred: it was taken down for good.
        :raises PutOff: a redirect can't be followed within this session.
        :raises SessionOver: the host may not be asked again within this session, or was lost to another.
        """
        if Tombstone.objects.bars(url):
            raise Barred(url)
        try:
            if not hops and self._is_at(self.home, url):
                self.check_robots(self.home, url)
            return self._fetch(
                self.home,
                url,
                validators=validators,
                accept=accept,
                bounds=bounds,
                hops=hops,
                obey=True,
                hurried=hurried,
            )
        except NoRobots as problem:
            return problem.answer

    def ask_robots(self, session: HostSession, scheme: str) -> Answer:
        """Return the answer of the host of *session* when asked for its robots.txt.

        :raises SessionOver: as for ``ask``; PutOff: its redirects can't be followed within this session.
        """
        address = session.robots_address(scheme)
        patience, self.patience = self.patience, None if self.patience is None else ROBOTS_PATIENCE
        try:
            return self._fetch(session, address, accept="text/plain,*/*;q=0.5", hurried=True)
        finally:
            self.patience = patience

    def check_robots(self, session: HostSession, url: str, hops: Hops = ()) -> None:
        """Pass when robots.txt of the host of *session* lets us fetch *url*; hops: those that led there.

        :raises Forbidden: its robots.txt does not let us fetch *url*; NoRobots: that can't be had.
        :raises PutOff: that redirects to where nobody may be asked now; SessionOver: as for ``ask``.
        """
        robots = session.fresh_robots()
        if robots is None:
            try:
                given = session.take_robots(self.ask_robots(session, url.split(":", 1)[0]))
            except PutOff as reason:
                if not session.has_kept_robots:
                    # What was followed so far led to a robots.txt, not to where *url* leads.
                    raise PutOff(str(reason), hops, url, reason.until) from reason
                given = session.keep_robots_longer()
            if isinstance(given, Answer):
                raise NoRobots(given)
            robots = given
        if not robots.allows(url, settings.USER_AGENT):
            raise RobotsUnread(url) if robots.is_unread else Forbidden(url)

    def fetch(self, url: str) -> Answer:
        """Fetch *url* after the host's delay, whatever its robots.txt says.

        :raises SessionOver: as for ``ask``; PutOff: a redirect can't be followed within this session.
        """
        return self._fetch(self.home, url)

    def _fetch(
        self,
        begin: HostSession,
        url: str,
        *,
        validators: Validators | None = None,
        accept: str = ACCEPT_PAGE,
        bounds: Bounds | None = None,
        hops: Hops = (),
        obey: bool = False,
        hurried: bool = False,
    ) -> Answer:
        """Fetch *url*, or go on to it after *hops*; where it is at another host, in a session there."""
        here = self._is_at(begin, hops[0][1] if hops else url)
        if not hops and here:
            self.await_delay(begin)
        bounds = bounds or of_pages()
        limit = max(min(bounds.limits.total_timeout, begin.seconds_left), 1.0)
        with RedirectFollower(self, begin, obey=obey, hurried=hurried, limit=limit) as follower:
            if hops:
                begin.via_redirect = not here
            elif here:
                follower.begin_request()
            else:
                follower.go_on((), url)
            try:
                answer = self.fetcher.get(
                    url,
                    validators=validators,
                    accept=accept,
                    limits=bounds.limits,
                    total=limit,
                    passage=follower.go_on,
                    hops=hops,
                )
            except Interrupted as reason:
                raise SessionOver("the worker stops") from reason
            follower.end(answer)
        return bounds.explained(answer)

    def _is_at(self, session: HostSession, url: str) -> bool:
        """Whether *url* is at the host of *session*."""
        return host_name(url) == session.host.name

    def await_delay(self, session: HostSession) -> None:
        """Wait until the host of *session* may be asked, holding every session meanwhile.

        :raises SessionOver: that takes longer than we may wait, or somebody else is there, or we stop.
        """
        if session.wait > self.longest_wait(session):
            raise SessionOver(
                f"{session.host.name} may not be asked before "
                f"{session.host.next_allowed:%d %B %Y, %H:%M:%S} UTC"
            )
        began = time.monotonic()
        while (wait := session.wait) > 0:
            shutdown.sleep(min(wait, settings.LEASE_SECONDS / 3))
            if session.wait:
                for held in self.sessions.values():
                    held.hold()
        self.seconds_waited += time.monotonic() - began

    def longest_wait(self, session: HostSession) -> float:
        """Seconds that may be waited for a host now."""
        left = max(session.seconds_left, 0.0)
        return left if self.patience is None else min(self.patience, left)


class RedirectFollower:
    """The way of one fetch through its redirects, and where it has got to. Use it as a context: the
    sessions it took on the way are given back then.

    begin: the session in which it begins. obey: whether other hosts' robots.txt count (not for a robots.txt
    itself). hurried: whether a host's own redirect is followed at once where its delay is longer than the
    session: for what could not be put off. limit: seconds for all requests together.
    """

    def __init__(
        self, fetcher: PoliteFetcher, begin: HostSession, *, obey: bool, hurried: bool, limit: float
    ) -> None:
        self._fetcher, self._begin = fetcher, begin
        self._obey, self._hurried, self._left = obey, hurried, limit
        self._taken: list[HostSession] = []
        self._asked: float | None = None
        self._here: HostSession | None = begin
        """The session in which the next request is made, or the last one was."""

    def __enter__(self) -> "RedirectFollower":
        return self

    def __exit__(self, *exception: object) -> None:
        for session in self._taken:
            self._fetcher.sessions.pop(session.host.pk)
            session.leave()

    def begin_request(self) -> None:
        """Wait for the host's delay, and bar its next request before this one goes out."""
        assert self._here is not None
        self._fetcher.await_delay(self._here)
        self._here.bar_next_request()
        self._asked = time.monotonic()

    def end(self, answer: Answer) -> None:
        """Note the answer with the host that gave it, if it was one we know."""
        if self._here and self._asked is not None:
            self._here.note_answer(replace(answer, seconds=time.monotonic() - self._asked))

    def go_on(self, hops: Hops, url: str) -> float:
        """Before a redirect to *url* is followed: end the host's request, and come to the next host in turn.

        Without *hops*, *url* is where the fetch begins.

        Returns the seconds to add to the fetch's deadline.

        :raises PutOff: the next host has no time for us in this session.
        :raises Forbidden: its robots.txt does not let us; NoRobots: that can't be had; Barred: *url* was
            taken down for good.
        """
        began, waited = time.monotonic(), self._fetcher.seconds_waited
        if self._here and self._asked is not None:
            status, asked = hops[-1]
            self._left -= began - self._asked
            self._here.note_answer(Answer(asked, asked, status=status, seconds=began - self._asked))
        self._here = None  # what fails now is no failure of any host we know
        self._fetcher.fetcher.check(url)
        if Tombstone.objects.bars(url):
            raise Barred(url)
        host = Host.objects.for_address(url)
        try:
            self._here = self._session_at(host)
            if self._obey:
                self._fetcher.check_robots(self._here, url, hops)
            if not self._is_in_a_hurry():
                self.begin_request()
        except PutOff:
            raise
        except SessionOver as reason:
            if shutdown.is_asked():
                raise
            raise PutOff(str(reason), hops, url, self._until(host)) from reason
        self._asked = time.monotonic()
        self._fetcher.seconds_waited = waited + self._asked - began
        beyond = max(self._left - self._begin.seconds_left, 0.0)
        return self._asked - began - beyond

    def _is_in_a_hurry(self) -> bool:
        """Whether the redirect is followed without waiting."""
        longest = self._fetcher.longest_wait(self._begin)
        return self._hurried and self._here is self._begin and self._begin.wait > longest

    def _session_at(self, host: Host) -> HostSession:
        """The session at *host* that we hold, or one as soon as it is free.

        :raises SessionOver: it is not free soon, or is left alone after failures.
        """
        if host.pk in self._fetcher.sessions:
            return self._fetcher.sessions[host.pk]
        seconds, patience = self._begin.seconds_left, self._fetcher.patience
        give_up = time.monotonic() + min(BUSY_SECONDS, self._fetcher.longest_wait(self._begin))
        while (session := HostSession.take(host.pk, seconds=seconds, ready_within=patience)) is None:
            if time.monotonic() >= give_up:
                raise SessionOver(self._why_not(host))
            shutdown.sleep(TRY_EVERY)
        session.via_redirect = True
        session.outage = self._begin.outage
        self._fetcher.sessions[host.pk] = session
        self._taken.append(session)
        if session.paused:
            raise SessionOver(self._why_not(session.host))
        return session

    def _why_not(self, host: Host) -> str:
        """Why no session at *host* could be had."""
        host.refresh_from_db()
        now = timezone.now()
        if host.paused_until and host.paused_until > now:
            return f"it redirects to {host.name}, which is left alone after failures"
        if host.lease_until and host.lease_until > now:
            return f"it redirects to {host.name}, where another worker is"
        return f"it redirects to {host.name}, which may not be asked yet"

    def _until(self, host: Host) -> datetime:
        """When the host may have time for us; now, if another worker is there."""
        now = timezone.now()
        if session := self._fetcher.sessions.get(host.pk):
            host, is_taken = session.host, False
        else:
            host.refresh_from_db()
            is_taken = host.lease_until is not None and host.lease_until > now
        return max(now if is_taken else host.next_allowed, host.paused_until or now, now)
