"""A newer extractor, or another rule, is told from an edit, from the page to what readers see."""

from dataclasses import replace

import pytest

from articles.extract import extract
from articles.models import Article, Source, Version
from articles.watch.check import page as reading
from articles.watch.check.check import check_now
from articles.watch.feeds.poll import add_article
from tests.scripted import SENTENCES, Page, story_page
from tests.watch.conftest import PATH

STANDFIRST = "A standfirst that the older extractor passed over, of quite a few words."
EDITED = (SENTENCES[0].replace("Tuesday", "Wednesday"), *SENTENCES[1:])


@pytest.fixture
def upgrade(monkeypatch, read_otherwise):
    """Put a newer extractor in place, which reads a standfirst more, another byline and a longer headline."""
    older = extract

    def newer(*arguments, **more):
        story = older(*arguments, **more)
        return replace(
            story,
            headline=f"Exclusive: {story.headline}",
            byline="By our own correspondent",
            paragraphs=(STANDFIRST, *story.paragraphs),
        )

    def put_in_place():
        read_otherwise(newer)
        monkeypatch.setattr(reading, "EXTRACTOR_VERSION", 1000)

    return put_in_place


def test_a_hundred_stored_pages_get_no_version_from_a_newer_extractor(site, source, upgrade):
    def serve(furniture):
        for number in range(100):
            said = f"Tree number {number} was planted in {1800 + number}, as a plate at its foot still says."
            site.pages[f"/trees/{number}"] = Page(
                story_page(f"Tree {number}", (*SENTENCES, said), furniture=furniture)
            )

    serve("<p>Advert</p>")
    for number in range(100):
        check_now(add_article(f"{site.url}/trees/{number}", source)[0])
    upgrade()
    serve("<p>Another advert altogether, so that each page is another.</p>")
    outcomes = [check_now(article).outcome.value for article in Article.objects.all()]
    assert outcomes == ["unchanged"] * 100
    assert Version.objects.count() == 100
    assert set(Article.objects.values_list("extractor_version", flat=True)) == {1000}


@pytest.mark.parametrize("checks_between", [0, 1])
def test_an_edit_after_an_upgrade_is_the_edit_alone(site, check, seen, upgrade, client, checks_between):
    upgrade()
    for _ in range(checks_between):
        assert check().outcome.value == "unchanged"
    site.pages[PATH] = Page(story_page(paragraphs=EDITED))
    assert check().outcome.value == "new-version"

    version = Version.objects.get(number=2)
    assert (version.words_added, version.words_removed) == (1, 1)
    assert version.headline_before == ""
    assert "headline" not in version.badges
    assert STANDFIRST not in str(version.excerpt)
    assert version.paragraphs == (STANDFIRST, *EDITED)

    page = client.get(version.diff_url).content.decode()
    assert "Our own reading of this page changed between these two versions" in page
    assert "+1" in page
    assert f"<ins>{STANDFIRST}" not in page
    assert "Wednesday" in page
    assert "1 changed paragraph," in page
    for told in (page, client.get(f"/articles/{seen.pk}/").content.decode()):
        assert "[removed: Tuesday] [added: Wednesday]" in told
        assert "Was: “" not in told
    feed = client.get(f"/articles/{seen.pk}/feed.rss").content.decode()
    assert "Wednesday" in feed
    assert STANDFIRST not in feed


def test_versions_further_apart_are_compared_as_stored_and_it_is_said(site, check, seen, upgrade, client):
    upgrade()
    for paragraphs in (EDITED, EDITED[:-1]):
        site.pages[PATH] = Page(story_page(paragraphs=paragraphs))
        check()
    page = client.get(f"/articles/{seen.pk}/diff/1/3/").content.decode()
    assert STANDFIRST in page
    assert "some of what is marked may be that" in page
    later = client.get(f"/articles/{seen.pk}/diff/2/3/").content.decode()
    assert "Our own reading" not in later


def test_an_edit_after_a_new_rule_is_the_edit_alone(site, check, seen):
    Source.objects.update(rules={"drop_text": ["^A surveyor.*"]})
    site.pages[PATH] = Page(story_page(paragraphs=EDITED))
    assert check().outcome.value == "new-version"
    version = Version.objects.get(number=2)
    assert (version.words_added, version.words_removed) == (1, 1)
    first = Version.objects.get(number=1)
    assert version.text_before(first).paragraphs == (SENTENCES[0], *SENTENCES[2:])


def test_an_upgrade_that_reads_a_page_as_before_leaves_no_trace(site, check, seen, monkeypatch, client):
    monkeypatch.setattr(reading, "EXTRACTOR_VERSION", 1000)
    site.pages[PATH] = Page(story_page(paragraphs=EDITED))
    assert check().outcome.value == "new-version"
    assert Version.objects.get(number=2).previous_reextracted is None
    assert "Our own reading" not in client.get(f"/articles/{seen.pk}/diff/1/2/").content.decode()


def test_an_upgrade_that_reads_far_less_is_not_taken_for_a_text_that_shrank(
    site, check, seen, monkeypatch, read_otherwise
):
    older = extract

    def newer(*arguments, **more):
        story = older(*arguments, **more)
        return replace(story, paragraphs=story.paragraphs[:2])

    read_otherwise(newer)
    monkeypatch.setattr(reading, "EXTRACTOR_VERSION", 1000)
    site.pages[PATH] = Page(story_page(paragraphs=EDITED))
    assert check().outcome.value == "new-version"
    assert Version.objects.get(number=2).paragraphs == EDITED[:2]
