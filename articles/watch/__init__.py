"""What happens to an article: when it is checked, what a check decides, what is stored.

Read ``check.py`` first: it tells the whole story of one check. Around it: ``schedule`` (pure: when to check
next), ``dispatch`` (who is due, hosts in turn), ``visit`` (one worker at one host), ``discover`` (feeds into
articles), ``judge`` (what an answer means), ``record`` (the one transaction that stores it), ``tasks`` (what
django-q2 calls).

Doors: :func:`articles.watch.check.check_now` for commands and admin, :func:`articles.watch.discover.add_article`,
:func:`articles.watch.discover.read_feed_now`, and :mod:`articles.watch.tasks` for the queue.
"""
