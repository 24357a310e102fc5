"""What a site's robots.txt lets us do (RFC 9309)."""

import re

from protego import Protego

_SIZE_LIMIT = 512 * 1024  # bytes; RFC 9309 asks for at least 500 KiB

# Protego stores every rule once for each agent of its group, so that a small file can ask for any amount of
# memory: 14,000 agents with 18,000 rules fit in 512 KiB. No honest file comes near these limits.
_AGENTS_LIMIT = 1_000  # in one group
_RULES_LIMIT = 200_000  # as stored
_NOT_NOW = frozenset({408, 425, 429})  # they say nothing of the file, as 5xx do not
_AGENT_LINE = re.compile(r"\s*user.?agent\b\s*:?\s*([^#]*)", re.IGNORECASE)
_PRODUCT = re.compile(r"[^\s/;,()]+")
_RULE_LINE = re.compile(r"\s*(?:dis)?allow\s*:", re.IGNORECASE)


class Robots:
    """The rules of one host.

    content: the file as bytes or text; status: the HTTP status it came with, None when the network failed.
    2xx: the file's rules count. 4xx: everything is allowed, but for those that say "not now" (408, 425, 429).
    These and anything else: nothing is, until it can be read; `is_unread` then says why nothing is allowed.
    """

    def __init__(self, content: str | bytes | None, status: int | None) -> None:
        self._allow_all = status is not None and 400 <= status < 500 and status not in _NOT_NOW
        self.is_unread = not self._allow_all and (status is None or not 200 <= status < 300)
        self._rules: Protego | None = None
        if status is not None and 200 <= status < 300:
            self._rules = Protego.parse(_as_protego_reads(_decode(content or "")))

    def allows(self, url: str, agent: str) -> bool:
        """Whether the crawler of this User-Agent may fetch the address."""
        if self._rules is None:
            return self._allow_all
        return bool(self._rules.can_fetch(url, _product(agent)))

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """The sitemaps the file names, as it writes them."""
        return () if self._rules is None else tuple(self._rules.sitemaps)

    def crawl_delay(self, agent: str) -> float | None:
        """Seconds asked for between two requests; None when nothing is asked."""
        if self._rules is None:
            return None
        delay = self._rules.crawl_delay(_product(agent))
        return None if delay is None else float(delay)


def read_crawl_delay(content: str, status: int, agent: str) -> float:
    """Seconds asked for between two requests, 0 when nothing is asked.

    All of the file is read for it, so that it is known not to harm whoever reads it after that.
    """
    robots = Robots(content, status)
    robots.allows("https://host.example/", agent)
    return robots.crawl_delay(agent) or 0.0


def _product(agent: str) -> str:
    """The name alone, with an end: Protego looks for a group's name anywhere in it, and for its beginning."""
    found = _PRODUCT.match(agent.strip())
    return f"{found[0]}/" if found else agent


def _decode(content: str | bytes) -> str:
    data = content.encode("utf-8", "replace") if isinstance(content, str) else content
    return data[:_SIZE_LIMIT].decode("utf-8-sig", "replace")


def _as_protego_reads(text: str) -> str:
    """The file with the name alone of each group, and its end, as `_product` has it.

    It stops where it would ask for more than we store, which counts too much rather than too little.
    """
    agents = rules = 0
    group_is_open = True
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if agent := _AGENT_LINE.match(line):
            agents = agents + 1 if group_is_open else 1
            group_is_open = True
            name = agent[1].strip()
            lines[number] = f"User-agent: {name if name == '*' else _product(name.replace('*', ''))}"
        else:
            group_is_open = group_is_open and not _RULE_LINE.match(line)
            rules += agents
        if agents > _AGENTS_LIMIT or rules > _RULES_LIMIT:
            return "\n".join(lines[:number])
    return "\n".join(lines)
