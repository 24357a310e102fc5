"""What articles are found by: headlines' keys of articles seen before 0006, and addresses' keys as they are
made today.

Read in slices, each stored by itself, so that nobody waits; begun again it goes on. Where two articles come to
have one key, the row that has it already keeps it, and the next check of the other sees whether they are one
story. Keys of what was deleted for good can't be made anew, as its addresses are gone: addresses are compared
with these by `articles.fetch.former_key` too.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

from django.db import migrations, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from articles.diff import key as said
from articles.fetch import address_key

AT_ONCE = 1000
SHORTEST_HEADLINE = 12


def find_headlines(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give articles that have a text the key of their headline."""
    articles = apps.get_model("articles", "Article").objects.filter(version_count__gt=0, headline_key="")
    for slice_ in slices(articles.only("headline")):
        for article in slice_:
            article.headline_key = headline_key(article.headline)
        articles.model.objects.bulk_update([one for one in slice_ if one.headline_key], ["headline_key"])


def find_addresses(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give addresses the keys that they have today."""
    Address = apps.get_model("articles", "Address")
    for slice_ in slices(Address.objects.select_related("article")):
        for row in slice_:
            try:
                key = address_key(row.address)
            except ValueError:
                continue  # one that is no address by today's rules is found by none
            if key != row.key:
                with transaction.atomic():
                    give_key(Address, row, key)


def give_key(Address: Any, row: Any, key: str) -> None:
    other = Address.objects.select_related("article").filter(key=key).first()
    if other is None:
        Address.objects.filter(pk=row.pk).update(key=key)
    elif other.article_id != row.article_id:
        older, younger = sorted(
            (other.article, row.article), key=lambda article: (article.first_seen, article.pk)
        )
        type(younger)._default_manager.filter(pk=younger.pk, joined_to=None).update(maybe_same=older.pk)
    else:
        row.delete()  # another spelling of an address that it has


def headline_key(headline: str) -> str:
    """As articles.watch.check.identity makes it."""
    words = said(headline)
    if len(words) < SHORTEST_HEADLINE:
        return ""
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def slices(rows: Any) -> Iterator[list[Any]]:
    """*rows* by their ids, AT_ONCE at a time."""
    last = 0
    while found := list(rows.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        last = found[-1].pk
        yield found


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("articles", "0014_archive"),
    ]

    operations = [
        migrations.RunPython(find_headlines, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(find_addresses, migrations.RunPython.noop, elidable=True),
    ]
