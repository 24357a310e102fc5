"""The commands as a person types them."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from articles.models import Article, Feed, Host, Source, Version
from tests.scripted import Page, ScriptedSite, story_page

pytestmark = pytest.mark.django_db(transaction=True)

FEED = (
    "<rss version='2.0'><channel><title>Valley Post</title>"
    "<item><title>One</title><link>/one</link></item></channel></rss>"
)


@pytest.fixture
def site(settings):
    with ScriptedSite() as site:
        settings.FETCH_ALLOW_ENDPOINTS = site.endpoint
        settings.FETCH_HOST_DELAY = 0.0
        site.pages |= {
            "/": Page("<title>Valley Post</title><link rel=alternate type=application/rss+xml href=/feed>"),
            "/feed": Page(FEED),
            "/one": Page(story_page()),
        }
        yield site


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("command", ["add_source", "check", "check_articles", "import_feed", "status"])
def test_every_command_has_help(command, capsys):
    with pytest.raises(SystemExit) as stop:
        call_command(command, "--help")
    assert stop.value.code == 0
    assert "usage:" in capsys.readouterr().out


@pytest.mark.parametrize("path", ["/", "/feed"])
def test_add_source_takes_a_home_page_or_a_feed(site, path):
    said = run("add_source", site.url + path)
    source = Source.objects.get()
    assert source.home_page == f"{site.url}/"
    assert [feed.address for feed in Feed.objects.all()] == [f"{site.url}/feed"]
    assert f"watching {site.url}/feed" in said


def test_add_source_takes_the_name_of_the_feed(site):
    run("add_source", f"{site.url}/feed")
    assert (Source.objects.get().name, Source.objects.get().slug) == ("Valley Post", "valley-post")


def test_add_source_never_takes_a_slug_twice(site):
    run("add_source", f"{site.url}/feed")
    site.pages["/other"] = Page(FEED)
    run("add_source", f"{site.url}/other")
    assert [source.slug for source in Source.objects.order_by("pk")] == ["valley-post", "valley-post-2"]
    with pytest.raises(CommandError, match="exists already"):
        run("add_source", f"{site.url}/other", "--slug", "valley-post")


def test_add_source_refuses_a_feed_that_another_source_has(site):
    run("add_source", f"{site.url}/feed")
    for address in (f"{site.url}/feed/", f"{site.url}/feed", site.url):
        with pytest.raises(CommandError, match=r"watched already, by Valley Post \(valley-post\)"):
            run("add_source", address)
    assert Source.objects.count() == Feed.objects.count() == 1


def test_add_source_watches_no_web_page_as_a_feed(site):
    site.pages["/"] = Page("<title>Valley Post</title><a href=/rss/>Our feeds</a><a href=/feed>All news</a>")
    site.pages["/rss/"] = Page("<!doctype html><html><title>Feeds</title><body><a href=/feed>All</a></html>")
    said = run("add_source", site.url)
    assert f"watching {site.url}/feed" in said
    assert f"looked at {site.url}/rss/: this is a web page, not a feed" in said


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/nothing", "404"),
        ("/one", "No feed was found"),
        ("ftp://valley.example/", "http"),
        ("http://127.0.0.1:1/", "port 1 is not fetched"),
        ("http://[::ffff:10.0.0.1]/", "not an address of the public"),
    ],
)
def test_add_source_says_what_went_wrong_and_adds_nothing(site, address, words):
    with pytest.raises(CommandError, match=words):
        run("add_source", site.url + address if address.startswith("/") else address)
    assert not Source.objects.exists()


def test_check_tells_what_was_fetched_extracted_and_decided(site):
    said = run("check_articles", f"{site.url}/one")
    for words in ("new-version", "HTTP status 200", "Lime trees in the square", "6 paragraphs", "next check"):
        assert words in said
    assert "unchanged" in run("check_articles", f"{site.url}/one")


def test_check_as_json_gives_one_line_for_each_address(site):
    said = run(
        "check_articles", f"{site.url}/one", f"{site.url}/two", "http://10.0.0.1/", "nonsense://x", "--json"
    )
    lines = [json.loads(line) for line in said.splitlines()]
    assert [line["outcome"] for line in lines] == ["new-version", "held", "refused", "refused"]
    assert [list(line) for line in lines] == [
        ["url", "outcome", "reason", "status", "version", "seconds"]
    ] * 4
    assert (lines[0]["status"], lines[0]["version"]) == (200, 1)


def test_check_of_a_refused_address_leaves_nothing_behind(site):
    run("check_articles", "http://169.254.169.254/latest/meta-data/", "--json")
    assert not Article.objects.exists()
    assert not Source.objects.exists()


def test_the_log_says_that_what_was_checked_was_not_kept(site, caplog):
    caplog.set_level("INFO")
    run("check_articles", "http://169.254.169.254/latest/meta-data/", "--json")
    checked, not_kept = (record for record in caplog.records if record.name.startswith("articles."))
    assert (checked.message, not_kept.message) == ("checked", "not kept")
    assert (checked.article, checked.address) == (not_kept.article, not_kept.address)


def test_check_of_an_address_that_is_no_text_is_told(site):
    (said,) = run("check_articles", "http://news\udcff.example/one", "--json").splitlines()
    assert said.encode()
    assert (json.loads(said)["url"], json.loads(said)["outcome"]) == (
        r"http://news\udcff.example/one",
        "refused",
    )
    assert not Article.objects.exists()


def test_check_of_a_site_that_can_not_be_reached_leaves_nothing_behind(site):
    with ScriptedSite() as closed:
        address = f"{closed.url}/one"
    assert "unreachable" in run("check_articles", address) or "refused" in run("check_articles", address)
    assert not Source.objects.exists()


def test_check_waits_for_a_host_that_a_worker_is_talking_to(site):
    run("check_articles", f"{site.url}/one")
    host = Host.objects.get()
    Host.objects.claim(host.pk, timezone.now(), 1.5)
    assert "unchanged" in run("check_articles", f"{site.url}/one")


def test_check_goes_the_way_of_a_scheduled_check(site):
    run("check_articles", f"{site.url}/one")
    article = Article.objects.get()
    assert (article.checks_made, article.last_outcome) == (1, "new-version")
    assert article.next_check_at > article.last_checked


def test_scripts_go_on_calling_it_check(site):
    (said,) = run("check", f"{site.url}/one", "--json").splitlines()
    assert list(json.loads(said)) == ["url", "outcome", "reason", "status", "version", "seconds"]
    assert "unchanged" in run("check", f"{site.url}/one")


def test_check_without_addresses_is_djangos_own(db):
    assert "System check identified no issues" in run("check")
    with pytest.raises(CommandError, match="no_such_app"):
        run("check", "no_such_app")


def test_import_feed_watches_what_the_feed_names(site):
    said = run("import_feed", f"{site.url}/feed")
    assert "1 articles named, 1 of them new" in said
    assert Article.objects.get().address == f"{site.url}/one"
    assert "0 of them new" in run("import_feed", f"{site.url}/feed")


def test_import_feed_says_what_went_wrong_and_leaves_nothing_of_it(site):
    with pytest.raises(CommandError, match="404"):
        run("import_feed", f"{site.url}/nothing")
    assert not Source.objects.exists()
    run("import_feed", f"{site.url}/feed")
    with pytest.raises(CommandError, match="404"):
        run("import_feed", f"{site.url}/nothing")
    assert Feed.objects.get().address == f"{site.url}/feed"
    with pytest.raises(CommandError, match="no source 'none'"):
        run("import_feed", f"{site.url}/feed", "--source", "none")


def test_import_feed_leaves_a_feed_to_the_source_that_has_it(site):
    run("import_feed", f"{site.url}/feed")
    Source.objects.create(name="Other", slug="other")
    with pytest.raises(CommandError, match="A feed belongs to one source"):
        run("import_feed", f"{site.url}/feed/", "--source", "other")
    run("import_feed", f"{site.url}/feed")
    assert Feed.objects.count() == 1


def test_status_tells_what_is_watched_due_and_failing(site):
    run("import_feed", f"{site.url}/feed")
    assert "Due now:  1 article, 0 feeds" in run("status")
    run("check", f"{site.url}/one")
    site.pages["/feed"] = Page("", status=500)
    with pytest.raises(CommandError):
        run("import_feed", f"{site.url}/feed")
    said = run("status")
    for words in ("never ran", "1 watched", "Versions: 1", f"feed {site.url}/feed", "(500)"):
        assert words in said
    figures = json.loads(run("status", "--json"))
    assert figures["articles"] == {"watched": 1}
    assert figures["versions"] == Version.objects.count()


@pytest.mark.parametrize(
    ("option", "value"), [("--slug", "two words"), ("--language", "xx yy"), ("--language", "e")]
)
def test_add_source_refuses_what_would_break_addresses_and_pages(site, option, value):
    with pytest.raises(CommandError, match=r"\w"):
        run("add_source", f"{site.url}/feed", option, value)
    assert not Source.objects.exists()
