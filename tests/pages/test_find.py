"""Finding words and addresses, and when a phrase appeared in an article."""

import pytest
from django.db import connection

from articles.fetch import address_key
from articles.models import Address, Article
from articles.models.text_storage import Text, pack_text
from articles.search.query import LONGEST_QUERY
from tests.factories import MORNING, make_article, make_source, make_version
from tests.pages.reading import main_words, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    """Its first sentence changes in version 2 and changes back in version 4."""
    article = make_article(make_source("The Gazette", home_page="https://www.gazette.example/"))
    for text in ("Four people", "Five people", "Five men", "Four people"):
        make_version(article, [f"{text} were hurt.", "The mayor spoke."])
    for address in ("https://www.gazette.example/news/bridge", "https://gazette.example/?p=7&lang=en"):
        Address.objects.create(article=article, address=address, key=address_key(address))
    return article


def entries(response):
    return page_of(response).cssselect(".entry")


def text_of(element):
    return " ".join(element.text_content().split())


def targets(element, selector="a"):
    return [link.get("href") for link in element.cssselect(selector)]


def test_what_is_offered_to_an_admin_stays_out_of_shared_caches(client, admin_client):
    make_version(make_article(make_source()))
    address = "/find/?q=https://news.example/unseen"
    assert "public" in client.get(address).headers["Cache-Control"]
    assert admin_client.get(address).headers["Cache-Control"] == "private, max-age=0"


def test_a_result_says_where_it_stood_and_links_to_both_changes(client, article):
    response = client.get("/find/", {"q": '"five people"'})
    (entry,) = entries(response)
    assert text_of(entry) == (
        "Bridge closed after storm Five people were hurt. The Gazette History of this article "
        "Stood in version 2: came in version 2, seen 18 July 2016, 14:50 UTC; "
        "taken out in version 3, seen 18 July 2016, 19:50 UTC"
    )
    assert [mark.text for mark in entry.cssselect("mark")] == ["Five people"]
    assert targets(entry, ".entry-headline a") == [f"/articles/{article.pk}/"]
    assert targets(entry, ".stays a") == [
        f"/articles/{article.pk}/diff/1/2/",
        f"/articles/{article.pk}/diff/2/3/",
    ]
    assert "1 article." in main_words(response)


def test_words_that_came_back_have_two_lines(client, article):
    (entry,) = entries(client.get("/find/?q=four"))
    assert [text_of(line) for line in entry.cssselect(".stays li")] == [
        "Stood in version 1: there from the first, seen 18 July 2016, 09:50 UTC; "
        "taken out in version 2, seen 18 July 2016, 14:50 UTC",
        "Stood in version 4: came in version 4, seen 19 July 2016, 00:50 UTC; still there in the latest",
    ]
    (entry,) = entries(client.get("/find/?q=mayor"))
    assert "In every version, first seen 18 July 2016, 09:50 UTC" in text_of(entry)


def test_another_reading_of_ours_brings_and_takes_no_words(client):
    """A newer extractor reads a standfirst, which the page had from the first, and no caption any more."""
    article = make_article(headline="Bridge closed")
    previous_reextracted = ("A standfirst.", "Four people were hurt.")
    before = ("Four people were hurt.", "A caption.")
    make_version(article, before)
    make_version(
        article,
        ("A standfirst.", "Five people were hurt."),
        previous_reextracted=pack_text(Text("Bridge closed", "", previous_reextracted), before),
    )
    make_version(article, ("Five people were hurt.",))

    def told(words):
        (entry,) = entries(client.get("/find/", {"q": words}))
        (stay,) = page_of(client.get(article.get_absolute_url(), {"phrase": words})).cssselect(".stays li")
        assert text_of(entry.cssselect(".stays li")[0]) == text_of(stay)
        return text_of(stay)

    assert told("standfirst") == (
        "Stood in version 2: read since our reading of the page changed with version 2, "
        "seen 18 July 2016, 14:50 UTC; taken out in version 3, seen 18 July 2016, 19:50 UTC"
    )
    assert told("caption") == (
        "Stood in version 1: there from the first, seen 18 July 2016, 09:50 UTC; "
        "no longer read since our reading of the page changed with version 2, seen 18 July 2016, 14:50 UTC"
    )
    assert "came in version 2, seen" in told("five")
    assert "taken out in version 2, seen" in told("four")


def test_changes_that_added_or_removed(client, article):
    (entry,) = entries(client.get("/find/?q=five&in=removed"))
    assert [text_of(line) for line in entry.cssselect(".stays li")] == [
        "Removed in version 4, seen 19 July 2016, 00:50 UTC"
    ]
    assert targets(entry, ".stays a") == [f"/articles/{article.pk}/diff/3/4/"]
    assert "Five men were hurt." in text_of(entry)
    assert not entries(client.get("/find/?q=mayor&in=added"))


def test_the_form_keeps_what_was_asked(client, article):
    page = page_of(client.get("/find/", {"q": 'a "b" <c>', "in": "removed"}))
    (field,) = page.cssselect("input[name=q]")
    assert field.get("value") == 'a "b" <c>'
    assert page.cssselect("option[selected]")[0].get("value") == "removed"


def test_nothing_found_says_what_to_try(client, article):
    words = main_words(client.get("/find/?q=hospital&in=added"))
    assert (
        "No change that was seen added “hospital”" in words
        or "No change that was seen added hospital" in words
    )
    assert "Look anywhere in the texts" in words


def test_nothing_asked(client):
    response = client.get("/find/")
    assert response.status_code == 200
    assert "every text ever seen" in main_words(response)


@pytest.mark.parametrize("typed", ['"', "-", "…", "x" * (LONGEST_QUERY + 1), "a" * 10_000, "?q=\0"])
def test_what_can_not_be_looked_for_gets_a_plain_answer(client, typed):
    response = client.get("/find/", {"q": typed})
    assert response.status_code == 200
    assert page_of(response).cssselect("[role=status]")
    assert b"\0" not in response.content


def test_pages_of_results(client, monkeypatch):
    monkeypatch.setattr("articles.pages.find.PAGE", 2)
    for _ in range(5):
        make_version(make_article())
    seen, address = [], "/find/?q=people"
    while address:
        page = page_of(client.get(address))
        seen += targets(page, ".entry-headline a")
        nexts = page.cssselect("a[rel=next]")
        address = "/find/" + nexts[0].get("href") if nexts else ""
    newest_first = Article.objects.order_by("-pk").values_list("pk", flat=True)
    assert seen == [f"/articles/{pk}/" for pk in newest_first]


@pytest.mark.parametrize("place", ["x", "-1", "1" * 30, "١"])
def test_a_mangled_place_is_a_bad_request(client, place):
    assert client.get("/find/", {"q": "people", "before": place}).status_code == 400


def test_taken_down_articles_are_not_found(client, article):
    Article.objects.filter(pk=article.pk).update(hidden=True)
    article.versions.update(hidden=True)
    assert not entries(client.get("/find/?q=mayor"))


def test_as_many_queries_for_20_results_as_for_1(client, django_assert_num_queries):
    for wanted in (1, 20):
        while Article.objects.count() < wanted:
            make_version(make_article())
        with django_assert_num_queries(3 + (connection.vendor == "postgresql")):
            assert len(entries(client.get("/find/?q=people"))) == wanted


DISGUISES = [
    "https://www.gazette.example/news/bridge",
    "http://www.gazette.example/news/bridge/",
    "www.gazette.example/news/bridge",
    "www.gazette.example/news/bridge#comments",
    "https://www.gazette.example/news/bridge?utm_source=mail&fbclid=x",
    "https://m.gazette.example/news/bridge",
    "https://www.gazette.example/news/bridge/amp",
    "https://www.gazette.example/amp/news/bridge",
    "https://www.google.com/url?q=https://www.gazette.example/news/bridge",
    "https://www-gazette-example.cdn.ampproject.org/c/s/www.gazette.example/news/bridge",
    "<https://www.gazette.example/news/bridge>",
    "<URL:https://www.gazette.example/news/bridge>",
    "  “https://www.gazette.example/news/bridge”, ",
    "(https://www.gazette.example/news/bridge).",
    "https://www.gazette.example/\n  news/bridge",
    "https:/www.gazette.example/news/bridge",
    "HTTPS://WWW.GAZETTE.EXAMPLE/news/bridge",
    "gazette.example/?lang=en&p=7",
    "Read this: https://www.gazette.example/news/bridge",
    "Bridge closed https://www.gazette.example/news/bridge via The Gazette",
    "https://www.gazette.example/news/bridge Bridge closed after storm",
    "Look! (https://www.gazette.example/news/bridge), and https://elsewhere.example/b",
    "view-source:https://www.gazette.example/news/bridge",
    "https://web.archive.org/web/20160718095000/https://www.gazette.example/news/bridge",
    "https://web.archive.org/web/2016/http://www.gazette.example:80/news/bridge",
    "https://web.archive.org/web/20160718095000id_/https://www.gazette.example/news/bridge",
    "https://web.archive.org/web/*/https://www.gazette.example/news/bridge",
    "https://web.archive.org/web/2016*/www.gazette.example/news/bridge*",
    "http://web.archive.org/web/https:/www.gazette.example/news/bridge",
    "web.archive.org/web/2016/https://gazette.example/?p=7&lang=en",
    "https://www.gazette.example//news/bridge",
    "https://www.gazette.example:443/news/bridge",
    "www.gazette.example:443/news/bridge",
]


@pytest.mark.parametrize("pasted", DISGUISES)
def test_an_address_in_any_disguise_leads_to_the_history(client, article, pasted):
    response = client.get("/find/", {"q": pasted})
    assert response.status_code == 302
    assert response["Location"] == f"/articles/{article.pk}/"


@pytest.mark.parametrize("pasted", ["127.0.0.1:8392/story", "localhost:8000/x", "http://[::1]:8000/x"])
def test_an_address_with_a_port_needs_no_scheme_and_no_name(client, pasted):
    article = make_article()
    address = pasted if pasted.startswith("http") else f"http://{pasted}"
    Address.objects.create(article=article, address=address, key=address_key(address))
    assert client.get("/find/", {"q": pasted})["Location"] == f"/articles/{article.pk}/"


def test_a_doubled_slash_that_an_article_really_has_is_kept(client, article):
    other = make_article()
    address = "https://www.gazette.example//news/bridge"
    Address.objects.create(article=other, address=address, key=address_key(address))
    assert client.get("/find/", {"q": address})["Location"] == f"/articles/{other.pk}/"


@pytest.mark.parametrize("path", ["/articles/7/", "/articles/7", "/articles/7/2/", "/articles/7/diff/1/2/"])
def test_an_address_of_our_own_leads_to_its_page(client, settings, path):
    settings.SITE_URL = "https://diffs.example.org"
    for pasted in (
        f"https://diffs.example.org{path}",
        f"DIFFS.example.org:443{path}?view=side#c2",
        f"see http://diffs.example.org{path} there",
    ):
        response = client.get("/find/", {"q": pasted})
        assert (response.status_code, response["Location"]) == (302, path.rstrip("/") + "/")


@pytest.mark.parametrize(
    "pasted",
    [
        "https://diffs.example.org/admin/",
        "https://diffs.example.org//evil.example/articles/7/",
        "https://diffs.example.org/find/?q=https://evil.example/",
        "https://diffs.example.org@evil.example/articles/7/",
        "https://evil.example/articles/7/",
        "https://evil.example/https://diffs.example.org/articles/7/",
        "https://diffs.example.org:8443/articles/7/",
    ],
)
def test_no_address_leads_to_another_site(client, settings, pasted):
    settings.SITE_URL = "https://diffs.example.org"
    assert client.get("/find/", {"q": pasted}).status_code in (400, 404)


def test_the_address_of_a_home_page_leads_to_the_source(client, article):
    response = client.get("/find/", {"q": "https://gazette.example"})
    assert response["Location"] == article.source.get_absolute_url()


def test_an_unseen_article_of_a_watched_source(client, article, settings):
    settings.CONTACT_EMAIL = "desk@example.org"
    source = article.source
    source.last_success, source.not_addresses, source.enabled = MORNING, "/video/", False
    source.save()
    response = client.get("/find/", {"q": "https://m.gazette.example/news/other?utm_source=x"})
    assert response.status_code == 404
    words = main_words(response)
    assert (
        "is on the site of The Gazette, which is watched, but no article at this address has been seen"
        in words
    )
    for reason in ("paused", "feeds named", "older than that", "leaves out", "another address"):
        assert reason in words
    links = targets(page_of(response))
    assert "https://web.archive.org/web/*/https://m.gazette.example/news/other" in links
    assert "mailto:desk@example.org" in links


@pytest.mark.parametrize(
    "host", ["gazette.example", "www.gazette.example", "sport.gazette.example", "news.example"]
)
def test_a_source_is_known_by_its_home_page_and_by_its_articles(client, article, host):
    """The articles that the factory makes are at news.example."""
    assert "The Gazette" in main_words(client.get("/find/", {"q": f"https://{host}/unknown"}))


def test_an_article_of_a_site_not_watched(client, article):
    response = client.get("/find/?q=https://elsewhere.example/story")
    assert response.status_code == 404
    assert "This site is not watched" in main_words(response)
    assert article.source.get_absolute_url() in targets(page_of(response))


@pytest.mark.parametrize(
    "pasted",
    [
        "ftp://gazette.example/a",
        "https://me:secret@gazette.example/a",
        "https://[::1/",
        "http://" + "a" * 3000,
    ],
)
def test_what_is_no_address_of_an_article_is_told(client, pasted):
    response = client.get("/find/", {"q": pasted})
    assert response.status_code == 400
    assert "can’t be looked up" in main_words(response)


@pytest.mark.parametrize(
    "typed",
    ["node.js", "U.S. economy", "3.5 per cent", "1.2.3.4", "and/or", "he said: yes/no", "gazette.example"],
)
def test_words_that_look_a_little_like_addresses_are_words(client, typed):
    assert client.get("/find/", {"q": typed}).status_code == 200


def test_every_page_has_the_search_box(client, article):
    for address in ("/", "/sources/", "/about/", article.get_absolute_url(), "/nowhere/"):
        (form,) = page_of(client.get(address)).cssselect("header form[role=search]")
        assert (form.get("action"), form.cssselect("input")[0].get("name")) == ("/find/", "q")


def test_the_bookmarklet(client, settings):
    settings.SITE_URL = "https://diffs.example.org"
    (link,) = page_of(client.get("/feeds/")).cssselect("a.bookmarklet")
    assert link.get("href") == (
        "javascript:location.href='https://diffs.example.org/find/?q='+encodeURIComponent(location.href)"
    )


def phrase(client, article, text):
    page = page_of(client.get(article.get_absolute_url(), {"phrase": text}))
    return text_of(page.get_element_by_id("phrase"))


def test_when_a_phrase_appeared(client, article):
    words = phrase(client, article, "“FOUR people” were")
    assert "stood there 2 times" in words
    assert "Stood in version 1: there from the first" in words
    assert "Stood in version 4: came in version 4, seen 19 July 2016, 00:50 UTC; still there" in words
    assert "No version contains six people." in phrase(client, article, "six people")
    assert "no letter or digit" in phrase(client, article, "…")
    assert "at most 300 characters" in phrase(client, article, "people " * 100)


def test_a_phrase_costs_one_query(client, article, django_assert_num_queries):
    with django_assert_num_queries(6):
        client.get(article.get_absolute_url(), {"phrase": "four"})
