"""Extraction rules with their preview: what is shown, what is saved, and who may."""

import json

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.admin.source.rules import around_the_story, buttons
from articles.extract import Block
from articles.models import Article, Capture, Quarantine, Source, Version
from articles.models.quarantine import signature
from articles.watch.check import apply_decisions
from articles.watch.check.check import check_now
from articles.watch.feeds.poll import add_article
from articles.watch.onboarding import rule_preview as previewing
from articles.web.audit import Alteration, alterations
from tests.isolation import jobs
from tests.scripted import SENTENCES, Page, ScriptedSite, story_page

pytestmark = pytest.mark.django_db(transaction=True)

BOX = "Sign up for our letter, and every morning you read what the valley speaks of that day."


@pytest.fixture
def source(settings):
    """A source of two stored pages, each with a box that is read as text."""
    source = Source.objects.create(name="Valley Post", slug="valley-post")
    with ScriptedSite() as site:
        settings.FETCH_ALLOW_ENDPOINTS = site.endpoint
        settings.FETCH_HOST_DELAY = 0.0
        for number in (1, 2):
            text = (*SENTENCES[:3], BOX, *SENTENCES[3:])
            site.pages[f"/{number}"] = Page(
                story_page(f"Trees, part {number}", text).replace(f"<p>{BOX}", f'<p class="letter">{BOX}')
            )
            check_now(add_article(f"{site.url}/{number}", source)[0])
    return source


def address(source):
    return reverse("admin:articles_source_rules", args=[source.pk])


def ask(client, source, **values):
    return client.post(address(source), {"started_from": json.dumps(source.rules), **values})


def text(answer):
    return answer.content.decode()


def test_the_rules_in_force_are_shown_with_what_they_keep(admin_client, source):
    Source.objects.update(rules={"drop": [".letter"]})
    page = text(admin_client.get(address(source)))
    assert ".letter</textarea>" in page.replace("\n.letter", ".letter")
    assert "2 times, on 2 of 2 pages" in page
    assert "none reads otherwise" in page
    assert "dropped by <code>.letter</code>" in page


def test_a_preview_shows_what_is_dropped_and_changes_nothing(admin_client, source):
    before = list(Source.objects.values()), list(Article.objects.values()), list(Capture.objects.values())
    page = text(ask(admin_client, source, drop=".letter\n.gone", _preview="Preview"))
    assert "2 read otherwise" in page
    assert "0 matches on any page" in page
    assert f"<del>{BOX}" in page or BOX in page.partition("row-removed")[2]
    assert "Differs from the stored text" in page
    assert "makes no version" in page
    assert (
        list(Source.objects.values()),
        list(Article.objects.values()),
        list(Capture.objects.values()),
    ) == before
    assert not LogEntry.objects.exists()


def test_a_fragment_is_the_result_alone(admin_client, source):
    page = text(ask(admin_client, source, drop=".letter", fragment="1"))
    assert "2 read otherwise" in page
    assert "<html" not in page
    assert "<form" not in page


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("drop", ".fine\n\np:::", "Line 3: "),
        ("keep", "//p[", "Line 1: "),
        ("headline", "(count(//p))", "something other than elements"),
        ("drop_text", "fine\n(", "Line 2: "),
        ("drop", ".a\n" * 101, "100 are the most"),
    ],
)
def test_a_bad_line_is_told_beside_its_field_and_what_was_typed_stays(
    admin_client, source, field, typed, said
):
    for button in ("_preview", "_save"):
        page = text(ask(admin_client, source, **{field: typed, button: "x", "byline": ".who"}))
        place = page.partition(f'data-errors="{field}"')[2].partition("</div>")[0]
        assert said in place
        assert ".who" in page
        assert "A rule can’t be applied" in page
    assert Source.objects.get().rules == {}


def test_rules_are_saved_with_who_and_what_and_make_no_version(admin_client, source):
    answer = ask(admin_client, source, drop=" .letter \n\n", drop_text="Part \\d+ ", _save="Save")
    assert answer.status_code == 302
    assert "makes no version" in text(admin_client.get(answer["Location"]))
    assert Source.objects.get().rules == {"drop": [".letter"], "drop_text": ["Part \\d+ "]}
    (entry,) = LogEntry.objects.all()
    (told,) = alterations(entry)
    assert told == Alteration("rules", "{}", '{"drop": [".letter"], "drop_text": ["Part \\\\d+ "]}')
    assert Version.objects.count() == 2


def test_others_saved_meanwhile_are_not_overwritten_unseen(admin_client, source):
    Source.objects.update(rules={"keep": ["article"]})
    answer = ask(admin_client, source, drop=".letter", _save="Save")
    page = text(answer)
    assert answer.status_code == 200
    assert "Somebody saved other rules" in page
    assert ".letter" in page
    assert Source.objects.get().rules == {"keep": ["article"]}
    source.refresh_from_db()
    assert ask(admin_client, source, drop=".letter", _save="Save").status_code == 302
    assert Source.objects.get().rules == {"drop": [".letter"]}


def test_rules_that_leave_no_text_say_so(admin_client, source):
    page = text(ask(admin_client, source, keep=".gone", _preview="x"))
    assert "No text with these rules: rule: nothing on the page matches what to keep" in page
    assert "the last version stand" in page


def test_rules_that_drop_most_of_the_text_are_saved_only_by_who_means_it(admin_client, source):
    asked = {"drop": "article p:not(.letter)", "_save": "1"}
    answer = ask(admin_client, source, **asked)
    assert answer.status_code == 200
    assert "less than half of the text, or none, on 2 of 2 pages" in text(answer)
    assert "Nothing was saved yet" in text(answer)
    assert "article p:not(.letter)" in text(answer)
    assert Source.objects.get().rules == {}
    assert ask(admin_client, source, **asked, anyway="1").status_code == 302
    assert Source.objects.get().rules == {"drop": ["article p:not(.letter)"]}
    assert "Once saved" not in text(admin_client.get(address(source)))


def test_a_source_without_pages_says_what_to_do(admin_client):
    source = Source.objects.create(name="New", slug="new")
    assert "No page of this source is stored yet" in text(admin_client.get(address(source)))


def test_a_page_of_which_no_text_was_read_can_be_tried_too(admin_client, source, settings):
    with ScriptedSite() as site:
        settings.FETCH_ALLOW_ENDPOINTS = site.endpoint
        text_in_buttons = "".join(f"<div role=note><button>{one}</button></div>" for one in SENTENCES)
        site.pages["/3"] = Page(f"<html><body><h1>Odd page</h1>{text_in_buttons}<p>Menu</p></body></html>")
        result = check_now(add_article(f"{site.url}/3", source)[0])
    assert (result.outcome.value, result.version) == ("failed", 0)
    page = text(admin_client.get(address(source)))
    assert "No version can be made of it" in page
    assert page.index("Odd page") < page.index("Trees, part")


def test_another_article_is_shown_by_its_address(admin_client, source, monkeypatch):
    monkeypatch.setattr(previewing, "PAGES_SHOWN", 1)
    older = Article.objects.order_by("first_seen").first()
    assert "part 1" not in text(admin_client.get(address(source)))
    page = text(ask(admin_client, source, address=older.address, _preview="x"))
    assert page.index("Trees, part 1") < page.index("Trees, part 2")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("https://elsewhere.example/1", "No article is watched at this address"),
        ("nothing", "No article is watched at this address"),
        ("mailto:a@b", "This is no address of an article"),
    ],
)
def test_an_address_that_leads_nowhere_says_so(admin_client, source, asked, said):
    page = text(ask(admin_client, source, address=asked, _preview="x"))
    assert said in page or "is no address" in page
    assert "2 stored pages" in page


def test_a_page_that_takes_too_long_is_stopped_and_the_others_are_shown(admin_client, source, monkeypatch):
    monkeypatch.setattr(previewing, "trace_by", jobs.trace_for_ever_part_1)
    monkeypatch.setattr(previewing, "READING_SECONDS", 1)
    page = text(admin_client.get(address(source)))
    assert "Reading this page was stopped: timeout" in page
    assert "The stored text stays as it is" in page


def test_when_time_is_up_the_rest_is_left_out(source):
    from articles.extract import Rules

    shown = previewing.preview(source, Rules(), Article.objects.all(), seconds=0)
    assert [page.problem for page in shown] == ["Not read: the others took all the time there is."] * 2


def test_a_paragraph_dropped_as_boilerplate_is_shown_as_such(admin_client, source):
    now = timezone.now()
    Quarantine.open_for(source, {signature(BOX): (BOX, True)}, alike=5, checked=9, since=now, now=now)
    apply_decisions.record_decision(Quarantine.objects.get(), "dropped", None, now)
    page = text(admin_client.get(address(source)))
    assert "dropped by <code>a decision: site boilerplate</code>" in page
    assert "none reads otherwise" in page
    assert 'Differs from the stored text: <span class="size">+0 −17 words' in page


def test_hostile_text_is_text(admin_client, source):
    page = text(
        ask(admin_client, source, drop="<script>alert(1)</script>", drop_text="<script>", _preview="x")
    )
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_the_form_of_a_source_shows_its_rules_and_leads_here(admin_client, source):
    Source.objects.update(rules={"drop": [".<letter>"]}, slug="valley-post")
    page = text(admin_client.get(reverse("admin:articles_source_change", args=[source.pk])))
    assert "drop: <code>.&lt;letter&gt;</code>" in page
    assert address(source) in page
    assert 'name="rules"' not in page


@pytest.mark.parametrize(
    ("permissions", "status"),
    [(None, 302), ((), 403), (("view_source",), 403), (("change_article",), 403), (("change_source",), 200)],
)
def test_only_who_may_change_sources_sees_or_saves_rules(client, source, permissions, status):
    if permissions is not None:
        person = User.objects.create_user("ann", is_staff=True)
        person.user_permissions.set(Permission.objects.filter(codename__in=permissions))
        client.force_login(person)
    assert client.get(address(source)).status_code == status
    saved = ask(client, source, drop=".letter", _save="Save")
    assert saved.status_code == (302 if status == 200 else status)
    assert Source.objects.get().rules == ({"drop": [".letter"]} if status == 200 else {})


def test_saving_needs_a_token_and_post(admin_user, source):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(admin_user)
    assert ask(strict, source, drop=".letter", _save="Save").status_code == 403
    assert strict.get(address(source), {"drop": ".letter", "_save": "Save"}).status_code == 200
    assert strict.put(address(source)).status_code in (403, 405)
    assert Source.objects.get().rules == {}


def test_a_source_that_is_not_there_is_not_found(admin_client):
    assert admin_client.get(reverse("admin:articles_source_rules", args=[99])).status_code == 404


def test_a_block_s_button_writes_its_selector_and_previews_it(admin_client, source):
    page = text(admin_client.get(address(source)))
    assert 'name="_write" value="drop:p.letter"' in page
    Source.objects.update(rules={"drop": [".gone"]})
    page = text(ask(admin_client, source, drop=".gone", _write="drop:p.letter"))
    assert ".gone\np.letter</textarea>" in page
    assert "2 read otherwise" in page
    again = text(ask(admin_client, source, drop=".gone\np.letter", _write="drop:p.letter"))
    assert again.count("p.letter</textarea>") == 1
    assert Source.objects.get().rules == {"drop": [".gone"]}  # nothing is saved by it
    assert ask(admin_client, source, _write="address:x").status_code == 200


@pytest.mark.parametrize(
    ("where", "keep", "drop"),
    [
        ("main > div#text.story > p", "div#text.story", "div#text.story > p"),
        ("main > div#text.story > div.box > p", "div.box", "div.box"),
        ("div#text > p.lead", "div#text", "p.lead"),
        ("article > div > p", "article > div", "div > p"),
        ("h1", "h1", "h1"),
    ],
)
def test_a_selector_names_the_innermost_that_has_a_name(where, keep, drop):
    story = [
        Block("x", True, "", "", f"main > div#text.story > {last}") for last in ("p", "p", "div.box > p")
    ]
    around = around_the_story(story)
    assert around == {"main", "div#text.story", "p"}
    written = {one.name: one.selector for one in buttons(Block("x", True, "", "", where), around)}
    assert (written["keep"], written["drop"]) == (keep, drop)
    assert buttons(Block("x", True, "", "", "")) == []
