"""One spelling of each address, one key for each story."""

from collections.abc import Callable
from contextlib import suppress
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.fetch import BadAddress, Refused, address_key, is_on_site, is_same_host, normalise
from articles.fetch.address import mended

hosts = st.sampled_from(
    ["example.org", "www.example.org", "m.example.org", "amp.news.example.co.uk", "[2606:4700::1]"]
)
segments = st.text(st.characters(codec="utf-8", exclude_characters="/?#"), max_size=12)
paths = st.lists(
    st.one_of(
        segments, st.sampled_from(["amp", "index.html", "..", ".", "", "a.amp.html", "..amp", "%2e", "%"])
    )
)
names = st.sampled_from(["id", "page", "a", "utm", "b[]", "q", "é", ""])
values = st.text(max_size=8).map(lambda text: quote(text, safe=""))
queries = st.lists(st.builds("{}={}".format, names, values), max_size=4)
tracking = st.sampled_from(
    [
        "utm_source=rss",
        "UTM_Medium=x",
        "utm%5Fcampaign=1",
        "fbclid=Iw0",
        "gclid=",
        "at_medium=RSS",
        "mc_cid=1",
        "ref=rss",
    ]
)


@st.composite
def urls(draw: st.DrawFn) -> str:
    scheme = draw(st.sampled_from(["http", "https", "HTTP"]))
    port = draw(st.sampled_from(["", ":80", ":443", ":8001", ":"]))
    query = "&".join(draw(queries))
    return f"{scheme}://{draw(hosts)}{port}/{'/'.join(draw(paths))}" + (f"?{query}" if query else "")


def printable(url: str) -> bool:
    try:
        normalise(url)
    except ValueError:
        return False
    return True


good_urls = urls().filter(printable)


@given(good_urls)
def test_normalising_twice_changes_nothing(url: str) -> None:
    assert normalise(normalise(url)) == normalise(url)


@given(good_urls)
def test_the_key_of_a_key_is_itself(url: str) -> None:
    assert address_key(address_key(url)) == address_key(url)


@given(good_urls)
def test_normalising_does_not_change_the_key(url: str) -> None:
    assert address_key(normalise(url)) == address_key(url)


@given(good_urls, st.lists(tracking, min_size=1, max_size=3), st.randoms())
def test_tracking_does_not_matter(url: str, added: list[str], random: object) -> None:
    bare, _, query = url.partition("?")
    pairs = query.split("&") if query else []
    tracked = bare + "?" + "&".join([*added[:1], *pairs, *added[1:]])
    assert address_key(tracked) == address_key(url)
    assert normalise(tracked) == normalise(url) or not all(pairs)


@given(good_urls, st.data())
def test_the_order_of_the_query_does_not_matter(url: str, data: st.DataObject) -> None:
    bare, _, query = url.partition("?")
    shuffled = data.draw(st.permutations(query.split("&")))
    assert address_key(f"{bare}?{'&'.join(shuffled)}") == address_key(url)


@given(good_urls)
def test_what_is_normalised_is_plain_ascii_and_has_no_fragment(url: str) -> None:
    found = normalise(f"{url}#part")
    assert found.isascii()
    assert found.isprintable()
    assert not set(found) & set(' #"<>\\^`{}')


WRAPPINGS: dict[str, Callable[[str], str]] = {
    "click": lambda url: f"https://www.google.com/url?sa=t&q={quote(url, safe='')}&usg=AOv",
    "click in an alert": lambda url: f"https://www.google.co.uk/url?rct=j&url={quote(url, safe=':/')}&ct=ga",
    "cache": lambda url: f"https://www-example-org.cdn.ampproject.org/c/{without_scheme(url)}",
    "cache without a host of its own": lambda url: f"https://cdn.ampproject.org/c/{without_scheme(url)}",
    "cache for a viewer": lambda url: f"https://cdn.ampproject.org/v/{without_scheme(url)}",
    "Bing's cache": lambda url: f"https://www.bing-amp.com/c/{without_scheme(url)}",
    "viewer": lambda url: f"https://www.google.com/amp/{without_scheme(url)}",
}


def without_scheme(url: str) -> str:
    return url.removeprefix("http://").replace("https://", "s/", 1)


wrappings = st.lists(st.sampled_from(sorted(WRAPPINGS)), min_size=1, max_size=3)


@given(good_urls.map(normalise), wrappings)
def test_an_address_is_taken_out_of_its_wrappings(url: str, names: list[str]) -> None:
    wrapped = url
    for name in names:
        wrapped = WRAPPINGS[name](wrapped)
    if len(wrapped) <= 2048:
        assert normalise(wrapped) == url
        assert address_key(wrapped) == address_key(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://www.google.com/url",
        "https://www.google.com/url?q=weather",
        "https://www.google.com/url?q=http%3A%2F%2F",
        "https://www.google.com/url?q=https%3A%2F%2Fuser%3Asecret%40example.org%2F",
        "https://www.google.com/url?q=https%3A%2F%2Fexample.org%2F%0D%0Aa",
        "https://www.google.com/url?q=https://example.org/%E9",
        "https://www.google.com/search?q=https%3A%2F%2Fexample.org%2F",
        "https://www.google.com/amp/s",
        "https://www.google.com/amp/stories",
        "https://www.google.example.org/url?q=https%3A%2F%2Fexample.org%2F",
        "https://google.com.example.org/amp/s/example.org/a",
        "https://cdn.ampproject.org/v0.js",
        "https://cdn.ampproject.org/i/s/example.org/a.jpg",
        "https://cdn.ampproject.org.example.org/c/s/example.org/a",
        "https://example.org/url?q=https%3A%2F%2Fexample.com%2F",
        "https://example.org/amp/s/example.com/a",
    ],
)
def test_what_wraps_no_address_stays_as_it_is(url: str) -> None:
    assert normalise(url) == url


@given(
    st.sampled_from(["m.google.com", "www.google.com", "amp.bing-amp.com", "cdn.ampproject.org"]),
    st.sampled_from(
        ["/url/", "/url/index.html", "/amp/c/s/example.org/a", "/c/s/www.google.com/url/", "/amp/amp/"]
    ),
    st.lists(
        st.sampled_from(["q=https://a..b/", "q=https://example.org/?q=1", "url=http://m.google.com/url"])
    ),
)
def test_a_wrapping_that_only_the_key_uncovers_is_undone_too(host: str, path: str, query: list[str]) -> None:
    key = address_key(f"https://{host}{path}?{'&'.join(query)}")
    assert address_key(key) == key


@pytest.mark.parametrize(
    "other",
    [
        "http://www.example.org/2026/story",
        "https://www.example.org:443/2026/story",
        "http://www.example.org:80/2026/story",
        "https://WWW.EXAMPLE.ORG/2026/story",
        "https://www.example.org./2026/story",
        "https://www.example.org/2026/story/",
        "https://www.example.org/2026/story#comments",
        "https://www.example.org/2026/story?",
        "https://www.example.org/2026/st%6Fry",
        "https://www.example.org/x/../2026/./story",
        "https://www.example.org/2026/story?utm_source=rss&utm_medium=feed",
        "https://www.example.org/2026/story?fbclid=1",
        "https://www.example.org/2026/story?ref=rss",
        "https://www.example.org/2026/story/amp",
        "https://www.example.org/2026/story/amp/",
        "https://www.example.org/2026/story.amp",
        "https://www.example.org/amp/2026/story",
        "https://www.example.org/2026/story?amp",
        "https://www.example.org/2026/story?amp=1",
        "https://www.example.org/2026/story?outputType=amp",
        "https://www.example.org/2026/story/index.html",
        "https://m.example.org/2026/story",
        "https://mobile.example.org/2026/story",
        "https://amp.example.org/2026/story",
    ],
)
def test_addresses_of_one_story_have_one_key(other: str) -> None:
    assert address_key(other) == address_key("https://www.example.org/2026/story")


@pytest.mark.parametrize(
    "other",
    [
        "https://www.example.org/2026/Story",
        "https://www.example.org/2026/story2",
        "https://www.example.org/2026/story?id=1",
        "https://www.example.org/2026/story?ref=chapter-2",
        "https://www.example.org/2026/story%2Famp",
        "https://www.example.org:8001/2026/story",
        "https://news.example.org/2026/story",
        "https://example.org/2026/story",
        "https://www.example.org/2026/champ",
    ],
)
def test_addresses_of_other_stories_have_other_keys(other: str) -> None:
    assert address_key(other) != address_key("https://www.example.org/2026/story")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://m.news.example.org/a", "https://news.example.org/a"),
        ("https://m.example.co.uk/a", "https://www.example.co.uk/a"),
        ("https://amp.m.example.org/a", "https://www.example.org/a"),
        ("https://www.example.org/a.amp.html", "https://www.example.org/a.html"),
        ("https://www.example.org/", "https://www.example.org/index.html"),
        ("https://m.org/a", "https://m.org/a/"),
    ],
)
def test_mobile_and_amp_addresses_count_as_their_plain_siblings(one: str, other: str) -> None:
    assert address_key(one) == address_key(other)


@pytest.mark.parametrize(
    ("url", "normalised"),
    [
        ("http://example.org", "http://example.org/"),
        (" https://Example.org:443/a \n", "https://example.org/a"),
        ("https://example.org/a?b=1&utm_source=x&a=2#c", "https://example.org/a?b=1&a=2"),
        ("https://example.org/é?q=ü", "https://example.org/%C3%A9?q=%C3%BC"),
        ("https://example.org/%c3%a9%7e", "https://example.org/%C3%A9~"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://straße.example/", "https://xn--strae-oqa.example/"),
        ("https://example.org/a b|c", "https://example.org/a%20b|c"),
        ("http://[2606:4700:0:0::1]:80/", "http://[2606:4700::1]/"),
        ("http://0x5d.184.55/", "http://93.184.0.55/"),
        ("https://foo_bar.example.org/", "https://foo_bar.example.org/"),
        ("https://example.org/../../a", "https://example.org/a"),
        ("https://example.org/a/..", "https://example.org/"),
        ("https://example.org//a", "https://example.org//a"),
        # Mended: marks, line breaks and references that are no part of any address.
        ("\u200bhttps://example.org/a\ufeff", "https://example.org/a"),
        ("https://example.org/a/\u200e\u2060b\u00ad", "https://example.org/a/b"),
        ("\u3000\u00a0https://example.org/a\u2003\u200d", "https://example.org/a"),
        (
            "https://example.org/\u0645\u06cc\u200c\u0631\u0648\u062f",
            "https://example.org/%D9%85%DB%8C%E2%80%8C%D8%B1%D9%88%D8%AF",
        ),
        ("https://example.org/a/\n   broken-\r\n\t line", "https://example.org/a/broken-line"),
        ("https://example.org/a\u2028b\u0085c\td", "https://example.org/abcd"),
        ("https://example.org/?a=1&#038;b=2", "https://example.org/?a=1&b=2"),
        ("https://example.org/?a=1&amp;#038;b=2&amp;amp;c=3", "https://example.org/?a=1&b=2&c=3"),
        ("https://example.org/?a=1&#x26;b=2&AMP;c=3&#38;d=4", "https://example.org/?a=1&b=2&c=3&d=4"),
        ("https://example.org/it&#039;s-on&#8211;off", "https://example.org/it's-on%E2%80%93off"),
        ("https://example.org/?a=1&copy=2&lt;=3", "https://example.org/?a=1&copy=2&lt;=3"),
        ("https://example.org/?a=1&#35;b&#x110000;", "https://example.org/?a=1"),
        ("feed://example.org/rss", "http://example.org/rss"),
        ("feeds://example.org/rss", "https://example.org/rss"),
        ("rss:https://example.org/rss", "https://example.org/rss"),
        ("rss://example.org/rss", "http://example.org/rss"),
        ("ITPC://example.org/rss", "http://example.org/rss"),
        ("itpcs:example.org/rss", "https://example.org/rss"),
        ("podcast://https://example.org/rss", "https://example.org/rss"),
        ("https:/example.org/rss", "https://example.org/rss"),
        ("<https://example.org/a>", "https://example.org/a"),
        ('"https://example.org/a"', "https://example.org/a"),
        ("“https://example.org/it's”", "https://example.org/it's"),
        ("https%3A%2F%2Fexample.org%2Fa%3Fb%3D1", "https://example.org/a?b=1"),
        ("https:///example.org/rss", "https://example.org/rss"),
        ("http:\\\\example.org/rss", "http://example.org/rss"),
        ("http:///https:/example.org/rss", "https://example.org/rss"),
        ("FEED:https://example.org/rss", "https://example.org/rss"),
        ("feed://https://example.org/rss", "https://example.org/rss"),
        ("http://https://example.org/a", "https://example.org/a"),
        ("https://b%C3%BCcher.example/", "https://xn--bcher-kva.example/"),
        # Sessions
        ("https://example.org/a.jsp;jsessionid=0AB1.node2?id=1", "https://example.org/a.jsp?id=1"),
        ("https://example.org/a;jsessionid=1/b;v=2", "https://example.org/a/b;v=2"),
        ("https://example.org/a%3Bjsessionid%3D0AB1?id=1", "https://example.org/a?id=1"),
        ("https://example.org/a?jsessionid=0AB1&id=1", "https://example.org/a?id=1"),
        ("https://example.org/(S(lit3py55t21z5v55vlm25s55))/a.aspx", "https://example.org/a.aspx"),
        ("https://example.org/a?PHPSESSID=ffee1&b=2", "https://example.org/a?b=2"),
        ("https://example.org/a?sid=0123456789abcdef0123", "https://example.org/a"),
        ("https://example.org/a?sid=105&s=bridge", "https://example.org/a?sid=105&s=bridge"),
        ("https://example.org/a?sid=7301234567890123456", "https://example.org/a?sid=7301234567890123456"),
        ("https://example.org/?feed=atom", "https://example.org/?feed=atom"),
        ("https://example.org/a?feedType=RSS&ref=newsletter", "https://example.org/a"),
        # Escapes that change nothing stay as they are: some servers care.
        ("https://example.org/7%2c75%28b%29?q=a%2cb", "https://example.org/7%2C75%28b%29?q=a%2Cb"),
    ],
)
def test_addresses_are_spelt_one_way(url: str, normalised: str) -> None:
    assert normalise(url) == normalised


@pytest.mark.parametrize(
    ("link", "normalised"),
    [
        ("b", "https://example.org/dir/b"),
        ("/b?utm_source=x", "https://example.org/b"),
        ("//other.example/b", "https://other.example/b"),
        ("?page=2", "https://example.org/dir/a?page=2"),
        ("http://other.example/b", "http://other.example/b"),
    ],
)
def test_links_are_resolved_against_their_page(link: str, normalised: str) -> None:
    assert normalise(link, base="https://example.org/dir/a") == normalised


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mailto:news@example.org", "http:// or https://"),
        ("javascript:alert(1)", "http:// or https://"),
        ("http://user:secret@example.org/", "user name"),
    ],
)
def test_what_is_never_fetched_is_refused_in_plain_words(url: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        normalise(url)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://example.org/" + "a" * 2030, "2,048"),
        ("http://example.org/" + "é" * 1000, "2,048"),
        ("http://example.org/\x00/a", "control characters"),
        ("http://exa\x1fmple.org/", "control characters"),
        ("http://example.org/a\u0085\x7fb", "control characters"),
        ("http://example.org/\ud800", "control characters"),
        ("", "http:// or https://"),
        ("example.org/story", "http:// or https://"),
        ("//example.org/story", "http:// or https://"),
        ("http://?a", "no host name"),
        ("http://a..b/", "not a valid host name"),
        ("http://exa mple.org/", "not a valid host name"),
        ("http://example.org:port/", "not an address"),
    ],
)
def test_what_is_no_address_is_explained_in_plain_words(url: str, words: str) -> None:
    with pytest.raises(BadAddress, match=words):
        address_key(url)


@given(
    st.text(max_size=60),
    st.sampled_from(["", "http://", "https://[", "http://example.org/", "//", "http://a@"]),
)
def test_no_text_raises_anything_else(text: str, start: str) -> None:
    for url, base in [(start + text, ""), (start + text, "https://example.org/dir/"), (text, start)]:
        with suppress(BadAddress):
            assert normalise(url, base=base)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.org/7,75398,1,a.html", "https://example.org/7%2C75398%2c1%2Ca.html"),
        ("https://example.org/wiki/A_(b)", "https://example.org/wiki/A_%28b%29"),
        ("https://example.org/x|y[1]", "https://example.org/x%7Cy%5b1%5D"),
        ("https://example.org/a:b@c!d$e'f*g+h=i", "https://example.org/a%3Ab%40c%21d%24e%27f%2Ag%2Bh%3Di"),
        ("https://example.org/a?q=b,c/d", "https://example.org/a?q=b%2Cc%2Fd"),
        ("https://example.org/a?q=b+c", "https://example.org/a?q=b%20c"),
        ("https://example.org/%d1%81", "https://example.org/%D1%81"),
        ("https://bücher.example/a", "https://XN--BCHER-KVA.example/a"),
        ("https://example.org/a;JSESSIONID=1", "https://example.org/a"),
        ("https://example.org/a?mod=rss_markets", "https://example.org/a?mod=rssWN"),
        ("https://example.org/a?.tsrc=rss", "https://example.org/a?.tsrc=fin"),
        ("https://example.org/a?feedType=RSS&feedName=topNews", "https://example.org/a"),
    ],
)
def test_spellings_of_one_address_have_one_key(one: str, other: str) -> None:
    assert address_key(one) == address_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.org/a%2Fb", "https://example.org/a/b"),
        ("https://example.org/a%3Fb=1", "https://example.org/a?b=1"),
        ("https://example.org/a?q=b%26c=d", "https://example.org/a?q=b&c=d"),
        ("https://example.org/a?q=b%2Bc", "https://example.org/a?q=b+c"),
        ("https://example.org/a?q=b%3Dc", "https://example.org/a?q=b=d"),
        ("https://example.org/a?mod=article_inline", "https://example.org/a"),
        ("https://example.org/a?sid=100", "https://example.org/a?sid=101"),
        ("https://example.org/a?feedtype=video", "https://example.org/a"),
    ],
)
def test_what_may_mean_another_page_keeps_its_own_key(one: str, other: str) -> None:
    assert address_key(one) != address_key(other)


@given(
    st.sampled_from(
        ["pk", "ns", "at", "mc", "mtm", "hsa", "oly", "wt", "vero", "guce", "__hs", "_hs", "piwik", "at_"]
    ),
    st.sampled_from(["_id", "_article", "_nr", "_no", "_page", "id", "_story", "_doc", "_key", "_news"]),
)
def test_a_name_that_begins_as_a_trackers_does_tells_stories_apart(start: str, end: str) -> None:
    one, other = (f"https://example.org/article.php?{start}{end}={number}" for number in (1, 2))
    if f"{start}{end}" != "vero_id":  # known by its whole name
        assert address_key(one) != address_key(other)
        assert normalise(one) == one


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://www.example.org/a", "http://example.org:8080/b", True),
        ("https://m.example.org/a", "https://www.example.org/", True),
        ("https://sport.example.org/a", "https://example.org/", False),
        ("http://127.0.0.1:8001/", "http://127.0.0.1:8002/", True),
    ],
)
def test_twins_are_one_host(one: str, other: str, same: bool) -> None:
    assert is_same_host(one, other) is same


@pytest.mark.parametrize(
    ("address", "site", "on_it"),
    [
        ("https://sport.example.org/a", "https://www.example.org/", True),
        ("https://example.org/a", "https://sport.example.org/", False),
        ("https://badexample.org/a", "https://example.org/", False),
        ("https://www.example.org/a", "http://example.org:8080/", True),
        ("https://a.localhost/", "https://localhost/", False),
        ("https://example.org.evil.example/", "https://example.org/", False),
    ],
)
def test_a_sub_domain_is_on_the_site(address: str, site: str, on_it: bool) -> None:
    assert is_on_site(address, site) is on_it


# A site whose pages are told apart by folders and parameters, whatever these are called.
FOLDERS = ("news", "a,b", "a(b)", "a|b", "a b", "a&b", "a;b", "a+b", "a=b", "é", "7", "2026", "amp-up")
PARAMETERS: tuple[str, ...] = (
    "id",
    "p",
    "pk_id",
    "ns_id",
    "at_id",
    "mc_id",
    "mtm_id",
    "hsa_id",
    "sid",
    "s",
    "mod",
    "ref",
    "a,b",
)
MORE_PARAMETERS = (*PARAMETERS, "source", "from", "feed", "via", "page", "v", "session", "rss", "cid")
VALUES = ("1", "2", "105", "7301234567890123456", "bridge", "a,b", "a b", "a&b", "a/b", "é")
pages = st.tuples(
    st.lists(st.sampled_from(FOLDERS), min_size=1, max_size=3),
    st.dictionaries(st.sampled_from(MORE_PARAMETERS), st.sampled_from(VALUES), max_size=3),
)
marks = tracking | st.sampled_from(["PHPSESSID=ab1", "sid=00112233445566778899aabb", ""])
ALWAYS_ESCAPED = {"path": "/?#%; &", "query": "&=#%+; "}


@st.composite
def spelt(draw: st.DrawFn, page: tuple[list[str], dict[str, str]]) -> str:
    """An address of a page, in one of its spellings."""

    def written(text: str, where: str) -> str:
        def one(character: str) -> str:
            escape = character in ALWAYS_ESCAPED[where] or not character.isascii() or draw(st.booleans())
            escaped = quote(character, safe="")
            return (escaped.lower() if draw(st.booleans()) else escaped) if escape else character

        return "".join(map(one, text))

    folders, parameters = page
    pairs = [f"{written(name, 'query')}={written(value, 'query')}" for name, value in parameters.items()]
    pairs += draw(
        st.lists(
            tracking | st.sampled_from(["PHPSESSID=ab1", "sid=00112233445566778899aabb", ""]), max_size=2
        )
    )
    session = draw(st.sampled_from(["", ";jsessionid=0AB1"]))
    scheme = draw(st.sampled_from(["http", "https"]))
    path = "/".join(written(folder, "path") for folder in folders)
    return f"{scheme}://example.org/{path}{session}?{'&'.join(draw(st.permutations(pairs)))}"


@given(pages, pages, st.data())
def test_addresses_are_one_exactly_where_their_pages_are(
    one: tuple[list[str], dict[str, str]], other: tuple[list[str], dict[str, str]], data: st.DataObject
) -> None:
    first, second = data.draw(spelt(one)), data.draw(spelt(other))
    assert (address_key(first) == address_key(second)) is (one == other)
    assert address_key(data.draw(spelt(one))) == address_key(first) == address_key(normalise(first))


@given(st.text(st.sampled_from("&#;amp038x26 feed:htps/\\ric<>'\"%A\u200b\n1"), max_size=40))
def test_mending_twice_changes_nothing(text: str) -> None:
    assert mended(mended(text)) == mended(text)


IDENTIFIERS = ("id", "p", "article", "articleId", "aid", "story", "nid", "no", "idx", "newsid", "page", "v")


@given(
    name=st.sampled_from(IDENTIFIERS),
    ids=st.lists(st.integers(1, 10**9), min_size=2, max_size=2, unique=True),
    path=st.sampled_from(["/", "/story", "/story.php", "/news/", "/amp/story", "/index.html"]),
    tracking=st.sampled_from(["", "&utm_source=rss", "&fbclid=1", "&amp=1", "#comments"]),
)
def test_stories_told_apart_by_their_query_stay_apart(
    name: str, ids: list[int], path: str, tracking: str
) -> None:
    keys = {address_key(f"https://example.org{path}?{name}={number}{tracking}") for number in ids}
    assert len(keys) == 2
    assert address_key(f"https://example.org{path}?{name}={ids[0]}") in keys


@given(
    words=st.lists(st.from_regex(r"[a-z]{2,8}", fullmatch=True), min_size=2, max_size=5, unique=True),
    number=st.integers(1, 10**9),
    other=st.integers(1, 10**9),
)
def test_stories_told_apart_by_a_number_in_their_path_stay_apart(
    words: list[str], number: int, other: int
) -> None:
    one, another = (f"https://example.org/news/{'-'.join(words)}-{end}" for end in (number, other))
    assert (address_key(one) == address_key(another)) is (number == other)
