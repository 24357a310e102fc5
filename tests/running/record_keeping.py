"""Run with an installation's settings: fills its record, or goes on writing to it until it is ended.

python -m tests.running.record_keeping ARTICLES      that many, each with versions, an event and a capture
python -m tests.running.record_keeping forever
"""

import sys
import uuid
from itertools import count

import django
from django.db import transaction

django.setup()

from articles.models import Address, Article, Feed, FetchedPage, Source  # noqa: E402
from articles.models.capture import store_page  # noqa: E402
from tests.factories import MORNING, make_article, make_event, make_source, make_version  # noqa: E402


def write_article(source: Source, number: int) -> None:
    """All of it in one transaction: a backup holds the whole of it or nothing."""
    with transaction.atomic():
        article = make_article(source, headline=f"Naïve café № {number} “über” 東京", published=MORNING)
        Address.objects.create(article=article, address=article.address, key=f"news.example/{article.pk}")
        store_page(article, 0, FetchedPage(bytes(range(256)), article.address), MORNING)
        Article.objects.claim(article.pk, MORNING, 60)
        make_version(article, ["Four people were hurt.", f"Line {number}"])
        make_version(article, ["Five people were hurt.", f"Line {number}", "مرحبا"], excerpt=[["a", 1], None])
        make_event(article)


def main(how_many: str) -> None:
    source = make_source(slug=uuid.uuid4().hex, rules={"drop": [".advert", "é"]})
    Feed.objects.create(source=source, address="https://news.example/feed")
    for number in count() if how_many == "forever" else range(int(how_many)):
        write_article(source, number)
        print(number, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
