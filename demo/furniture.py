"""All that surrounds the stories and changes at every visit: adverts, counters, clocks, boxes, banners.

None of it is the story. It is here because real pages carry it, inside the text and around it, and a watcher
that takes it for an edit is wrong.
"""

import random
from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from itertools import cycle

from demo.desk import Article, Edition

ADVERTS = (
    (
        "Oilskins that last",
        "Bramwell & Daughter have kept crews dry since their first shop on Chandler Street.",
    ),
    ("Half-price moorings until spring", "Berth your boat at Ostley Marina and pay nothing before March."),
    (
        "Kettleby's Smokehouse",
        "Hot-smoked mackerel, sent to your door by the morning van. Order before noon.",
    ),
    (
        "Is your roof ready for winter?",
        "Free survey from Tolland Slate, the roofers your neighbours talk about.",
    ),
    (
        "Learn to sail in nine evenings",
        "Classes for grown-ups at the Aldry Sailing School. Places are going fast!",
    ),
    ("Wend Valley Building Society", "Savings that rise with the tide. Terms apply, branches in six towns."),
    ("The Lobster Pot", "Two courses by the window for the price of one, Tuesdays and Wednesdays."),
    (
        "Sleep better tonight",
        "Mattresses from the Feather Loft, delivered to the islands at no extra charge.",
    ),
    ("Pellow Motors", "The winter check for vans and cars: tyres, lamps, battery. Book online today."),
    ("Hallin Island Holidays", "A cottage, a rowing boat and nobody else. See which weeks are still free."),
)

NEWSLETTERS = (
    ("The Morning Tide", "Five stories with your breakfast, every weekday at seven."),
    ("Council Watch", "What was decided, who decided it and what it costs. Every Thursday."),
    ("Skerrin Weekender", "Where to eat, walk and listen this weekend. Join our readers."),
)

COMMENTS = (
    ("tidewatcher", "I said this would happen in spring and nobody wanted to hear it."),
    ("Mrs P. of Ostley", "Good to see it reported properly for once. More of this, please."),
    ("quayside_joe", "Has anyone asked the people who work down there what they think?"),
    ("Wend Valley Walker", "Came for the news, stayed for the picture. Lovely light."),
    ("R. Tolland", "There is another side to this and I hope the Gazette will print it."),
    ("old_salt_77", "My grandfather would have had a word or two about that."),
    ("hallin_girl", "Greetings from the island, where we hear of everything a day late."),
)


class Furniture:
    """The furniture of one visit. The same visit number gives the same boxes, the next one others."""

    def __init__(self, edition: Edition, visit: int) -> None:
        self._edition = edition
        self._visit = visit
        self._random = random.Random(visit)  # noqa: S311  (adverts are no secret)
        self._adverts = cycle(self._random.sample(ADVERTS, len(ADVERTS)))

    def strip(self) -> str:
        """The line above the masthead: clock, weather, tide."""
        now = datetime.now(UTC)
        return (
            f'<p class="strip"><span>{now:%A %d %B %Y}, {now:%H:%M:%S} UTC</span>'
            f"<span>{self._number(4, 13)} °C, wind south-west {self._number(2, 8)}</span>"
            f"<span>High water in {self._number(1, 5)} h {self._number(0, 59)} min</span></p>"
        )

    def tracking(self) -> str:
        """A script of the kind every page carries, with an address of its own for each visit."""
        token = f"{self._visit}-{self._random.getrandbits(48):012x}"
        return (
            f'<script>window.page = {{"visit": "{token}", "test": "{self._random.choice("abcd")}"}};</script>'
        )

    def advert(self) -> str:
        title, text = next(self._adverts)
        return (
            f'<div class="advert" id="ad-{self._visit}-{self._number(1000, 9999)}" lang="en" dir="ltr">'
            f"<small>Advertisement</small><b>{escape(title)}</b> {escape(text)}</div>"
        )

    def ago(self, article: Article) -> str:
        minutes = int((datetime.now(UTC) - article.published).total_seconds() // 60)
        words = f"{minutes} minutes ago" if minutes < 120 else f"{minutes // 60} hours ago"
        reading = f"{self._number(12, 940)} people are reading this"
        return f'<span class="ago" lang="en" dir="ltr">· {words} · {reading}</span>'

    def share(self) -> str:
        counts = {"Share": self._number(20, 3000), "Save": self._number(5, 400)}
        items = "".join(f"<li>{name} {number}</li>" for name, number in counts.items())
        return f'<ul class="share" aria-label="Share" lang="en" dir="ltr">{items}</ul>'

    def related(self, article: Article) -> str:
        others = [other for other in self._edition.listed if other.story.slug != article.story.slug]
        links = "".join(f"<li>{_link(other)}</li>" for other in self._random.sample(others, 3))
        return (
            '<aside class="related" aria-label="Related" lang="en" dir="ltr">'
            f"<h3>More on this</h3><ul>{links}</ul></aside>"
        )

    def newsletter(self) -> str:
        name, text = self._random.choice(NEWSLETTERS)
        return (
            '<form class="newsletter" action="/account/newsletter" lang="en" dir="ltr">'
            f"<h3>{escape(name)}</h3><p>{escape(text)} {self._number(900, 4000):,} have signed up.</p>"
            '<input type="email" aria-label="E-mail" placeholder="you@example.org"> '
            "<button>Sign up</button></form>"
        )

    def comments(self) -> str:
        quotes = "".join(
            f"<blockquote><b>{escape(name)}</b>, {self._number(2, 59)} min ago<br>{escape(text)}</blockquote>"
            for name, text in self._random.sample(COMMENTS, 3)
        )
        count = self._number(4, 250)
        return f'<section class="comments" lang="en" dir="ltr"><h2>{count} comments</h2>{quotes}</section>'

    def rail(self) -> str:
        """The right-hand column: an advert and what is read most."""
        most_read = "".join(
            f"<li><span>{_link(article)} "
            f'<span class="views">{self._number(200, 9000):,} readers</span></span></li>'
            for article in self._random.sample(self._edition.listed, 5)
        )
        return (
            f'<aside class="rail" lang="en" dir="ltr">{self.advert()}'
            f'<section class="most-read"><h2>Most read</h2><ol>{most_read}</ol></section>'
            f"{self.advert()}</aside>"
        )

    def cookies(self) -> str:
        return (
            '<div class="cookies" role="dialog" aria-label="Cookies" lang="en" dir="ltr">'
            f"<p>We and our {self._number(80, 400)} partners would like to set cookies on your device.</p>"
            "<button>Accept all</button><button>Reject</button></div>"
        )

    def among(self, paragraphs: Sequence[str], article: Article) -> str:
        """The paragraphs with boxes between them, at other places on each visit."""
        boxes = [self.advert(), self.related(article), self.newsletter(), self.advert()]
        places = sorted(self._random.sample(range(1, len(paragraphs)), min(len(boxes), len(paragraphs) - 1)))
        self._random.shuffle(boxes)
        before = dict(zip(places, boxes, strict=False))
        return "\n".join(before.get(at, "") + paragraph for at, paragraph in enumerate(paragraphs))

    def _number(self, low: int, high: int) -> int:
        return self._random.randint(low, high)


def _link(article: Article) -> str:
    story = article.story
    return f'<a href="{story.path}" lang="{story.language}">{escape(article.state.headline)}</a>'
