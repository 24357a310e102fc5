"""From feeds to articles: which addresses a feed names, and which of them are watched from now on.

Comes in: a ``Feed`` that is due and a fetcher at its host; or one address that a person gives. Goes out:
articles that are due at once, and a ``FeedResult`` that says what became of everything that was named.

Read ``poll`` first (one reading from its claim to what is stored), then ``listing`` (what the document
names, also through indexes of sitemaps), ``entries`` (pure: what becomes of each address) and ``intake``
(storing the new ones); ``address_filters`` has the source's filters, ``pings`` what a WebSub hub may do. The
documents themselves are parsed by ``articles.fetch.feeds``.
"""
