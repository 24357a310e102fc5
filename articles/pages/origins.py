"""Which program saw a version, where it was not this one."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.db.models import OuterRef, Subquery

from articles.models import Imported, Version, VersionQuerySet


@dataclass(frozen=True)
class Origin:
    """The program that kept version *number*, by its name, and where others keep a copy of it, or ''."""

    number: int
    name: str
    copy: str = ""


def with_origins(versions: VersionQuerySet) -> VersionQuerySet:
    """*versions* with what `origin_of` needs, in the same query."""
    imported = Imported.objects.filter(version=OuterRef("pk")).order_by("pk")
    return versions.annotate(  # type: ignore[no-any-return]
        kept_by=Subquery(imported.values("origin")[:1]), kept_copy=Subquery(imported.values("copy")[:1])
    )


def origin_of(version: Version) -> Origin | None:
    """Where *version*, read by `with_origins`, came from; None where this program saw it."""
    kept_by = getattr(version, "kept_by", None)
    if not kept_by:
        return None
    copy = getattr(version, "kept_copy", "") or ""
    outward = copy if urlsplit(copy).scheme in ("http", "https") else ""
    return Origin(version.number, str(Imported.Origin(kept_by).label), outward)
