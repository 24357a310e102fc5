"""The demo newsroom: a small news site of our own, whose stories are edited after publication.

`./run demo` watches it while it plays its script of edits by the clock, and the end-to-end tests step through
the same script by hand. It uses the standard library only and knows nothing of the rest of the project.

    with Newsroom() as room:            # a free port on loopback
        room.url, room.feed_url         # home page (with its slash) and RSS feed
        room.stories                    # slugs, newest story first
        room.story_url(slug), room.state(slug)
        room.apply(slug)                # the next edit of one story, or None when it has no more
        room.step()                     # the next edit (or edits of one instant) in script order
        room.requests                   # what visitors asked for, oldest first

Stories are the text files in `stories/` (a story that is written anew stands in `rewrites/`); the script of
edits is `script.py`.
"""

from demo.edits import Edit, EditKind
from demo.feeds import NAME
from demo.room import Newsroom, Request
from demo.script import EDITS
from demo.story import State

__all__ = ["EDITS", "NAME", "Edit", "EditKind", "Newsroom", "Request", "State"]
