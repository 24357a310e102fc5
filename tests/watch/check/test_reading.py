"""What no parser survives is stopped, and only that reading with it."""

import pytest

from articles.watch.check.page import read_page
from articles.watch.check.page_reading import headers_say_noarchive
from tests.scripted import story_page


def test_a_tag_of_a_hundred_thousand_attributes_is_stopped():
    tag = "<p " + " ".join(f"a{n}=1" for n in range(100_000)) + ">"
    page = story_page().replace("<p>", tag, 1).encode()
    reading = read_page(page, "https://example.org/a", "text/html", None, seconds=1.0)
    assert reading.story.problem.startswith("reading the page was stopped")
    again = read_page(story_page().encode(), "https://example.org/a", "text/html", None)
    assert again.story.problem == ""


@pytest.mark.parametrize(
    ("headers", "asked"),
    [
        (["noarchive"], True),
        (["noindex, nofollow", "NoArchive"], True),
        (["none"], True),
        (["unavailable_after: 25 Jun 2030 15:00:00 PST, noarchive"], True),
        (["unavailable_after: Wed, 25 Jun 2030 15:00:00 GMT, noarchive"], True),
        (["unavailable_after: Wednesday, 25-Jun-30 15:00:00 GMT, noarchive"], True),
        (["googlebot: unavailable_after: Wed, 25 Jun 2030 15:00:00 GMT, noarchive"], False),
        (["max-snippet: 50, noarchive"], True),
        (["newsdiffs: nosnippet, noarchive"], True),
        (["googlebot: nofollow, newsdiffs: noarchive"], True),
        (["googlebot: nofollow", "noarchive"], True),
        ([], False),
        (["noindex, nosnippet"], False),
        (["googlebot: noarchive"], False),
        (["googlebot: nofollow, noarchive"], False),
        (["max-image-preview: none"], False),
        (["", ",:,", "\x00:"], False),
    ],
)
def test_a_header_may_ask_not_to_archive_the_page(headers, asked):
    assert headers_say_noarchive(headers) is asked


@pytest.mark.parametrize(
    ("tag", "asked"),
    [
        ("<meta name=robots content=noarchive>", True),
        ('<meta content="index, NOARCHIVE" name="robots"/>', True),
        ('<meta name="newsdiffs" content="noarchive">', True),
        ('<meta name="robots" content="none">', True),
        ("<meta name=robots content=none>", True),
        ('<meta name="googlebot" content="noarchive">', False),
        ('<meta name="robots" content="index, max-image-preview:none">', False),
        ('<meta name="robots" content="noindex, max-image-preview: none">', False),
    ],
)
def test_a_meta_tag_may_ask_not_to_archive_the_page(tag, asked):
    page = story_page(head=tag).encode()
    assert read_page(page, "https://example.org/a", "text/html", None).noarchive is asked
