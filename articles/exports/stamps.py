"""Time stamps (RFC 3161): somebody else says when a root of the log was there.

An extra: it needs ``rfc3161-client`` (requirements-data.txt) and the address of a time stamping authority in
the setting TSA_URL. The authority gets a hash and nothing else.
"""

import logging
from datetime import datetime, timedelta

import requests
from django.conf import settings

from articles.evidence import root_json
from articles.models import LogRoot

log = logging.getLogger(__name__)

TIMEOUT = 10.0
"""Seconds to wait for the authority."""

LONGEST_ANSWER = 64 << 10

TRIED_AGAIN = timedelta(days=3)
"""How long a root that has no stamp yet, as the authority did not answer, is tried again."""


class NoStamp(Exception):
    """There is no time stamp; the message says why."""


def stamp_roots(now: datetime) -> int:
    """Have the daily roots stamped that are not yet; how many were. Does nothing without TSA_URL."""
    if not settings.TSA_URL:
        return 0
    done = 0
    for root in LogRoot.objects.filter(stamp=None, at__gt=now - TRIED_AGAIN).exclude(day=None):
        try:
            told = stamp(root_json(root.site, root.size, bytes(root.root), root.at), settings.TSA_URL)
        except NoStamp as problem:
            log.warning("no time stamp of the log: %s", problem)
            break
        done += LogRoot.objects.filter(pk=root.pk, stamp=None).update(stamp=told)
    return done


def stamp(data: bytes, authority: str) -> bytes:
    """The answer (a TimeStampResp) of the time stamping *authority*, an address, on *data*.

    :raises NoStamp: it gave none, or not of these data; or the library is missing.
    """
    try:
        from rfc3161_client import TimestampRequestBuilder, decode_timestamp_response
    except ImportError as problem:
        raise NoStamp("TSA_URL needs rfc3161-client: install what requirements-data.txt names.") from problem
    request = TimestampRequestBuilder().data(data).build()
    try:
        with requests.post(
            authority,
            data=request.as_bytes(),
            headers={"Content-Type": "application/timestamp-query", "User-Agent": settings.USER_AGENT},
            timeout=TIMEOUT,
            allow_redirects=False,
            stream=True,
        ) as response:
            response.raise_for_status()
            body = response.raw.read(LONGEST_ANSWER + 1, decode_content=True)
    except requests.RequestException as problem:
        raise NoStamp(f"{authority} did not answer: {problem}") from problem
    if len(body) > LONGEST_ANSWER:
        raise NoStamp(f"{authority} answered too much")
    try:
        told = decode_timestamp_response(body)
    except ValueError as problem:
        raise NoStamp(f"{authority} answered with no time stamp") from problem
    imprint = told.tst_info.message_imprint if told.status in _GRANTED else None
    if imprint is None or imprint.message != request.message_imprint.message:
        raise NoStamp(f"{authority} did not grant it, or stamped something else")
    return bytes(body)


_GRANTED = (0, 1)
"""The statuses "granted" and "granted with modifications" of RFC 3161, section 2.4.2."""
