"""What the preview of "Add source" warns of."""

import pytest
from django.urls import reverse

from articles.extract import extract
from articles.models import Source
from articles.watch.feeds.poll import add_article
from tests.admin.newspaper import STORIES, choose, look, rss, said, save, texts
from tests.factories import make_source
from tests.scripted import SENTENCES, Page, story_page

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_queue")]


def of_one(client, site, page, *, robots=""):
    """The preview of a feed whose one story is *page*."""
    site.pages["/feed"] = rss(1)
    site.pages["/2026/story-1"] = page
    if robots:
        site.pages["/robots.txt"] = Page(f"User-agent: *\nDisallow: {robots}\n")
    look(client, f"{site.url}/feed")
    return said(choose(client, f"{site.url}/feed"))


WALLED = (*SENTENCES[:1], "Subscribe to continue reading this story.")


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (Page("", status=403), "refuses us (403)"),
        (Page("", status=404), "not found (404)"),
        (Page("<title>Just a moment...</title>"), "a challenge page"),
        (Page(story_page("Story", ("Short.",))), "no text; not an article"),
        (Page(story_page("Story", WALLED)), "looks like a paywall"),
        (Page(story_page("Story", (*texts(1), WALLED[1]))), "Looks like a paywall: the text ends"),
        (Page(story_page("Story", SENTENCES[:3])), "a short notice, or all that a paywall shows"),
        (Page(story_page("Story", texts(1), head="<meta name=robots content=noarchive>")), "(noarchive)"),
        (Page(story_page("Story", texts(1)), headers={"X-Robots-Tag": "noarchive"}), "(noarchive)"),
        (Page("", status=302, headers={"Location": "/"}), "It redirects to a home page"),
        (Page("", status=302, headers={"Location": "/login"}), "it redirects to a log-in"),
        (Page("", status=302, headers={"Location": "/2026/story-2"}), "It redirects to"),
        (Page(story_page("Page not found", texts(1))), "the headline reads like an error"),
        (Page(b"%PDF-1.7", content_type="application/pdf"), "not a page with a text"),
        (Page(" "), "an empty page"),
    ],
)
def test_the_preview_warns(admin_client, site, page, words):
    site.pages["/login"] = Page("Sign in")
    assert words in of_one(admin_client, site, page)


def test_the_preview_of_what_robots_txt_forbids_says_so(admin_client, site):
    preview = of_one(admin_client, site, Page(story_page()), robots="/2026/")
    assert "Not stored: robots.txt does not let us fetch it" in preview
    assert "None of these would be stored" in preview
    assert "/2026/story-1" not in site.paths()


def test_the_same_text_on_all_is_told(admin_client, site):
    for number in range(STORIES):
        site.pages[f"/2026/story-{number}"] = Page(story_page("Welcome", texts(0)))
    look(admin_client, site.url)
    assert "The same text on 5 of 5" in said(choose(admin_client, f"{site.url}/feed"))


BOXES = (
    "Sign up (it is free) for our letter + read what the valley speaks of, every morning at 7.30.",
    "This story first appeared in the Saturday edition of the Valley Post, says the desk.",
)


@pytest.fixture
def boxed(admin_client, site):
    """The preview of articles that end with the same two paragraphs, but for one that lacks the first."""
    for number in range(STORIES):
        text = (*texts(number), *BOXES[number == 3 :])
        site.pages[f"/2026/story-{number}"] = Page(story_page(f"Story {number}", text))
    look(admin_client, site.url)
    return choose(admin_client, f"{site.url}/feed")


def test_what_stands_on_most_of_them_is_offered_to_be_dropped(boxed):
    assert "The same 2 paragraphs stand on most of them" in said(boxed)
    assert "What is no part of the stories" in said(boxed)
    for box, count in zip(BOXES, (4, 5), strict=True):
        assert f"Drop “{box}” (on {count} articles)" in said(boxed)
    assert boxed.content.decode().count('name="boilerplate"') == 2


def test_what_is_ticked_is_dropped_by_a_rule_of_its_own_words(admin_client, boxed):
    first, _ = boxed.context["form"].shared
    save(admin_client, boilerplate=[first.key])
    source = Source.objects.get()
    assert len(source.rules["drop_text"]) == 1
    assert source.full_clean() is None
    page = story_page("Story", (*texts(1), *BOXES)).encode()
    story = extract(page, "https://a.example/1", rules=source.extraction_rules)
    assert BOXES[0] not in story.paragraphs
    assert story.paragraphs[-1] == BOXES[1]
    longer = f"{BOXES[0]} And more than that."
    kept = extract(
        story_page("Story", (*texts(1), longer)).encode(),
        "https://a.example/1",
        rules=source.extraction_rules,
    )
    assert longer in kept.paragraphs
    history = said(admin_client.get(reverse("admin:articles_source_history", args=[source.pk])))
    assert "rules" in history


def test_without_a_tick_there_is_no_rule(admin_client, boxed):
    save(admin_client, boilerplate=[])
    assert Source.objects.get().rules == {}


def test_what_was_offered_to_nobody_is_refused(admin_client, boxed):
    assert "Select a valid choice" in said(save(admin_client, boilerplate=["made-up"]))
    assert not Source.objects.exists()


def test_pages_that_ask_not_to_be_archived_are_told_with_the_way_out(admin_client, site):
    for number in range(2, STORIES):
        page = story_page(f"Story {number}", texts(number), head="<meta name=robots content=noarchive>")
        site.pages[f"/2026/story-{number}"] = Page(page)
    look(admin_client, site.url)
    preview = said(choose(admin_client, f"{site.url}/feed"))
    assert "4 of 5 ask not to be archived (noarchive)" in preview
    assert "untick “obey noarchive”" in preview
    save(admin_client, obey_noarchive="")
    assert not Source.objects.get().obey_noarchive


def test_an_article_that_is_watched_already_is_told(admin_client, site):
    add_article(f"{site.url}/2026/story-5", make_source("The Gazette"))
    look(admin_client, site.url)
    assert "watched already, as an article of The Gazette" in said(choose(admin_client, f"{site.url}/feed"))


def test_text_of_the_site_is_only_text(admin_client, site):
    site.pages["/2026/story-1"] = Page(story_page("A &lt;script&gt;alert(1)&lt;/script&gt;", texts(1)))
    look(admin_client, site.url)
    page = choose(admin_client, f"{site.url}/feed").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
