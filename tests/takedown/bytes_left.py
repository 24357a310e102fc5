"""`python -m tests.takedown.bytes_left FOLDER`: how often a word stands in the files of SQLite in FOLDER,
the data folder of an installation, before the article that it stands in is purged, after that, and after a
backup from before is restored.

Prints these as JSON, with the number of articles that there are then. The texts themselves are stored
compressed; the headline, the excerpt and the index have the word as it is.
"""

import json
import os
import sys
from pathlib import Path

WORD = "zyxwombat"


def main(folder: Path) -> None:
    os.environ |= {"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "newsdiffs.settings", "SECRET_KEY": "x"}
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    import django.db

    from articles import takedown
    from articles.backups import back_up, restore
    from articles.models import Address, Article, Capture, Reason
    from tests.factories import MORNING, make_article, make_source, make_version

    source = make_source()
    for number in range(60):
        article = make_article(
            source, headline=f"{WORD} at court" if number == 30 else f"Lime trees {number}"
        )
        for version in range(10):
            name = WORD if number == 30 else f"nobody {number}"
            make_version(
                article,
                [f"The name is {name}, {version} times {number}.", "The council met."],
                headline=f"{name} day {version}",
                byline=f"By {name}",
                excerpt=[["+", f"{name} left"]],
            )
        if number == 30:
            Address.objects.create(article=article, address=f"https://a.example/{WORD}", key=WORD)
            for _ in range(3):  # what was overwritten before must not be left either
                Capture.objects.update_or_create(
                    article=article,
                    source=source,
                    defaults={"body": WORD.encode() * 2000, "fetched": MORNING, "url": ""},
                )
            Capture.objects.update(body=b"x")
    before = count(folder)
    back_up(folder / "backup.zip")
    takedown.purge(Article.objects.get(headline__startswith=WORD), takedown.Grounds(Reason.PERSONAL))
    assert takedown.scrub_pending()
    after = count(folder)
    restore(folder / "backup.zip", force=True, stopped=True)
    django.db.connection.close()
    restored = count(folder)
    articles = Article.objects.exclude(address="").count()
    print(json.dumps([before, after, restored, articles]))


def count(folder: Path) -> int:
    return sum(file.read_bytes().lower().count(WORD.encode()) for file in folder.glob("newsdiffs.sqlite3*"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
