"""Archives as the programs that make them lay them out, with their own SQL and files.

The schemas are those of the programs' repositories; the texts are ours.
"""

import gzip
import json
import os
import sqlite3
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

NEWS_SNIFFER = """
CREATE TABLE `news_articles` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `source` varchar(32) COLLATE utf8mb4_bin NOT NULL,
  `guid` varchar(200) COLLATE utf8mb4_bin NOT NULL,
  `url` varchar(250) COLLATE utf8mb4_bin NOT NULL,
  `title` varchar(200) COLLATE utf8mb4_bin NOT NULL,
  `created_at` datetime NOT NULL,
  `updated_at` datetime NOT NULL,
  `published_at` datetime DEFAULT NULL,
  `versions_count` smallint(6) NOT NULL DEFAULT '0',
  `next_check_after` datetime DEFAULT NULL,
  `check_period` int(11) NOT NULL DEFAULT '0',
  `parser` varchar(255) COLLATE utf8mb4_bin DEFAULT NULL,
  `hidden` tinyint(1) NOT NULL DEFAULT '0',
  PRIMARY KEY (`id`),
  KEY `index_news_articles_on_source_and_guid` (`source`,`guid`)
);
CREATE TABLE `news_article_version_texts` (
  `news_article_version_id` int(11) NOT NULL,
  `text` mediumtext COLLATE utf8mb4_bin,
  PRIMARY KEY (`news_article_version_id`)
);
CREATE TABLE `news_article_versions` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `news_article_id` int(11) NOT NULL,
  `title` varchar(200) COLLATE utf8mb4_bin NOT NULL,
  `url` varchar(250) COLLATE utf8mb4_bin DEFAULT NULL,
  `created_at` datetime NOT NULL,
  `version` smallint(6) NOT NULL DEFAULT '0',
  `text_hash` varchar(32) COLLATE utf8mb4_bin NOT NULL,
  `votes` int(11) NOT NULL DEFAULT '0',
  PRIMARY KEY (`id`),
  KEY `index_news_article_versions_on_news_article_id` (`news_article_id`)
);
CREATE TABLE `votes` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `sessionid` varchar(32) COLLATE utf8mb4_bin DEFAULT NULL,
  PRIMARY KEY (`id`)
);
"""

NEWSDIFFS = """
CREATE TABLE `Articles` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `url` varchar(255) NOT NULL,
  `initial_date` datetime NOT NULL,
  `last_update` datetime NOT NULL DEFAULT '1901-01-01 00:00:00',
  `last_check` datetime NOT NULL DEFAULT '1901-01-01 00:00:00',
  `git_dir` varchar(255) NOT NULL DEFAULT 'old',
  PRIMARY KEY (`id`),
  UNIQUE KEY `url` (`url`)
);
CREATE TABLE `upvotes` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `article_id` int(11) NOT NULL,
  `upvoter_ip` varchar(255) NOT NULL,
  PRIMARY KEY (`id`)
);
CREATE TABLE `version` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `article_id` int(11) NOT NULL,
  `v` varchar(255) NOT NULL,
  `title` varchar(255) NOT NULL,
  `byline` varchar(255) NOT NULL,
  `date` datetime NOT NULL,
  `boring` tinyint(1) NOT NULL DEFAULT '0',
  `diff_json` varchar(255) DEFAULT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `v` (`v`),
  KEY `version_article` (`article_id`)
);
"""

DIFFENGINE = """
CREATE TABLE "feed" ("url" VARCHAR(255) NOT NULL PRIMARY KEY, "name" VARCHAR(255) NOT NULL,
  "created" DATETIME NOT NULL);
CREATE TABLE "entry" ("id" INTEGER NOT NULL PRIMARY KEY, "url" VARCHAR(255) NOT NULL,
  "created" DATETIME NOT NULL, "checked" DATETIME NOT NULL);
CREATE TABLE "feedentry" ("id" INTEGER NOT NULL PRIMARY KEY, "feed_id" VARCHAR(255) NOT NULL,
  "entry_id" INTEGER NOT NULL, "created" DATETIME NOT NULL);
CREATE TABLE "entryversion" ("id" INTEGER NOT NULL PRIMARY KEY, "title" VARCHAR(255) NOT NULL,
  "url" VARCHAR(255) NOT NULL, "summary" VARCHAR(255) NOT NULL, "created" DATETIME NOT NULL,
  "archive_url" VARCHAR(255), "entry_id" INTEGER NOT NULL);
CREATE INDEX "entryversion_url" ON "entryversion" ("url");
CREATE TABLE "diff" ("id" INTEGER NOT NULL PRIMARY KEY, "old_id" INTEGER NOT NULL, "new_id" INTEGER NOT NULL,
  "created" DATETIME NOT NULL, "tweeted" DATETIME, "blogged" DATETIME);
"""

NEWSEDITS = """
CREATE TABLE entryversion (id INTEGER PRIMARY KEY, entry_id INTEGER, version INTEGER, created TEXT,
  title TEXT, url TEXT, num_versions INTEGER, summary TEXT);
"""

Rows = Mapping[str, Sequence[Mapping[str, object]]]


def sqlite_file(path: Path, schema: str, rows: Rows) -> Path:
    """A SQLite file of the tables, as a conversion of the MySQL database gives it."""
    plain = "\n".join(
        line.replace(" COLLATE utf8mb4_bin", "").replace(" AUTO_INCREMENT", "")
        for line in schema.splitlines()
        if not line.lstrip().startswith(("KEY ", "UNIQUE KEY "))
    )
    plain = plain.replace(",\n)", "\n)")
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(plain)
        for table, found in rows.items():
            for row in found:
                names = ", ".join(f'"{name}"' for name in row)
                places = ", ".join("?" * len(row))
                connection.execute(f'INSERT INTO "{table}" ({names}) VALUES ({places})', list(row.values()))
        connection.commit()
    return path


def mysql_dump(path: Path, schema: str, rows: Rows) -> Path:
    """The file that mysqldump writes of the tables; gzip, if the path says so."""
    lines = [
        "-- MySQL dump 10.13  Distrib 5.7.29, for Linux (x86_64)",
        "--",
        "-- Host: localhost    Database: archive; it's theirs",
        "-- ------------------------------------------------------",
        "/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;",
        "/*!40101 SET NAMES utf8mb4 */;",
        "",
    ]
    for statement in schema.strip().split(";\n"):
        statement = statement.rstrip(";\n")
        table = statement.split("`")[1]
        lines += [
            f"--\n-- Table structure for table `{table}`\n--\n",
            f"DROP TABLE IF EXISTS `{table}`;",
            "/*!40101 SET @saved_cs_client     = @@character_set_client */;",
            f"{statement} ENGINE=InnoDB AUTO_INCREMENT=7 DEFAULT CHARSET=utf8mb4;",
            f"--\n-- Dumping data for table `{table}`\n--\n",
            f"LOCK TABLES `{table}` WRITE;",
            f"/*!40000 ALTER TABLE `{table}` DISABLE KEYS */;",
        ]
        columns = [line.split("`")[1] for line in statement.splitlines()[1:] if line.startswith("  `")]
        found = rows.get(table, ())
        if found:
            values = ",".join(
                "(" + ",".join(literal(row.get(name, _default(name))) for name in columns) + ")"
                for row in found
            )
            lines.append(f"INSERT INTO `{table}` VALUES {values};")
        lines += [f"/*!40000 ALTER TABLE `{table}` ENABLE KEYS */;", "UNLOCK TABLES;", ""]
    lines.append("-- Dump completed on 2020-04-05 12:00:00")
    data = "\n".join(lines).encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def _default(column: str) -> object:
    return None if column in ("text", "published_at", "parser", "diff_json") else 0


def literal(value: object) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace("'", "\\'").replace('"', '\\"')
        escaped = (
            escaped.replace("\n", "\\n").replace("\r", "\\r").replace("\0", "\\0").replace("\x1a", "\\Z")
        )
        return f"'{escaped}'"
    return str(value)


class NewsDiffsRepository:
    """A repository as the scraper of NewsDiffs fills it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        self._git("init", "-q", "-b", "master")

    def commit(self, path: str, text: str, at: str, subject: str = "") -> str:
        """Write *text* to *path* and commit it at the time *at*; the commit's name."""
        file = self.folder / path
        subject = subject or f"{'Change to' if file.exists() else 'Adding file'} {path}"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        self._git("add", "--", path)
        self._git("commit", "-q", "-m", subject, at=at)
        return self._git("rev-parse", "HEAD").strip()

    def _git(self, *arguments: str, at: str = "2012-01-01T00:00:00Z") -> str:
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": "scraper",
            "GIT_AUTHOR_EMAIL": "scraper@news.example",
            "GIT_COMMITTER_NAME": "scraper",
            "GIT_COMMITTER_EMAIL": "scraper@news.example",
            "GIT_AUTHOR_DATE": at,
            "GIT_COMMITTER_DATE": at,
        }
        done = subprocess.run(
            ["git", *arguments], cwd=self.folder, env=environment, capture_output=True, text=True, check=True
        )
        return done.stdout


def watch_folder(
    store: Path,
    uuid: str,
    snapshots: Iterable[tuple[int, str, bytes]],
    **told: object,
) -> Path:
    """The folder of one watch of changedetection.io: snapshots are (epoch, file, bytes)."""
    folder = store / uuid
    folder.mkdir(parents=True)
    lines = []
    for epoch, name, data in snapshots:
        (folder / name).write_bytes(data)
        lines.append(f"{epoch},{name}\n")
    (folder / "history.txt").write_text("".join(lines))
    values = {"uuid": uuid, "url": "https://news.example/watched", "processor": "text_json_diff"} | told
    (folder / "watch.json").write_text(json.dumps(values))
    return folder
