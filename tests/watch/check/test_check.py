"""What a check decides, from real answers of a real server."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from articles import search
from articles.extract import extract
from articles.models import Address, Article, Event, Host, Outcome, Source, Version
from articles.search import index
from articles.watch.check import check as checking
from articles.watch.check.check import check_now
from articles.watch.check.claim import Busy
from articles.watch.feeds.poll import add_article
from tests.isolation import jobs
from tests.scripted import SENTENCES, Page, story_page
from tests.watch.conftest import PATH

pytestmark = pytest.mark.django_db

OTHER = (
    "The ferry to the islands will run twice a day from the first of May, the harbour master said on Monday.",
    "Its engine was rebuilt over the winter in a yard up the coast, at a cost that nobody would tell.",
    "Tickets are sold at the kiosk on the quay, which opens an hour before each sailing.",
    "A dog travels free of charge, as it always has; a bicycle costs as much as a child does.",
)
"""Of another story than the others here."""

LONGER = (*SENTENCES, "On Friday the council added that the botanist will come in the first week of May.")
HALF = SENTENCES[:2]


def outcomes(check, site, *pages):
    results = []
    for page in pages:
        site.pages[PATH] = page
        results.append(check().outcome.value)
    return results


def test_a_new_article_gets_its_first_version(site, check):
    site.pages[PATH] = Page(story_page())
    result = check()
    version = Version.objects.get()
    assert (result.outcome, result.version, result.status) == (Outcome.NEW_VERSION, 1, 200)
    assert version.headline == "Lime trees in the square to be looked at again"
    assert version.paragraphs == SENTENCES
    assert version.previous_last_seen is None
    assert version.article.state == Article.State.WATCHED
    assert version.article.last_changed is None


def test_a_changed_text_makes_a_version_with_its_bracket_of_time(site, check, seen):
    last_seen = seen.last_success
    site.pages[PATH] = Page(story_page(paragraphs=LONGER))
    assert check().outcome is Outcome.NEW_VERSION
    version = Version.objects.get(number=2)
    assert version.previous_last_seen == last_seen < version.seen
    assert version.words_added == 16
    assert version.words_removed == 0
    assert version.excerpt == [["+", LONGER[-1]]]
    assert version.article.last_changed == version.seen


def test_what_a_check_stores_is_found_by_search(site, check, seen):
    site.pages[PATH] = Page(story_page(paragraphs=LONGER))
    check()
    (found,) = search.find("botanist May", where="added").found
    assert (found.article.pk, [after.number for _, after in found.changed]) == (seen.pk, [2])


def test_an_index_that_fails_does_not_fail_the_check(site, check, seen, monkeypatch, caplog):
    def broken(cursor, *entry):
        cursor.execute("INSERT INTO no_such_table VALUES (1)")

    monkeypatch.setattr(index.backend(), "insert", broken)
    site.pages[PATH] = Page(story_page(paragraphs=LONGER))
    assert check().outcome is Outcome.NEW_VERSION
    assert Version.objects.filter(article=seen).count() == 2
    assert "not indexed" in caplog.text
    assert [version.number for version in search.missing().filter(article=seen)] == [2]


@pytest.mark.parametrize(
    "page",
    [
        Page(story_page()),
        Page(story_page(furniture="<p>Advert number 77: three for two on all garden chairs.</p>")),
        Page(story_page(head="<meta name=nonce content=81723>")),
        Page(story_page(paragraphs=tuple(s.replace(" ", " \u200b ", 1) for s in SENTENCES))),
        Page(story_page("Lime trees in the square to be  looked at again")),
    ],
    ids=["same page", "other advert", "other markup", "invisible characters", "white space"],
)
def test_the_same_text_makes_no_version(site, check, seen, page):
    assert outcomes(check, site, page, page) == ["unchanged", "unchanged"]
    assert Version.objects.count() == 1


def test_typographic_quotes_alone_make_no_version(site, check):
    quoted = tuple(sentence.replace("seldom", '"seldom"') for sentence in SENTENCES)
    curly = tuple(sentence.replace('"seldom"', "“seldom”") for sentence in quoted)
    pages = Page(story_page(paragraphs=quoted)), Page(story_page(paragraphs=curly))
    assert outcomes(check, site, *pages) == ["new-version", "unchanged"]


def test_a_headline_alone_makes_a_version_with_its_badge(site, check, seen):
    site.pages[PATH] = Page(story_page("Hollow lime trees may fall this winter"))
    check()
    version = Version.objects.get(number=2)
    assert version.badges == ["headline"]
    assert version.headline_before == "Lime trees in the square to be looked at again"
    assert not version.minor


def test_a_typo_is_minor_and_a_figure_is_not(site, check, seen):
    typo = (SENTENCES[0].replace("behind", "beyond"), *SENTENCES[1:])
    site.pages[PATH] = Page(story_page(paragraphs=typo))
    check()
    site.pages[PATH] = Page(story_page(paragraphs=(*typo[:3], typo[3].replace("two", "12"), *typo[4:])))
    check()
    assert list(Version.objects.order_by("number").values_list("minor", flat=True)) == [False, True, False]


@pytest.mark.parametrize(
    ("page", "outcome"),
    [
        (Page("", status=410), "held"),
        (Page("", status=404), "held"),
        (Page(story_page(), status=451), "withheld"),
        (Page(story_page(), status=401), "blocked"),
        (Page(story_page(), status=402), "blocked"),
        (Page(story_page(), status=403), "blocked"),
        (Page(story_page(), status=407), "blocked"),
        (Page("<title>Just a moment...</title>" + story_page()), "blocked"),
        (Page(story_page(head="<meta name=robots content='index, noarchive'>")), "blocked"),
        (Page(story_page("Same story", SENTENCES[1:]), headers={"X-Robots-Tag": "noarchive"}), "blocked"),
        (Page(story_page(), headers={"X-Robots-Tag": "none"}), "blocked"),
        (Page("", status=408), "unreachable"),
        (Page("", status=425), "unreachable"),
        (Page("", status=429), "unreachable"),
        (Page(story_page(), status=500), "unreachable"),
        (Page(story_page(), status=503), "unreachable"),
        (Page("\x1b coded", headers={"Content-Encoding": "br"}), "unreachable"),
        (Page("", status=204), "failed"),
        (Page("", status=205), "failed"),
        (Page(story_page(), status=206), "failed"),
        (Page("", status=304), "failed"),
        (Page("   \n "), "failed"),
        (Page(story_page(paragraphs=("Too short.",))), "failed"),
        (Page("%PDF-1.7 …", content_type="application/pdf"), "failed"),
        (Page("", status=302, headers={"Location": "/"}), "held"),
        (Page("", status=302, headers={"Location": "/2026/"}), "held"),
        (Page("", status=302, headers={"Location": "/account/login?next=/x"}), "held"),
        (Page("", status=301, headers={"Location": "http://127.0.0.1:9/elsewhere"}), "refused"),
        (Page("", status=301, headers={"Location": "ftp://example.org/"}), "refused"),
    ],
    ids=lambda value: (
        value if isinstance(value, str) else f"{value.status} {value.headers or value.body[:20]}"
    ),
)
def test_what_an_answer_means(site, check, seen, page, outcome):
    site.pages |= {"/": Page(story_page("Home")), "/2026/": Page(story_page("2026"))}
    site.pages["/account/login?next=/x"] = Page(story_page("Please log in"))
    assert outcomes(check, site, page) == [outcome]
    assert Version.objects.count() == 1
    after = Article.objects.get()
    assert after.last_outcome == outcome
    assert after.next_check_at > timezone.now()
    assert after.text_hash == seen.text_hash
    assert after.last_success == seen.last_success


def test_a_header_that_forbids_archiving_counts_unless_the_source_says_otherwise(site, check):
    page = Page(story_page(), headers={"X-Robots-Tag": "noarchive"})
    assert outcomes(check, site, page) == ["blocked"]
    assert not Version.objects.exists()
    Source.objects.update(obey_noarchive=False)
    assert outcomes(check, site, page) == ["new-version"]
    Source.objects.update(obey_noarchive=True)
    for_another = Page(story_page(), headers={"X-Robots-Tag": "googlebot: noarchive"})
    assert outcomes(check, site, for_another) == ["unchanged"]


def test_404_is_filed_as_removed_after_three_sightings(site, check, seen):
    missing = Page("", status=404)
    assert outcomes(check, site, missing, missing, missing, missing) == ["held", "held", "removed", "removed"]
    assert [event.kind for event in Event.objects.all()] == ["removed"]
    assert Article.objects.get().state == Article.State.REMOVED
    assert Article.objects.get().next_check_at is not None


def test_404_is_not_filed_as_removed_before_a_day(site, check, seen):
    Source.objects.update(confirm_removal_seconds=86_400)
    missing = Page("", status=404)
    assert outcomes(check, site, *[missing] * 5) == ["held"] * 5
    Article.objects.update(missing_since=timezone.now() - timedelta(days=1))
    assert outcomes(check, site, missing) == ["removed"]


def test_410_needs_one_confirmation_an_hour_later(site, check, seen):
    Source.objects.update(confirm_removal_seconds=86_400)
    gone = Page("", status=410)
    assert outcomes(check, site, gone, gone) == ["held", "held"]
    Article.objects.update(missing_since=timezone.now() - timedelta(hours=1))
    assert outcomes(check, site, gone) == ["removed"]


def test_an_unreachable_site_between_two_404s_does_not_start_the_count_over(site, check, seen):
    pages = [Page("", status=status) for status in (404, 404, 500, 404)]
    assert outcomes(check, site, *pages) == ["held", "held", "unreachable", "removed"]


def test_a_removal_lies_between_the_last_text_and_the_first_404(site, check, seen):
    last_seen = Article.objects.get().last_success
    outcomes(check, site, Page("", status=404))
    first_missing = Article.objects.get().last_checked
    outcomes(check, site, *[Page("", status=404)] * 2)
    removed = Event.objects.get()
    assert (removed.previous_last_seen, removed.first_sign) == (last_seen, first_missing)
    assert last_seen < first_missing < removed.at


def test_a_return_lies_between_the_last_404_and_the_text(site, check, seen):
    outcomes(check, site, *[Page("", status=404)] * 4)
    last_missing = Article.objects.get().last_checked
    outcomes(check, site, Page(story_page()))
    restored = Event.objects.get(kind="restored")
    assert (restored.previous_last_seen, restored.first_sign) == (last_missing, None)


def test_a_failure_before_the_return_is_no_sight_of_it(site, check, seen):
    outcomes(check, site, *[Page("", status=status) for status in (404, 404, 404, 500)], Page(story_page()))
    assert Event.objects.get(kind="restored").previous_last_seen == Event.objects.get(kind="removed").at


def test_a_page_that_comes_back_is_restored_without_a_version(site, check, seen):
    missing, back = Page("", status=404), Page(story_page())
    assert outcomes(check, site, missing, missing, missing, back)[2:] == ["removed", "unchanged"]
    assert [event.kind for event in Event.objects.order_by("at")] == ["removed", "restored"]
    assert Article.objects.get().state == Article.State.WATCHED
    assert Version.objects.count() == 1


def test_451_is_an_event_of_its_own(site, check, seen):
    page = Page(story_page(), status=451)
    assert outcomes(check, site, page, page) == ["withheld", "withheld"]
    assert [event.kind for event in Event.objects.all()] == ["withheld"]


def test_a_text_that_shrinks_by_half_is_held_until_it_is_seen_again(site, check, seen):
    short = Page(story_page(paragraphs=HALF))
    assert outcomes(check, site, short) == ["held"]
    assert Version.objects.count() == 1
    assert outcomes(check, site, short) == ["new-version"]


def test_a_held_text_waits_for_its_time(site, check, seen):
    Source.objects.update(confirm_text_seconds=600)
    short = Page(story_page(paragraphs=HALF))
    assert outcomes(check, site, short, short, short) == ["held"] * 3
    article = Article.objects.get()
    assert article.next_check_at - article.last_checked == timedelta(seconds=600)
    Article.objects.update(pending_since=timezone.now() - timedelta(minutes=10))
    assert outcomes(check, site, short) == ["new-version"]


def test_a_flickering_half_page_never_makes_a_version(site, check, seen):
    whole, half = Page(story_page()), Page(story_page(paragraphs=HALF))
    assert outcomes(check, site, *[half, whole] * 3) == ["held", "unchanged"] * 3
    assert Version.objects.count() == 1


def test_a_cut_off_page_is_held(site, check, seen):
    cut = story_page(paragraphs=SENTENCES[:5]).removesuffix("</article></main><aside></aside></body></html>")
    assert outcomes(check, site, Page(cut)) == ["held"]


def test_going_back_to_an_earlier_text_is_a_version_and_the_third_flip_is_none(site, check, seen):
    one, two = Page(story_page()), Page(story_page(paragraphs=LONGER))
    assert outcomes(check, site, two, one, two, one, two) == ["new-version"] * 2 + ["unchanged"] * 3
    kinds = [version.badges for version in Version.objects.order_by("number")]
    assert kinds == [[], ["paragraph_added"], ["paragraph_removed", "reverted"]]
    assert Article.objects.get().flip_flopping

    new = Page(
        story_page(paragraphs=(*LONGER, "The botanist has since been and found the trees in good health."))
    )
    assert outcomes(check, site, new) == ["new-version"]
    assert not Article.objects.get().flip_flopping


def test_an_unchanged_page_is_asked_for_with_its_validator(site, check):
    site.pages[PATH] = Page(story_page(), headers={"ETag": '"one"'})
    check()
    result = check()
    assert (result.outcome, result.status) == (Outcome.UNCHANGED, 304)


def test_every_tenth_check_asks_plainly_because_an_etag_can_lie(site, check):
    site.pages[PATH] = Page(story_page(), headers={"ETag": '"one"'})
    check()
    site.pages[PATH] = Page(story_page(paragraphs=LONGER), headers={"ETag": '"one"'})
    assert [check().outcome.value for _ in range(9)] == ["unchanged"] * 8 + ["new-version"]


def test_after_seven_days_it_asks_plainly(site, check):
    site.pages[PATH] = Page(story_page(), headers={"ETag": '"one"'})
    check()
    Article.objects.update(last_unconditional_at=timezone.now() - timedelta(days=8))
    assert check().status == 200


def test_robots_txt_is_obeyed(site, check):
    site.pages |= {"/robots.txt": Page("User-agent: *\nDisallow: /2026/"), PATH: Page(story_page())}
    assert check().outcome is Outcome.ROBOTS
    assert PATH not in site.paths()


def test_robots_txt_that_fails_keeps_us_out(site, check):
    site.pages |= {"/robots.txt": Page("", status=503), PATH: Page(story_page())}
    assert check().outcome is Outcome.ROBOTS
    assert PATH not in site.paths()


def test_a_robots_txt_of_yesterday_serves_while_it_fails(site, check, seen):
    site.pages["/robots.txt"] = Page("", status=503)
    Host.objects.update(robots_fetched=timezone.now() - timedelta(days=2))
    assert check().outcome is Outcome.UNCHANGED
    Host.objects.update(robots_fetched=timezone.now() - timedelta(days=31))
    assert check().outcome is Outcome.ROBOTS


def test_robots_txt_is_asked_for_once_a_day(site, check, seen):
    check(times=3)
    assert site.paths().count("/robots.txt") == 1


def test_the_user_agent_names_the_software_and_its_page(site, check, seen, settings):
    assert {headers["User-Agent"] for _, _, headers in site.requests} == {settings.USER_AGENT}
    assert settings.USER_AGENT.endswith(f"(+{settings.SITE_URL}/about/)")


def test_a_failure_backs_off_and_does_not_retire(site, check, seen):
    Source.objects.update(ceiling_seconds=86_400)
    assert outcomes(check, site, *[Page("", status=500)] * 3) == ["unreachable"] * 3
    article = Article.objects.get()
    assert article.errors_in_row == 3
    wait = article.next_check_at - article.last_checked
    assert timedelta(minutes=32) <= wait <= timedelta(minutes=48)
    assert article.state == Article.State.WATCHED


def test_retry_after_is_obeyed_for_the_article_and_the_host(site, check, seen):
    outcomes(check, site, Page("", status=429, headers={"Retry-After": "7200"}))
    article = Article.objects.get()
    soon = timedelta(seconds=7190)
    assert article.next_check_at - article.last_checked > soon
    assert article.host.next_allowed - article.last_checked > soon
    with pytest.raises(Busy, match="may not be asked before"):
        check_now(article)


def test_five_failures_pause_the_host_and_one_success_ends_it(site, check, seen):
    outcomes(check, site, *[Page("", status=500)] * 5)
    assert Host.objects.get().paused_until - timezone.now() > timedelta(minutes=26)
    assert outcomes(check, site, Page(story_page())) == ["unchanged"]
    assert (Host.objects.get().failures, Host.objects.get().paused_until) == (0, None)


def test_forty_days_after_its_last_change_it_is_retired(site, check, seen):
    long_ago = timezone.now() - timedelta(days=40, minutes=1)
    Article.objects.update(first_seen=long_ago)
    check()
    article = Article.objects.get()
    assert (article.state, article.next_check_at) == (Article.State.RETIRED, None)


def test_a_change_starts_the_schedule_over(site, check, seen):
    Article.objects.update(first_seen=timezone.now() - timedelta(days=41), state=Article.State.RETIRED)
    assert outcomes(check, site, Page(story_page(paragraphs=LONGER))) == ["new-version"]
    article = Article.objects.get()
    assert article.state == Article.State.WATCHED
    assert article.next_check_at is not None


@pytest.mark.parametrize("spelling", ["?utm_source=feed", "#top", "/", "?fbclid=1"])
def test_one_story_under_many_addresses_is_one_article(site, source, seen, spelling):
    article, new = add_article(f"{site.url}{PATH}{spelling}", source)
    assert (article, new) == (seen, False)


def test_a_canonical_link_makes_two_addresses_one_article(site, check, seen):
    canonical = f"<link rel=canonical href='{site.url}{PATH}'>"
    site.pages["/shared/8172"] = Page(story_page(head=canonical))
    assert check("/shared/8172").outcome is Outcome.MOVED
    assert Article.objects.get() == seen
    assert seen.addresses.count() == 2
    assert Version.objects.count() == 1


def test_a_canonical_link_to_the_home_page_does_not_make_all_stories_one(site, check, seen):
    home = f"<link rel=canonical href='{site.url}/'>"
    site.pages[PATH] = Page(story_page(head=home))
    site.pages["/2026/other"] = Page(story_page("Another story altogether", LONGER[::-1], head=home))
    assert check().outcome is Outcome.UNCHANGED
    assert check("/2026/other").outcome is Outcome.NEW_VERSION
    assert Article.objects.count() == 2


def test_a_canonical_link_to_another_story_does_not_make_them_one(site, check, seen):
    wrong = f"<link rel=canonical href='{site.url}{PATH}'>"
    site.pages["/2026/other"] = Page(story_page("Another story altogether", OTHER, head=wrong))
    assert check("/2026/other").outcome is Outcome.NEW_VERSION
    assert Article.objects.count() == 2


def test_a_canonical_link_to_another_site_is_never_followed(site, check):
    site.pages[PATH] = Page(story_page(head="<link rel=canonical href='https://wire.example.com/story'>"))
    check()
    assert not Address.objects.filter(key__contains="wire.example.com").exists()


def test_a_redirect_to_the_new_address_of_the_story_is_followed(site, check, seen):
    site.pages["/2026/lime-trees-2"] = Page(story_page(paragraphs=LONGER))
    assert outcomes(check, site, Page("", status=301, headers={"Location": "/2026/lime-trees-2"})) == [
        "new-version"
    ]
    assert Address.objects.get(key__endswith="/2026/lime-trees-2").article == seen


def test_a_redirect_to_another_known_article_is_no_version(site, check, seen):
    site.pages["/2026/other"] = Page(story_page("Another story altogether", OTHER))
    check("/2026/other")
    away = Page("", status=301, headers={"Location": "/2026/other"})
    assert outcomes(check, site, away, away, away) == ["held", "held", "moved"]
    assert [event.kind for event in Event.objects.all()] == ["moved"]
    assert seen.versions.count() == 1


def test_a_newer_extractor_is_no_edit(site, check, seen, monkeypatch, read_otherwise):
    from articles.watch.check import page as reading

    older = extract

    def newer(*arguments, **more):
        story = older(*arguments, **more)
        return replace(story, paragraphs=("A standfirst it missed so far.", *story.paragraphs))

    read_otherwise(newer)
    monkeypatch.setattr(reading, "EXTRACTOR_VERSION", 1000)
    advert = Page(story_page(furniture="<p>Another advert.</p>"))
    assert outcomes(check, site, advert, advert) == ["unchanged", "unchanged"]
    assert Article.objects.get().extractor_version == 1000
    assert Version.objects.count() == 1
    assert outcomes(check, site, Page(story_page(paragraphs=LONGER))) == ["new-version"]


def test_a_new_extraction_rule_is_no_edit(site, check, seen):
    Source.objects.update(rules={"drop_text": ["^Until the report is in"]})
    assert outcomes(check, site, Page(story_page(furniture="<p>Another advert.</p>"))) == ["unchanged"]
    assert Version.objects.count() == 1


def test_a_missing_byline_is_no_edit(site, check):
    with_byline = Page(story_page(head="<meta name=author content='Ada Marsh'>"))
    assert outcomes(check, site, with_byline, Page(story_page())) == ["new-version", "unchanged"]


def test_a_page_that_kills_its_reader_fails_the_check_alone(site, check, seen, monkeypatch):
    from articles.watch.check import page as reading

    monkeypatch.setattr(reading, "read", jobs.crash)
    assert outcomes(check, site, Page(story_page(paragraphs=LONGER))) == ["failed"]
    assert Article.objects.get().last_reason == "reading the page was stopped: crashed: signal 11"


def test_a_head_of_hostile_tags_does_not_hold_up_the_worker(site, check, seen):
    hostile = "<meta name=robots content=" * 40_000
    assert outcomes(check, site, Page(hostile + story_page(paragraphs=LONGER)))[0] in (
        "failed",
        "new-version",
    )


def test_an_article_in_other_hands_is_left_alone(site, check, seen):
    token = Article.objects.claim(seen.pk, timezone.now(), 60)
    assert token is not None
    with pytest.raises(Busy):
        check_now(seen)


def test_who_lost_the_lease_stores_nothing(site, source, seen, monkeypatch):
    """A worker that was thought dead comes back after another has taken its place."""
    real = checking.store

    def late(article, token, decision):
        Article.objects.filter(pk=article.pk).update(lease_token=None)
        return real(article, token, decision)

    monkeypatch.setattr(checking, "store", late)
    site.pages[PATH] = Page(story_page(paragraphs=LONGER))
    assert check_now(seen).version == 1
    assert Version.objects.count() == 1
