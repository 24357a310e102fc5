"""The kept pages of versions that readers may see, as WARC files by the month in which they were fetched."""

import logging
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from django.db.models import Exists, Max, Min, OuterRef

from articles.archives.warc_writing import KeptPage, write_warc
from articles.exports.files import Partial, written_file
from articles.exports.packs import kept_page
from articles.exports.tables import months_of
from articles.models import Capture, CaptureQuerySet, Version, page_storage

log = logging.getLogger(__name__)

PAGES = "pages"
_FORM = "warc.gz"


def write_pages(folder: Path, since: date | None = None) -> list[dict[str, Any]]:
    """Write a WARC file for each month (from that of *since* on) into *folder*/pages; what a manifest says of
    each."""
    (folder / PAGES).mkdir(parents=True, exist_ok=True)
    extent = Capture.objects.aggregate(first=Min("fetched"), last=Max("fetched"))
    found = []
    for span in months_of((extent["first"], extent["last"]) if extent["first"] else None):
        if since is not None and span[1].date() <= since:
            continue
        month = f"{span[0]:%Y-%m}"
        path = f"{PAGES}/{month}.{_FORM}"
        rows = _visible().filter(fetched__gte=span[0], fetched__lt=span[1])
        count = _Counted(rows)
        with Partial(folder / path) as file:
            write_warc(file.stream, count)
            if count.pages:
                file.keep()
        if count.pages:
            written = written_file(folder, path, _FORM, count.pages)
            found.append({"table": PAGES, "month": month, **asdict(written)})
    return found


class _Counted:
    """The pages of some rows, one at a time; `pages` counts them."""

    def __init__(self, rows: CaptureQuerySet) -> None:
        self._rows, self.pages = rows, 0

    def __iter__(self) -> Iterator[KeptPage]:
        for capture in self._rows.with_bases().order_by("fetched", "pk").iterator(chunk_size=20):
            try:
                page = kept_page(capture, capture.page)
            except page_storage.DAMAGED:
                log.error("a kept page is damaged", extra={"article": capture.article_id})
                continue
            self.pages += 1
            yield page


def _visible() -> CaptureQuerySet:
    seen = Version.objects.visible().filter(article=OuterRef("article"), number=OuterRef("number"))
    return Capture.objects.filter(Exists(seen), article__hidden=False)
