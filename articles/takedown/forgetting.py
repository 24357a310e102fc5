"""What rows of others repeat of an article that is deleted: its addresses, its words, who asked about it."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import reduce
from operator import or_
from typing import TypeVar
from urllib.parse import unquote, urlsplit

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q
from django.utils import timezone

from articles import search
from articles.fetch import address_key
from articles.models import (
    Article,
    BatchRow,
    Event,
    Feed,
    LearnedPlace,
    QuarantinedParagraph,
    SiteProbe,
    Takedown,
    Version,
    text_storage,
)
from articles.models.quarantine import signature

GONE = "[deleted]"
"""What stands in the place of a headline, an address or a note."""

ENDED_PROBES_KEPT = timedelta(hours=1)
"""How long the notes of a source that was added, or not found, outlast a purge that has nothing to do with
them."""

_IN_TEXT = re.compile(r"https?://[^\s<>\"“”«»]+", re.IGNORECASE)
_ENDS = ".,;:!?)]}'’"
_TELLING = 8
"""Characters of a path that few other addresses have."""
_ASKED_AT_ONCE = 100

PEOPLE_KEPT = timedelta(days=365)
"""How long it is kept who asked for a takedown, and what was written, once it was decided."""

_Row = TypeVar("_Row")


@dataclass(frozen=True)
class Traces:
    """By what an article is known in the rows of others.

    addresses: as they were seen; keys: theirs, as in `Address`; host: its name; signatures: of all paragraphs
    ever seen in it, where its source has quarantined any.
    """

    addresses: frozenset[str]
    keys: frozenset[str]
    host: str
    signatures: frozenset[str]

    def has(self, address: str) -> bool:
        """Whether *address*, however it is spelt, leads to the article."""
        return address in self.addresses or any(
            key in self.keys for key in _keys(search.as_addresses(address))
        )

    def named_in(self, text: str) -> bool:
        return any(self.has(bare) for match in _IN_TEXT.finditer(text) for bare in _bare(match[0]))

    def taken_out_of(self, text: str) -> str:
        """*text* without the article's addresses; those of other articles stay, even if they begin alike."""

        def replaced(match: re.Match[str]) -> str:
            found = next(filter(self.has, _bare(match[0])), None)
            return match[0] if found is None else f"{GONE}{match[0].removeprefix(found)}"

        return _IN_TEXT.sub(replaced, text)

    def parts(self) -> set[str]:
        """Texts of which each spelling of an address has at least one: to ask the database with."""
        found = set()
        for address in (*self.keys, *self.addresses):
            parts = urlsplit(address)
            path = parts.path.rstrip("/")
            for spelt in (path, unquote(path)):
                found.add(spelt if len(spelt) >= _TELLING else f"{parts.netloc}{spelt}")
        found.discard("")
        return {part for part in found if not any(other in part for other in found - {part})}


def _bare(address: str) -> tuple[str, str]:
    """An address within a sentence without the punctuation that follows, and with it: it may be its own."""
    return address.rstrip(_ENDS), address


def _keys(addresses: Iterable[str]) -> Iterator[str]:
    for address in addresses:
        try:
            yield address_key(address)
        except ValueError:  # what is no address leads nowhere
            continue


def traces_of(article: Article) -> Traces:
    """To be called while *article* still has its addresses and texts."""
    rows = list(article.addresses.values_list("address", "key"))
    addresses = {text for text in (article.address, *(text for row in rows for text in row)) if text}
    quarantined = QuarantinedParagraph.objects.filter(source=article.source_id).exclude(text="").exists()
    return Traces(
        addresses=frozenset(addresses),
        keys=frozenset({key for _, key in rows} | {*_keys([article.address] if article.address else [])}),
        host=article.host.name.rpartition(":")[0],
        signatures=frozenset(map(signature, _paragraphs_of(article))) if quarantined else frozenset(),
    )


def _paragraphs_of(article: Article) -> set[str]:
    found: set[str] = set()
    previous: Version | None = None
    for version in article.versions.order_by("number").iterator(chunk_size=50):
        with suppress(
            *text_storage.DAMAGED
        ):  # nobody can read it any more: deleting it must not fail for that
            found.update(version.paragraphs)
            if previous is not None:
                found.update(version.text_before(previous).paragraphs)
        previous = version
    for held in article.held_texts.all():
        with suppress(*text_storage.DAMAGED):
            found.update(text_storage.unpack([bytes(held.data)]))
    return found


# --- The administration's log


def forget_in_logs(article: Article) -> None:
    """Leave in the administration's log who did what to it, and when, and not from what to what."""
    _forget_values(Article, [article.pk], name_too=True)
    _forget_values(Version, article.versions.values_list("pk", flat=True), name_too=True)
    _forget_values(Event, article.events.values_list("pk", flat=True), name_too=True)
    _forget_values(Takedown, article.takedowns.values_list("pk", flat=True))


def _forget_values(model: type[Model], keys: Iterable[int], *, name_too: bool = False) -> None:
    """Take values and notes out of the entries on these rows; what the rows are called too, if it tells."""
    of_kind = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(model))
    for entry in of_kind.filter(object_id__in=[str(key) for key in keys]):
        entry.change_message = _fields_only(entry.change_message)
        if name_too:
            entry.object_repr = f"{model._meta.verbose_name} {entry.object_id} {GONE}".capitalize()
        entry.save(update_fields=["change_message", "object_repr"])


def _fields_only(message: str) -> str:
    try:
        parts = json.loads(message)
    except ValueError:
        return GONE
    parts = [part for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []
    changed = [part["changed"].get("fields", []) for part in parts if "changed" in part]
    return json.dumps([{"changed": {"fields": fields}} for fields in changed])


# --- Rows of others


def forget_elsewhere(article: Article, traces: Traces) -> None:
    """Take it out of what is told of others, and out of the requests themselves."""
    Takedown.objects.filter(article=article).update(address="", text="")
    about_it = Takedown.objects.filter(pk__in=_given(Takedown, traces))
    about_it.filter(article=None).update(article=article)  # else nobody could tell any more what it is about
    about_it.update(address="")
    BatchRow.objects.filter(pk__in=_given(BatchRow, traces)).update(address="")
    for model, field in ((Event, "detail"), (Article, "last_reason"), (BatchRow, "reason")):
        for pk, text in _asked(model, field, traces).items():
            if (left := traces.taken_out_of(text)) != text:
                model._default_manager.filter(pk=pk).update(**{field: left})
    quarantined = QuarantinedParagraph.objects.filter(source=article.source_id).exclude(text="")
    theirs = [pk for pk, name in quarantined.values_list("pk", "signature") if name in traces.signatures]
    for some in _slices(theirs):
        QuarantinedParagraph.objects.filter(pk__in=some).update(text="")  # the signature does its work alone
    for learned in LearnedPlace.objects.filter(source=article.source_id).exclude(text=""):
        if article.pk in learned.articles:  # what is learned does its work without words
            learned.articles.remove(article.pk)
            evidence = {name: value for name, value in learned.evidence.items() if name != "values"}
            LearnedPlace.objects.filter(pk=learned.pk).update(
                text="", articles=learned.articles, evidence=evidence
            )
    _forget_reports(article, traces)
    _forget_site_probes(traces)


def _given(model: type[Model], traces: Traces) -> list[int]:
    """The rows whose address, as a person gave it, leads to the article."""
    return [pk for pk, address in _asked(model, "address", traces).items() if traces.has(address)]


def _asked(model: type[Model], field: str, traces: Traces) -> dict[int, str]:
    """By id: the *field* of the rows that may name one of the addresses."""
    found: dict[int, str] = {}
    for some in _slices(sorted(traces.parts())):
        told = reduce(or_, (Q(**{f"{field}__contains": part}) for part in some))
        found |= dict(model._default_manager.filter(told).values_list("pk", field))
    return found


def _slices(rows: Sequence[_Row]) -> Iterator[Sequence[_Row]]:
    for at in range(0, len(rows), _ASKED_AT_ONCE):
        yield rows[at : at + _ASKED_AT_ONCE]


def _forget_reports(article: Article, traces: Traces) -> None:
    """Throw away what is told of feeds that named it: those of its source, and others with its address."""
    Feed.objects.filter(source=article.source_id).update(report={})
    for feed in Feed.objects.exclude(report={}):
        if traces.named_in(json.dumps(feed.report, ensure_ascii=False)):
            Feed.objects.filter(pk=feed.pk).update(report={})


def _forget_site_probes(traces: Traces) -> None:
    """Throw away the notes of sources to be added that show the article, or may: those of its site.

    What a worker is just at stays unless it names the article.
    """
    ended = (SiteProbe.State.SAVED, SiteProbe.State.FAILED)
    old = SiteProbe.objects.filter(state__in=ended, created__lt=timezone.now() - ENDED_PROBES_KEPT)
    old.delete()
    for probe in SiteProbe.objects.all():
        noted = (
            probe.address,
            probe.todo,
            probe.found,
            probe.choice,
            probe.previews,
        )
        text = json.dumps(noted, ensure_ascii=False)
        if traces.named_in(text) or (traces.host in text and not probe.is_under_way):
            probe.delete()


# --- People


def forget_people() -> int:
    """Delete what people wrote, and were answered, in requests decided long ago; how many there were."""
    old = Takedown.objects.filter(decided__lt=timezone.now() - PEOPLE_KEPT)
    old = old.exclude(text="", name="", email="", answer="")
    keys = list(old.values_list("pk", flat=True))
    for some in _slices(keys):
        _forget_values(Takedown, some)
        Takedown.objects.filter(pk__in=some).update(text="", name="", email="", answer="")
    return len(keys)
