"""Watch real article pages served on loopback, and say how many are stored with a sane headline and text.

    DATA_DIR=$(mktemp -d) python benchmarks/real_pages.py PAGES.jsonl.xz [--show 20]

Each line of the file is one page: ``html``, ``id``, ``url`` and the truth: ``paragraphs`` and ``headline``,
or ``body``, or a few texts that must stand in it (``with``). The pages are served under one address with an
RSS feed that names them all; the feed is read, and every article checked as the watch does it. A page is
stored sanely when it has a headline, at least 80 % of the true text's word triples (or half of the few texts
that must stand in it), and no more than 20 % of others.
"""

import argparse
import json
import lzma
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.scripted import Page, ScriptedSite

LEAST_SHARE = 0.8


def plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def triples(texts: Iterable[str]) -> Counter[tuple[str, ...]]:
    words = [word for text in texts for word in re.findall(r"\w+", text.casefold())]
    return Counter(tuple(words[start : start + 3]) for start in range(max(len(words) - 2, 1)))


def what_is_wrong(truth: dict[str, Any], headline: str, paragraphs: tuple[str, ...]) -> str:
    """Why what was stored is not sane, or ''."""
    if not headline:
        return "no headline"
    if "with" in truth:
        text = plain(" ".join(paragraphs))
        found_texts = sum(plain(part) in text for part in truth["with"])
        return "" if 2 * found_texts >= len(truth["with"]) else "text is missing"
    stored = triples(paragraphs)
    expected = triples(truth.get("paragraphs") or [truth["body"]])
    found = sum((stored & expected).values())
    if found < LEAST_SHARE * sum(expected.values()):
        return "text is missing"
    if found < LEAST_SHARE * sum(stored.values()):
        neutral = triples(
            [*truth.get("optional", []), *truth.get("authors", []), truth.get("headline") or ""]
        )
        if sum((stored & (expected + neutral)).values()) < LEAST_SHARE * sum(stored.values()):
            return "text that is not the article's"
    return ""


def serve(site: ScriptedSite, pages: list[dict[str, Any]]) -> None:
    items = []
    for number, page in enumerate(pages):
        path = f"/story/{number}"
        site.pages[path] = Page(page["html"].encode("utf-8-sig", "replace"))
        items.append(f"<item><title>{number}</title><link>{escape(site.url + path)}</link></item>")
    site.pages["/feed"] = Page(f"<rss version='2.0'><channel>{''.join(items)}</channel></rss>")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file")
    parser.add_argument("--show", type=int, default=0, help="name this many pages of each fault")
    options = parser.parse_args()
    with lzma.open(options.file, "rt", encoding="utf-8") as lines:
        pages = [json.loads(line) for line in lines]

    with ScriptedSite() as site:
        serve(site, pages)
        os.environ |= {
            "FETCH_ALLOW_ENDPOINTS": site.endpoint,
            "FETCH_HOST_DELAY": "0",
            "LOG_LEVEL": "WARNING",
        }
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsdiffs.settings")
        import django

        django.setup()
        faults, seconds = watch(site, pages)

    print(f"{len(pages)} pages watched in {seconds:.0f} s ({1000 * seconds / len(pages):.0f} ms each)")
    sane = len(faults.pop("", []))
    print(f"stored with a sane headline and text: {sane} ({sane / len(pages):.1%})")
    for fault, names in sorted(faults.items(), key=lambda item: -len(item[1])):
        print(f"  {len(names):4}  {fault}")
        for name in names[: options.show]:
            print(f"          {name}")


def watch(site: ScriptedSite, pages: list[dict[str, Any]]) -> tuple[dict[str, list[str]], float]:
    """Read the feed and check every article: the pages' names by what is wrong with them, and the seconds."""
    from django.core.management import call_command

    from articles.models import Article, Feed, Outcome, Source
    from articles.watch.check.check import check_now
    from articles.watch.crawl.host_session import HostSession
    from articles.watch.crawl.polite_fetch import PoliteFetcher
    from articles.watch.feeds.poll import read_feed_now

    call_command("migrate", verbosity=0)
    source = Source.objects.create(name="Real pages", slug="real-pages", obey_noarchive=False)
    feed = Feed.objects.create(source=source, address=f"{site.url}/feed")
    session = HostSession.take(feed.host_id)
    assert session is not None
    read_feed_now(feed, PoliteFetcher(session))
    session.leave()
    assert Article.objects.count() == len(pages)

    faults: dict[str, list[str]] = {}
    started = time.perf_counter()
    for article in Article.objects.all():
        truth = pages[int(article.address.rsplit("/", 1)[1])]
        result = check_now(article)
        if result.outcome is Outcome.NEW_VERSION:
            version = article.versions.get()
            fault = what_is_wrong(truth, version.headline, version.paragraphs)
        else:
            fault = f"{result.outcome}: {re.sub(r'[0-9]+', 'N', result.reason)}"
        faults.setdefault(fault, []).append(f"{truth['set']} {truth['url']}")
    return faults, time.perf_counter() - started


if __name__ == "__main__":
    main()
