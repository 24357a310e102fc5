"""What no parser survives is stopped, and only that reading with it."""

from articles.watch.reading import read_page
from tests.scripted import story_page


def test_a_tag_of_a_hundred_thousand_attributes_is_stopped():
    tag = "<p " + " ".join(f"a{n}=1" for n in range(100_000)) + ">"
    page = story_page().replace("<p>", tag, 1).encode()
    reading = read_page(page, "https://example.org/a", "text/html", None, seconds=1.0)
    assert reading.story.problem.startswith("reading the page was stopped")
    again = read_page(story_page().encode(), "https://example.org/a", "text/html", None)
    assert again.story.problem == ""
