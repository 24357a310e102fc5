"""How log lines look: for people (and `grep`), or as JSON for programs.

What is logged with ``extra={"article": 7, "outcome": "unchanged"}`` becomes fields of the line. Much of it is
other people's text, so no field can begin a new line or pass for another field.
"""

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

_NO_FIELDS = {
    *vars(logging.makeLogRecord({})),
    *("message", "asctime", "taskName"),
    "request",  # Django's object, which has no form worth reading
}
_TOKEN = re.compile(r"(/(?:subscriptions|websub)/)[A-Za-z0-9_-]{20,}")
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.,:;/+*@%&?!#~()[]{}<>|$")


def fields(record: logging.LogRecord) -> dict[str, Any]:
    """What was given as *extra*, without what is None."""
    given = vars(record).items()
    return {name: value for name, value in given if name not in _NO_FIELDS and value is not None}


def without_trace_of_refusals(record: logging.LogRecord) -> bool:
    """Lets all pass; a request refused (4xx, or 501: of a form that we don't have) is its sender's fault,
    and leaves no trace to read, nor does what the database or the disk refused (503): a line says why.
    Django logs each 5xx as an error of ours; 501 is none."""
    status = getattr(record, "status_code", 0)
    if 400 <= status < 500 or status in (501, 503):
        record.exc_info = None
    if status == 501 and record.levelno > logging.WARNING:
        record.levelno, record.levelname = logging.WARNING, logging.getLevelName(logging.WARNING)
    return True


class TextFormatter(logging.Formatter):
    """``2026-07-18T09:50:00Z INFO articles.watch.check.check checked article=7 reason="the same text"``."""

    def format(self, record: logging.LogRecord) -> str:
        line = f"{_time(record)} {record.levelname} {record.name} {_one_line(record.getMessage())}"
        pairs = "".join(f" {name}={_value(value)}" for name, value in fields(record).items())
        trace = self.formatException(record.exc_info) if record.exc_info else record.exc_text
        return line + pairs + (f"\n{trace}" if trace else "")


class JSONFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, message, the fields, and exception where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": _time(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _without_tokens(record.getMessage()),
            **fields(record),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


def _time(record: logging.LogRecord) -> str:
    return f"{datetime.fromtimestamp(record.created, UTC):%Y-%m-%dT%H:%M:%S}.{int(record.msecs):03}Z"


def _one_line(text: str) -> str:
    """*text* without anything that a terminal or a reader of lines takes for more than a letter."""
    shown = _without_tokens(text)
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in shown)


def _without_tokens(text: str) -> str:
    """*text* without the parts of addresses that let whoever knows them act for a subscriber."""
    return _TOKEN.sub(r"\1…", text)


def _value(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.3f}"
    text = _without_tokens(str(value))
    if text and _PLAIN.issuperset(text):
        return text
    return '"' + _one_line(text.replace("\\", "\\\\").replace('"', '\\"')) + '"'
