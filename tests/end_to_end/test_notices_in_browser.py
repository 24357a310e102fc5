"""A reader asks to be told, is told, and leaves: with a real browser, mail server, worker and newsroom."""

import re
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
import requests
from playwright.sync_api import Page, expect

from demo import Newsroom
from tests.chromium import chromium
from tests.end_to_end.watched import query, shell, told, watch
from tests.notices.conftest import MailServer
from tests.running.installation import Installation, wait_until

pytestmark = pytest.mark.browser

STORY = "trawler-fire"
READER, WITNESS = "reader@mail.example", "witness@mail.example"


@pytest.fixture
def mails() -> Iterator[MailServer]:
    with MailServer().running() as server:
        yield server


@pytest.fixture
def page() -> Iterator[Page]:
    """Nothing on this way needs a script."""
    with chromium() as browser:
        yield browser.new_page(java_script_enabled=False)


def mail_to(mails: MailServer, installation: Installation, address: str) -> EmailMessage:
    """The next mail to *address*, once it has come."""

    def found() -> EmailMessage | None:
        return next((mail for mail in mails.mails if mail["To"] == address), None)

    mail = wait_until(found, lambda: installation.output()[-6000:])
    assert mail is not None
    mails.mails.remove(mail)
    return mail


def part_of(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_asked_for_confirmed_told_and_left(
    installation: Installation, room: Newsroom, mails: MailServer, page: Page
) -> None:
    watch(installation, room, only=(STORY,))
    installation.environment |= {"EMAIL_URL": f"smtp://127.0.0.1:{mails.port}", "NOTICE_DELAY": "0"}
    installation.start()
    installation.wait_for_site()
    wait_until(lambda: told(installation).get(STORY) == 1, lambda: installation.output()[-6000:])
    site = f"http://127.0.0.1:{installation.port}"

    # Ask, from a list with a filter.
    page.goto(f"{site}/changes/?kind=number")
    page.get_by_role("link", name="Subscribe").click()
    expect(page.locator("main")).to_contain_text("You will be told of: recent changes, number.")
    page.get_by_label("How", exact=True).select_option("email")
    page.get_by_label("E-mail").fill(READER)
    page.get_by_role("button", name="Subscribe").click()
    expect(page.get_by_role("heading", name="Look into your mailbox")).to_be_visible()

    # Confirm, by the link in the mail.
    question = mail_to(mails, installation, READER)
    link = re.search(r"https?://\S+/confirm/", question.get_content())
    assert link is not None
    page.goto(link[0])
    page.get_by_role("button", name="Confirm").click()
    expect(page.locator("main")).to_contain_text("active")
    shell(
        installation,
        "from django.utils import timezone; from articles.models import Subscription; "
        f"Subscription(way='email', email='{WITNESS}').confirm(timezone.now())",
    )

    # The newsroom changes a number: the mail has the marked words, and a link to the comparison.
    before = room.state(STORY).paragraphs
    room.apply(STORY)
    [(old, new)] = [
        words
        for one, other in zip(before, room.state(STORY).paragraphs, strict=True)
        for words in zip(one.split(), other.split(), strict=True)
        if words[0] != words[1]
    ]
    mail = mail_to(mails, installation, READER)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"[removed: {old}] [added: {new}]" in part_of(mail, "plain")
    page.set_content(part_of(mail, "html"))
    expect(page.locator("del")).to_have_text(old)
    expect(page.locator("ins")).to_have_text(new)
    page.get_by_role("link", name="What changed, word by word").click()
    assert re.fullmatch(rf"{site}/articles/\d+/diff/1/2/", page.url)
    expect(page.locator("main ins:visible")).to_contain_text(new)

    # Leave, as a mail program does for its reader: the address is erased, and nothing more comes.
    mail_to(mails, installation, WITNESS)
    leave = mail["List-Unsubscribe"].strip().strip("<>")
    answer = requests.post(leave, data={"List-Unsubscribe": "One-Click"}, timeout=30)
    assert answer.status_code == 200
    assert query(installation, "SELECT email FROM articles_subscription") == [(WITNESS,)]
    assert room.apply(STORY)
    mail_to(mails, installation, WITNESS)
    assert [one["To"] for one in mails.mails] == []
    page.goto(leave)
    expect(page.get_by_role("heading", name="You are told no more")).to_be_visible()
    assert READER not in installation.output()
