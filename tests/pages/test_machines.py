"""What crawlers are told: read by a library that reads robots.txt, and by the headers of every text."""

import pytest
from protego import Protego

from tests.exports.conftest import Site
from tests.exports.conftest import site as site


@pytest.mark.parametrize(("setting", "refused"), [("refuse", True), ("allow", False)])
def test_crawlers_that_gather_texts_are_refused_them(client, site: Site, settings, setting, refused):
    settings.AI_CRAWLERS = setting
    rules = Protego.parse(client.get("/robots.txt").content.decode())
    version, change = f"/articles/{site.open.pk}/1/", f"/articles/{site.open.pk}/diff/1/2/"
    for path in (version, f"{version[:-1]}/text", change):
        assert rules.can_fetch(f"https://diffs.example{path}", "GPTBot") is not refused
        assert rules.can_fetch(f"https://diffs.example{path}", "SomeSearchBot")
    assert rules.can_fetch("https://diffs.example/about/machines/", "GPTBot")
    assert not rules.can_fetch("https://diffs.example/admin/", "GPTBot")
    for path in (version, f"/articles/{site.open.pk}/1/text", change, "/api/v1/changes"):
        headers = client.get(path).headers
        assert (headers.get("tdm-reservation") == "1") is refused
        assert (headers.get("Content-Usage") == "train-ai=n") is refused
    told = client.get("/.well-known/tdmrep.json").json()
    assert {row["tdm-reservation"] for row in told} == {int(refused)}


def test_the_page_says_how_it_is_set(client, db, settings):
    settings.DATASETS, settings.API_LIMIT = "texts", 77
    page = client.get("/about/machines/").content.decode()
    assert "GPTBot" in page
    assert "published with whole texts" in page
    assert "77" in page
    settings.AI_CRAWLERS = "allow"
    assert "GPTBot" not in client.get("/about/machines/").content.decode()
