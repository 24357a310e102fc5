"""The first look of our own at an article that was imported is never told as an edit."""

import pytest
from django.core.management import call_command

from articles.extract import EXTRACTOR_VERSION
from articles.models import Article, Outcome, Version
from articles.watch.check.check import check_now
from tests.archives.origins import NEWSEDITS, sqlite_file
from tests.scripted import SENTENCES, Page, story_page
from tests.watch.conftest import PATH

EDITED = (SENTENCES[0].replace("Tuesday", "Wednesday"), *SENTENCES[1:])


@pytest.fixture
def imported(tmp_path, site, source):
    """An article as another program read it: with a caption more and a sentence less."""
    row = {
        "id": 1,
        "entry_id": 1,
        "version": 0,
        "created": "2018-05-01 00:00:00",
        "title": "Lime trees, says the Gazette",
        "url": f"{site.url}{PATH}",
        "num_versions": 1,
        "summary": "".join(f"<p>{part}</p>" for part in ("A caption of a picture.", *SENTENCES[:-1])),
    }
    archive = sqlite_file(tmp_path / "ap.db", NEWSEDITS, {"entryversion": [row]})
    call_command("import_archive", "newsedits", str(archive), "--watch")
    article = Article.objects.get()
    Article.objects.update(source=source)
    return article


def look(article):
    return check_now(Article.objects.select_related("source").get(pk=article.pk))


def test_another_reading_is_no_version(imported, site):
    site.pages[PATH] = Page(story_page())
    assert look(imported).outcome is Outcome.UNCHANGED
    assert look(imported).outcome is Outcome.UNCHANGED
    imported.refresh_from_db()
    assert (imported.version_count, imported.extractor_version) == (1, EXTRACTOR_VERSION)


def test_an_edit_after_it_is_the_edit_alone(imported, site, client):
    site.pages[PATH] = Page(story_page())
    look(imported)
    site.pages[PATH] = Page(story_page(paragraphs=EDITED))
    assert look(imported).outcome is Outcome.NEW_VERSION
    version = Version.objects.get(number=2)
    assert (version.words_added, version.words_removed, version.badges) == (1, 1, ["date"])
    assert version.paragraphs == EDITED
    page = client.get(version.diff_url).content.decode()
    assert "Wednesday" in page
    assert "<del>A caption" not in page


def test_a_doubtful_first_page_is_seen_twice(imported, site):
    site.pages[PATH] = Page(story_page(paragraphs=SENTENCES[:2]))
    assert look(imported).outcome is Outcome.PENDING
    site.pages[PATH] = Page(story_page())
    assert look(imported).outcome is Outcome.UNCHANGED
    assert Version.objects.count() == 1
