"""Checking one article: is its text still what it was?

In comes the id of an article and a session at its host; out comes what the check came to (``CheckResult``),
after all that follows from it was stored in one transaction. Read ``check.py`` first: it tells the story from
top to bottom. ``load`` asks the database, ``decide`` decides without it, ``store`` writes; ``decision`` has
the values that pass between them.

    claim        whose the article is, and giving it back where a check comes to nothing
    classify     what an answer means before its page is read: 404, a log-in, a challenge, the same page
    page         reading a page, and the hashes by which pages, texts and rules are the same
    doubts       what makes a text doubtful, so that it is kept only if it is seen again
    next_check   when the article is checked next
    alterations  which paragraphs came and went
    widespread   the same change on many articles at once, which waits for a person's decision
    apply_decisions  what follows from that decision
    identity, site_name  which addresses lead to one story, and a site's own name in headlines
"""
