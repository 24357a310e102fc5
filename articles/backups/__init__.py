"""Backups: one file with all that was seen, which restores on SQLite and on PostgreSQL alike.

    manifest = back_up(path)                 # while everything runs: it holds one instant of the database
    manifest = restore(path, force=False)    # into an empty installation, or with force over another
    manifest = move(url, force=False)        # both at once: everything into another database

It is a zip file of `manifest.json` and one file a table, with one row a line as a JSON array. So it moves an
installation from SQLite to PostgreSQL, and can be read without this program. Left out are the sessions and
the queue: after a restore everybody signs in again, and what was queued is found due anew.
"""

from articles.backups.archive import BackupError, Manifest
from articles.backups.backup import back_up
from articles.backups.move import move
from articles.backups.restore import restore

__all__ = ["BackupError", "Manifest", "back_up", "move", "restore"]
