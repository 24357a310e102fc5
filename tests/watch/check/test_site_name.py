"""A site's name that a template puts to its headlines is no edit; whatever else comes to one is."""

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from articles.models import Article, Host, Source
from articles.watch.check.check import check_now
from articles.watch.check.site_name import differ_by_site, names_of_site
from articles.watch.feeds.poll import add_article
from tests.scripted import Page, story_page

NAMES = names_of_site("The Valley Post", "https://www.valley-post.example/news")
HEADLINE = "Lime trees to be felled"


@pytest.mark.parametrize(
    "other",
    [
        f"{HEADLINE} | The Valley Post",
        f"{HEADLINE} | Valley Post",
        f"{HEADLINE}|Valley Post",
        f"{HEADLINE} - VALLEY POST",
        f"{HEADLINE} – Valley Post",
        f"{HEADLINE} · valley-post.example",
        f"Valley Post | {HEADLINE}",
        f"The Valley Post — {HEADLINE}",
    ],
)
def test_a_name_of_the_site_is_no_difference(other):
    assert differ_by_site(HEADLINE, other, NAMES)
    assert differ_by_site(other, HEADLINE, NAMES)


@pytest.mark.parametrize(
    "other",
    [
        HEADLINE,
        "",
        f"{HEADLINE} | Live",
        f"{HEADLINE} – mayor resigns",
        f"{HEADLINE} – mayor resigns | Valley Post",
        f"{HEADLINE}, says Valley Post",
        f"{HEADLINE} Valley Post",
        f"{HEADLINE}-Valley Post",
        f"{HEADLINE}: Valley Post",
        f"{HEADLINE} | The Valley Post apologises",
        f"Update | {HEADLINE}",
        f"Correction – {HEADLINE}",
        f"Oaks | Valley Post | {HEADLINE}",
        "Lime trees to be saved | Valley Post",
    ],
)
def test_anything_else_is_one(other):
    assert not differ_by_site(HEADLINE, other, NAMES)
    assert not differ_by_site(other, HEADLINE, NAMES)


@pytest.mark.parametrize(
    ("home_page", "word", "name"),
    [
        ("https://live.valley-post.example/", "Live", "Valley-Post"),
        ("https://www.opinion.valley-post.co.uk/", "Opinion", "Valley Post"),
    ],
)
def test_a_part_of_a_site_is_no_name_of_it(home_page, word, name):
    names = names_of_site("VP", home_page)
    assert not differ_by_site(HEADLINE, f"{HEADLINE} – {word}", names)
    assert not differ_by_site(HEADLINE, f"{word} | {HEADLINE}", names)
    assert differ_by_site(HEADLINE, f"{HEADLINE} | {name}", names)


@given(st.text(max_size=30), st.text(max_size=30))
def test_without_a_name_every_difference_counts(one, other):
    assert not differ_by_site(one, other, names_of_site("", ""))


@given(st.text(max_size=30), st.text(max_size=30))
def test_what_differs_by_a_name_has_the_name(one, other):
    if differ_by_site(one, other, frozenset({"abc"})):
        assert "abc" in "".join(filter(str.isalnum, max(one, other, key=len))).casefold()


@pytest.mark.django_db
def test_no_version_is_made_when_all_headlines_get_the_sites_name(site, source):
    Source.objects.update(name="The Valley Post")

    def serve(number, headline):
        site.pages[f"/trees/{number}"] = Page(story_page(headline))

    def check(number):
        Host.objects.update(next_allowed=timezone.now())
        return check_now(Article.objects.get(address__endswith=f"/trees/{number}")).outcome.value

    source.refresh_from_db()
    for number in range(3):
        serve(number, f"Tree {number} is old")
        add_article(f"{site.url}/trees/{number}", source)
        assert check(number) == "new-version"
    for number in range(3):
        serve(number, f"Tree {number} is old | Valley Post")
        assert check(number) == "unchanged"
    serve(2, "Tree 2 is felled | Valley Post")
    assert check(2) == "new-version"
    article = Article.objects.get(address__endswith="/trees/2")
    assert article.headline == "Tree 2 is felled | Valley Post"
    assert article.versions.get(number=1).headline == "Tree 2 is old"
    assert article.version_count == 2
