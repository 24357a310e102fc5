"""Adding articles by address, or a file of them: what the admin's pages and those for readers share."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

from django import forms
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.csv import BEGIN, line
from articles.fetch import address_key
from articles.models import Address, Article, Batch, BatchRow, Source
from articles.search import look_up, source_of
from articles.watch.onboarding import batches
from articles.watch.queue.enqueue import add_batches_soon, dispatch_soon
from articles.web.address_file import (
    LARGEST,
    MOST_LINES,
    Line,
    Unreadable,
    read_address,
    read_lines,
)
from articles.web.wording import filled_later, number

MOST_SHOWN = 100
"""Rows of each kind on the page; the file with the result has all."""

AT_ONCE = 500
"""Rows of that file: they are looked up together."""

Outcome = BatchRow.Outcome


class AddForm(forms.Form):
    """One address or a file, and the source they belong to if it is to be chosen."""

    address = forms.CharField(
        max_length=2048,
        required=False,
        label=gettext_lazy("Address of an article"),
        help_text=gettext_lazy("As the browser shows it."),
    )
    file = forms.FileField(
        required=False,
        label=gettext_lazy("Or a file of addresses"),
        help_text=filled_later(
            gettext_lazy(
                "Text with one address a line, or CSV (.csv); at most %(addresses)s addresses and "
                "%(size)s MB."
            ),
            {"addresses": lazy(number, str)(MOST_LINES), "size": LARGEST // 1_000_000},
        ),
    )
    source = forms.ModelChoiceField(
        Source.objects.all(), required=False, empty_label=gettext_lazy("the one that watches its site")
    )

    lines: list[Line]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        address, file = given.get("address"), given.get("file")
        if address and not file:
            self.lines = [self._one(address, given.get("source"))]
        elif file and not address:
            self._read(file)
        elif not self.errors:
            raise forms.ValidationError(_("Give an address or a file: one of the two."))
        return given

    def _read(self, file: "UploadedFile[Any]") -> None:
        name = (file.name or "").lower()
        try:
            # One byte more than may be tells that it is too much.
            self.lines = read_lines(file.read(LARGEST + 1), table=name.endswith((".csv", ".tsv")))
        except Unreadable as problem:
            self.add_error("file", str(problem))

    def _one(self, text: str, source: Source | None) -> Line:
        line = read_address(text)
        if line.problem:
            self.add_error("address", _("This can’t be watched: %(problem)s.") % {"problem": line.problem})
        elif found := look_up([line.address]).article:
            where = Article.objects.get(pk=found)
            known = format_html(
                'This article is watched already: <a href="{}">{}</a>', where.get_absolute_url(), where
            )
            self.add_error(
                "address",
                _("This article was taken down here; it is not watched.") if where.hidden else known,
            )
        elif source is None and source_of(line.address) is None:
            self.add_error(
                "source", _("No source watches this site. Choose one, or have its site added first.")
            )
        return line


def form_of(request: HttpRequest) -> AddForm:
    """The form as it was sent, or an empty one with the address that the link gave."""
    if request.method == "POST":
        return AddForm(request.POST, request.FILES)
    return AddForm(initial={"address": request.GET.get("address", "")})


def start(request: HttpRequest, form: AddForm) -> Batch:
    """Store what the form holds; one address is taken at once, a file by the worker."""
    file = form.cleaned_data["file"]
    with transaction.atomic():
        batch = Batch.objects.create(
            user_id=request.user.pk,
            source=form.cleaned_data["source"],
            name=file.name[:200] if file else "",
        )
        BatchRow.objects.bulk_create([_row(batch, line) for line in form.lines], batch_size=1000)
        # Adding is in the log too: one entry for all of them.
        LogEntry.objects.create(
            user_id=request.user.pk,  # type: ignore[misc]  # the views let nobody in who is not signed in
            content_type=ContentType.objects.get_for_model(Batch),
            object_id=str(batch.pk),
            object_repr=str(batch)[:200],
            action_flag=ADDITION,
            change_message=f"{len(form.lines)} addresses given",
        )
    if file:
        add_batches_soon()
    else:
        batches.work(5, only=batch.pk)
        dispatch_soon()
    return batch


def _row(batch: Batch, line: Line) -> BatchRow:
    row = BatchRow(batch=batch, line=line.number, address=line.address)
    if line.problem:
        row.outcome, row.reason = Outcome.REFUSED, line.problem
    elif line.repeats is not None:
        row.outcome, row.reason = Outcome.REPEATED, _("as on line %(repeats)s") % {"repeats": line.repeats}
    return row


def progress(batch: Batch) -> dict[str, Any]:
    """What the page shows of how far a batch is."""
    counts = dict(batch.rows.order_by().values_list("outcome").annotate(Count("pk")))
    first_checks = batch.rows.filter(
        outcome=Outcome.ADDED,
        article__last_checked__isnull=True,
        article__next_check_at__isnull=False,
        article__source__enabled=True,
    ).count()
    total, waiting = sum(counts.values()), counts.get(Outcome.WAITING, 0)
    taken = batch.rows.filter(outcome__in=(Outcome.ADDED, Outcome.KNOWN))
    left_out = batch.rows.filter(outcome__in=(Outcome.REFUSED, Outcome.REPEATED))
    return {
        "batch": batch,
        "total": total,
        "done": total - waiting,
        "counts": [(Outcome(outcome).label, counts[outcome]) for outcome in Outcome if outcome in counts],
        "first_checks": first_checks,
        "running": bool(batch.finished is None or first_checks),
        "taken": _told(taken),
        "left_out": _told(left_out),
        "most_shown": MOST_SHOWN,
    }


_Told = tuple[BatchRow, Article | None, str]


def _told(rows: QuerySet[BatchRow]) -> list[_Told]:
    """The first rows, each with its article and what became of it in words."""
    return _with_articles(rows.select_related("article__source").order_by("line")[:MOST_SHOWN])


def _with_articles(rows: Iterable[BatchRow]) -> list[_Told]:
    some = list(rows)
    merged = _merged(some)
    return [_row_told(row, merged.get(row.pk)) for row in some]


def _row_told(row: BatchRow, merged: Article | None) -> _Told:
    """One row; of an article that was taken down since, neither title nor address nor what is known of it."""
    article = row.article or merged
    if article is not None and article.hidden:
        return row, None, _("taken down here")
    return row, article, _became(row, merged)


def _merged(rows: list[BatchRow]) -> dict[int, Article]:
    """The articles that added ones turned out to be, at their first check, by row."""
    keys = {row.pk: address_key(row.address) for row in rows if row.article_id is None and _taken(row)}
    known = Address.objects.filter(key__in=keys.values()).select_related("article")
    articles = {address.key: address.article for address in known}
    return {pk: articles[key] for pk, key in keys.items() if key in articles}


def _taken(row: BatchRow) -> bool:
    return row.outcome in (Outcome.ADDED, Outcome.KNOWN)


_FAILED = {
    "blocked": gettext_lazy("added, but its site does not let us read it"),
    "failed": gettext_lazy("added, but its page gives no text of an article"),
    "unreachable": gettext_lazy("added, but its site can’t be reached; it is tried again"),
    "robots": gettext_lazy("added, but its site’s robots.txt forbids reading it"),
    "refused": gettext_lazy("added, but its address may not be fetched"),
    "moved": gettext_lazy("added, but its address leads elsewhere"),
    "held": gettext_lazy("added; its text is looked at once more before it is kept"),
}


def _became(row: BatchRow, merged: Article | None) -> str:
    label = Outcome(row.outcome).label
    if not _taken(row):
        return f"{label}: {row.reason}"
    if merged:
        return _("the same story as one watched already")
    article = row.article
    if article is None:
        return _("%(label)s; the article is gone since") % {"label": label}
    if article.version_count:
        return (
            f"{label}: {row.reason}"
            if row.reason
            else _("%(label)s, and its text is kept") % {"label": label}
        )
    if article.last_checked is None and not article.source.enabled:
        return _("%(label)s; its source is paused, resume it to have it read") % {"label": label}
    if article.last_checked is None and article.next_check_at is None:
        return _("%(label)s; it is not checked: it was paused") % {"label": label}
    if article.last_checked is None:
        return _("%(label)s; waits for its first check") % {"label": label}
    failed = str(_FAILED.get(article.last_outcome, label))
    return f"{failed} ({article.last_reason})" if article.last_reason else failed


def result(batch: Batch) -> HttpResponse:
    """All rows of a batch as a CSV file."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="addresses-{batch.pk}.csv"'
    response.write(BEGIN)
    response.write(line([_("line"), _("address"), _("outcome"), _("became"), _("article")]))
    rows = batch.rows.select_related("article__source").order_by("line").iterator(AT_ONCE)
    while some := list(islice(rows, AT_ONCE)):
        for row, article, became in _with_articles(some):
            address = article.get_absolute_url() if article else ""
            response.write(line([row.line, row.address, Outcome(row.outcome).label, became, address]))
    return response
