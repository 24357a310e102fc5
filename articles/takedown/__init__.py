"""Taking articles down, and showing them again; deleting for good what was kept of one.

    hide(articles, reason=…, status=451)     # at once, with all that is in the lists; later versions too
    show_again(articles)                     # undoes it
    hide_versions(article, [2], reason=…)    # only these, and the changes that show their text
    show_versions(article, [2])
    refuse(takedown, answer)
    purge(article, reason=…)                 # can't be undone; its addresses are never fetched again
    forget_people()                          # who asked, long ago
    bury_again(), hide_again(since)          # after a restore: what was done since the backup
    scrub()                                  # clears the database's files of what a purge left in them

Each leaves a step in the public log (`TakedownStep`). A hidden article goes on being watched, so that nothing
is missing when it is shown again; what is seen meanwhile is hidden too. A purged one is never fetched again:
its addresses stay barred (`Tombstone`), as digests.
"""

from articles.takedown.forgetting import forget_people
from articles.takedown.hiding import (
    AT_ONCE,
    Grounds,
    decide_takedown,
    hide,
    hide_again,
    hide_versions,
    refuse,
    show_again,
    show_versions,
)
from articles.takedown.notice import answer, tell_of, tell_soon
from articles.takedown.purging import bury_again, purge, scrub, scrub_pending

__all__ = [
    "AT_ONCE",
    "Grounds",
    "answer",
    "bury_again",
    "decide_takedown",
    "forget_people",
    "hide",
    "hide_again",
    "hide_versions",
    "purge",
    "refuse",
    "scrub",
    "scrub_pending",
    "show_again",
    "show_versions",
    "tell_of",
    "tell_soon",
]
