"""Taking archives in: the one module here that writes into our database.

`import_records` goes through what a reader hands out in batches, each planned first and then written in one
transaction: wherever it is killed, whole batches are there, and the next run goes on from where it was, as
what is there already is known by its ids (`Imported`). `count_changes` counts what changed afterwards.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import chain, tee
from typing import NamedTuple
from urllib.parse import urlsplit

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from articles import search
from articles.archives.records import ArchivedArticle, ArchivedVersion, Broken, Left, Page, Record
from articles.diff import DIFF_VERSION
from articles.extract import Story
from articles.facts import FACTS_VERSION
from articles.fetch import address_key, normalise
from articles.models import (
    Address,
    Article,
    FetchedPage,
    Host,
    Imported,
    Source,
    Tombstone,
    Version,
    digest_of,
    host_name,
    text_storage,
)
from articles.models.capture import store_page
from articles.models.takedown import text_key
from articles.models.text_storage import Text
from articles.watch.check.decide import compare_versions
from articles.watch.check.page import text_hash
from articles.watch.feeds.poll import source_for

IMPORTER_VERSION = 1
"""Grows whenever the same archive may give other versions."""

BATCH = 500
"""Versions written in one transaction; an article with more is one of its own."""

BATCH_BYTES = 32 << 20
"""Characters of texts and bytes of pages that are held, and written, at once; likewise."""

EXAMPLES = 5
"""Of what is left out, that are told of each kind."""

_AHEAD = timedelta(days=1)
"""A version dated later than this from now has a false date."""

_LONGEST_ID = 255
_ATTEMPTS = 3
_COUNTED_AT_ONCE = 50
"""Articles whose changes are counted in one transaction."""

_FACTS = (
    *("words", "words_added", "words_removed", "badges", "minor", "headline_before", "excerpt"),
    *("more_excerpts", "facts", "facts_version", "diff_version", "kind_bits"),
)


class UnknownSource(Exception):
    """A source that is named does not exist; says which."""


@dataclass(frozen=True)
class Options:
    """What to do with an archive. `sources` maps what the archive calls a publication, or a host, to a slug;
    "*" stands for all others. `retired` articles are never checked; the others at once."""

    origin: Imported.Origin
    archive: str = ""
    sources: Mapping[str, str] = field(default_factory=dict)
    retired: bool = True
    dry_run: bool = False


@dataclass
class Report:
    """What an import came to."""

    articles: int = 0
    versions: int = 0
    known: int = 0
    """Versions that were there before."""
    sightings: int = 0
    """Versions of the archive that say what the one before says."""
    hidden: int = 0
    """Articles that are hidden, as they were there."""
    new_sources: list[str] = field(default_factory=list)
    left: Counter[Left] = field(default_factory=Counter)
    examples: dict[Left, list[Broken]] = field(default_factory=dict)

    def leave(self, broken: Broken) -> None:
        self.left[broken.why] += 1
        shown = self.examples.setdefault(broken.why, [])
        if len(shown) < EXAMPLES:
            shown.append(broken)


def import_records(
    records: Iterable[Record], options: Options, *, tell: Callable[[Report], None] = lambda _report: None
) -> Report:
    """Store what *records* holds that is not there yet; *tell* is called after each batch.

    :raises UnknownSource: the map names a source that does not exist; before anything is stored.
    """
    report = Report()
    sources = _Sources(options, report)
    for batch in _batches(records, report):
        _take_in(batch, options, sources, report)
        tell(report)
    return report


def _batches(records: Iterable[Record], report: Report) -> Iterator[list[ArchivedArticle]]:
    batch: list[ArchivedArticle] = []
    versions = held = 0
    for record in records:
        if isinstance(record, Broken):
            report.leave(record)
            continue
        more = _bytes_of(record)
        if batch and (versions + len(record.versions) > BATCH or held + more > BATCH_BYTES):
            yield batch
            batch, versions, held = [], 0, 0
        batch.append(record)
        versions += len(record.versions)
        held += more
    if batch:
        yield batch


def _bytes_of(article: ArchivedArticle) -> int:
    """About so many bytes its texts and its page are."""
    page = len(article.page.body) if article.page else 0
    return page + sum(len(paragraph) for version in article.versions for paragraph in version.paragraphs)


class _Sources:
    """Whose an article is: by the map, by its site, or one that is made for its site."""

    def __init__(self, options: Options, report: Report) -> None:
        self._map: dict[str, Source] = {}
        self._by_site: dict[str, Source] = {}
        self._dry_run, self._report = options.dry_run, report
        for named, slug in options.sources.items():
            source = Source.objects.filter(slug=slug).first()
            if source is None:
                raise UnknownSource(slug)
            self._map[named] = source

    def of(self, article: ArchivedArticle, address: str) -> Source:
        site = urlsplit(address).netloc
        for named in (article.source, site, site.removeprefix("www."), "*"):
            if named in self._map:
                return self._map[named]
        if site not in self._by_site:
            self._by_site[site] = self._of_site(site, address)
        return self._by_site[site]

    def _of_site(self, site: str, address: str) -> Source:
        if self._dry_run:
            source = search.source_of(address)
            if source is None:
                self._report.new_sources.append(site)
            return source or Source(name=site)
        source, made = source_for(address)
        if made:
            self._report.new_sources.append(source.slug)
        return source


class _Latest(NamedTuple):
    """The article an archive's later versions go on from, and its latest version."""

    article: Article
    version: Version
    is_imported: bool


@dataclass
class _Known:
    """What is there of a batch already."""

    versions: set[str]
    latest: dict[str, _Latest]
    """By the origin's article id, for those of which some versions are there and others are not."""
    barred: set[str]
    barred_articles: set[str]
    """Ids of the origin's articles that were deleted for good here."""
    taken: set[str]
    """Keys of addresses that lead to an article here."""
    hidden: set[str]
    """Those of them whose article is taken down here, or a version of it."""


@dataclass
class _Step:
    """A version to be stored, with the versions of the archive that say the same."""

    told: ArchivedVersion
    number: int
    text_hash: str
    data: bytes
    previous_last_seen: datetime | None
    last_seen: datetime | None
    rows: list[ArchivedVersion]


@dataclass
class _Plan:
    """What is to be stored of one article. `after` is where it goes on from; None for a new one."""

    archived: ArchivedArticle
    address: str
    key: str
    """Of the address, '' where it is not to lead to the article."""
    source: Source
    steps: list[_Step]
    after: _Latest | None
    seen_again: list[ArchivedVersion]
    """What says the same as the latest version that is there."""


class _Changed(Exception):
    """An article changed while its batch was planned."""


def _take_in(batch: list[ArchivedArticle], options: Options, sources: _Sources, report: Report) -> None:
    for attempt in range(1, _ATTEMPTS + 1):
        told = Report()
        known = _load(batch, options)
        planned = [plan for article in batch if (plan := _plan(article, known, sources, told))]
        plans = _without_taken_down(planned, told)
        try:
            if not options.dry_run:
                with transaction.atomic():
                    _store(plans, options, told)
        except _Changed:
            if attempt == _ATTEMPTS:
                raise
            continue
        _add_up(report, told, plans)
        return


def _add_up(report: Report, told: Report, plans: list[_Plan]) -> None:
    report.known += told.known
    report.articles += sum(plan.after is None for plan in plans)
    report.hidden += sum(plan.after is None and plan.archived.hidden for plan in plans)
    for plan in plans:
        report.versions += len(plan.steps)
        report.sightings += len(plan.seen_again) + sum(len(step.rows) - 1 for step in plan.steps)
    report.left.update(told.left)
    for shown in told.examples.values():
        for broken in shown:
            kept = report.examples.setdefault(broken.why, [])
            if len(kept) < EXAMPLES:
                kept.append(broken)


def _load(batch: list[ArchivedArticle], options: Options) -> _Known:
    mine = Imported.objects.filter(origin=options.origin, archive=options.archive)
    ids = {_short(version.origin_id) for article in batch for version in article.versions}
    versions = set(mine.filter(origin_version__in=ids).values_list("origin_version", flat=True))
    keys = {key for article in batch if (key := _key(article))}
    ids_there = {_short(article.origin_id) for article in batch}
    addresses = Address.objects.filter(key__in=keys)
    taken_down = Q(article__hidden=True) | Q(article__versions__hidden_itself=True)
    return _Known(
        versions=versions,
        latest=_latest(batch, versions, mine),
        barred=_barred({key: key for key in keys}),
        barred_articles=_barred(
            {one: Imported.key_of(options.origin, options.archive, one) for one in ids_there}
        ),
        taken=set(addresses.values_list("key", flat=True)),
        hidden=set(addresses.filter(taken_down).values_list("key", flat=True)),
    )


def _barred(named: Mapping[str, str]) -> set[str]:
    """Those of *named*, each with what may bar it, that were deleted for good."""
    digests = {digest_of(key): one for one, key in named.items()}
    barred = Tombstone.objects.filter(digest__in=digests).values_list("digest", flat=True)
    return {digests[digest] for digest in barred}


def _latest(
    batch: list[ArchivedArticle], versions: set[str], mine: "QuerySet[Imported]"
) -> dict[str, _Latest]:
    grown = {
        _short(article.origin_id)
        for article in batch
        if any(_short(version.origin_id) not in versions for version in article.versions)
    }
    rows = mine.filter(origin_article__in=grown).values_list("origin_article", "article").distinct()
    found = {}
    for origin_article, pk in rows:
        article = Article.objects.get(pk=pk)
        version = article.versions.order_by("-number").first()
        if version is not None:
            is_imported = Imported.objects.filter(version=version).exists()
            found[origin_article] = _Latest(article, version, is_imported)
    return found


def _short(origin_id: str) -> str:
    """An id as its column and every database takes it: any other is told by its SHA-256."""
    if len(origin_id) <= _LONGEST_ID and origin_id.isprintable():
        return origin_id
    return hashlib.sha256(origin_id.encode("utf-8", "surrogatepass")).hexdigest()


def _key(article: ArchivedArticle) -> str:
    try:
        return address_key(article.address)
    except ValueError:
        return ""


def _plan(article: ArchivedArticle, known: _Known, sources: _Sources, report: Report) -> _Plan | None:
    """What to store of *article*, or None; what is left out is told to *report*. Nothing is written."""
    new = []
    for version in article.versions:
        if _short(version.origin_id) in known.versions:
            report.known += 1
        else:
            known.versions.add(_short(version.origin_id))
            new.append(version)
    if not new:
        return None
    where = f"article {article.origin_id}"
    try:
        address, key = normalise(article.address), address_key(article.address)
    except ValueError as problem:
        why = Left.BAD_ADDRESS if article.address else Left.NO_ADDRESS
        report.leave(Broken(where, why, f"{article.address[:200]}: {problem}"))
        return None
    if key in known.barred or _short(article.origin_id) in known.barred_articles:
        report.leave(Broken(where, Left.BARRED))
        return None
    after = known.latest.get(_short(article.origin_id))
    new = [version for version in new if not _is_left(version, after, report)]
    if not new:
        return None
    if after is None and (key in known.taken or not article.address_is_whole):
        report.leave(Broken(where, Left.ADDRESS_TAKEN, address))
        key = ""
    known.taken.add(key)
    steps, seen_again = _steps(new, after)
    # Nor does the text that is taken down there come back by another article.
    archived = replace(article, hidden=True) if address_key(address) in known.hidden else article
    return _Plan(archived, address, key, sources.of(article, address), steps, after, seen_again)


def _without_taken_down(plans: list[_Plan], report: Report) -> list[_Plan]:
    """*plans* without those in which a text stands that its source had and that was deleted for good here.

    A new article with a text that is taken down here is hidden, whatever its address; one that is there
    already grows no further.
    """
    keys = {
        text_key(plan.source.pk, step.text_hash): step.text_hash
        for plan in plans
        if plan.source.pk
        for step in plan.steps
    }
    if not keys:
        return plans
    barred = _barred({key: key for key in keys})
    hidden = set(
        Version.objects.filter(hidden=True, text_hash__in=set(keys.values()))
        .filter(Q(article__hidden=True) | Q(hidden_itself=True))
        .filter(source__in={plan.source.pk for plan in plans if plan.source.pk})
        .values_list("source", "text_hash")
    )
    left = []
    for plan in plans:
        if any(text_key(plan.source.pk, step.text_hash) in barred for step in plan.steps):
            report.leave(Broken(f"article {plan.archived.origin_id}", Left.BARRED))
        elif not any((plan.source.pk, step.text_hash) in hidden for step in plan.steps):
            left.append(plan)
        elif plan.after is None:
            left.append(replace(plan, archived=replace(plan.archived, hidden=True)))
        elif plan.after.article.hidden:
            left.append(plan)
        else:
            report.leave(Broken(f"article {plan.archived.origin_id}", Left.TAKEN_DOWN))
    return left


def _is_left(version: ArchivedVersion, after: _Latest | None, report: Report) -> bool:
    """Whether *version* can't be stored after what is there."""
    why = None
    if version.seen > timezone.now() + _AHEAD:
        why = Left.NO_TIME
    elif after is not None:
        if after.article.purged:
            why = Left.BARRED
        elif not after.is_imported:
            why = Left.WATCHED_SINCE
        elif after.version.hidden_itself:
            why = Left.TAKEN_DOWN
        elif version.seen < after.version.seen:
            why = Left.OUT_OF_ORDER
    if why is not None:
        report.leave(Broken(f"version {version.origin_id}", why, version.seen.isoformat()))
    return why is not None


def _steps(
    versions: list[ArchivedVersion], after: _Latest | None
) -> tuple[list[_Step], list[ArchivedVersion]]:
    """The versions to be stored, each after the one before; and those that say what is there already.

    A text that is the same as the one before is no version: it proves that the text was still there.
    """
    steps: list[_Step] = []
    seen_again: list[ArchivedVersion] = []
    number = after.version.number if after else 0
    hash_before = after.version.text_hash if after else ""
    paragraphs = after.version.paragraphs if after else ()
    last_seen = None
    for version in versions:
        hashed = text_hash(version.headline, version.byline, version.paragraphs)
        if hashed == hash_before:
            last_seen = max(last_seen or version.seen, version.last_seen or version.seen)
            if steps:
                steps[-1].last_seen = last_seen
                steps[-1].rows.append(version)
            else:
                seen_again.append(version)
            continue
        number += 1
        whole = text_storage.is_whole(number)
        step = _Step(
            told=version,
            number=number,
            text_hash=hashed,
            data=text_storage.pack(version.paragraphs, None if whole else paragraphs),
            previous_last_seen=last_seen if last_seen and last_seen <= version.seen else None,
            last_seen=version.last_seen,
            rows=[version],
        )
        steps.append(step)
        hash_before, paragraphs, last_seen = hashed, version.paragraphs, version.last_seen
    return steps, seen_again


def _store(plans: list[_Plan], options: Options, report: Report) -> None:
    """Write *plans*, in a transaction.

    :raises _Changed: an article is no longer as it was when its plan was made.
    """
    articles = _store_articles(plans, options)
    made = [
        _version_of(step, plan, article)
        for plan, article in zip(plans, articles, strict=True)
        for step in plan.steps
    ]
    stored = iter(Version.objects.bulk_create(made, batch_size=BATCH))
    rows = []
    for plan, article in zip(plans, articles, strict=True):
        if plan.after is not None:
            rows += [
                _provenance(told, plan, article, plan.after.version, options) for told in plan.seen_again
            ]
        for step in plan.steps:
            version = next(stored)
            rows += [_provenance(told, plan, article, version, options) for told in step.rows]
            # A change is counted once, with the first row that leads to it.
            rows[-len(step.rows)].counted = False
    Imported.objects.bulk_create(rows, batch_size=BATCH)


def _store_articles(plans: list[_Plan], options: Options) -> list[Article]:
    """The article of each plan, made or brought up to date."""
    hosts = {name: Host.objects.for_address(url) for url, name in _hosts(plans)}
    new = [plan for plan in plans if plan.after is None]
    made = Article.objects.bulk_create(
        _article_of(plan, hosts[host_name(plan.address)], options) for plan in new
    )
    of_new = dict(zip(map(id, new), made, strict=True))
    addresses = [
        Address(article=article, address=plan.address, key=plan.key, first_seen=article.first_seen)
        for plan, article in zip(new, made, strict=True)
        if plan.key
    ]
    Address.objects.bulk_create(addresses, ignore_conflicts=True)
    for plan, article in zip(new, made, strict=True):
        if page := plan.archived.page:
            _store_page(article, article.version_count, page)
    articles = []
    for plan in plans:
        if plan.after is None:
            articles.append(of_new[id(plan)])
        else:
            _go_on(plan, plan.after)
            articles.append(plan.after.article)
    return articles


def _store_page(article: Article, number: int, page: Page) -> None:
    """Keep the page of an archive as that of version *number*."""
    store_page(article, number, FetchedPage(page.body, page.url, page.content_type), page.fetched)


def _hosts(plans: list[_Plan]) -> set[tuple[str, str]]:
    return {(plan.address, host_name(plan.address)) for plan in plans if plan.after is None}


def _article_of(plan: _Plan, host: Host, options: Options) -> Article:
    archived, last = plan.archived, plan.steps[-1]
    retired = options.retired or not plan.key
    seen = last.last_seen or last.told.seen
    page = archived.page
    return Article(
        source=plan.source,
        host=host,
        address=plan.address,
        language=archived.language or plan.source.language,
        headline=last.told.headline,
        published=archived.published,
        first_seen=plan.steps[0].told.seen,
        state=Article.State.RETIRED if retired else Article.State.WATCHED,
        hidden=archived.hidden,
        version_count=last.number,
        last_changed=last.told.seen if last.number > 1 else None,
        last_checked=seen,
        last_success=seen,
        next_check_at=None if retired else timezone.now(),
        text_hash=last.text_hash,
        body_hash=hashlib.sha256(page.body).hexdigest() if page else "",
        extractor_version=last.told.extractor,
    )


def _go_on(plan: _Plan, after: _Latest) -> None:
    """Bring the article up to date with its later versions.

    :raises _Changed: it changed since it was read.
    """
    article = after.article
    seen = max(
        chain(
            [article.last_success or after.version.seen],
            (told.last_seen or told.seen for told in plan.seen_again),
            (step.last_seen or step.told.seen for step in plan.steps),
        )
    )
    values: dict[str, object] = {"last_success": seen, "last_checked": seen}
    if plan.steps:
        last = plan.steps[-1]
        values |= {
            "version_count": last.number,
            "last_changed": last.told.seen,
            "text_hash": last.text_hash,
            "extractor_version": last.told.extractor,
            "headline": last.told.headline,
        }
    same = Article.objects.filter(pk=article.pk, version_count=after.version.number, hidden=article.hidden)
    if not same.update(**values):
        raise _Changed
    page = plan.archived.page
    if page and plan.steps:
        _store_page(article, plan.steps[-1].number, page)
        Article.objects.filter(pk=article.pk).update(body_hash=hashlib.sha256(page.body).hexdigest())


def _version_of(step: _Step, plan: _Plan, article: Article) -> Version:
    told = step.told
    return Version(
        article=article,
        source_id=article.source_id,
        number=step.number,
        headline=told.headline,
        byline=told.byline,
        published=told.published or plan.archived.published,
        data=step.data,
        text_hash=step.text_hash,
        seen=told.seen,
        previous_last_seen=step.previous_last_seen,
        extractor_version=told.extractor,
        minor=told.minor and step.number > 1,
        hidden=article.hidden,
    )


def _provenance(
    told: ArchivedVersion, plan: _Plan, article: Article, version: Version, options: Options
) -> Imported:
    return Imported(
        origin=options.origin,
        archive=options.archive,
        origin_article=_short(plan.archived.origin_id),
        origin_version=_short(told.origin_id),
        permalink=told.permalink,
        copy=told.copy,
        article=article,
        version=version,
        importer_version=IMPORTER_VERSION,
    )


def count_changes(*, tell: Callable[[int], None] = lambda _counted: None) -> int:
    """Count what changed with each imported version that was not counted yet; how many they were.

    Wherever it is killed, the next call goes on. *tell* is called with the number so far.
    """
    counted = 0
    while articles := _uncounted():
        with transaction.atomic():
            for article in articles:
                counted += _count_article(article)
        tell(counted)
    return counted


def _uncounted() -> list[int]:
    waiting = Imported.objects.filter(counted=False).order_by("article").values_list("article", flat=True)
    return list(waiting.distinct()[:_COUNTED_AT_ONCE])


def _count_article(article: int) -> int:
    waiting = set(Imported.objects.filter(article=article, counted=False).values_list("version", flat=True))
    versions, same = tee(
        Version.objects.filter(article=article)
        .select_related("article", "source")
        .order_by("number")
        .iterator(BATCH)
    )
    unpacked = text_storage.unpack_each((version.number, bytes(version.data)) for version in same)
    before: Text | None = None
    hashes: set[str] = set()
    changed: list[Version] = []
    for version, paragraphs in zip(versions, unpacked, strict=True):
        if version.pk in waiting:
            story = Story(version.headline, version.byline, version.published, paragraphs=paragraphs)
            draft = compare_versions(
                before,
                story,
                seen_before=version.text_hash in hashes,
                language=version.article.language or version.source.language,
            )
            version.words, version.words_added = draft.words, draft.words_added
            version.words_removed, version.badges = draft.words_removed, list(draft.badges)
            version.minor = version.minor or (before is not None and draft.minor)
            version.headline_before = draft.headline_before
            version.excerpt = [list(span) for span in draft.excerpt]
            version.more_excerpts = [[list(span) for span in one] for one in draft.more_excerpts]
            version.facts = list(draft.facts)
            version.facts_version, version.diff_version = FACTS_VERSION, DIFF_VERSION
            version.count_kinds()
            changed.append(version)
        hashes.add(version.text_hash)
        before = Text(version.headline, version.byline, paragraphs)
    _save_facts(changed)
    Imported.objects.filter(article=article, counted=False).update(counted=True)
    return len(changed)


def _save_facts(versions: list[Version]) -> None:
    """Store what was counted. Django's own ``bulk_update`` takes longer than the counting."""
    fields = [field for field in Version._meta.concrete_fields if field.name in _FACTS]
    settings = ", ".join(f"{field.column} = %s" for field in fields)
    rows = [
        [
            *(field.get_db_prep_save(getattr(version, field.attname), connection) for field in fields),
            version.pk,
        ]
        for version in versions
    ]
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {Version._meta.db_table} SET {settings} WHERE id = %s", rows)  # noqa: S608
