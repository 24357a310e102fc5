"""Before anything is watched: what is at an address, and what a source made of it would give.

Comes in: the address of a home page or feed that a person pastes, or a list of addresses of articles. Goes
out: ``Findings`` and ``ArticlePreview``s for the admin, then a source with its feeds; of a list, articles
and what became of each row.

Read ``probe`` first (what an address has to be watched), then ``site_probe`` (the same step by step, for a
worker while an admin waits). Beside them: ``results`` (what is found), ``troubleshooting`` (advice where
nothing is), ``overlap`` (feeds that name the same), ``preview`` and ``rule_preview`` (articles as they would
be stored), ``sources`` (the source made of it), ``batches`` (lists of addresses).
"""
