"""Checking one article: is its text still what it was?

In comes the id of an article and a session at its host; out comes what the check came to (``CheckResult``),
after all that follows for the article was stored in one transaction. A widespread change is noted before it,
and what was learned of the page after it. Read ``check.py`` first: it tells the story from
top to bottom. ``load`` asks the database, ``decide`` decides without it, ``store`` writes; ``decision`` has
the values that pass between them.

    claim            claiming an article for one check, and giving it back where the check comes to nothing
    classify         what an answer means before its page is read: 404, a log-in, a challenge, the same page
    page             a fetched page read, and the hashes by which pages, texts and rules are the same
    page_reading     the part of this that runs in the reader, a process that can be killed
    load             what the decision needs of the database
    decide           the decision, pure: new versions, texts that wait, other stories
    removal          when a 404 counts as a removal, and a redirect as moved away
    decision         the values that pass between these steps
    doubts           what makes a text doubtful, so that it is kept only if it is seen again
    looks            what several looks tell: which places tick and are left out of comparisons
    learning         the places that are learned of a source's pages, and an admin's undoing of them
    live             changes of live blogs and of tables' figures, which are no edits like others
    site_name        headlines that differ in nothing but the site's own name
    identity         which addresses and which texts are of one story
    join             two articles that are one story made one, and that undone
    change           what is stored of a change beside its texts: size, kinds, facts, excerpt
    recount          the same counted once more under newer rules
    reextract        kept pages read once more with today's extractor
    next_check       the time of the article's next check, also after a 503
    alterations      which paragraphs came and went
    widespread       the same change on many articles at once, which waits for a person's decision
    apply_decisions  carrying out that decision
    store            the one transaction in which all of it is written
    result           what one check came to, as commands tell it
"""
