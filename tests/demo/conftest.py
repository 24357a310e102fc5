from collections.abc import Iterator

import pytest

from demo import Newsroom


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with Newsroom() as room:
        yield room
