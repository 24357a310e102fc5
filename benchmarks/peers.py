"""What one check costs others who watch pages: changedetection.io, urlwatch and diffengine, beside us.

    python -m benchmarks.peers --environments FOLDER [--pages 40] [--rounds 3]

FOLDER holds a virtual environment for each program, by its name on PyPI, none of which is installed in ours:

    for program in changedetection.io urlwatch diffengine; do
        python3 -m venv FOLDER/$program && FOLDER/$program/bin/pip install $program
    done

diffengine asks for a release of htmldiff that is no longer there: it is installed with ``--no-deps``, and
htmldiff2, bleach (before 6), jinja2, tweepy, selenium, feedparser, peewee, pyyaml, envyaml, readability-lxml
and lxml_html_clean by name. A program that is not there is left out, and named. changedetection.io waits long
between its checks: give it few pages.

A newspaper on loopback sends the very same page, the same story
among other furniture, or another text. Each program first sees every page once, which does not count; then
come the rounds. Its files in `peer_programs` drive it as its own documents tell, without its pauses, pictures
and messages. Given are milliseconds of its processors for one check, and how many changes it told of, of how
many checks: in the first two columns every one of them is false.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.newspaper import newspapers

PROGRAMS = {
    "changedetection.io": "of_changedetection.py",
    "urlwatch": "of_urlwatch.py",
    "diffengine": "of_diffengine.py",
}
KINDS = ("same page", "other furniture", "changed")
HERE = Path(__file__).resolve().parent


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--environments", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--pages", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--skip-ours", action="store_true")
    asked = parser.parse_args()
    print("| program | " + " | ".join(f"{kind}: ms, changes" for kind in KINDS) + " |")
    print("|---|" + "--:|" * len(KINDS))
    missing = []
    for name, script in PROGRAMS.items():
        python = asked.environments / name / "bin" / "python"
        if not python.exists():
            missing.append(name)
            continue
        row([name, *(of_peer(python, script, kind, asked.pages, asked.rounds) for kind in KINDS)])
    if not asked.skip_ours:
        row(["NewsDiffs", *(of_ours(kind, asked.pages, asked.rounds) for kind in KINDS)])
    if missing:
        print(f"\nNot installed: {', '.join(missing)}.")


def row(cells: list[str]) -> None:
    print(f"| {' | '.join(cells)} |", flush=True)


def of_peer(python: Path, script: str, kind: str, pages: int, rounds: int) -> str:
    """What *script* measured with the program of another environment."""
    with newspapers(1) as (endpoint,), tempfile.TemporaryDirectory() as folder:
        slug = kind.replace(" ", "-")
        task = {
            "folder": folder,
            "rounds": rounds,
            "addresses": [f"http://{endpoint}/{slug}/{number}" for number in range(pages)],
        }
        done = subprocess.run(
            [python, HERE / "peer_programs" / script],
            input=json.dumps(task),
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        return (
            f"failed: {done.stderr.strip().splitlines()[-1][:80] if done.stderr.strip() else done.returncode}"
        )
    told = json.loads(done.stdout.splitlines()[-1])
    return f"{1000 * told['seconds'] / (pages * rounds):.1f}, {told['changes']} of {pages * rounds}"


def of_ours(kind: str, pages: int, rounds: int) -> str:
    """The same of this program, in a process of its own as Django is set up but once."""
    code = f"from benchmarks.peers import measure_ours; measure_ours({kind!r}, {pages}, {rounds})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def measure_ours(kind: str, pages: int, rounds: int) -> None:
    from benchmarks import checks
    from benchmarks.scratch import installation

    with newspapers(1) as endpoints, installation(None, FETCH_ALLOW_ENDPOINTS=",".join(endpoints)):
        from articles.models import Version

        checks.found(kind, pages, endpoints)
        checks.check_all(kind)
        began = checks.processor()
        for _ in range(rounds):
            checks.check_all(kind)
        spent = checks.processor() - began
        changes = Version.objects.count() - pages
    print(f"{1000 * spent / (pages * rounds):.1f}, {changes} of {pages * rounds}")


if __name__ == "__main__":
    main()
