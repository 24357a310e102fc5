"""How many false versions a site that is hard on purpose makes, by the day: `python -m benchmarks.looks`.

A source of 40 articles with counters that tick, teasers that rotate and a newsletter's box, checked once an
hour in a worker's way; the clock is moved, and never slept. Prints of each day how many checks made a version
where nobody had edited, and how many edits (one article in ten a day) made none.
"""

import argparse
import os
import random
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

ARTICLES = 40
LOOKS_A_DAY = 24
MINUTES_APART = 10
"""Between two looks of one morning; the others of the day come after it, an hour apart."""

NEAR_LOOKS = 8
WORDS = ("harbour", "mill", "orchard", "council", "station", "school", "river", "bridge", "market", "tower")


def page(number: int, edits: int, look: int, chance: random.Random) -> str:
    """An article's page at one look: its text, and around and among it what moves."""
    topic = WORDS[number % len(WORDS)]
    story = [
        f"The {topic} of the valley has been closed since the storm, and its keeper wants it back by spring.",
        f"A surveyor looked at the {topic} on Tuesday and found that more of it was hollow than thought.",
        f"Residents who live beside the {topic} asked for a second opinion, which the mayor promised to get.",
        f"Until the report on the {topic} is in, nobody may enter, and what it sold is sold elsewhere.",
    ]
    story += [
        f"On day {edit} the council added that the {topic} will be looked at again." for edit in range(edits)
    ]
    teaser = " ".join(chance.choices(WORDS, k=9))
    text = "".join(f"<p>{paragraph}</p>" for paragraph in story)
    return (
        f"<!doctype html><html lang=en><head><title>The {topic}, {number}</title>"
        "<meta property='og:type' content='article'>"
        f"<meta property='article:modified_time' content='2026-03-{2 + edits:02d}T05:00:00Z'></head><body>"
        f"<main><article><h1>What becomes of the {topic} ({'x' * number})</h1><div class='c-body'>{text}"
        f"<p>Timber at the port, a load: {700 + look * 3 + number} crowns</p>"
        f"<p><span class='views'>Views: {1000 + look * 17 + number}</span></p></div>"
        f"<div class='c-also'><p>{teaser.capitalize()} and what came of it in the end.</p></div>"
        "<div class='c-letter'><p>Our letter brings the valley to your breakfast table.</p></div>"
        "</article></main></body></html>"
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--days", type=int, default=8)
    parser.add_argument("--looks", type=int, default=LOOKS_A_DAY)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "DATA_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "newsdiffs.settings",
            "LOG_LEVEL": "ERROR",
        }
        os.environ.pop("DATABASE_URL", None)
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        simulate(arguments.days, arguments.looks, Path(folder))


def simulate(days: int, looks: int, folder: Path) -> None:
    """Play so many days and print what each came to."""
    from django.conf import settings
    from django.utils import timezone

    from articles.models import Host, LearnedPlace, Source
    from articles.watch.check.check import check_now
    from articles.watch.check.learning import learn_from_looks
    from articles.watch.feeds.poll import add_article
    from tests.scripted import Page, ScriptedSite

    real, chance = timezone.now, random.Random(4)
    moment = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
    timezone.now = lambda: moment
    settings.FETCH_HOST_DELAY = 0.0
    with ScriptedSite() as site:
        settings.FETCH_ALLOW_ENDPOINTS = site.endpoint
        source = Source.objects.create(name="The Valley Post", slug="valley", versions_per_day=1000)
        articles = [add_article(f"{site.url}/2026/story-{number}", source)[0] for number in range(ARTICLES)]
        edits, look = [0] * ARTICLES, 0
        for day in range(days):
            false = missed = checks = edited_today = 0
            for turn in range(looks):
                pending_edit = set(range(day % 10, ARTICLES, 10)) if turn == looks // 2 and look else set()
                for number, article in enumerate(articles):
                    edits[number] += number in pending_edit
                    body = page(number, edits[number], look, chance)
                    site.pages[f"/2026/story-{number}"] = Page(body)
                    Host.objects.update(next_allowed=moment)
                    made = check_now(article).outcome.value == "new-version"
                    edited = number in pending_edit
                    checks += look > 0 and not edited
                    false += made and look > 0 and not edited
                    missed += edited and not made
                    edited_today += edited
                    moment += timedelta(seconds=5)
                near = turn < NEAR_LOOKS
                moment += timedelta(minutes=MINUTES_APART if near else 60)
                look += 1
                learn_from_looks()
            told = LearnedPlace.objects.filter(state="learned").count()
            print(
                f"day {day + 1}: false versions {false} of {checks} looks without an edit,"
                f" missed {missed} of {edited_today} edits; {told} places learned"
            )
    timezone.now = real


if __name__ == "__main__":
    main()
