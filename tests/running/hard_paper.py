"""A newspaper whose pages are hard on purpose, over simulated days: what moves on them is no edit.

Among and below the paragraphs of each page stands one of each of `KINDS`, in blocks whose names tell
nothing: prices, counters, clocks, teasers, letters, weather. A tenth of the articles is edited each day at
noon; fresh ones come each morning; on one the results of an election come in for a night. What was true at
each look is remembered, so that each stored version can be told to be an edit or none, and of which kind
what made it is.
"""

import random
import re
from collections import Counter, defaultdict
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
WINDS = ("the north", "the sea", "the pass", "nowhere")
SPONSORS = ("the bakery at the bridge", "the ropemakers of the harbour", "the savings bank of the valley")
KINDS = {
    "a price, label and number": re.compile("Timber for"),
    "a counter within a sentence": re.compile("have signed"),
    "a count of letters from readers": re.compile("letters from readers"),
    "views, in an element named so": re.compile("Views: "),
    "minutes ago": re.compile("minutes ago"),
    "a list of linked teasers": re.compile("^Teaser: "),
    "a teaser without a link": re.compile("came of it in the end"),
    "most read": re.compile("^Others read"),
    "a newsletter's box that comes and goes": re.compile("our letter", re.IGNORECASE),
    "the weather, a line": re.compile("degrees, wind from"),
    "a sponsor's line": re.compile("brought to you by"),
}
"""What moves on the pages, each with the words by which it is known in a stored text."""

OTHER = "anything else"
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
        lines = [
            f"The {topic} of the valley is closed since storm number {number}, and its keeper wants it back.",
            f"A surveyor looked at the {topic} on Tuesday and found that more of it was hollow than thought.",
            f"Residents who live beside the {topic} asked for another opinion, which the mayor promised.",
            f"Until report {number} on the {topic} is in, nobody may enter, and what it sold is sold away.",
        ]
        lines += [f"On day {edit + 1} {EDIT} the {topic} will be looked at again." for edit in range(edits)]
        first, second, *others = (f"<p>{line}</p>" for line in lines)
        among = self._among(number, topic, minutes)
        changed = self.began + timedelta(hours=12) * edits
        return (
            f"<!doctype html><html lang=en><head><title>Storm {number} and the {topic}</title>"
            "<meta property='og:type' content='article'>"
            f"<meta property='article:modified_time' content='{changed.isoformat()}'></head><body>"
            f"<main><article><h1>Storm {number}: what becomes of the {topic}?</h1><div class='c-body'>"
            f"{first}{among}{second}{''.join(others)}{self._below(number, topic, minutes)}</div>"
            f"{self._behind()}</article></main></body></html>"
        )

    def _teaser(self) -> str:
        return " ".join(self.chance.choices(WORDS, k=9)).capitalize()

    def _among(self, number: int, topic: str, minutes: int) -> str:
        """What moves between the first and the second paragraph, in a row that no name gives away."""
        links = "".join(f"<li><a href='/t/{n}'>Teaser: {self._teaser()}</a></li>" for n in range(3))
        letter = self.chance.choice(LETTERS)
        box = f"<div class='c-4'><p>{letter}</p></div>" if self.chance.random() < 0.6 else ""
        signed = f"<span class='c-2'>{1200 + minutes // 5 + number:,}</span>"
        return (
            f"<p>Since storm {number} {signed} people have signed against the plans for the {topic}.</p>"
            f"<ul>{links}</ul>{box}<p>Last looked at {minutes % 50 + 2} minutes ago</p>"
        )

    def _below(self, number: int, topic: str, minutes: int) -> str:
        """What moves behind the last paragraph, set as the paragraphs are."""
        wind = WINDS[minutes // 180 % len(WINDS)]
        return (
            f"<p>Timber for the {topic}, a load: {700 + minutes // 7 + number} crowns</p>"
            f"<p><span class='views'>Views: {1000 + minutes * 3 + number}</span></p>"
            f"<p>{9 + minutes // 240 + number} letters from readers so far</p>"
            f"<p>In the valley {7 + minutes // 45 % 9} degrees, wind from {wind}</p>"
        )

    def _behind(self) -> str:
        """What moves in boxes behind the text."""
        read = "".join(f"<li><a href='/r/{n}'>Others read {self._teaser()}</a></li>" for n in range(3))
        return (
            f"<div class='c-5'><p>{self._teaser()} and what came of it in the end.</p></div>"
            f"<div class='c-6'><h3>In these hours</h3><ol>{read}</ol></div>"
            f"<div class='c-7'><p>This page is brought to you by {self.chance.choice(SPONSORS)}.</p></div>"
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
    by_kind: Counter[str] = field(default_factory=Counter)
    """False versions by what had moved; one may be of several kinds."""

    def __str__(self) -> str:
        return (
            f"false versions {self.false} of {self.rechecks} looks without an edit,"
            f" missed {self.missed} of {self.edits} edits"
        )


@dataclass
class Stored:
    """A stored version: its article's path, when its text was first seen, how often that was edited, and
    what of it was compared."""

    path: str
    seen: datetime
    edits: int
    paragraphs: list[str]
    compared: list[str]

    @property
    def left_out(self) -> set[str]:
        """What of it is not compared, numbers folded."""
        return {_folded(text) for text in self.paragraphs} - {_folded(text) for text in self.compared}


def kinds_of(before: Stored, after: Stored) -> set[str]:
    """The kinds of what differs between two versions, but for what either leaves out of comparisons."""
    left_out = before.left_out | after.left_out
    changed = (text for text in set(before.compared) ^ set(after.compared) if _folded(text) not in left_out)
    return {next((kind for kind, words in KINDS.items() if words.search(text)), OTHER) for text in changed}


def _folded(text: str) -> str:
    return re.sub(r"\d[\d,]*", "0", text)


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
            if one.edits == other.edits:
                day(other.seen).false += 1
                day(other.seen).by_kind.update(kinds_of(one, other))
    return told
