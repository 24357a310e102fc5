"""One job leaves nothing for the next: pages read in any order by one reader give what each gives alone."""

import os
import random

from articles.extract import Rules
from articles.fetch import read_feed
from articles.isolation import isolated, reader
from articles.watch.check.page_reading import read
from tests.extract.pages import news_page
from tests.extract.words import ENGLISH
from tests.scripted import SENTENCES, story_page

HERE = "https://paper.example/a"
HTML = "text/html; charset=utf-8"
FEED = b"<rss version='2.0'><channel><title>T</title><item><link>https://paper.example/1</link></item></channel></rss>"

JOBS = [
    (read, news_page(ENGLISH).encode(), HERE, HTML, None),
    (read, story_page().encode(), HERE, HTML, None),
    (read, story_page(paragraphs=SENTENCES[::-1]).encode(), HERE, HTML, Rules(drop_text=("^The .*",))),
    (read, story_page(paragraphs=SENTENCES[::-1]).encode(), HERE, HTML, Rules(drop=("p:first-of-type",))),
    (read, b"<p>" * 5000 + b"\xff\xfe", HERE, "", None),
    (read, b"", HERE, HTML, None),
    (read_feed, FEED, HERE, "application/rss+xml"),
    (read_feed, FEED[:90], HERE, ""),
]


def test_pages_and_feeds_read_in_any_order_give_what_each_gives_alone() -> None:
    alone = []
    for job in JOBS:
        reader.end_readers()
        alone.append(isolated(*job))
    reader.end_readers()
    pid = isolated(os.getpid)
    order = [*range(len(JOBS))] * 4
    random.Random(1).shuffle(order)
    assert [isolated(*JOBS[number]) for number in order] == [alone[number] for number in order]
    assert isolated(os.getpid) == pid
