"""From a feed to a word-level diff in the browser, as an admin and a reader go through it."""

import feedparser
import pytest
import requests
from lxml import html
from playwright.sync_api import Page, expect

from demo import Newsroom
from tests.running.installation import PATIENCE, Installation, wait_until

pytestmark = pytest.mark.browser

HEADLINE, NUMBER, REMOVED = "night-ferry", "trawler-fire", "oyster-beds"
WATCHED = (
    HEADLINE,
    NUMBER,
    REMOVED,
    "lighthouse-keeper",
    "net-choir",
    "qarib-al-jadd",
    "hoshi-no-toshokan",
    "seagrass",
)


class Site:
    """What admin and reader do in the browser."""

    def __init__(self, installation: Installation, page: Page, room: Newsroom) -> None:
        self.url = f"http://127.0.0.1:{installation.port}"
        self.installation = installation
        self.page = page
        self.room = room

    def open(self, path: str) -> None:
        self.page.goto(self.url + path)

    def log_in(self) -> None:
        self.open("/admin/")
        self.page.get_by_label("Username:").fill("admin")
        self.page.get_by_label("Password:").fill(
            (self.installation.data / "admin-password").read_text().strip()
        )
        self.page.get_by_role("button", name="Log in").click()

    def add_source(self) -> None:
        """Through the admin's form, with a quick schedule."""
        self.open("/admin/articles/source/add/?plain=1")
        self.page.get_by_label("Name:", exact=True).fill("The Harbour Gazette")
        self.page.get_by_label("Home page:").fill(self.room.url)
        self.page.locator("fieldset", has_text="Schedule").locator("summary").click()
        self.page.locator("fieldset", has_text="Which addresses").locator("summary").click()
        self.page.get_by_label("Only addresses:").fill("\n".join(WATCHED))
        numbers = {"floor_seconds": 1, "ceiling_seconds": 2, "feed_seconds": 5}
        numbers |= {"confirm_text_seconds": 1, "confirm_removal_seconds": 1}
        for name, value in numbers.items():
            self.page.locator(f"#id_{name}").fill(str(value))
        self.page.locator("#id_feeds-0-address").fill(self.room.feed_url)
        self.page.get_by_role("button", name="Save", exact=True).click()
        expect(self.page.get_by_text("was added successfully")).to_be_visible()

    def wait_for(self, text: str, path: str = "/changes/?minor=1") -> None:
        """Open the page once it says *text*. A browser that asked all the time would slow the worker down."""

        def seen() -> bool:
            main = html.fromstring(requests.get(self.url + path, timeout=PATIENCE).content).find(".//main")
            return text in " ".join(main.text_content().split())

        wait_until(seen, lambda: self.installation.output()[-6000:])
        self.open(path)
        expect(self.page.locator("main")).to_contain_text(text)

    def open_article(self, slug: str) -> str:
        """Open a story's history once it is there; its path."""
        path = wait_until(lambda: self._find(slug), lambda: self.installation.output()[-6000:])
        self.open(path)
        return path

    def _find(self, slug: str) -> str:
        """The path of a story's history, '' while there is none."""
        for number in range(1, len(self.room.stories) + 1):
            path = f"/articles/{number}/"
            answer = requests.get(self.url + path, timeout=PATIENCE)
            if answer.ok and self.room.story_url(slug) in answer.text:
                return path
        return ""

    def marked(self, tag: str) -> list[str]:
        """The words in ``<ins>`` or ``<del>``, without the hidden words for screen readers."""
        script = """nodes => nodes.map(node => {
            const copy = node.cloneNode(true);
            copy.querySelectorAll('.visually-hidden').forEach(hidden => hidden.remove());
            return copy.textContent.trim();
        })"""
        self.page.wait_for_load_state()  # its address changes before all of the page is there
        words = self.page.locator(f"main .diff {tag}").filter(visible=True).evaluate_all(script)
        return [str(word) for word in words]


@pytest.fixture
def site(installation: Installation, browser_page: Page, room: Newsroom) -> Site:
    installation.start()
    installation.wait_for_site()
    return Site(installation, browser_page, room)


def test_from_a_feed_to_a_diff_in_the_browser(site: Site, room: Newsroom) -> None:
    page = site.page
    site.open("/")
    expect(page.locator("main")).to_contain_text("source")  # nothing yet: it says what to do first

    site.log_in()
    site.add_source()

    # The newest stories are there, and speak in the words of the page.
    site.wait_for(room.state(HEADLINE).headline, "/sources/the-harbour-gazette/")
    wait_until(lambda: _has_version(site, site.open_article(HEADLINE), 1))
    main = page.locator("main")
    expect(main).to_contain_text(
        "This article is from the source 'the-harbour-gazette' and was first published or seen on"
    )
    expect(main).to_contain_text("The next check for changes will be")
    expect(main).to_contain_text("You can find the current article at its original source at")

    # A number is raised: the change is in the list, the diff marks the very words.
    article = site.open_article(NUMBER)
    before = room.state(NUMBER)
    wait_until(lambda: _has_version(site, article, 1))
    room.apply(NUMBER)
    after = room.state(NUMBER)
    old, new = _changed_words(before.paragraphs, after.paragraphs)
    site.wait_for(after.headline)
    page.get_by_role("link", name=after.headline).first.click()
    assert page.url == f"{site.url}{article}diff/1/2/"
    assert (site.marked("del"), site.marked("ins")) == ([old], [new])
    expect(page.locator("main")).to_contain_text("Version 1")
    expect(page.locator("main")).to_contain_text("Version 2")
    expect(page.locator("main")).to_contain_text("later)")
    page.goto(f"{page.url}?view=side")
    assert (site.marked("del"), site.marked("ins")) == ([old], [new])

    # The article's page and its feed tell the same.
    site.wait_for("The article has changed once", article)
    expect(page.locator("main")).to_contain_text("There is an RSS feed of changes available.")
    feed_address = page.locator("link[rel=alternate][type='application/rss+xml']").last.get_attribute("href")
    feed = feedparser.parse(f"{site.url}{article}feed.rss")
    assert feed_address is not None
    assert feed_address.endswith("feed.rss")
    assert not feed.bozo
    assert [entry.link for entry in feed.entries] == [f"{site.url}{article}diff/1/2/"]
    content = feed.entries[0].content[0].value
    assert "<ins" in content
    assert new in content

    # A headline is rewritten.
    was = room.state(HEADLINE).headline
    room.apply(HEADLINE)
    now = room.state(HEADLINE).headline
    site.wait_for(now)
    expect(page.locator("main")).to_contain_text(f"was: {was}")

    # A story is taken down with 404, and comes back.
    assert room.apply(REMOVED)
    gone = site.open_article(REMOVED)
    site.wait_for("It was removed", gone)
    site.open("/changes/")
    expect(main.locator(".label-removed")).to_have_text("Removed")
    while room.state(REMOVED).status != 200:
        assert room.apply(REMOVED)
    site.wait_for("You can find the current article at its original source", gone)
    site.open("/changes/")
    expect(main.locator(".label-restored")).to_have_text("Restored")

    # Adverts changed at every fetch, and made no version of anything.
    status = site.installation.manage("status", "--json").stdout
    assert f'"versions": {len(WATCHED) + 2}' in status, status


def _has_version(site: Site, article: str, number: int) -> bool:
    return site.installation.get(f"{article}{number}/") == 200


def _changed_words(before: tuple[str, ...], after: tuple[str, ...]) -> tuple[str, str]:
    """The one word that differs."""
    (old, new), *more = [
        pair
        for old, new in zip(before, after, strict=True)
        for pair in zip(old.split(), new.split(), strict=True)
        if pair[0] != pair[1]
    ]
    assert not more
    return old, new
