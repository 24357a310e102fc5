"""Talking to hosts as a good guest: one request at a time a host, its delay, its robots.txt, its troubles.

Comes in: an address that a check, a feed reading or the wizard wants, and the host it is at. Goes out: an
``Answer``, or an error of ``errors`` that says why there is none, or not now. Nothing here knows what an
answer means for an article.

Read ``host_session`` first (one worker at one host), then ``polite_fetch`` (a fetch with its redirects, over
several hosts). Beside them: ``outage`` (when our own network fails, not the sites), ``schedule`` (pure: when
an article is checked next), ``failures`` (what becomes of a check that ends in an error of ours),
``shutdown`` (leaving quickly).
"""
