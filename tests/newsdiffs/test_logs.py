"""Log lines: one a record, with its fields, whatever strangers write into them."""

import json
import logging
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsdiffs.logging import JSONFormatter, TextFormatter, without_trace_of_refusals


def record(message="checked", arguments=(), **fields):
    made = logging.makeLogRecord(
        {
            "name": "articles.watch.check.check",
            "levelno": 20,
            "levelname": "INFO",
            "msg": message,
            "args": arguments,
        }
        | fields
    )
    made.created, made.msecs = 1_468_835_400.25, 250.0
    return made


def test_text_is_for_people_and_grep():
    line = TextFormatter().format(
        record(article=7, reason="the same text", outcome="unchanged", seconds=0.5, status=None, path="")
    )
    assert line == (
        "2016-07-18T09:50:00.250Z INFO articles.watch.check.check checked "
        'article=7 reason="the same text" outcome=unchanged seconds=0.500 path=""'
    )


def test_json_is_for_programs():
    line = JSONFormatter().format(record("%s of %s", ("one", "two"), article=7, reason='"a"\nb', status=None))
    assert json.loads(line) == {
        "time": "2016-07-18T09:50:00.250Z",
        "level": "info",
        "logger": "articles.watch.check.check",
        "message": "one of two",
        "article": 7,
        "reason": '"a"\nb',
    }


@pytest.mark.parametrize("formatter", [TextFormatter(), JSONFormatter()])
def test_djangos_own_objects_are_left_out(formatter):
    line = formatter.format(record("Not Found: /x", request=object(), status_code=404))
    assert "object at" not in line
    assert "404" in line


@pytest.mark.parametrize("formatter", [TextFormatter(), JSONFormatter()])
def test_an_exception_comes_with_its_trace(formatter):
    try:
        raise ValueError("on purpose")
    except ValueError as problem:
        line = formatter.format(record(exc_info=(ValueError, problem, problem.__traceback__)))
    assert "ValueError: on purpose" in line
    assert "test_logs.py" in line


PAIR = re.compile(r' (\w+)=("(?:[^"\\]|\\.)*"|[^" ]*)')


@given(st.text(), st.text())
def test_no_text_begins_a_line_or_another_field(message, reason):
    made = record("%s", (message,), reason=reason, outcome="unchanged")
    text, object_ = TextFormatter().format(made), JSONFormatter().format(made)
    assert len(text.splitlines()) == len(object_.splitlines()) == 1
    assert text.isprintable()
    assert json.loads(object_)["reason"] == reason
    assert text.endswith(" outcome=unchanged")


@given(st.text())
def test_a_fields_end_is_known(reason):
    text = TextFormatter().format(record(reason=reason, outcome="unchanged"))
    rest = text.partition(" checked")[2]
    assert [name for name, _ in PAIR.findall(rest)] == ["reason", "outcome"]
    assert "".join(match.group(0) for match in PAIR.finditer(rest)) == rest


def test_a_form_that_we_do_not_have_is_no_error_of_ours(client, caplog):
    """Django logs each 5xx as an error."""
    assert client.get("/oembed", {"url": "x", "format": "yaml"}).status_code == 501
    (refused,) = [one for one in caplog.records if getattr(one, "status_code", 0) == 501]
    refused.exc_info = (ValueError, ValueError("x"), None)
    assert without_trace_of_refusals(refused)
    assert (refused.levelname, refused.exc_info) == ("WARNING", None)


def test_an_error_of_ours_keeps_its_trace_and_level():
    failed = record(levelno=40, levelname="ERROR", status_code=500, exc_info=(ValueError, ValueError(), None))
    assert without_trace_of_refusals(failed)
    assert failed.levelname == "ERROR"
    assert failed.exc_info
