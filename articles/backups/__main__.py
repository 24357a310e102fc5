"""What `move` has done in the other database.

    python -m articles.backups restore FILE [--force]
    python -m articles.backups backup FILE

The caller holds the lock that keeps NewsDiffs from running.
"""

import argparse
import sys
from functools import partial
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402

from articles.backups import BackupError, back_up, restore  # noqa: E402
from newsdiffs.runner import startup  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m articles.backups")
    parser.add_argument("what", choices=["restore", "backup"])
    parser.add_argument("file", type=Path)
    parser.add_argument("--force", action="store_true")
    asked = parser.parse_args()
    try:
        if asked.what == "backup":
            back_up(asked.file)
            return
        if not settings.SQLITE:
            startup.check_database()
        restore(asked.file, force=asked.force, stopped=True, say=partial(print, flush=True))
    except (BackupError, startup.CannotStart) as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
