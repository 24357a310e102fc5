"""An import that is killed in the middle of a transaction, run again, and held against one that never was."""

import shutil
import signal
from pathlib import Path

from tests.running.installation import Installation

STORED = """
from articles.models import Address, Article, Imported, Version
for i in Imported.objects.select_related("article", "version").order_by("origin_version"):
    v, a = i.version, i.article
    print(
        i.origin_version, a.address, a.version_count, a.hidden, v.number, v.paragraphs, v.words_added,
        v.badges, v.seen, v.previous_last_seen, i.counted,
    )
print(Article.objects.count(), Version.objects.count(), Address.objects.count())
"""
"""Prints the stored texts, counts and origins of an installation, whatever their own ids are."""

_BEGIN = """
import sys
import django
django.setup()
from django.core.management import call_command
from articles.archives import store
"""

_IMPORT = """
call_command("import_archive", *sys.argv[1:], stdout=open("/dev/null", "w"))
"""

_DIE_IN_THE_SECOND_TRANSACTION = """
import os, signal
store.BATCH = 1  # each article is a transaction
write, begun = store._store, []
def write_and_die(*arguments):
    write(*arguments)
    begun.append(arguments)
    if len(begun) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
store._store = write_and_die
"""

_COUNT = """
print(Version.objects.count())
"""


def is_as_if_never_killed(set_up: Path, folder: Path, kind: str, *arguments: str) -> None:
    """Import an archive of at least two articles into copies of the data folder *set_up*; assert it."""
    whole, killed = Installation(folder / "whole"), Installation(folder / "killed")
    for installation in (whole, killed):
        shutil.copytree(set_up, installation.data)
    never = whole.python(_BEGIN + _IMPORT + STORED, kind, *arguments)
    assert never.returncode == 0, never.stderr
    died = killed.python(_BEGIN + _DIE_IN_THE_SECOND_TRANSACTION + _IMPORT, kind, *arguments)
    assert died.returncode == -signal.SIGKILL, died.stderr
    left = killed.python(f"{_BEGIN}from articles.models import Version{_COUNT}")
    assert 0 < int(left.stdout) < _versions(never.stdout), "it did not die in the middle"
    again = killed.python(_BEGIN + _IMPORT + STORED, kind, *arguments)
    assert again.returncode == 0, again.stderr
    assert again.stdout == never.stdout


def _versions(stored: str) -> int:
    """How many versions the last line of what ``STORED`` prints tells of."""
    return int(stored.splitlines()[-1].split()[1])
