"""Why a request is not made, or not now."""

from datetime import datetime

from articles.fetch import Answer

Hops = tuple[tuple[int, str], ...]
"""The redirects followed so far: of each its status and the address that gave it."""


NAMED_BY_FEED = 0
"""In place of a redirect's status: a feed, and no redirect, named the next address as the story's."""


class SessionOver(Exception):
    """No further request may be made in this session; the message says why."""


class Taken(SessionOver):
    """Another worker is talking to the host."""


class PutOff(SessionOver):
    """The fetch can go on later: a host on its way has no time for us within this session.

    hops: the redirects so far, none when it has to begin again; url: where to go on; until: when to try.
    """

    def __init__(self, why: str, hops: Hops, url: str, until: datetime) -> None:
        super().__init__(why)
        self.hops, self.url, self.until = hops, url, until


class Forbidden(Exception):
    """robots.txt does not let us fetch the address."""

    def __init__(self, url: str) -> None:
        super().__init__("robots.txt does not let us fetch it")
        self.url = url


class RobotsUnread(Forbidden):
    """The host's robots.txt can't be read now, so that nothing may be fetched (RFC 9309, section 2.3.1.4)."""

    def __init__(self, url: str) -> None:
        Exception.__init__(self, "its robots.txt could not be read, so nothing of the site is fetched")
        self.url = url


class Barred(Forbidden):
    """The address is one of an article that was deleted for good: it is never fetched again."""

    def __init__(self, url: str) -> None:
        Exception.__init__(self, "it belongs to an article that was taken down for good")
        self.url = url


class NoRobots(Exception):
    """The robots.txt that a redirect needs could not be had; the answer says why."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.reason)
        self.answer = answer
