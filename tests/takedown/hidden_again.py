"""`python -m tests.takedown.hidden_again FOLDER`: backs an article up, hides it, and restores the backup, in
the data folder of an installation that is set up.

Prints, as JSON, whether the article is hidden at first, once hidden, and once restored.
"""

import json
import os
import sys
from pathlib import Path


def main(folder: Path) -> None:
    os.environ |= {"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "newsdiffs.settings", "SECRET_KEY": "x"}
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    from articles import takedown
    from articles.backups import back_up, restore
    from articles.fetch import address_key
    from articles.models import Address, Article, Reason
    from tests.factories import make_article, make_version

    article = make_article()
    Address.objects.create(article=article, address=article.address, key=address_key(article.address))
    make_version(article)
    told = [Article.objects.get().hidden]
    back_up(folder / "backup.zip")
    takedown.hide([article.pk], takedown.Grounds(Reason.PERSONAL))
    told.append(Article.objects.get().hidden)
    restore(folder / "backup.zip", force=True, stopped=True)
    told.append(Article.objects.get().hidden)
    print(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
