"""Mails as a mail program shows them: readable light and dark, on a phone too, asking nobody for anything."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from articles.models import Article, Source, Subscription, announce
from tests.chromium import TOO_WIDE, axe_faults, chromium
from tests.factories import make_article, make_event, make_version
from tests.notices.conftest import AFTER, BEFORE, MailServer, change, subscribed, tell

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ARABIC = ("أغلقت العاصفة الجسر وأصيب أربعة أشخاص.", "قالت العمدة إن البلدة طلبت المساعدة من جيرانها.")
ARABIC_LATER = ("أغلقت العاصفة الجسر وأصيب خمسة أشخاص.", ARABIC[1])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def mails_of_every_kind(article: Article, source: Source, server: MailServer) -> dict[str, str]:
    """The HTML of each mail by what it tells."""
    told: dict[str, str] = {}

    def take(name: str) -> None:
        assert tell() == 1, name
        part = server.mails.pop().get_body(("html",))
        assert part is not None
        told[name] = str(part.get_content())

    reader = subscribed(query="minor=1")
    change(article, AFTER, headline="Bridge closed for good: five hurt, says the fire brigade of the county")
    take("a number and a headline")
    announce(event=make_event(article))
    take("an event")
    arabic = make_article(source, headline="العاصفة تغلق الجسر", language="ar", direction="rtl")
    make_version(arabic, ARABIC)
    change(arabic, ARABIC_LATER)
    take("a right-to-left text")
    long = make_article(source, headline="W" * 200, language="en")
    make_version(long, BEFORE)
    change(long, (f"{'W' * 300} were hurt.", BEFORE[1]))
    take("a word without an end")
    for number in range(35):
        one = make_article(source, headline=f"Ferry {number} to be sold", language="en")
        make_version(one, BEFORE)
        change(one, AFTER)
    take("a flood")
    reader.delete()
    subscribed(article=article, sentence={"exact": AFTER[0], "prefix": "", "suffix": ""})
    change(article, BEFORE)
    take("a sentence")
    assert Subscription.objects.count() == 1
    return told


def test_every_mail_can_be_read(browser, article, source, mail_server) -> None:
    faults, asked = [], []
    page = browser.new_page()
    page.on("request", lambda request: asked.append(request.url))
    for name, mail in mails_of_every_kind(article, source, mail_server).items():
        page.set_content(mail)
        for width in (640, 320):
            page.set_viewport_size({"width": width, "height": 900})
            beyond = page.evaluate(TOO_WIDE)
            faults += [f"{name}, {width}: {beyond} pixels too wide"] if beyond > 0 else []
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            rules = ["wcag2a", "wcag2aa", "wcag21aa"]
            faults += [f"{name}, {scheme}: {fault}" for fault in axe_faults(page, rules)]
    assert faults == []
    assert asked == []
