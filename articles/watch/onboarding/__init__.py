"""From an address that a person gives to what is watched: a source with its feeds, or single articles.

In: the address of a home page or of a feed; or a batch of articles' addresses. Out: what can be watched there
(``results.Findings``), a preview of articles as they would be stored, a new ``Source`` with its ``Feed``s, or
``Article``s.

Read ``site_probe`` first: what a worker does for the admin's pages "Add source", step by step. ``probe``
looks at one address, ``troubleshooting`` says what to do where nothing came of it, ``overlap`` compares what
was found with what is watched, ``preview`` reads articles without storing them, and ``sources`` stores the
source. ``rule_preview`` shows what other extraction rules would make of stored pages; ``batches`` takes the
addresses of articles in slices.
"""
