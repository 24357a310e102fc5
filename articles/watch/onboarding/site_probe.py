"""What the page "Add source" has a worker do: look at an address, and read articles for the preview.

In steps, so that no site holds a worker for longer than a task may take: a step begins within BEGIN_SECONDS,
and none is given more than LEFT_SECONDS; what is left then is done by the next task. Where a host wants to be
left alone for longer, the dispatcher goes on once its time has come. Where another worker is at the host, it
gives it back after one request, and leaves it to the person then (``Host.reserved_until``).
"""

import logging
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from articles.fetch import address_key, looks_like_article, normalise
from articles.models import Feed, Host, SiteProbe, Source, host_name
from articles.models.site_probe import step_is_due
from articles.watch.crawl.errors import PutOff, SessionOver, Taken
from articles.watch.feeds.address_filters import let_through
from articles.watch.onboarding import probe
from articles.watch.onboarding.preview import PREVIEWS, ArticlePreview, preview_of
from articles.watch.onboarding.results import Candidate, Findings, Link, Step, Tried
from articles.watch.onboarding.sources import suggested

log = logging.getLogger(__name__)

BEGIN_SECONDS = 12.0
"""Seconds within which a task begins another step; what is left then is the next task's."""
LEFT_SECONDS = 35.0
"""Seconds that one step is given at most: with BEGIN_SECONDS it ends before the queue's 60."""
LEASE_SECONDS = 70
"""Seconds after which another worker may take up a probe whose worker died."""
MAX_STEP_TRIES = 5
"""The number of times one step is tried while its host has no time for us."""
LONGEST_WAIT = timedelta(minutes=6)
"""The longest time that a host is waited for which wants to be left alone."""
MOST_UNFINISHED = 3
"""The number of workers that a step may end before it is skipped."""
KEPT = timedelta(days=7)
"""The time that a probe is kept after it was begun."""
_KEPT_AT_ONCE = ("todo", "found", "previews")


class ThrownAway(Exception):
    """The probe went while it was worked on: an article that it shows was deleted for good."""


def begin(address: str, *, feeds: tuple[str, ...] = (), name: str = "", language: str = "") -> SiteProbe:
    """A probe of what can be watched at *address*; a worker takes it up at once.

    feeds: those that are known already: looked at in place of the page.

    :raises ValueError: it is no address that can be watched; says why.
    """
    steps = probe.first_steps(address, feeds)
    home_page = normalise(address) if feeds else ""
    findings = Findings(name=name, home_page=home_page, language=language)
    site_probe = SiteProbe.objects.create(
        address=home_page or steps[0]["address"],
        name=name,
        language=language,
        todo=list(steps),
        found=findings.as_json(),
        next_step_at=timezone.now(),
    )
    _soon(site_probe)
    return site_probe


def look_at_another(site_probe: SiteProbe, address: str) -> None:
    """Have one more address looked at.

    :raises ValueError: it is none that can be watched.
    """
    steps = probe.first_steps(address)
    known = [one["address"] for one in site_probe.found.get("candidates", [])]
    site_probe.choice = {**site_probe.choice, "also": {"address": steps[0]["address"], "known": known}}
    _give(site_probe, SiteProbe.State.LOOKING, steps)


def read_articles(site_probe: SiteProbe, choice: dict[str, Any]) -> None:
    """Have a preview made of the articles that the chosen feeds name.

    choice: ``feeds``, their addresses; ``only_addresses`` and ``not_addresses``, as a source has them.
    """
    site_probe.choice, site_probe.previews = choice, []
    links = chosen_links(Findings.from_json(site_probe.found), choice)
    todo = [{"what": "article", **asdict(link)} for link in links]
    _give(site_probe, SiteProbe.State.READING, todo)


def found_also(site_probe: SiteProbe) -> list[str]:
    """Return, of what a person had looked at too, what to watch of it if nobody says otherwise."""
    also = site_probe.choice.get("also")
    if also is None:
        return []
    usable = Findings.from_json(site_probe.found).usable
    given = [one for one in usable if address_key(one.address) == address_key(also["address"])]
    new = [one for one in usable if one.address not in also["known"]]
    return suggested(Findings(candidates=given or new))


def chosen_links(findings: Findings, choice: dict[str, Any]) -> list[Link]:
    """The articles to preview: the newest that the filters let through, of each chosen feed in turn.

    :raises PatternFault: one of the filters can't be used.
    """
    chosen = [one for one in findings.usable if one.address in choice["feeds"]]
    in_turn = zip_longest(*(_wanted_links(candidate, choice) for candidate in chosen))
    links = {link.url: link for row in in_turn for link in row if link is not None}
    return list(links.values())[:PREVIEWS]


def _wanted_links(candidate: Candidate, choice: dict[str, Any]) -> list[Link]:
    filters = Source(only_addresses=choice["only_addresses"], not_addresses=choice["not_addresses"])
    passing = let_through(filters, [link.url for link in candidate.links])
    links = [link for link, is_wanted in zip(candidate.links, passing, strict=True) if is_wanted]
    if candidate.kind == Feed.Kind.SECTION and not filters.only_addresses.strip():
        return [link for link in links if looks_like_article(link.url, link.title)]
    return links


def _give(site_probe: SiteProbe, state: str, todo: Iterable[Any]) -> None:
    """Have a worker do *todo*."""
    site_probe.state, site_probe.todo, site_probe.unfinished = state, list(todo), 0
    site_probe.next_step_at = timezone.now()
    site_probe.save(update_fields=["state", "todo", "unfinished", "next_step_at", "choice", "previews"])
    _soon(site_probe)


def _soon(site_probe: SiteProbe) -> None:
    transaction.on_commit(lambda: step_is_due.send(SiteProbe, pk=site_probe.pk))


def is_ready(*, here: int | None = None) -> bool:
    """Return whether something that people wait for can be gone on with; *here* is a host that we are at."""
    return bool(ready(here))


def ready(here: int | None = None) -> list[int]:
    """The probes to go on with, the longest due first: no worker is at them, and no other at their host."""
    now = timezone.now()
    due = SiteProbe.objects.due(now).free(now).order_by("next_step_at").only("todo")
    hosts = {site_probe.pk: _next_host(site_probe) for site_probe in due}
    if not hosts:
        return []
    others = Host.objects.filter(name__in=hosts.values()).exclude(pk=here)
    taken = set(others.exclude(pk__in=Host.objects.free(now).values("pk")).values_list("name", flat=True))
    return [pk for pk, host in hosts.items() if host not in taken]


def wanted_hosts() -> set[str]:
    """The names of the hosts of which people wait for something."""
    due = SiteProbe.objects.due(timezone.now()).only("todo")
    return {_next_host(site_probe) for site_probe in due if site_probe.todo}


def _next_host(site_probe: SiteProbe) -> str:
    """The name of the host that is asked next; '' when none is."""
    return host_name(_address(site_probe.todo[0])) if site_probe.todo else ""


def _address(step: dict[str, Any]) -> str:
    address: str = step.get("address") or step["url"]
    return address


def work_due() -> int:
    """Do a step of what people wait for; how many probes that was."""
    return next((1 for pk in ready() if work(pk)), 0)


def work(pk: int) -> int:
    """Do what probe *pk* has to do, as far as one task may; queue what is left. 0 when nothing was due."""
    now = timezone.now()
    token = SiteProbe.objects.due(now).claim(pk, now, LEASE_SECONDS)
    if token is None:
        return 0
    try:
        _work_on(pk, token, now)
    except (ThrownAway, SiteProbe.DoesNotExist):
        log.info("a site probe was thrown away while it was worked on", extra={"site_probe": pk})
    return 1


def _work_on(pk: int, token: UUID, now: datetime) -> None:
    """Take the steps that one task has time for.

    :raises ThrownAway: it is not there any more.
    """
    site_probe = SiteProbe.objects.filter(pk=pk).first()
    if site_probe is None:
        raise ThrownAway
    site_probe.unfinished += 1
    _keep(site_probe, "unfinished")
    if site_probe.unfinished > MOST_UNFINISHED:
        _skip(site_probe, f"{MOST_UNFINISHED} tries to read it ended the worker")
    ends = time.monotonic() + BEGIN_SECONDS
    wait_until = now
    is_taken = False
    while site_probe.todo and wait_until <= timezone.now():
        try:
            wait_until = _do_next(site_probe, seconds=ends - BEGIN_SECONDS + LEFT_SECONDS - time.monotonic())
        except Taken as reason:
            log.info("a site probe waits", extra={"site_probe": pk, "reason": str(reason)})
            is_taken = True
            break
        if time.monotonic() >= ends:
            break
    if not site_probe.todo:
        _finish(site_probe)
    next_step_at = wait_until if site_probe.todo else None
    SiteProbe.objects.release(pk, token, next_step_at=next_step_at, state=site_probe.state, unfinished=0)
    # Who is at the host makes room, and queues what is due when it leaves.
    if next_step_at and next_step_at <= timezone.now() and not is_taken:
        _soon(site_probe)


def _keep(site_probe: SiteProbe, *fields: str) -> None:
    """Store these fields; a row that is gone is not made again."""
    if not SiteProbe.objects.filter(pk=site_probe.pk).update(
        **{field: getattr(site_probe, field) for field in fields}
    ):
        raise ThrownAway


def _do_next(site_probe: SiteProbe, *, seconds: float) -> datetime:
    """Do the first thing of what is to be done; when the next may be begun.

    An error of ours costs no more than this step.

    :raises Taken: another worker is at its host; ThrownAway: the probe is not there any more.
    """
    try:
        wait_until = _try_next(site_probe, seconds=seconds)
        # Kept at once: the page shows it, and a worker that is killed loses no more than a step.
        _keep(site_probe, *_KEPT_AT_ONCE)
    except (Taken, ThrownAway):
        raise
    except Exception:
        site_probe.refresh_from_db(fields=_KEPT_AT_ONCE)
        log.exception("a step failed site_probe=%s step=%s", site_probe.pk, site_probe.todo[0])
        _skip(site_probe, "an error of ours ended it; the log says more")
        return timezone.now()
    return wait_until


def _try_next(site_probe: SiteProbe, *, seconds: float) -> datetime:
    now = timezone.now()
    step = site_probe.todo[0]
    try:
        if step["what"] == "article":
            link = Link(step["url"], step["title"], step["published"])
            site_probe.previews = [*site_probe.previews, asdict(preview_of(link, seconds=seconds))]
            site_probe.todo = site_probe.todo[1:]
        else:
            findings = Findings.from_json(site_probe.found)
            more: list[Step] = probe.take(step, findings, seconds=seconds)
            site_probe.found = findings.as_json()
            known = {one.get("address") for one in site_probe.todo}
            site_probe.todo = [*site_probe.todo[1:], *(one for one in more if one["address"] not in known)]
    except Taken:
        raise
    except SessionOver as problem:
        return _put_off(site_probe, problem)
    return now


def _put_off(site_probe: SiteProbe, problem: SessionOver) -> datetime:
    """When the step that had no time is tried again; or it is skipped, and the next may begin at once."""
    now = timezone.now()
    step = site_probe.todo[0]
    allowed = Host.objects.for_address(_address(step)).next_allowed
    until = max(problem.until if isinstance(problem, PutOff) else allowed, now)
    tries = step.get("tries", 0) + 1
    if tries >= MAX_STEP_TRIES or until > now + LONGEST_WAIT:
        _skip(site_probe, f"not asked: {problem}")
        return now
    site_probe.todo = [{**step, "tries": tries}, *site_probe.todo[1:]]
    return until


def _skip(site_probe: SiteProbe, why: str) -> None:
    """Note that the first step can't be done."""
    step, *rest = site_probe.todo
    site_probe.todo = rest
    if step["what"] == "article":
        skipped = ArticlePreview(step["url"], step["title"], warnings=(f"Not read: {why}.",))
        site_probe.previews = [*site_probe.previews, asdict(skipped)]
    else:
        findings = Findings.from_json(site_probe.found)
        findings.tried.append(Tried(step["address"], why, "Try it once more later."))
        site_probe.found = findings.as_json()
    _keep(site_probe, *_KEPT_AT_ONCE)


def _finish(site_probe: SiteProbe) -> None:
    """Nothing is left to do: the probe's next page can be shown."""
    if site_probe.state == SiteProbe.State.READING:
        site_probe.state = SiteProbe.State.READY
    elif site_probe.state == SiteProbe.State.LOOKING:
        usable = Findings.from_json(site_probe.found).usable
        site_probe.state = SiteProbe.State.FOUND if usable else SiteProbe.State.FAILED
    log.info(
        "looked",
        extra={"site_probe": site_probe.pk, "address": site_probe.address, "state": site_probe.state},
    )


def prune() -> None:
    """Throw away what nobody will come back to, and the hosts that were asked for nothing else."""
    before = timezone.now() - KEPT
    old = SiteProbe.objects.filter(created__lt=before)
    names = {host_name(address) for site_probe in old for address in _asked_for(site_probe)}
    old.delete()
    left = Q(last_visited=None) | Q(last_visited__lt=before)
    Host.objects.filter(left, name__in=names, articles=None, feeds=None).delete()


def _asked_for(site_probe: SiteProbe) -> Iterator[str]:
    """The addresses that were fetched."""
    yield site_probe.address
    for one in (
        *site_probe.found.get("candidates", []),
        *site_probe.found.get("tried", []),
        *site_probe.previews,
    ):
        yield one["address"]
