"""Pages that only lead on: a `Refresh` header, or the <meta> element that stands for one.

A page that reloads itself every five minutes, or leads visitors without scripts elsewhere, is not meant: only
an interstitial that soon leads to another address. The document is searched, not parsed: this runs in the
process that fetches, where no parser may be given what strangers write.
"""

import html
import re

_WINDOW = 64 * 1024  # bytes of a page; one that only leads on is no longer
_LONGEST_DELAY = 10.0  # seconds
_LONGEST_INSTRUCTION = 2_500  # characters
_MOST_TEXT = 1_000  # characters that may be read on a page that only leads on
_INSTRUCTION = re.compile(
    r"""\s*([0-9]{1,6})(?:\.[0-9]{0,6})?\s*[;,]?\s*(?:url\s*=\s*)?(?:"([^"]*)|'([^']*)|(.*))""",
    re.IGNORECASE | re.DOTALL,
)
_META = re.compile(r"<meta\s([^<>]{0,3000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"""(http-equiv|content)\s{0,9}=\s{0,9}(?:"([^"]{0,2500})"|'([^']{0,2500})'|([^\s"'<>]{1,2500}))""",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^<>]*>")
_UNSEEN = (
    (b"<!--", b"-->"),
    (b"<noscript", b"</noscript"),
    (b"<script", b"</script"),
    (b"<style", b"</style"),
)


def refresh_target(header: str, body: bytes) -> str | None:
    """Where a page leads to of itself, as written: its `Refresh` header, or its <meta>; None if nowhere.

    Empty where it leads to itself.
    """
    if header:
        return _target(header)
    start = body[:_WINDOW].lstrip(b"\xef\xbb\xbf \t\r\n")
    if len(body) > _WINDOW or not start.startswith(b"<") or b"refresh" not in start.lower():
        return None
    text = _seen(start).decode("utf-8", "replace")
    if len(" ".join(_TAG.sub(" ", text).split())) > _MOST_TEXT:
        return None
    for meta in _META.finditer(text):
        attributes = {name.lower(): a or b or c for name, a, b, c in _ATTRIBUTE.findall(meta[1])}
        if attributes.get("http-equiv", "").strip().lower() == "refresh":
            return _target(html.unescape(attributes.get("content", "")))
    return None


def _target(instruction: str) -> str | None:
    """The address in "0; url=/story", empty without one; None where one is to read first."""
    match = _INSTRUCTION.match(instruction[:_LONGEST_INSTRUCTION])
    if match is None or float(match[1]) > _LONGEST_DELAY:
        return None
    return (match[2] or match[3] or match[4] or "").strip()


def _seen(page: bytes) -> bytes:
    """The page without what a reader with scripts never sees; what has no end goes on to the last."""
    for start, end in _UNSEEN:
        kept = []
        lower, here = page.lower(), 0
        while (there := lower.find(start, here)) >= 0:
            kept.append(page[here:there])
            closing = lower.find(end, there)
            here = len(page) if closing < 0 else closing + len(end)
        page = b" ".join([*kept, page[here:]])
    return page
