"""How many false versions a site that is hard on purpose makes, by the day: `python -m benchmarks.looks`.

A made-up source of 40 articles, and six fresh ones each morning, with prices and counters that tick, teasers
that rotate and a newsletter's box that comes and goes, is watched by a real worker at the usual pace; the
clock is moved, and never slept. Prints of each day how many looks without an edit made a version, how many
edits (a tenth of the articles a day) made none, and what was learned.
"""

import argparse
import tempfile
from pathlib import Path

from tests.running.hard_paper import RESULTS, HardPaper, by_day
from tests.running.installation import Installation
from tests.running.weeks import Weeks
from tests.scripted import ScriptedSite

_LEARNED = (
    "from articles.models import LearnedPlace\n"
    "for one in LearnedPlace.objects.order_by('pk'):\n"
    "    print(one.learned.date(), one.kind, one.state, one.text[:60], one.evidence.get('articles', ''))"
)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--days", type=int, default=8)
    parser.add_argument("--articles", type=int, default=40)
    parser.add_argument("--fresh", type=int, default=6, help="new articles each morning")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, ScriptedSite() as site:
        installation = Installation(Path(folder))
        done = installation.manage("setup")
        if done.returncode:
            raise SystemExit(done.stderr)
        weeks = Weeks.of(
            installation,
            lambda began, now: HardPaper(site, options.articles, options.fresh, began, now),
        )
        with weeks.working():
            for number in range(1, options.days + 1):
                weeks.go_on_for(1)
                today = by_day(weeks.paper, weeks.stored(), number)[-1]
                print(f"day {number}: {today}; {dict(today.by_kind) or ''}", flush=True)
        night = [made_of for path, _, _, made_of, _ in weeks.versions() if path == RESULTS]
        print(
            f"election night: {len(night)} versions, {night.count('figures')} of them marked as live figures"
        )
        print(weeks.clock.manage("shell", "-v", "0", "-c", _LEARNED), end="")


if __name__ == "__main__":
    main()
