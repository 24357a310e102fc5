"""What was found at an address: the values that looking gives, and their form in a database. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypedDict

from django.utils import timezone

from articles.fetch import address_key

STALE = timedelta(days=30)


class Step(TypedDict, total=False):
    """One thing to look at. what: "page", "feed" or "guess" (where a site may have a feed that none names);
    first: whether a person gave the address; bare: without a scheme; then: what to guess after this one."""

    what: str
    address: str
    first: bool
    bare: bool
    then: list[str]
    tries: int


@dataclass(frozen=True)
class Link:
    """An article that is named: its address, what is said of it, and when it was published (ISO, or '')."""

    url: str
    title: str = ""
    published: str = ""


@dataclass(frozen=True)
class Candidate:
    """Something that can be watched, or (problem) why it can't, with advice.

    kind: as in Feed.Kind; format: in words; items: articles it names; newest: when the latest of them was
    published (ISO, '' when it does not say). report: what would become of all that it names, as
    ``EntryTally`` writes it.
    """

    address: str
    kind: str
    format: str = ""
    title: str = ""
    items: int = 0
    newest: str = ""
    links: tuple[Link, ...] = ()
    problem: str = ""
    advice: str = ""
    remarks: tuple[str, ...] = ()
    report: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_usable(self) -> bool:
        return not self.problem

    @property
    def newest_at(self) -> datetime | None:
        return datetime.fromisoformat(self.newest) if self.newest else None

    @property
    def is_stale(self) -> bool:
        """Return whether its newest article is so old that nobody seems to keep it up."""
        return self.newest_at is not None and self.newest_at < timezone.now() - STALE


@dataclass(frozen=True)
class Tried:
    """An address that was asked for, what it answered, and (advice) what to do if that was of no use."""

    address: str
    said: str
    advice: str = ""


@dataclass
class Findings:
    """All that was found: the publication's name, home page and language as they tell it; what can be
    watched, the best first; what was tried; what else a person should know."""

    name: str = ""
    home_page: str = ""
    language: str = ""
    candidates: list[Candidate] = field(default_factory=list)
    tried: list[Tried] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def usable(self) -> list[Candidate]:
        return [candidate for candidate in self.candidates if candidate.is_usable]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Findings":
        candidates = [
            Candidate(
                **{
                    **one,
                    "links": tuple(Link(**link) for link in one["links"]),
                    "remarks": tuple(one["remarks"]),
                }
            )
            for one in kept.get("candidates", [])
        ]
        tried = [Tried(**one) for one in kept.get("tried", [])]
        return cls(**{**kept, "candidates": candidates, "tried": tried})

    def note(self, *words: str) -> None:
        """Add what a person should know, once."""
        self.notes += [one for one in words if one and one not in self.notes]

    def has(self, address: str) -> bool:
        return any(address_key(one.address) == address_key(address) for one in self.candidates)
