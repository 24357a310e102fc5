"""A running site answers as its description says, whatever is asked: by schemathesis, and in a browser."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import SearchStrategy
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from tests.api.conftest import Archive
from tests.chromium import chromium

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    unsupported_method,
]
"""Not that every valid question is answered by 2xx: words to look for, and cursors, are read by rules that no
schema holds."""

EXAMPLES = 20
"""For each operation."""


def test_schemathesis_finds_no_violation(live_server, archive: Archive):
    schema = schemathesis.openapi.from_url(f"{live_server.url}/api/v1/openapi.json")
    real = {
        "slug": archive.open.source.slug,
        "article": archive.open.pk,
        "version": archive.second.pk,
        "before": 1,
        "after": 2,
    }
    asked = 0
    for result in schema.get_all_operations():
        operation = result.ok()
        named = {one.name for one in operation.path_parameters}
        ask(operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
        ask(operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))
        if named:
            ask(operation.as_strategy(path_parameters={name: real[name] for name in named}))
        asked += 1
    assert asked == 12


def ask(cases: SearchStrategy[Any]) -> None:
    """Ask the site, and see that it answers as it says."""

    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(cases)
    def run(case: Any) -> None:
        case.call_and_validate(checks=CHECKS)

    run()


@pytest.mark.browser
def test_the_page_shows_every_operation_and_asks_no_other_site(live_server, archive: Archive):
    asked, faults = [], []
    with chromium() as browser:
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"{live_server.url}/api/docs")
        page.wait_for_selector(".opblock")
        assert page.locator(".opblock").count() == 12
    assert not faults
    assert all(url.startswith((live_server.url, "data:", "blob:")) for url in asked)
