"""Talking to hosts as a good guest: one request at a time a host, its delay, its robots.txt, its troubles.

Comes in: an address that a check, a feed reading or the wizard wants, and the host it is at. Goes out: an
``Answer``, or an error of ``errors`` that says why there is none, or not now. Nothing here knows what an
answer means for an article.

Read ``host_session`` first (one worker at one host), then ``polite_fetch`` (a fetch with its redirects, over
several hosts). Beside them:

    back_off           pure: the waits after failures such as a 503, of an article, a feed and a whole host
    bounds             how long a fetch may take, and how much it may bring
    decaying_schedule  pure: the waits between checks of an article, by its age
    errors             why a request is not made, or not now
    our_errors         what becomes of a check or reading that an error of our own program broke off
    outage             when our own network fails, and not the sites
    shutdown           leaving quickly

A site that answers 503 or not at all is waited for twice, by waits that are both computed in ``back_off``:
``host_session`` leaves the whole host alone when it says for how long or fails again and again, and
``articles.watch.check.next_check`` puts the article's next check off.
"""
