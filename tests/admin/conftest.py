"""What tests of the admin share."""

from collections.abc import Iterator

import pytest

from tests.admin.newspaper import newspaper
from tests.scripted import ScriptedSite


@pytest.fixture
def site(settings) -> Iterator[ScriptedSite]:
    """A small newspaper whose site the wizard looks at."""
    with newspaper(settings) as site:
        yield site
