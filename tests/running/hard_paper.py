"""A newspaper whose pages are hard on purpose, over simulated days: what moves on them is no edit.

On each page a price ticks among the paragraphs, a counter counts, teasers of other stories rotate and a
newsletter's box comes and goes. A tenth of the articles is edited each day at noon; fresh ones come each
morning; on one the results of an election come in for a night. What was true at each look is remembered, so
that each stored version can be told to be an edit or none.
"""

import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from tests.scripted import Page, ScriptedSite

WORDS = ("harbour", "mill", "orchard", "council", "station", "school", "river", "bridge", "market", "tower")
LETTERS = (
    "Our letter brings the valley to your breakfast table.",
    "Nine hundred readers have had our letter since the spring; be one of them.",
)
NIGHT = timedelta(hours=6)
RESULTS = "/2026/results"
EDIT = "the council added that"


@dataclass
class Look:
    """One fetch of an article: when, and how often it had been edited until then."""

    at: datetime
    edits: int


@dataclass
class HardPaper:
    """The site's pages as they are at any moment of its clock."""

    site: ScriptedSite
    articles: int
    fresh: int
    began: datetime
    now: Callable[[], datetime]
    looks: defaultdict[str, list[Look]] = field(default_factory=lambda: defaultdict(list))
    chance: random.Random = field(default_factory=lambda: random.Random(4))

    def __post_init__(self) -> None:
        self.site.on_request = self._render

    @property
    def feed_url(self) -> str:
        return f"{self.site.url}/feed"

    def _render(self, path: str) -> None:
        if path == "/feed":
            self.site.pages[path] = Page(self._feed(), content_type="application/rss+xml")
        elif path == RESULTS:
            self.site.pages[path] = Page(self._results())
            self.looks[path].append(Look(self.now(), 0))
        elif path.startswith("/2026/story-"):
            number = int(path.rpartition("-")[2])
            edits = self.edits(number)
            self.site.pages[path] = Page(self._story(number, edits))
            self.looks[path].append(Look(self.now(), edits))

    def _days(self) -> int:
        return (self.now() - self.began) // timedelta(days=1)

    def _feed(self) -> str:
        there = self.articles + self._days() * self.fresh
        links = [RESULTS, *(f"/2026/story-{number}" for number in range(there))]
        items = "".join(
            f"<item><title>{link}</title><link>{self.site.url}{link}</link></item>" for link in links
        )
        return f"<rss version='2.0'><channel><title>The Valley Post</title>{items}</channel></rss>"

    def edits(self, number: int) -> int:
        """How often an article was edited: at noon of every tenth day, first of that its number ends in."""
        past_noon = self.now() - self.began - timedelta(hours=12)
        days = past_noon // timedelta(days=1) + 1
        return sum(day % 10 == number % 10 for day in range(max(days, 0)))

    def _story(self, number: int, edits: int) -> str:
        topic, minutes = WORDS[number % len(WORDS)], (self.now() - self.began) // timedelta(minutes=1)
        story = [
            f"The {topic} of the valley is closed since storm number {number}, and its keeper wants it back.",
            f"A surveyor looked at the {topic} on Tuesday and found that more of it was hollow than thought.",
            f"Residents who live beside the {topic} asked for another opinion, which the mayor promised.",
            f"Until report {number} on the {topic} is in, nobody may enter, and what it sold is sold away.",
        ]
        story += [f"On day {edit + 1} {EDIT} the {topic} will be looked at again." for edit in range(edits)]
        text = "".join(f"<p>{paragraph}</p>" for paragraph in story)
        teaser = " ".join(self.chance.choices(WORDS, k=9)).capitalize()
        letter = self.chance.choice(LETTERS)
        box = f"<div class='c-letter'><p>{letter}</p></div>" if self.chance.random() < 0.6 else ""
        changed = self.began + timedelta(hours=12) * edits
        return (
            f"<!doctype html><html lang=en><head><title>Storm {number} and the {topic}</title>"
            "<meta property='og:type' content='article'>"
            f"<meta property='article:modified_time' content='{changed.isoformat()}'></head><body>"
            f"<main><article><h1>Storm {number}: what becomes of the {topic}?</h1><div class='c-body'>{text}"
            f"<p>Timber for the {topic}, a load: {700 + minutes // 7 + number} crowns</p>"
            f"<p><span class='views'>Views: {1000 + minutes * 3 + number}</span></p></div>"
            f"<div class='c-also'><p>{teaser} and what came of it in the end.</p></div>{box}"
            "</article></main></body></html>"
        )

    def _results(self) -> str:
        minutes = min(self.now() - self.began, NIGHT) // timedelta(minutes=1)
        rows = "".join(
            f"<tr><td>Candidate {name}</td><td>{start + minutes * pace}</td></tr>"
            for name, start, pace in (("Ash", 1000, 17), ("Birch", 900, 13), ("Elm", 80, 1))
        )
        text = "".join(
            f"<p>{line}</p>"
            for line in (
                "Votes are counted in all of the villages of the valley, the council said in the evening.",
                "The count goes on until each of the forty boxes was opened and read aloud in the hall.",
                "Whoever wins moves into the old town hall when the snow has gone from the pass.",
            )
        )
        return (
            "<!doctype html><html lang=en><head><title>The valley votes</title>"
            "<meta property='og:type' content='article'></head><body><main><article><h1>The valley votes</h1>"
            f"<div class='c-body'>{text}<table><tr><th>Name</th><th>Votes</th></tr>{rows}</table></div>"
            "</article></main></body></html>"
        )

    @property
    def last_result(self) -> str:
        """The row of the first candidate when all votes are counted."""
        return f"Candidate Ash | {1000 + NIGHT // timedelta(minutes=1) * 17}"


@dataclass
class Day:
    """What one day came to."""

    rechecks: int = 0
    false: int = 0
    edits: int = 0
    missed: int = 0

    def __str__(self) -> str:
        return (
            f"false versions {self.false} of {self.rechecks} looks without an edit,"
            f" missed {self.missed} of {self.edits} edits"
        )


@dataclass
class Stored:
    """A stored version: its article's path, when its text was first seen, how often that was edited."""

    path: str
    seen: datetime
    edits: int


def by_day(paper: HardPaper, versions: list[Stored], days: int) -> list[Day]:
    """What each day came to, over all stories: versions that are no edit, and edits that made none."""
    told = [Day() for _ in range(days)]

    def day(moment: datetime) -> Day:
        return told[min((moment - paper.began) // timedelta(days=1), days - 1)]

    kept: defaultdict[str, list[Stored]] = defaultdict(list)
    for version in versions:
        kept[version.path].append(version)
    for path, looks in paper.looks.items():
        if path == RESULTS:
            continue
        known = {version.edits for version in kept[path]}
        for before, look in pairwise(looks):
            if look.edits == before.edits:
                day(look.at).rechecks += 1
            else:
                day(look.at).edits += 1
                day(look.at).missed += look.edits not in known
        for one, other in pairwise(kept[path]):
            day(other.seen).false += one.edits == other.edits
    return told
