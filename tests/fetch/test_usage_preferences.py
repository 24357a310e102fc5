"""What sites wish of machines, read from robots.txt, headers and pages."""

import pytest

from articles.fetch import Wishes, read_usage, wishes_of

ROBOTS = """
User-agent: OtherBot
Content-Usage: train-ai=y

User-agent: NewsBot
User-agent: *
Disallow: /search
Content-Usage: train-ai=n  # all of it
content-usage: /open/ train-ai=y
User-agent: Third
Content-Usage: train-ai=y
"""


def test_the_rules_for_all_robots_are_read():
    assert read_usage(ROBOTS) == [["/", "train-ai=n"], ["/open/", "train-ai=y"]]
    assert read_usage("") == read_usage("Content-Usage: train-ai=n") == read_usage("\x00<html>") == []


def test_rules_are_bounded():
    lines = "\n".join(["User-agent: *", *(f"Content-Usage: /{'x' * 9999} y" for _ in range(999))])
    rules = read_usage(lines)
    assert len(rules) == 100
    assert max(len(path) for path, _ in rules) == 500


@pytest.mark.parametrize(("path", "usage"), [("/a", "train-ai=n"), ("/open/a", "train-ai=y")])
def test_the_longest_path_counts(path, usage):
    assert wishes_of([], {}, read_usage(ROBOTS), path).content_usage == usage


def test_the_answer_comes_before_the_page_and_robots_txt():
    headers = [
        ["TDM-Reservation", "1"],
        ["tdm-policy", "https://news.example/licence"],
        ["Content-Usage", "search=y"],
        ["X-Robots-Tag", "noimageindex"],
    ]
    claims = {"tdm_reservation": "0", "tdm_policy": "other", "robots": "max-snippet:50"}
    assert wishes_of(headers, claims, read_usage(ROBOTS), "/a") == Wishes(
        True, "https://news.example/licence", "search=y", "noimageindex, max-snippet:50"
    )
    assert wishes_of([], claims, [], "/a") == Wishes(False, "other", "", "max-snippet:50")
    assert wishes_of([], {}, [], "/a") == Wishes()
