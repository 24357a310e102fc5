"""What a site's robots.txt lets us do (RFC 9309)."""

from protego import Protego

_SIZE_LIMIT = 512 * 1024  # bytes; RFC 9309 asks for at least 500 KiB


class Robots:
    """The rules of one host.

    content: the file as bytes or text; status: the HTTP status it came with, None when the network failed.
    2xx: the file's rules count. 4xx: everything is allowed. Anything else: nothing is, until it can be read.
    """

    def __init__(self, content: str | bytes | None, status: int | None) -> None:
        self._allow_all = status is not None and 400 <= status < 500
        self._rules: Protego | None = None
        if status is not None and 200 <= status < 300:
            self._rules = Protego.parse(_decode(content or ""))

    def allows(self, url: str, agent: str) -> bool:
        """Whether the crawler of this User-Agent may fetch the address."""
        if self._rules is None:
            return self._allow_all
        return bool(self._rules.can_fetch(url, agent))

    def crawl_delay(self, agent: str) -> float | None:
        """Seconds asked for between two requests; None when nothing is asked."""
        if self._rules is None:
            return None
        delay = self._rules.crawl_delay(agent)
        return None if delay is None else float(delay)


def _decode(content: str | bytes) -> str:
    data = content.encode("utf-8", "replace") if isinstance(content, str) else content
    return data[:_SIZE_LIMIT].decode("utf-8-sig", "replace")
