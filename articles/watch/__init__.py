"""What happens to an article: when it is checked, what a check decides, what is stored.

Read ``check.py`` first: it tells the whole story of one check. Around it: ``schedule`` (pure: when to check
next), ``dispatch`` (who is due, hosts in turn), ``hosts`` (being a good guest), ``journey`` (redirects over
several hosts), ``network`` (when we fail, not the sites), ``clock`` (one that jumps), ``stopping`` (leaving
quickly), ``discover`` (feeds into articles), ``judge`` and ``decision`` (what an answer means), ``record``
(the one transaction that stores it), ``tasks`` (what django-q2 calls).

Before a source is added: ``looking`` (what an address has to be watched, in ``findings``, with ``advice``
where it has nothing; ``overlap``), ``preview`` (articles as they would be stored), ``survey`` (both, step by
step, for the admin's pages), ``sources`` (the source made of it).

Doors: ``check.check_now``, ``discover.add_article`` and ``discover.read_feed_now`` for commands and the
admin; ``tasks`` for the queue.
"""
