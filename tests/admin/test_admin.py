"""The admin's pages, as a client of the site uses them."""

import pytest
from django.urls import reverse
from django.utils import timezone
from django_q.brokers import get_broker

from articles.admin.source import source_admin as admin_source
from articles.models import Address, Article, Event, Feed, Host, Source, Version
from articles.watch.feeds.poll import add_article
from tests.factories import make_version

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_queue")]

MODELS = ("source", "article", "version", "event", "host")


@pytest.fixture
def source():
    return Source.objects.create(name="Valley Post", slug="valley-post", home_page="https://valley.example/")


@pytest.fixture
def article(source):
    article, _ = add_article("https://valley.example/lime-trees", source)
    Article.objects.update(next_check_at=None, headline="Lime <b>trees</b>")
    return article


def form(source=None, **changes):
    """What the browser sends from the form of a source with one feed."""
    values = {
        "name": "Valley Post",
        "slug": "valley-post",
        "home_page": "https://valley.example/",
        "enabled": "on",
        "floor_seconds": "900",
        "ceiling_seconds": "86400",
        "age_divisor": "5",
        "retire_after_days": "40",
        "feed_seconds": "900",
        "confirm_text_seconds": "600",
        "confirm_removal_seconds": "86400",
        "new_articles_per_hour": 500,
        "versions_per_day": 40,
        "feeds-TOTAL_FORMS": "1",
        "feeds-INITIAL_FORMS": "0",
        "feeds-0-address": "https://valley.example/feed?utm_source=x",
        "feeds-0-kind": "feed",
    }
    return values | changes


@pytest.mark.parametrize("model", MODELS)
def test_every_list_opens(admin_client, article, model):
    Event.objects.create(article=article, source=article.source, kind="removed", at=timezone.now())
    answer = admin_client.get(reverse(f"admin:articles_{model}_changelist"))
    assert answer.status_code == 200
    assert "<b>trees</b>" not in answer.content.decode()


def test_a_source_with_its_feed_is_added_and_due_at_once(admin_client):
    answer = admin_client.post(reverse("admin:articles_source_add"), form())
    assert answer.status_code == 302
    feed = Feed.objects.get()
    assert feed.address == "https://valley.example/feed"
    assert feed.next_check_at <= timezone.now()
    assert feed.host == Host.objects.get(name="valley.example:443")
    assert get_broker().queue_size() == 1


def test_a_feed_with_a_new_address_forgets_what_the_old_one_said(admin_client):
    admin_client.post(reverse("admin:articles_source_add"), form())
    later = timezone.now() + timezone.timedelta(hours=20)
    Feed.objects.update(
        etag='"old"', last_modified="old", last_unconditional_at=later, errors_in_row=9, next_check_at=later
    )
    feed = Feed.objects.get()
    changes = {"feeds-INITIAL_FORMS": "1", "feeds-0-id": feed.pk, "feeds-0-source": feed.source_id}
    changed = form(**changes, **{"feeds-0-address": "https://valley.example/rss"})
    answer = admin_client.post(reverse("admin:articles_source_change", args=[feed.source_id]), changed)
    assert answer.status_code == 302
    feed.refresh_from_db()
    assert (feed.address, feed.etag, feed.last_modified) == ("https://valley.example/rss", "", "")
    assert (feed.last_unconditional_at, feed.errors_in_row) == (None, 0)
    assert feed.next_check_at <= timezone.now()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"only_addresses": "/news/\n("}, "Line 2"),
        ({"not_addresses": "["}, "Line 1"),
        ({"feeds-0-address": "ftp://valley.example/"}, "Enter a valid URL"),
        ({"feeds-0-address": "https://u:p@valley.example/"}, "user name"),
        ({"ceiling_seconds": "60"}, "can&#x27;t be shorter than the floor"),
        ({"age_divisor": "0"}, "greater than or equal to 1"),
        ({"slug": ""}, "required"),
    ],
)
def test_bad_input_is_refused_with_words_and_nothing_is_saved(admin_client, changes, words):
    answer = admin_client.post(reverse("admin:articles_source_add"), form(**changes))
    if changes.get("feeds-0-address", "").startswith("ftp"):
        words = "valid URL" if "valid URL" in answer.content.decode() else "can&#x27;t be watched"
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not Source.objects.exists()


def test_the_feeds_of_a_page_are_held_all_at_once_and_not_those_that_go(admin_client, source, monkeypatch):
    """Else two pages that name the same hosts in another order could wait for each other for ever."""
    held = []
    real = admin_source.hold_addresses

    def hold(addresses):
        held.append(list(addresses))
        real(held[-1])

    monkeypatch.setattr(admin_source, "hold_addresses", hold)
    first, second = "https://z.example/feed", "https://a.example/feed"
    feeds = {"feeds-0-address": first, "feeds-1-address": second, "feeds-2-address": "https://b.example/feed"}
    kinds = {f"feeds-{number}-kind": "feed" for number in range(3)}
    sent = form(slug="other", **feeds, **kinds, **{"feeds-TOTAL_FORMS": "3", "feeds-2-DELETE": "on"})
    assert admin_client.post(reverse("admin:articles_source_add"), sent).status_code == 302
    assert held == [[first, second]]
    assert set(Source.objects.get(slug="other").feeds.values_list("address", flat=True)) == {first, second}


def test_a_feed_that_another_source_has_is_refused_by_name(admin_client, source):
    Feed.objects.create(source=source, address="http://valley.example/feed/")
    answer = admin_client.post(reverse("admin:articles_source_add"), form(slug="other"))
    assert "It is watched already, by the source Valley Post." in answer.content.decode()
    own = form(
        **{"feeds-INITIAL_FORMS": "1", "feeds-0-id": Feed.objects.get().pk, "feeds-0-source": source.pk}
    )
    change = reverse("admin:articles_source_change", args=[source.pk])
    assert admin_client.post(change, own).status_code == 302
    assert Feed.objects.get().address == "https://valley.example/feed"


def act(client, model, action, *rows):
    return client.post(
        reverse(f"admin:articles_{model}_changelist"),
        {"action": action, "_selected_action": [row.pk for row in rows]},
        follow=True,
    )


def test_sources_are_paused_and_resumed(admin_client, source):
    assert "1 source is paused." in act(admin_client, "source", "pause", source).content.decode()
    assert not Source.objects.get().enabled
    assert "1 source is watched again." in act(admin_client, "source", "resume", source).content.decode()
    assert Source.objects.get().enabled
    assert "Nothing to do" in act(admin_client, "source", "resume", source).content.decode()


def test_a_wrong_number_in_the_schedule_is_not_folded_away(admin_client):
    page = admin_client.post(reverse("admin:articles_source_add"), form(age_divisor="0")).content.decode()
    before, _, after = page.partition("id_age_divisor_error")
    assert after
    assert before.rfind("<details") < before.rfind("</details>")


def test_check_now_makes_a_source_due(admin_client, source, article):
    later = timezone.now() + timezone.timedelta(hours=3)
    Article.objects.update(next_check_at=later)
    act(admin_client, "source", "check_now", source)
    assert Article.objects.get().next_check_at <= timezone.now()
    assert get_broker().queue_size() == 1


def test_check_now_makes_even_a_retired_article_due(admin_client, article):
    answer = admin_client.post(reverse("admin:articles_article_check", args=[article.pk]), follow=True)
    assert "1 article will be checked" in answer.content.decode()
    assert Article.objects.get().next_check_at <= timezone.now()


def test_check_now_of_a_paused_source_says_what_to_do(admin_client, article):
    Source.objects.update(enabled=False)
    answer = act(admin_client, "article", "check_now", article)
    assert "1 article belongs to a paused source. Resume it first" in answer.content.decode()
    assert Article.objects.get().next_check_at is None


def test_check_now_needs_post(admin_client, article):
    assert admin_client.get(reverse("admin:articles_article_check", args=[article.pk])).status_code == 405


def test_check_now_needs_the_permission(client, article, django_user_model):
    viewer = django_user_model.objects.create_user("viewer", is_staff=True)
    client.force_login(viewer)
    assert client.post(reverse("admin:articles_article_check", args=[article.pk])).status_code == 403
    assert Article.objects.get().next_check_at is None


@pytest.mark.parametrize("model", ["article", "version", "event", "host"])
def test_the_record_can_be_looked_at_but_not_changed(admin_client, article, model):
    if model != "article":  # which is added by its address: see test_adding.py
        assert admin_client.get(reverse(f"admin:articles_{model}_add")).status_code == 403
    if model == "article":
        page = admin_client.get(reverse("admin:articles_article_change", args=[article.pk]))
        assert page.status_code == 200
        assert 'name="_save"' not in page.content.decode()
        assert admin_client.post(page.request["PATH_INFO"], {"headline": "x"}).status_code == 403
        assert (
            admin_client.post(reverse("admin:articles_article_delete", args=[article.pk])).status_code == 403
        )


def test_a_version_shows_its_text(admin_client, article):
    from articles.models import text_storage

    version = Version.objects.create(
        article=article,
        source=article.source,
        number=1,
        headline="Lime trees",
        data=text_storage.pack(["The council met.", "<script>alert(1)</script>"], None),
        seen=timezone.now(),
        extractor_version=1,
    )
    page = admin_client.get(reverse("admin:articles_version_change", args=[version.pk])).content.decode()
    assert "The council met." in page
    assert "&lt;script&gt;alert(1)" in page


def test_an_article_is_found_by_its_whole_address(admin_client, article):
    address = Address.objects.get().address
    page = admin_client.get(reverse("admin:articles_article_changelist"), {"q": address}).content.decode()
    assert reverse("admin:articles_article_change", args=[article.pk]) in page


def test_an_article_is_found_by_its_number_and_by_words_of_its_text(admin_client, article):
    make_version(article, ("The council met on Tuesday.",))
    found = reverse("admin:articles_article_change", args=[article.pk])
    lists = reverse("admin:articles_article_changelist")
    for typed in (str(article.pk), "council Tuesday", "  "):
        assert found in admin_client.get(lists, {"q": typed}).content.decode()
    for typed in ("999999", "oysters", "valley.example/oysters"):
        assert found not in admin_client.get(lists, {"q": typed}).content.decode()


def test_articles_are_narrowed_to_a_source_without_a_list_of_all(admin_client, article):
    other = Source.objects.create(name="Coast Mail", slug="coast-mail")
    lists, found = reverse("admin:articles_article_changelist"), f"/article/{article.pk}/change/"
    assert "Coast Mail" not in admin_client.get(lists).content.decode()
    assert found in admin_client.get(lists, {"source__id__exact": article.source_id}).content.decode()
    narrowed = admin_client.get(
        lists, {"source__id__exact": other.pk, "state__exact": "watched"}
    ).content.decode()
    assert found not in narrowed
    assert "Coast Mail" in narrowed
    assert '<input type="hidden" name="state__exact" value="watched">' in narrowed
    assert admin_client.get(lists, {"source__id__exact": "none"}, follow=True).status_code == 200


def test_a_source_with_articles_is_not_deleted(admin_client, article):
    page = admin_client.post(
        reverse("admin:articles_source_delete", args=[article.source_id]), {"post": "yes"}
    )
    assert "it has articles, and what was seen is kept" in page.content.decode()
    assert Source.objects.exists()


def test_the_queues_own_pages_are_gone(admin_client):
    assert "django_q" not in admin_client.get(reverse("admin:index")).content.decode().lower()


def test_lists_do_not_count_past_their_cap(admin_client, source, django_assert_max_num_queries):
    for number in range(30):
        add_article(f"https://valley.example/{number}", source)
    with django_assert_max_num_queries(12):
        admin_client.get(reverse("admin:articles_article_changelist"))
