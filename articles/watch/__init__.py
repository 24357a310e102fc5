"""Watching: which articles there are, when each is checked, what a check decides, what is stored.

Five rooms, each with a door of its own; each may use those below it, never those above:

- ``queue``: what runs when, and who is due;
- ``onboarding``: what a person is shown of a site before it is watched, and addresses that people give;
- ``feeds``: from feeds to articles;
- ``check``: one check of one article, from its claim to what is stored;
- ``crawl``: talking to hosts as a good guest.

To follow one check: ``queue.visits``, ``check.check``, ``crawl.polite_fetch``, ``crawl.host_session``. To
follow one reading of a feed: ``queue.visits``, ``feeds.poll``, ``feeds.listing``, ``feeds.entries``.
"""
