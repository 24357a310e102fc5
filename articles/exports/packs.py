"""The evidence of one change as a zip, made from what is stored."""

import hashlib
import io
import uuid
from collections.abc import Mapping

from django.template.loader import render_to_string

from articles.archives.warc_writing import KeptPage, write_warc
from articles.diff import Comparison, compare, html
from articles.evidence import Evidence, LogEntry, PackedPage, PackedVersion, build
from articles.exports.log import leaf_of, proofs, root_with
from articles.models import Article, Capture, LoggedVersion, LogRoot, Version, page_storage


class NotLoggedYet(Exception):
    """The versions are in no root that was published: they will be within minutes."""


def evidence_of(article: Article, before: Version, after: Version) -> bytes:
    """The zip that proves how *article* changed from *before* to *after*, a later version of it.

    :raises NotLoggedYet: it can't be proven yet.
    :raises Tampered: what is stored is not what was logged.
    """
    logged = LoggedVersion.objects.in_bulk([before.pk, after.pk])
    if len(logged) < 2:
        raise NotLoggedYet
    root = root_with(max(row.index for row in logged.values()))
    if root is None:
        raise NotLoggedYet
    pages = {page.number: page for page in _pages(article, before.number, after.number)}
    paths = proofs([logged[before.pk].index, logged[after.pk].index], root.size)
    comparison = compare(before.paragraphs, after.paragraphs)
    adjacent = after.number == before.number + 1
    return build(
        Evidence(
            site=root.site,
            article_url=f"{root.site}{article.get_absolute_url()}",
            before=_packed(before, logged[before.pk], paths[0], pages),
            after=_packed(after, logged[after.pk], paths[1], pages),
            previous_last_seen=logged[after.pk].previous_last_seen if adjacent else before.seen,
            comparison=comparison.to_dict(),
            diff_html=_diff_html(article, before, after, comparison, root),
            size=root.size,
            root=bytes(root.root),
            root_at=root.at,
            stamp=bytes(root.stamp or b""),
            reading_changed=_reading_changed(article, before.number, after.number),
        )
    )


def _pages(article: Article, *numbers: int) -> list[Capture]:
    return list(Capture.objects.with_bases().filter(article=article, number__in=numbers))


def _packed(
    version: Version, logged: LoggedVersion, path: tuple[bytes, ...], pages: Mapping[int, Capture]
) -> PackedVersion:
    capture = pages.get(version.number)
    return PackedVersion(
        number=version.number,
        address=logged.address,
        headline=version.headline,
        byline=version.byline,
        paragraphs=version.paragraphs,
        seen=logged.seen,
        entry=LogEntry(leaf_of(logged), logged.index, path),
        page=_page(capture, bytes(logged.page_sha256)) if capture and logged.page_sha256 else None,
    )


def _page(capture: Capture, sha256: bytes) -> PackedPage | None:
    """The kept page, where it is the one that was logged: a later one of the same text proves nothing."""
    try:
        body = capture.page
    except page_storage.DAMAGED:
        return None
    if hashlib.sha256(body).digest() != sha256:
        return None
    stream = io.BytesIO()
    write_warc(stream, [kept_page(capture, body)], packed=False)
    return PackedPage(body, stream.getvalue())


def kept_page(capture: Capture, body: bytes) -> KeptPage:
    """*capture* as it is written as WARC; the same record each time."""
    named = f"{capture.url} {capture.fetched.isoformat()} {hashlib.sha256(body).hexdigest()}"
    return KeptPage(
        record_id=str(uuid.uuid5(uuid.NAMESPACE_URL, named)),
        url=capture.url,
        fetched=capture.fetched,
        body=body,
        content_type=capture.content_type,
        headers=_headers(capture.response_headers),
        request=_headers(capture.request_headers),
    )


def _headers(lines: list[list[str]]) -> tuple[tuple[str, str], ...] | None:
    return tuple((name, value) for name, value in lines) or None


def _diff_html(
    article: Article, before: Version, after: Version, comparison: Comparison, root: LogRoot
) -> str:
    context = {
        "article": article,
        "before": before,
        "after": after,
        "site": root.site,
        "headline": html.line(before.headline, after.headline),
        "body": html.inline(comparison, language=article.language, direction=article.direction),
    }
    return render_to_string("evidence_diff.html", context)


def _reading_changed(article: Article, a: int, b: int) -> bool:
    between = article.versions.filter(number__gt=a, number__lte=b)
    return between.filter(previous_reextracted__isnull=False).exists()
