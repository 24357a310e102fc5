"""Stories as they were first published: text files with a few header lines, then one paragraph a line."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

HERE = Path(__file__).parent

SECTIONS: Mapping[str, str] = MappingProxyType(
    {
        "harbour": "Harbour",
        "town": "Town",
        "business": "Business",
        "environment": "Environment",
        "culture": "Culture",
        "sport": "Sport",
        "francais": "En français",
        "deutsch": "Auf Deutsch",
        "arabi": "بالعربية",
        "nihongo": "日本語",
    }
)


@dataclass(frozen=True)
class State:
    """What the site says of a story at one time.

    `status` is the HTTP status of its page: 200, 404 (taken down) or 410 (gone for good).
    """

    headline: str
    paragraphs: tuple[str, ...]
    status: int = 200


@dataclass(frozen=True)
class Story:
    """A story as it was first published.

    `age` is how long before the opening of the room it was published, in minutes.
    A `static` story's page carries no adverts, counters or clock: its bytes change only when the story does.
    """

    slug: str
    section: str
    language: str
    author: str
    age: int
    summary: str
    caption: str
    static: bool
    first: State

    @property
    def path(self) -> str:
        return f"/{self.section}/{self.slug}"

    @property
    def direction(self) -> str:
        return "rtl" if self.language == "ar" else "ltr"


@cache
def read_stories() -> tuple[Story, ...]:
    """All stories, newest first."""
    stories = [_read_story(path) for path in (HERE / "stories").glob("*.txt")]
    return tuple(sorted(stories, key=lambda story: story.age))


def read_rewrite(slug: str) -> State:
    """The story `slug` as it is written anew."""
    fields, paragraphs = _read_fields(HERE / "rewrites" / f"{slug}.txt")
    return State(headline=fields["headline"], paragraphs=paragraphs)


def _read_story(path: Path) -> Story:
    fields, paragraphs = _read_fields(path)
    if fields["section"] not in SECTIONS:
        raise ValueError(f"{path.name}: there is no section {fields['section']!r}")
    return Story(
        slug=path.stem,
        section=fields["section"],
        language=fields.get("language", "en"),
        author=fields["author"],
        age=int(fields["age"]),
        summary=fields["summary"],
        caption=fields["caption"],
        static=fields.get("page") == "static",
        first=State(headline=fields["headline"], paragraphs=paragraphs),
    )


def _read_fields(path: Path) -> tuple[dict[str, str], tuple[str, ...]]:
    head, _, body = path.read_text(encoding="utf-8").partition("\n\n")
    pairs = (line.partition(":") for line in head.splitlines())
    fields = {name.strip(): value.strip() for name, _, value in pairs}
    return fields, tuple(line for line in body.splitlines() if line)
