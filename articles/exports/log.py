"""The log of all versions ever stored: appending to it, and publishing its roots.

Versions are appended after the transaction that made them, by one task alone. Their places tell nothing of
articles and numbers, so that a join, a takedown or a move between databases changes nothing of the log.
"""

import hashlib
import logging
import secrets
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from articles.evidence import Log, hashed_leaf_of, leaf_hash, text_bytes
from articles.models import Capture, LoggedVersion, LogNode, LogRoot, Version, page_storage, text_storage
from articles.models.text_storage import Text

log = logging.getLogger(__name__)

BATCH = 200
"""Versions appended in one transaction."""

OVERLAP = 20_000
"""Versions below the latest logged one that are looked at again: on PostgreSQL one with a smaller number may
be committed later, at the end of a long transaction."""

NONCE_BYTES = 16


class Nodes:
    """The nodes of the log in the database: what is put is kept until `flush`."""

    def __init__(self, known: dict[int, bytes] | None = None) -> None:
        self._known = known or {}
        self._new: dict[int, bytes] = {}

    def get(self, level: int, index: int) -> bytes:
        place = LogNode.place_of(level, index)
        if place not in self._known:
            self._known[place] = bytes(LogNode.objects.get(place=place).digest)
        return self._known[place]

    def put(self, level: int, index: int, digest: bytes) -> None:
        place = LogNode.place_of(level, index)
        self._known[place] = self._new[place] = digest

    def flush(self) -> None:
        """Store what was put.

        :raises IntegrityError: somebody else appended meanwhile.
        """
        rows = [LogNode(place=place, digest=digest) for place, digest in self._new.items()]
        LogNode.objects.bulk_create(rows, batch_size=400)
        self._new = {}


class _Asked:
    """Notes which nodes are asked for: which ones does not depend on what they are."""

    def __init__(self) -> None:
        self.places: set[int] = set()

    def get(self, level: int, index: int) -> bytes:
        self.places.add(LogNode.place_of(level, index))
        return b""

    def put(self, level: int, index: int, digest: bytes) -> None:
        raise NotImplementedError


def size() -> int:
    """How many versions the log has."""
    last = LogNode.objects.order_by("-place").values_list("place", flat=True).first()
    return 0 if last is None else last // 2 + 1


def proofs(indexes: Sequence[int], of_size: int) -> list[tuple[bytes, ...]]:
    """The audit paths of the leaves *indexes* in the log of *of_size* leaves. One query."""
    asked = _Asked()
    for index in indexes:
        Log(asked, of_size).inclusion(index)
    found = Log(Nodes(_nodes_at(asked.places)), of_size)
    return [tuple(found.inclusion(index)) for index in indexes]


def consistency(earlier: int, later: int) -> list[bytes]:
    """The proof that the log of *earlier* leaves is the beginning of that of *later*. One query.

    :raises ValueError: there are not so many, or none earlier.
    """
    asked = _Asked()
    Log(asked, later).consistency(earlier)
    return Log(Nodes(_nodes_at(asked.places)), later).consistency(earlier)


def _nodes_at(places: Collection[int]) -> dict[int, bytes]:
    rows = LogNode.objects.filter(place__in=places).values_list("place", "digest")
    return {place: bytes(digest) for place, digest in rows}


# --- Appending


def append(*, seconds: float = 25.0) -> int:
    """Log the versions that are not logged yet; how many they were.

    It ends after about so many *seconds*; what is left then waits for the next call.
    """
    ends, done, after = time.monotonic() + seconds, 0, _looked_at_from()
    while time.monotonic() < ends:
        unlogged = Version.objects.filter(logged=None, pk__gt=after).order_by("pk")
        keys = list(unlogged.values_list("pk", flat=True)[:BATCH])
        if not keys:
            break
        after = keys[-1]
        rows = Version.objects.filter(pk__in=keys).select_related("article").order_by("pk")
        try:
            with transaction.atomic():
                done += _append(list(rows.defer("facts", "excerpt", "previous_reextracted")))
        except IntegrityError:
            log.warning("another task is appending to the log")
            break
    return done


def _looked_at_from() -> int:
    last = LoggedVersion.objects.order_by("-pk").values_list("pk", flat=True).first()
    return max((last or 0) - OVERLAP, 0)


def _append(versions: Sequence[Version]) -> int:
    pages = _page_hashes(versions)
    rows = []
    for version, text in _texts(versions):
        told = text_bytes(text.headline, text.byline, text.paragraphs)
        page = pages.get((version.article_id, version.number))
        rows.append(
            LoggedVersion(
                version=version,
                address=version.article.address,
                seen=version.seen,
                previous_last_seen=version.previous_last_seen,
                text_sha256=hashlib.sha256(told).digest(),
                page_sha256=page,
                nonce=secrets.token_bytes(NONCE_BYTES),
            )
        )
    nodes = Nodes()
    first = Log(nodes, size()).append(leaf_hash(leaf_of(row)) for row in rows)
    for index, row in enumerate(rows, first):
        row.index = index
    nodes.flush()
    LoggedVersion.objects.bulk_create(rows, batch_size=BATCH)
    return len(rows)


def leaf_of(logged: LoggedVersion) -> bytes:
    """What was logged, as it was hashed."""
    return hashed_leaf_of(
        address=logged.address,
        seen=logged.seen,
        previous_last_seen=logged.previous_last_seen,
        text_sha256=bytes(logged.text_sha256),
        page_sha256=bytes(logged.page_sha256) if logged.page_sha256 is not None else None,
        nonce=bytes(logged.nonce),
    )


def _texts(versions: Sequence[Version]) -> Iterator[tuple[Version, Text]]:
    """Each version with its text; one that is damaged is left out, as nobody can say what it was."""
    keys = {(version.article_id, version.number) for version in versions}
    try:
        found = Version.objects.texts(keys)
    except text_storage.DAMAGED:
        found = None
    for version in versions:
        try:
            paragraphs = version.paragraphs if found is None else found[version.article_id, version.number]
        except text_storage.DAMAGED:
            log.error("a version is damaged and is not logged", extra={"version": version.pk})
            continue
        yield version, Text(version.headline, version.byline, paragraphs)


def _page_hashes(versions: Iterable[Version]) -> dict[tuple[int, int], bytes]:
    """The SHA-256 of the kept page of each version, by article and number."""
    wanted = {(version.article_id, version.number) for version in versions}
    pages = Capture.objects.with_bases().filter(
        article__in={article for article, _ in wanted}, number__in={number for _, number in wanted}
    )
    found = {}
    for capture in pages.order_by("pk").iterator(chunk_size=20):
        if (capture.article_id, capture.number) not in wanted:
            continue
        try:
            found[capture.article_id, capture.number] = hashlib.sha256(capture.page).digest()
        except page_storage.DAMAGED:
            log.error("a kept page is damaged", extra={"article": capture.article_id})
    return found


# --- Roots


def publish(now: datetime) -> LogRoot | None:
    """Publish the root of the log where it has grown, or where a day is to be closed; None where neither."""
    closes, count = is_day_to_close(now), size()
    latest = LogRoot.objects.first()
    if not count or (latest and latest.size == count and not closes):
        return None
    return LogRoot.objects.create(
        size=count,
        root=Log(Nodes(), count).root(),
        at=now,
        site=settings.SITE_URL,
        day=_day_before(now) if closes else None,
    )


def is_day_to_close(now: datetime) -> bool:
    """Whether the day before *now* had a log, and is not closed yet."""
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    if LogRoot.objects.filter(day__gte=_day_before(now)).exists():
        return False
    return LogRoot.objects.filter(at__lt=midnight).exists()


def _day_before(now: datetime) -> date:
    return now.astimezone(UTC).date() - timedelta(days=1)


def root_with(index: int) -> LogRoot | None:
    """The root to prove leaf *index* by: the first daily one that has it, or else the first one; None where
    none was published yet."""
    having = LogRoot.objects.filter(size__gt=index).order_by("size", "pk")
    return having.exclude(day=None).first() or having.first()
