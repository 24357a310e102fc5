"""Every page in a real browser: accessibility, width, weight, errors; and what the script adds."""

import gzip
import json
import re
import subprocess
from collections.abc import Iterator

import pytest
import requests
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from articles.models import Event
from tests import services
from tests.chromium import TOO_WIDE, axe_faults, chromium
from tests.factories import make_event, make_source
from tests.pages import site
from tests.running.installation import PROJECT

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = (1280, 320)
# What is the same in both schemes but for colours is looked at once.
RULES = {
    "light": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "dark": ["color-contrast", "link-in-text-block"],
}

# What a page may weigh, compressed, in KB.
MOST_HTML, MOST_CSS, MOST_SCRIPT, MOST_PAGE = 30, 10, 5, 60
MOST_REQUESTS = 5


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(autouse=True)
def sends_mails(settings) -> None:
    """Its forms ask for what a mail needs."""
    settings.MAIL_IS_SET_UP = True


@pytest.fixture
def addresses(live_server) -> dict[str, str]:
    """The full address of every kind of page."""
    return {name: live_server.url + path for name, path in site.build().items()}


def page_in(browser: Browser) -> Page:
    return browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme="light")


def test_every_page_is_accessible_and_no_wider_than_the_window(browser, addresses):
    page = page_in(browser)
    assert faults_of(page, addresses) == []


def test_so_is_every_page_of_who_is_signed_in(browser, live_server, settings):
    settings.MAIL_IS_SET_UP = True
    reader = User.objects.create_superuser("ada")
    addresses = {name: live_server.url + path for name, path in site.build_for(reader).items()}
    page = page_in(browser)
    sign_in(page, reader, live_server.url)
    assert faults_of(page, addresses) == []


def test_so_is_a_page_that_is_shown_once(browser, live_server):
    """A new key, and what follows on a form."""
    page = page_in(browser)
    sign_in(page, User.objects.create_user("ada"), live_server.url)
    page.goto(f"{live_server.url}/keys/")
    page.locator("#id_purpose").fill("a thesis on headlines")
    page.locator("main button[type=submit]").first.click()
    expect(page.locator("#key")).to_be_visible()
    assert faults_of_page("a new key", page) == []
    page.goto(f"{live_server.url}/about/takedown/")
    page.locator("main form").first.evaluate("(form) => { form.noValidate = true; }")
    page.get_by_role("button", name="Send the request").click()
    assert faults_of_page("a request that lacks all", page) == []


def sign_in(page: Page, reader: User, address: str) -> None:
    client = Client()
    client.force_login(reader)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address}]
    )


def faults_of(page: Page, addresses: dict[str, str]) -> list[str]:
    """What is wrong with the pages at these addresses, by the rules of this module, and on the console."""
    faults: list[str] = []
    page.on(
        "console", lambda said: faults.append(f"{page.url}: {said.text}") if said.type == "error" else None
    )
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
    for name, address in addresses.items():
        page.goto(address)
        faults += faults_of_page(name, page)
    refused = re.compile("the server responded with a status of (4|503)")
    return [fault for fault in faults if not refused.search(fault)]


def faults_of_page(name: str, page: Page) -> list[str]:
    faults = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        sideways = page.evaluate(TOO_WIDE)
        faults += [f"{name}, {width}: {sideways} pixels too wide"] if sideways > 0 else []
        faults += [f"{name}, {width}: {target}" for target in page.evaluate(SMALL_TARGETS)]
        for scheme, rules in RULES.items():
            page.emulate_media(color_scheme=scheme)
            faults += [f"{name}, {width}, {scheme}: {fault}" for fault in axe_faults(page, rules)]
    return faults


# Targets under 24 × 24 pixels, but for links amid a sentence, and those of a picture whose links all stand in
# the list below it too (WCAG 2.2, 2.5.8: inline, equivalent).
SMALL_TARGETS = """() => [...document.querySelectorAll("a, button, input, select, summary")]
  .filter((target) => target.checkVisibility() && !target.closest(".skip, .visually-hidden, [aria-hidden]"))
  .filter((target) => !target.matches(":is(p,dd,td,bdi) a") || getComputedStyle(target).display != "inline")
  .map((target) => target.closest("label") || target)
  .map((target) => [target, target.getBoundingClientRect()])
  .filter(([target, box]) => box.width < 24 || box.height < 23.5)
  .map(([target, box]) => `${target.outerHTML.slice(0, 80)} is ${box.width} × ${box.height} pixels`)"""


def test_names_without_a_space_are_broken_on_every_page_that_lists_them(browser, live_server):
    source = make_source("W" * 200, slug="w" * 80)
    article = site.changed(source, headline="W" * 500)
    for kind in Event.Kind.values:
        event = make_event(article, kind)
        event.previous_last_seen = event.first_sign = event.at
        event.save()
    page = page_in(browser)
    page.set_viewport_size({"width": 320, "height": 900})
    lists = ("/", "/sources/", source.get_absolute_url(), "/stats/", "/feeds/", "/find/?q=storm")
    of_article = (
        article.get_absolute_url(),
        f"/articles/{article.pk}/2/",
        f"/articles/{article.pk}/diff/1/3/",
    )
    for address in (*lists, *of_article, "/find/?q=https://elsewhere.example/"):
        page.goto(live_server.url + address)
        assert (address, page.evaluate(TOO_WIDE)) == (address, 0)


def test_the_words_of_plots_are_whole_and_apart_on_a_phone(browser, addresses):
    page = page_in(browser)
    page.set_viewport_size({"width": 320, "height": 900})
    page.goto(addresses["statistics"])
    assert page.evaluate(CUT_OR_TOUCHING) == []


# Words of a plot that reach out of the window, or into their neighbours (lines may touch).
CUT_OR_TOUCHING = """() => [...document.querySelectorAll(".plot svg")].flatMap((plot) => {
  const window = getComputedStyle(plot).overflow === "visible" ? document.documentElement : plot;
  const {left, right} = window.getBoundingClientRect();
  const leading = 3;
  const meets = (one, other) => one.left < other.right && other.left < one.right
    && one.top < other.bottom - leading && other.top < one.bottom - leading;
  const words = [...plot.querySelectorAll("text")];
  const boxes = words.map((word) => word.getBoundingClientRect());
  return words
    .filter((_, at) => boxes[at].left < left || boxes[at].right > right
      || boxes.some((other, place) => place > at && meets(boxes[at], other)))
    .map((word) => word.textContent);
})"""


def test_every_page_is_light(browser, addresses, capsys):
    weights, faults = {}, []
    page = page_in(browser)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for name, address in addresses.items():
        asked.clear()
        page.goto(address)
        sizes = {url: len(gzip.compress(requests.get(url, timeout=30).content)) / 1024 for url in asked}
        html = sizes[address]
        weights[name] = html
        whole = sum(sizes.values())
        too_long = html > MOST_HTML and "a long diff" not in name  # 20,000 words are more than that
        if too_long or whole > MOST_PAGE or len(sizes) > MOST_REQUESTS:
            faults.append(f"{name}: {html:.1f} KB of HTML, {whole:.1f} KB in {len(sizes)} requests")
    for file, most in (("newsdiffs.css", MOST_CSS), ("newsdiffs.js", MOST_SCRIPT)):
        weights[file] = len(gzip.compress((PROJECT / "static" / file).read_bytes())) / 1024
        if weights[file] > most:
            faults.append(f"{file}: {weights[file]:.1f} KB")
    with capsys.disabled():
        print("\nCompressed KB:", ", ".join(f"{name} {weight:.1f}" for name, weight in weights.items()))
    assert faults == []


def test_the_html_checker_finds_no_error(client: Client, db, tmp_path):
    pages = {}
    for number, (name, path) in enumerate(site.build().items()):
        file = tmp_path / f"{number}.html"
        file.write_bytes(client.get(path).content)
        pages[file.as_uri()] = name
    checked = subprocess.run(
        ["java", "-jar", services.html_checker(), "--format", "json", *pages.keys()],
        capture_output=True,
        text=True,
        timeout=600,
    )
    messages = json.loads(checked.stderr)["messages"]
    assert [
        f"{pages[message['url']]}: {message['message']} {message.get('extract', '')}"
        for message in messages
        if message["type"] != "info"
    ] == []


def test_the_keyboard_reaches_everything_and_shows_where_it_is(browser, addresses):
    page = page_in(browser)
    for name in ("recent changes", "an article", "a diff side by side"):
        page.goto(addresses[name])
        wanted = page.evaluate(
            """() => [...document.querySelectorAll("a[href], button, input, select, summary")]
                 .filter((target) => target.checkVisibility({visibilityProperty: true}))
                 .filter((target) => target.type !== "radio" && target.tabIndex >= 0).length"""
        )
        reached = set()
        for _ in range(3 * wanted):
            page.keyboard.press("Tab")
            at = page.evaluate(
                """() => { const target = document.activeElement;
                   if (target === document.body || target.type === "radio") return null;
                   const all = [...document.querySelectorAll("a[href], button, input, select, summary")];
                   const style = getComputedStyle(target);
                   const shown = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
                   return [all.indexOf(target), shown]; }"""
            )
            if at is None:
                continue
            assert at[1], f"{name}: no focus is to be seen on target {at[0]}"
            reached.add(at[0])
            if len(reached) == wanted:
                break
        assert len(reached) == wanted, name


def test_next_and_previous_change_by_button_and_key(browser, addresses):
    page = page_in(browser)
    page.goto(addresses["a diff"])
    page.get_by_role("button", name="Next change").click()
    expect(page).to_have_url(re.compile("#c1$"))
    page.keyboard.press("n")
    expect(page).to_have_url(re.compile("#c2$"))
    page.keyboard.press("p")
    expect(page).to_have_url(re.compile("#c1$"))
    page.get_by_label("keys n and p").uncheck()
    page.keyboard.press("n")
    expect(page).to_have_url(re.compile("#c1$"))
    page.reload()
    assert not page.get_by_label("keys n and p").is_checked()


def test_a_phone_without_script_can_jump_to_a_change(browser, addresses):
    page = browser.new_page(viewport={"width": 320, "height": 600}, java_script_enabled=False)
    page.goto(addresses["a diff side by side"])
    page.get_by_role("link", name="Change #3").click()
    expect(page.locator("#c3")).to_be_in_viewport()
    expect(page).to_have_url(re.compile("#c3$"))


def test_below_48rem_a_diff_side_by_side_is_shown_as_inline(browser, addresses):
    def shown(name: str, width: int) -> str:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(addresses[name])
        return page.locator(".comparison").inner_text()

    page = page_in(browser)
    for name in ("a diff", "a right-to-left diff"):
        inline = shown(name, 767)
        assert shown(f"{name} side by side", 767) == inline
        assert shown(f"{name} side by side", 768) != inline


def test_paper_is_white_and_has_the_citation(browser, addresses):
    page = page_in(browser)
    page.goto(addresses["a diff"])
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    expect(page.get_by_text("@misc")).to_be_visible()


def test_filters_that_are_not_used_stay_out_of_the_address(browser, addresses):
    page = page_in(browser)
    page.goto(addresses["recent changes"])
    page.get_by_label("Headline", exact=True).check()
    page.get_by_label("Number", exact=True).check()
    page.get_by_role("button", name="Apply").click()
    page.wait_for_url("**/changes/?kind=number&kind=headline&minor=on")


def test_a_version_is_copied_as_plain_text(browser, addresses):
    page = page_in(browser)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(addresses["a diff"])
    page.get_by_text("Share", exact=True).click()
    page.get_by_role("button", name="Copy version 2").click()
    page.get_by_text("Copied version 2.").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == "\n\n".join(["Storm closes bridge", "By Tom Reed and Ann Lee", *site.LATER]) + "\n"


def test_a_version_that_is_gone_meanwhile_is_not_copied(browser, addresses):
    page = page_in(browser)
    page.goto(addresses["a diff"])
    page.route("**/text", lambda route: route.fulfill(status=410))
    page.get_by_text("Share", exact=True).click()
    page.get_by_role("button", name="Copy version 1").click()
    page.get_by_text("Not copied: the link has the text.").wait_for()
