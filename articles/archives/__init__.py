"""Archives of other programs that watched news, read and taken in; and pages written as WARC.

Comes in: the files of News Sniffer, NewsDiffs, diffengine, NewsEdits and changedetection.io, WARC and WACZ.
Goes out: articles and versions like those the watch makes, each with what its origin called it (`Imported`).

Read `records` first: what every reader hands out. There is one reader a kind of archive, a generator that
knows no Django, goes to no network and holds one article at a time (`news_sniffer`, `newsdiffs`,
`diffengine`, `newsedits`, `changedetection`, `warc`); `bounds`, `databases`, `mysql_dump` and `git_objects`
open strangers' files so that they can do no harm. `store` is the only module that writes into our database.
`permalinks` leads from the addresses of the old sites to ours. `warc_writing` writes kept pages as WARC.
"""

from articles.archives.bounds import ArchiveError
from articles.archives.records import ArchivedArticle, ArchivedVersion, Broken, Left, Page, Record

__all__ = ["ArchiveError", "ArchivedArticle", "ArchivedVersion", "Broken", "Left", "Page", "Record"]
