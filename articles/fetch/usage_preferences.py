"""What a site wishes of those who use its texts by machine, passed on as it says it.

Read are: `Content-Usage` (the IETF's AI preferences) in robots.txt and in the answer's headers;
`tdm-reservation` and `tdm-policy` (W3C's TDM Reservation Protocol) in the answer's headers and in the page;
`X-Robots-Tag` and `<meta name=robots>`. Nothing is decided on them here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

LONGEST = 500
"""Characters of a wish that are kept."""

MOST_RULES = 100
"""Rules of one robots.txt that are kept."""

UsageRules = list[list[str]]
"""The rules of Content-Usage in a robots.txt: [path, usage] of each."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """tdm_reservation: whether rights are reserved, None where nothing is said of it; tdm_policy: the address
    of a licence; content_usage: as in `train-ai=n`; robots: directives for robots. '' where nothing is said.
    """

    tdm_reservation: bool | None = None
    tdm_policy: str = ""
    content_usage: str = ""
    robots: str = ""


def read_usage(robots_txt: str) -> UsageRules:
    """The rules of Content-Usage that a robots.txt has for all robots, in their order."""
    found: UsageRules = []
    agents: list[str] = []
    in_rules = False
    for line in robots_txt.splitlines():
        name, _, value = line.partition("#")[0].partition(":")
        name, value = name.strip().lower(), value.strip()
        if name == "user-agent":
            agents = [*([] if in_rules else agents), value]
            in_rules = False
        elif name:
            in_rules = True
            if name == "content-usage" and "*" in agents and len(found) < MOST_RULES:
                path, _, usage = value.rpartition(" ") if value.startswith("/") else ("/", "", value)
                found.append([path.strip()[:LONGEST], usage[:LONGEST]])
    return found


def wishes_of(
    headers: Iterable[Sequence[str]], claims: Mapping[str, object], rules: UsageRules, path: str
) -> Wishes:
    """What is wished of the page at *path*: *headers* of the answer, what the page itself claims (as
    `articles.extract` reads it), and the *rules* of robots.txt. The answer's headers come first."""
    said: dict[str, list[str]] = {}
    for name, value in headers:
        said.setdefault(name.lower(), []).append(value)
    reservation = (said.get("tdm-reservation") or [str(claims.get("tdm_reservation", ""))])[0].strip()
    policy = (said.get("tdm-policy") or [str(claims.get("tdm_policy", ""))])[0].strip()
    robots = [*said.get("x-robots-tag", ()), str(claims.get("robots", ""))]
    return Wishes(
        tdm_reservation={"1": True, "0": False}.get(reservation),
        tdm_policy=policy[:LONGEST],
        content_usage=", ".join(said.get("content-usage") or [_usage_at(path, rules)])[:LONGEST],
        robots=", ".join(filter(None, robots))[:LONGEST],
    )


def _usage_at(path: str, rules: UsageRules) -> str:
    """The usage of the longest path that *path* begins with."""
    fitting = [(len(start), usage) for start, usage in rules if path.startswith(start)]
    return max(fitting, default=(0, ""))[1]
