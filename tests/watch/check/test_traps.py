"""Answers that would make the record untrue if they were taken at their word."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from articles.extract import extract
from articles.fetch import Answer, Problem
from articles.models import Address, Article, Event, Host, Outcome, ReasonCode, Source, Version
from articles.watch.check import check as checking
from articles.watch.check import page as reading
from articles.watch.check.check import check_now
from articles.watch.check.claim import Busy
from articles.watch.check.classify import leads_away
from articles.watch.crawl.host_session import HostSession
from articles.watch.feeds.poll import add_article
from tests.scripted import SENTENCES, Page, story_page
from tests.watch.conftest import PATH

pytestmark = pytest.mark.django_db

LONGER = (*SENTENCES, "On Friday the council added that the botanist will come in the first week of May.")
HALF = SENTENCES[:2]
END = "</article></main><aside></aside></body></html>"


def outcomes(check, site, *pages):
    results = []
    for page in pages:
        site.pages[PATH] = page
        results.append(check().outcome.value)
    return results


@pytest.mark.parametrize(
    "page",
    [
        Page("<title>Just a moment...</title>" + story_page()),
        Page(story_page(paragraphs=("Too short.",))),
        Page(story_page(paragraphs=HALF)),
    ],
    ids=["blocked", "failed", "held"],
)
def test_the_validator_of_a_page_that_was_not_the_story_is_not_asked_with(site, check, seen, page):
    Source.objects.update(confirm_text_seconds=600)
    page.headers["ETag"] = '"not the story"'
    outcomes(check, site, page, Page("", status=500))
    site.pages[PATH] = page
    result = check()
    assert (result.outcome.value, result.status) != ("unchanged", 304)
    assert Article.objects.get().last_success == seen.last_success


def test_the_validator_of_a_flip_flopping_text_is_not_asked_with(site, check, seen):
    one = Page(story_page(), headers={"ETag": '"one"'})
    two = Page(story_page(paragraphs=LONGER), headers={"ETag": '"two"'})
    outcomes(check, site, two, one)
    last_seen = Article.objects.get().last_success
    assert outcomes(check, site, two, two) == ["unchanged", "unchanged"]
    article = Article.objects.get()
    assert article.flip_flopping
    assert article.last_success == last_seen


def test_flip_flopping_is_said_until_a_new_text_comes(site, check, seen):
    one, two = Page(story_page()), Page(story_page(paragraphs=LONGER))
    outcomes(check, site, two, one, two, one)
    assert Article.objects.get().flip_flopping
    assert Article.objects.get().last_success == Article.objects.get().last_checked


def test_a_304_from_the_home_page_does_not_say_that_the_story_is_unchanged(site, check):
    site.pages[PATH] = Page(story_page(), headers={"ETag": '"every page"'})
    check()
    site.pages["/"] = Page(story_page("Home"), headers={"ETag": '"every page"'})
    assert outcomes(check, site, Page("", status=302, headers={"Location": "/"})) == ["held"]


def test_a_cut_off_page_does_not_become_the_measure_of_a_whole_one(site, check, seen):
    end_missing = story_page(furniture="<p>Advert number 77.</p>").removesuffix("</body></html>")
    text_missing = story_page(paragraphs=SENTENCES[:5]).removesuffix(END)
    assert outcomes(check, site, Page(end_missing), Page(text_missing)) == ["unchanged", "held"]


def test_a_site_that_stops_closing_its_pages_is_believed_when_it_is_seen_twice(site, check, seen):
    unclosed = Page(story_page(paragraphs=LONGER).removesuffix("</body></html>"))
    longer = (*LONGER, "The market has its own view, which is that the square was never so quiet.")
    next_one = Page(story_page(paragraphs=longer).removesuffix("</body></html>"))
    assert outcomes(check, site, unclosed, unclosed, next_one) == ["held", "new-version", "new-version"]


def test_a_failure_between_two_sightings_of_a_held_text_does_not_start_over(site, check, seen):
    half = Page(story_page(paragraphs=HALF))
    assert outcomes(check, site, half, Page("", status=500), half) == ["held", "unreachable", "new-version"]


def test_a_held_text_was_first_seen_when_it_was_held(site, check, seen):
    half = Page(story_page(paragraphs=HALF))
    outcomes(check, site, half)
    held = Article.objects.get().pending_since
    outcomes(check, site, half)
    version = Version.objects.get(number=2)
    assert (version.previous_last_seen, version.seen) == (seen.last_success, held)
    assert version.article.last_changed == held


def test_a_doubtful_text_that_is_another_each_time_is_not_asked_for_ever_sooner(site, check, seen):
    Source.objects.update(confirm_text_seconds=600, floor_seconds=3600)
    first, other = (Page(story_page(paragraphs=(*HALF, f"Number {n} of ten."))) for n in "12")
    outcomes(check, site, first)
    article = Article.objects.get()
    assert article.next_check_at - article.last_checked == timedelta(seconds=600)
    outcomes(check, site, other)
    article = Article.objects.get()
    assert article.next_check_at - article.last_checked >= timedelta(seconds=3600)


@pytest.mark.parametrize(
    ("page", "outcome"),
    [
        (Page("", status=500), "unreachable"),
        (Page("", status=403), "blocked"),
        (Page("", status=404), "held"),
        (Page(story_page(paragraphs=HALF)), "held"),
    ],
    ids=["unreachable", "blocked", "missing", "doubtful"],
)
def test_a_last_check_that_settles_nothing_does_not_retire(site, check, seen, page, outcome):
    Article.objects.update(first_seen=timezone.now() - timedelta(days=40, minutes=1))
    Source.objects.update(confirm_text_seconds=600, confirm_removal_seconds=86_400)
    assert outcomes(check, site, page) == [outcome]
    article = Article.objects.get()
    assert article.state == Article.State.WATCHED
    assert article.next_check_at > timezone.now()
    assert outcomes(check, site, Page(story_page())) == ["unchanged"]
    assert Article.objects.get().state == Article.State.RETIRED


def test_a_site_that_is_gone_for_good_is_not_asked_for_ever(site, check, seen):
    Article.objects.update(first_seen=timezone.now() - timedelta(days=47, minutes=1))
    site.pages[PATH] = Page("", status=500)
    check()
    assert (Article.objects.get().state, Article.objects.get().next_check_at) == ("retired", None)


def test_a_retired_article_stays_retired_when_a_check_by_hand_fails(site, check, seen):
    Article.objects.update(
        first_seen=timezone.now() - timedelta(days=41), state=Article.State.RETIRED, next_check_at=None
    )
    assert outcomes(check, site, Page("", status=500)) == ["unreachable"]
    article = Article.objects.get()
    assert (article.state, article.next_check_at) == (Article.State.RETIRED, None)


def test_a_redirect_to_a_known_article_makes_no_first_version(site, check, seen, source):
    site.pages["/p/8172"] = Page("", status=301, headers={"Location": PATH})
    site.pages[PATH] = Page(story_page("Hollow lime trees may fall this winter", LONGER))
    assert check("/p/8172").outcome.value == "moved"
    assert Version.objects.count() == 1


def test_two_stories_without_a_headline_are_not_one_for_that(site, check, source, read_otherwise):
    plain = extract
    read_otherwise(lambda *a, **k: replace(plain(*a, **k), headline=""))
    trap = f"<link rel=canonical href='{site.url}/2026/shared'>"
    site.pages[PATH] = Page(story_page(head=trap))
    site.pages["/2026/other"] = Page(story_page(paragraphs=LONGER[::-1], head=trap))
    assert [check().outcome.value, check("/2026/other").outcome.value] == ["new-version"] * 2


def test_a_move_is_told_once_although_the_site_fails_between(site, check, seen):
    site.pages["/"] = Page(story_page("Home"))
    away = Page("", status=302, headers={"Location": "/"})
    assert outcomes(check, site, away, away, away) == ["held", "held", "moved"]
    assert outcomes(check, site, Page("", status=500), away) == ["unreachable", "moved"]
    assert [event.kind for event in Event.objects.all()] == ["moved"]
    assert outcomes(check, site, Page(story_page()), away, away, away) == [
        "unchanged",
        "held",
        "held",
        "moved",
    ]
    assert [event.kind for event in Event.objects.all()] == ["moved", "moved"]


def test_a_first_page_that_reads_like_an_error_is_held(site, check):
    error = Page(story_page("Page not found", LONGER[::-1]))
    assert outcomes(check, site, error, Page(story_page())) == ["held", "new-version"]
    assert Version.objects.get().headline == "Lime trees in the square to be looked at again"


@pytest.mark.parametrize(
    "headline",
    [
        "Error 500",
        "500 Internal Server Error",
        "HTTP Error 503 Service Unavailable",
        "502 Bad Gateway",
        "504 Gateway Time-out",
        "Service temporarily unavailable",
        "Site under maintenance",
        "Something went wrong!",
        "We’ll be right back",
    ],
)
def test_a_first_page_that_reads_like_a_failing_server_is_held(site, check, headline):
    assert outcomes(check, site, Page(story_page(headline, LONGER[::-1]))) == ["held"]


@pytest.mark.parametrize(
    "headline", ["500 jobs to go at the mill", "503 vote in one village", "Back to work"]
)
def test_a_first_story_that_begins_with_a_number_is_not(site, check, headline):
    assert outcomes(check, site, Page(story_page(headline, LONGER[::-1]))) == ["new-version"]


def test_a_robots_txt_that_breaks_off_keeps_us_out(site, check):
    site.pages |= {PATH: Page(story_page())}
    site.pages["/robots.txt"] = Page("User-agent: *\nDisallow: /", headers={"Content-Encoding": "br"})
    assert check().outcome.value != "new-version"
    assert PATH not in site.paths()
    assert Host.objects.get().robots_fetched is None


@pytest.mark.parametrize("problem", [Problem.NETWORK, Problem.TIMEOUT])
def test_an_answer_that_breaks_off_is_a_failure_of_the_host(seen, problem):
    session = HostSession.take(seen.host_id)
    assert session is not None
    session.note_answer(Answer(seen.address, seen.address, status=200, problem=problem))
    session.leave()
    assert Host.objects.get().failures == 1


@pytest.mark.parametrize("status", [401, 403, 451, 404])
def test_the_status_of_a_robots_txt_that_breaks_off_is_not_the_articles(site, check, seen, status):
    site.pages["/robots.txt"] = Page("all", status=status, headers={"Content-Encoding": "br"})
    Host.objects.update(robots_fetched=None)
    result = check()
    assert (result.outcome.value, result.status) == ("unreachable", None)
    assert Article.objects.get().state == "watched"
    assert not Event.objects.exists()


def test_of_a_long_robots_txt_no_more_is_kept_than_is_read(site, check, seen):
    site.pages["/robots.txt"] = Page("# " + "x" * 900_000)
    Host.objects.update(robots_fetched=None)
    check()
    assert len(Host.objects.get().robots_text) <= 512 * 1024


@pytest.mark.parametrize("status", [429, 503])
def test_a_robots_txt_that_is_refused_for_now_is_said_to_be_unread(site, check, client, status):
    site.pages |= {"/robots.txt": Page("", status=status), PATH: Page(story_page())}
    result = check()
    assert (result.outcome.value, "robots.txt could not be read" in result.reason) == ("robots", True)
    article = Article.objects.get()
    assert article.last_reason_code == ReasonCode.ROBOTS_UNREAD
    assert PATH not in site.paths()


@pytest.mark.parametrize("status", [429, 503])
def test_while_a_robots_txt_is_refused_the_one_kept_serves(site, check, seen, status):
    site.pages["/robots.txt"] = Page("", status=status)
    Host.objects.update(robots_fetched=timezone.now() - timedelta(days=2))
    assert check().outcome.value == "unchanged"
    assert site.paths()[-2:] == ["/robots.txt", PATH]


def test_control_characters_in_a_header_do_not_reach_the_store(site, check):
    site.pages[PATH] = Page(story_page(), content_type="text/html; charset=utf-8; x=\x00")
    assert check().outcome.value == "new-version"
    site.pages[PATH] = Page(story_page(paragraphs=LONGER), content_type="text/x\x00y")
    assert check().outcome.value == "failed"
    assert "\x00" not in Article.objects.get().last_reason


def test_the_longest_address_can_be_watched(source):
    start = "http://m.valley.example/"
    article, _ = add_article(start + "a" * (2048 - len(start)), source)
    assert len(Address.objects.get(article=article).key) > 2048


@pytest.mark.parametrize(
    ("asked", "final", "code"),
    [
        ("https://valley.example/news/trees", "https://www.valley.example/news/", ReasonCode.SECTION_PAGE),
        ("https://www.valley.example/news/trees", "https://valley.example/news", ReasonCode.SECTION_PAGE),
        ("https://valley.example/news/trees", "https://valley.example/index.html", ReasonCode.HOME_PAGE),
        ("https://valley.example/news/trees", "https://valley.example/user-login", ReasonCode.LOG_IN),
        (
            "https://valley.example/news/trees",
            "https://valley.example/consent?to=/news/trees",
            ReasonCode.LOG_IN,
        ),
        ("https://valley.example/news/bill", "https://valley.example/news/new-consent-law-is-passed", None),
        ("https://valley.example/news/bill", "https://valley.example/news/sign-in-the-square-stolen", None),
    ],
)
def test_where_a_redirect_leads(asked, final, code):
    assert leads_away(asked, final) is code


def test_a_newer_extractor_that_can_not_read_the_old_page_is_no_edit(
    site, check, seen, monkeypatch, read_otherwise
):
    older = extract
    site.pages[PATH] = Page(story_page(head="<meta name=build content=2>"))

    def newer(body, *arguments, **more):
        if b"name=build" not in body:
            raise MemoryError
        story = older(body, *arguments, **more)
        return replace(story, paragraphs=("A standfirst it missed so far.", *story.paragraphs))

    def recovered(body, *arguments, **more):
        return newer(body + b"<!-- name=build -->", *arguments, **more)

    monkeypatch.setattr(reading, "EXTRACTOR_VERSION", 1000)
    read_otherwise(newer)
    assert check().outcome.value == "held"
    read_otherwise(recovered)
    assert check().outcome.value == "unchanged"


def test_a_version_of_an_article_taken_down_meanwhile_is_hidden_too(site, seen, monkeypatch):
    real = checking.store

    def late(article, token, decision):
        Article.objects.filter(pk=article.pk).update(hidden=True)
        return real(article, token, decision)

    monkeypatch.setattr(checking, "store", late)
    site.pages[PATH] = Page(story_page(paragraphs=LONGER))
    assert check_now(seen).version == 2
    assert Version.objects.get(number=2).hidden


def test_a_robots_txt_that_fails_does_not_use_up_every_turn_at_a_slow_host(site, check, seen):
    """The host wants five minutes between requests: one session has time for robots.txt or for the story."""
    site.pages["/robots.txt"] = Page("", status=503)
    Host.objects.update(robots_fetched=timezone.now() - timedelta(days=2), robots_delay_seconds=300)
    with pytest.raises(Busy, match="may not be asked before"):
        check()
    assert check().outcome.value == "unchanged"
    assert site.paths().count("/robots.txt") == 2
    Host.objects.update(robots_tried=timezone.now() - timedelta(hours=1))
    with pytest.raises(Busy):
        check()


def test_a_page_of_ever_so_many_paragraphs_is_no_article(site, check, seen):
    site.pages[PATH] = Page(
        story_page(
            paragraphs=tuple(
                f"On that day boat {n} came into the harbour with herring, and its crew went home."
                for n in range(10_050)
            )
        )
    )
    assert check().outcome is Outcome.FAILED
    assert "10,000 paragraphs" in Article.objects.get().last_reason


@pytest.mark.parametrize(
    "aside",
    [
        "Subscribe to continue reading this article.",
        "Sign in to read the full story.",
        "Jetzt abonnieren und weiterlesen.",
        "This page is no longer available.",
    ],
)
def test_a_text_that_newly_speaks_of_a_wall_is_held(site, check, seen, aside):
    """It does not shrink by half, and yet it may be no edit."""
    teaser = Page(story_page(paragraphs=(*SENTENCES[:5], aside)))
    Source.objects.update(confirm_text_seconds=600)
    assert outcomes(check, site, teaser, Page(story_page())) == ["held", "unchanged"]
    Source.objects.update(confirm_text_seconds=0)
    assert outcomes(check, site, teaser, teaser) == ["held", "new-version"]


def test_a_wall_that_stood_there_before_holds_no_edit_up(site, check, seen):
    Source.objects.update(confirm_text_seconds=0)
    wall = "Subscribe to continue reading this article."
    one = Page(story_page(paragraphs=(*SENTENCES, wall)))
    two = Page(story_page(paragraphs=(*LONGER, wall)))
    assert outcomes(check, site, one, one, two) == ["held", "new-version", "new-version"]


@pytest.mark.parametrize("status", [200, 403, 429, 503])
@pytest.mark.parametrize(
    "page",
    [
        "<title>Just a moment...</title>",
        "<title>Checking your browser before accessing the site</title>",
        "<title>Verify you are human</title>",
        "<title>Security check</title>",
        "<html><head><script src='/_Incapsula_Resource?SWJIYLWA=1'></script></head></html>",
        "<script>window._cf_chl_opt={}</script>",
    ],
)
def test_a_challenge_page_is_a_refusal_whatever_its_status(site, check, seen, page, status):
    assert outcomes(check, site, Page(page + story_page(), status=status)) == ["blocked"]
    assert Article.objects.get().text_hash == seen.text_hash


@pytest.mark.parametrize("status", [429, 503, 500, 451, 403])
def test_an_error_is_known_by_its_status_although_its_page_is_broken(site, check, seen, status):
    broken = Page("not zipped", status=status, headers={"Content-Encoding": "gzip", "Retry-After": "600"})
    expected = {451: "withheld", 403: "blocked"}.get(status, "unreachable")
    assert outcomes(check, site, broken) == [expected]
    waits = Host.objects.get().next_allowed - timezone.now() > timedelta(minutes=9)
    assert waits == (status in (429, 503))


@pytest.mark.parametrize("status", [404, 410])
def test_a_removal_whose_page_is_broken_is_none(site, check, seen, status):
    """What can't be read may be anybody's answer."""
    broken = Page("not zipped", status=status, headers={"Content-Encoding": "gzip"})
    assert outcomes(check, site, *[broken] * 4) == ["unreachable"] * 4
    assert not Event.objects.exists()


def test_text_that_no_database_takes_is_cleaned_at_the_door(site, check):
    """NUL, surrogates as references and as bytes, control and non-characters."""
    dirty = (
        "Boats\x00 came&#0; in&#xD800; at&#xDFFF; noon&#xFFFF;, \x1b[1mhe said\x7f, \ufffe and stayed till."
    )
    body = story_page("A \x00headline&#xD834;", (*SENTENCES, dirty)).encode("utf-8")
    body = body.replace(b"till", b"\xed\xa0\x80till")
    site.pages[PATH] = Page(body)
    assert check().outcome.value == "new-version"
    version = Version.objects.get()
    text = "".join((version.headline, *version.paragraphs))
    assert "he said" in text
    assert not any(
        ord(character) < 0x20 or 0x7F <= ord(character) < 0xA0 or 0xD800 <= ord(character) < 0xE000
        or ord(character) & 0xFFFE == 0xFFFE
        for character in text
    )  # fmt: skip
    assert outcomes(check, site, Page(body)) == ["unchanged"]


@pytest.mark.parametrize(
    "spelling",
    [
        "https://www.valley.example/2026/trees",
        "http://www.valley.example/2026/trees",
        "http://www.valley.example/2026/trees/",
        "https://www.valley.example/2026/trees?utm_source=x&fbclid=y",
        "https://www.valley.example/2026/trees/amp",
        "https://amp.valley.example/2026/trees",
        "https://m.valley.example/2026/trees#comments",
        "https://www.valley.example/2026/trees/index.html",
        "https://www-valley-example.cdn.ampproject.org/c/s/www.valley.example/2026/trees",
        "https://WWW.VALLEY.EXAMPLE:443/2026/./tr%65es",
    ],
)
def test_one_story_under_many_spellings_is_one_article(source, spelling):
    article, _ = add_article("https://www.valley.example/2026/trees", source)
    assert add_article(spelling, source) == (article, False)
