"""The feed's own identity of its entries: exactly as written, and doubted where one document gives reason."""

import json

import pytest

from articles.fetch import read_feed

HERE = "https://example.org/feed"


def identities(*guids: str, site: str = "https://example.org/") -> list[str]:
    items = "".join(
        f'<item><link>/{number}</link><guid isPermaLink="false">{guid}</guid></item>'
        for number, guid in enumerate(guids)
    )
    text = f'<rss version="2.0"><channel><link>{site}</link>{items}</channel></rss>'
    return [entry.identity for entry in read_feed(text.encode(), HERE).entries]


@pytest.mark.parametrize(
    "guid",
    [
        "post-123",
        "9",
        "tag:example.org,2026:story/9",
        "urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a",
        "https://example.org/?p=9",
        "https://example.org/#post-9",
        "  a b\tc  ",
        "Ünï &lt;x&gt;",
    ],
)
def test_an_id_is_kept_as_it_is_written(guid: str) -> None:
    written = guid.replace("&lt;", "<").replace("&gt;", ">").replace("\t", "").strip()
    assert identities(guid, "another") == [written, "another"]


def test_an_id_too_long_to_keep_is_kept_by_its_hash_so_that_none_is_cut_to_anothers() -> None:
    one, other = identities("x" * 600 + "1", "x" * 600 + "2")
    assert one.startswith("sha256:")
    assert one != other


@pytest.mark.parametrize(
    "guid",
    [
        "",
        " ",
        "0",
        "null",
        "None",
        "undefined",
        "guid",
        "https://example.org",
        "http://www.example.org/",
        HERE,
    ],
)
def test_a_place_holder_and_a_home_page_are_no_ids(guid: str) -> None:
    assert identities(guid, "another", site="https://www.example.org/") == ["", "another"]


def test_one_id_for_several_entries_is_none() -> None:
    assert identities("a", "b", "a") == ["", "b", ""]
    assert identities("https://example.org/", "https://example.org/") == ["", ""]


def test_the_same_entry_twice_has_its_id_once() -> None:
    item = "<item><link>/1</link><guid>x1</guid></item>"
    text = f"<rss><channel>{item}{item}</channel></rss>"
    assert [entry.identity for entry in read_feed(text.encode(), HERE).entries] == ["x1"]


def test_places_in_the_list_are_no_ids() -> None:
    assert identities("1", "2", "3") == identities("0", "1", "2") == ["", "", ""]
    assert identities("3", "2", "1") == ["3", "2", "1"]
    assert identities("11", "12", "13") == ["11", "12", "13"]


def test_what_is_doubted_is_still_told() -> None:
    text = "<rss><channel><item><link>/1</link><guid>null</guid></item></channel></rss>"
    (entry,) = read_feed(text.encode(), HERE).entries
    assert (entry.guid, entry.guid_stands_once, entry.guid_looks_like_id) == ("null", True, False)


def test_other_formats_have_ids_too() -> None:
    atom = '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>urn:1</id><link href="/1"/></entry></feed>'
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        '<item rdf:about="urn:1"><link>/1</link></item></rdf:RDF>'
    )
    document = {"version": "https://jsonfeed.org/version/1", "items": [{"id": "urn:1", "url": "/1"}]}
    for text in (atom, rdf, json.dumps(document)):
        assert [entry.identity for entry in read_feed(text.encode(), HERE).entries] == ["urn:1"]
    document["items"] = [{"id": 77, "url": "/1"}, {"id": True, "url": "/2"}]
    assert [entry.guid for entry in read_feed(json.dumps(document).encode(), HERE).entries] == ["77", ""]
    sitemap = "<urlset><url><loc>https://example.org/1</loc></url></urlset>"
    assert [entry.identity for entry in read_feed(sitemap.encode(), HERE).entries] == [""]
