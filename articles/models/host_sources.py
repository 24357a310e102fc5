"""Pairs of a host and a source that has articles to check there; each pair is a place in this module.

Found by leaping through an index from place to place, so that it costs the same whether a place has one
article or a million. (Neither database leaps by itself; asked for DISTINCT, they read every row.)
"""

from django.db.models.expressions import RawSQL

_ALL = """
WITH RECURSIVE place(article_id) AS (
    SELECT (
        SELECT id FROM articles_article WHERE next_check_at IS NOT NULL ORDER BY host_id, source_id LIMIT 1
    )
    UNION ALL
    SELECT coalesce(
        (
            SELECT id FROM articles_article
            WHERE next_check_at IS NOT NULL AND host_id = here.host_id AND source_id > here.source_id
            ORDER BY source_id LIMIT 1
        ),
        (
            SELECT id FROM articles_article
            WHERE next_check_at IS NOT NULL AND host_id > here.host_id
            ORDER BY host_id, source_id LIMIT 1
        )
    )
    FROM place JOIN articles_article here ON here.id = place.article_id
)
SELECT article_id FROM place WHERE article_id IS NOT NULL
"""

_AT_HOST = """
WITH RECURSIVE place(source_id) AS (
    SELECT (SELECT min(source_id) FROM articles_article WHERE next_check_at IS NOT NULL AND host_id = %s)
    UNION ALL
    SELECT (
        SELECT min(source_id) FROM articles_article
        WHERE next_check_at IS NOT NULL AND host_id = %s AND source_id > place.source_id
    )
    FROM place WHERE source_id IS NOT NULL
)
SELECT source_id FROM place WHERE source_id IS NOT NULL
"""


def one_article_of_each() -> RawSQL:
    """The key of one article of each place."""
    return RawSQL(_ALL, ())  # noqa: S611 (all of it is written here)


def sources_at(host_id: int) -> RawSQL:
    """The keys of the sources with articles at a host."""
    return RawSQL(_AT_HOST, (host_id, host_id))  # noqa: S611 (likewise)
