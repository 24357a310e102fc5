"""Asking web.archive.org to save each page whose text was new, and keeping the address of the copy.

Its Save Page Now takes a request and works on it; what came of it is asked for later. Keys are needed
(https://archive.org/account/s3.php), and the switch is that they are set. Whatever it does, no check waits.
"""

import json
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.utils import timezone

from articles.fetch import Answer
from articles.models import ArchivedCopy, Version
from articles.notices.attempts import Request
from articles.watch.crawl import shutdown

SERVICE = "https://web.archive.org"

LOOK_AFTER = timedelta(minutes=1)
"""Between asking for a copy and looking what came of it."""

FIRST_WAIT = timedelta(minutes=5)
"""After the first failure; doubled with each that follows."""

MOST_ATTEMPTS = 6

_REFUSALS = frozenset(
    {
        *("error:blocked", "error:blocked-url", "error:blocked-client-ip", "error:not-allowed"),
        *("error:robots", "error:excluded", "error:forbidden"),
    }
)
"""What it says of pages that it will not save, however often it is asked."""

_State = ArchivedCopy.State


def wanted(versions: Iterable[Version]) -> list[ArchivedCopy]:
    """What is to be asked for of new *versions*: nothing where no keys are set."""
    if not settings.WEB_ARCHIVE_KEYS:
        return []
    return [ArchivedCopy(version=version) for version in versions if not version.hidden]


def save_pages(seconds: float) -> int:
    """Ask for the copies that are due, and look what came of those asked for; how many were saved."""
    ends, saved = time.monotonic() + seconds, 0
    if not settings.WEB_ARCHIVE_KEYS:
        return 0
    due = ArchivedCopy.objects.filter(next_attempt_at__lte=timezone.now()).order_by("next_attempt_at")
    for copy in due.select_related("version__article")[:100]:
        if time.monotonic() >= ends or shutdown.is_asked():
            break
        # Who takes it first has it: it is another's, or done, where the row is no longer as it was.
        later = timezone.now() + FIRST_WAIT
        mine = ArchivedCopy.objects.filter(pk=copy.pk, next_attempt_at=copy.next_attempt_at)
        if not mine.update(next_attempt_at=later):
            continue
        if copy.version.hidden or copy.version.article.hidden:
            ArchivedCopy.objects.filter(pk=copy.pk).delete()
            continue
        answer = _ask(copy)
        ArchivedCopy.objects.filter(pk=copy.pk).update(**after(copy, answer, timezone.now()))
        saved += ArchivedCopy.objects.filter(pk=copy.pk, state=_State.SAVED).count()
    return saved


def after(copy: ArchivedCopy, answer: Answer, now: datetime) -> dict[str, Any]:
    """The row's columns after *answer*. Pure."""
    said = _read(answer)
    code = str(said.get("status_ext", ""))[:100] or str(answer.status or answer.problem)
    stamp, job = str(said.get("timestamp", "")), str(said.get("job_id", ""))
    if said.get("status") == "success" and stamp.isascii() and stamp.isdigit():
        address = f"https://web.archive.org/web/{stamp}/{copy.version.article.address}"
        return {"state": _State.SAVED, "address": address[:2500], "code": "", "next_attempt_at": None}
    if code in _REFUSALS:
        return {"state": _State.REFUSED, "code": code, "next_attempt_at": None}
    if said.get("status") == "pending" or (job and said.get("status") != "error"):
        return {"state": _State.ASKED, "job": job[:200] or copy.job, "next_attempt_at": now + LOOK_AFTER}
    attempts = copy.attempts + 1
    if attempts >= MOST_ATTEMPTS:
        return {"state": _State.FAILED, "code": code, "attempts": attempts, "next_attempt_at": None}
    wait = FIRST_WAIT * 2 ** (attempts - 1)
    if answer.retry_after:
        wait = max(wait, timedelta(seconds=answer.retry_after))
    # It begins afresh: a job that failed is not looked at again.
    return {
        "state": _State.WAITING,
        "job": "",
        "code": code,
        "attempts": attempts,
        "next_attempt_at": now + wait,
    }


def _ask(copy: ArchivedCopy) -> Answer:
    headers = {"Authorization": f"LOW {settings.WEB_ARCHIVE_KEYS}", "Accept": "application/json"}
    if copy.job:
        return Request(f"{SERVICE}/save/status/{quote(copy.job, safe='')}", b"", headers, "GET").answer()
    form = urlencode({"url": copy.version.article.address, "skip_first_archive": "1"}).encode()
    headers["Content-Type"] = "application/x-www-form-urlencoded"
    return Request(f"{SERVICE}/save", form, headers).answer()


def _read(answer: Answer) -> dict[str, Any]:
    try:
        said = json.loads(answer.body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
