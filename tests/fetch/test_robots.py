import pytest

from articles.fetch import Robots
from articles.isolation import isolated

AGENT = "NewsDiffs/0.1 (+https://example.org/about/)"
RULES = """
User-agent: *
Disallow: /private/
Crawl-delay: 7

User-agent: newsdiffs
Disallow: /no-diffs/
Allow: /no-diffs/but-this
Crawl-delay: 2.5
"""


def test_the_group_for_us_counts() -> None:
    robots = Robots(RULES, 200)
    assert robots.allows("https://example.org/private/a", AGENT)
    assert not robots.allows("https://example.org/no-diffs/a", AGENT)
    assert robots.allows("https://example.org/no-diffs/but-this", AGENT)
    assert robots.crawl_delay(AGENT) == 2.5


def test_others_keep_to_the_general_group() -> None:
    robots = Robots(RULES.encode(), 200)
    assert not robots.allows("https://example.org/private/a", "Other/1.0")
    assert robots.crawl_delay("Other/1.0") == 7


@pytest.mark.parametrize("content", ["", b"", None, "Sitemap: https://example.org/sitemap.xml"])
def test_no_rules_allow_everything(content: str | bytes | None) -> None:
    robots = Robots(content, 200)
    assert robots.allows("https://example.org/a", AGENT)
    assert robots.crawl_delay(AGENT) is None


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_4xx_allows_everything(status: int) -> None:
    robots = Robots("User-agent: *\nDisallow: /", status)
    assert robots.allows("https://example.org/a", AGENT)
    assert robots.crawl_delay(AGENT) is None


@pytest.mark.parametrize("status", [500, 503, 429, 408, 425, 302, None])
def test_what_cannot_be_read_disallows_everything(status: int | None) -> None:
    robots = Robots("User-agent: *\nAllow: /", status)
    assert not robots.allows("https://example.org/a", AGENT)
    assert robots.crawl_delay(AGENT) is None
    assert robots.is_unread


@pytest.mark.parametrize("status", [200, 404])
def test_what_was_read_says_so_whatever_it_allows(status: int) -> None:
    assert not Robots("User-agent: *\nDisallow: /", status).is_unread


def test_a_byte_order_mark_does_not_hide_the_first_group() -> None:
    robots = Robots(b"\xef\xbb\xbfUser-agent: *\nDisallow: /", 200)
    assert not robots.allows("https://example.org/a", AGENT)


def test_bytes_that_are_no_utf8_hide_nothing() -> None:
    robots = Robots(b"# caf\xe9\nUser-agent: *\nDisallow: /private", 200)
    assert not robots.allows("https://example.org/private", AGENT)


def test_only_the_first_512_kib_are_read() -> None:
    padding = "# " + "x" * (512 * 1024) + "\n"
    robots = Robots(padding + "User-agent: *\nDisallow: /", 200)
    assert robots.allows("https://example.org/a", AGENT)


@pytest.mark.parametrize("delay", ["soon", "-3", "nan", "inf", "1e400"])
def test_a_delay_that_is_no_number_of_seconds_is_none(delay: str) -> None:
    assert Robots(f"User-agent: *\nCrawl-delay: {delay}", 200).crawl_delay(AGENT) is None


def test_a_hostile_pattern_ends() -> None:
    rules = "User-agent: *\nDisallow: /" + "*a" * 500 + "$\n"
    Robots(rules, 200).allows("https://example.org/" + "a" * 2000 + "b", AGENT)


def test_a_small_file_cannot_ask_for_endless_memory() -> None:
    agents = "".join(f"User-agent: bot{number}\n" for number in range(14_000))
    rules = "".join(f"Disallow: /{number}\n" for number in range(18_000))
    excess = isolated(_rules_read, agents + rules, memory=256 << 20)
    ordinary = isolated(_rules_read, "User-agent: *\n" + rules, memory=256 << 20)
    assert (excess, ordinary) == (False, True)


def _rules_read(text: str) -> bool:
    return not Robots(text, 200).allows("https://example.org/17999", AGENT)


def test_many_agents_in_one_group_are_all_told() -> None:
    agents = "".join(f"User-agent: bot{number}\n" for number in range(500))
    robots = Robots(
        f"{agents}# nobody\n\nDisallow: /a\n" + "Disallow: /b\n" * 300 + "\nUser-agent: *\nDisallow: /c", 200
    )
    assert not robots.allows("https://example.org/a", "bot499/1.0")
    assert not robots.allows("https://example.org/c", AGENT)


@pytest.mark.parametrize(
    "group",
    [
        "about",
        "http",
        "https",
        "example",
        "org",
        "Diffs",
        "News",
        "N",
        "NewsD*",
        "NewsDiffsBot",
        "*bot",
        "/",
        "0",
    ],
)
def test_a_group_that_names_another_is_not_ours(group: str) -> None:
    """Nor one that happens to name a part of the address in our User-Agent."""
    robots = Robots(f"User-agent: {group}\nDisallow: /", 200)
    assert robots.allows("https://example.org/a", AGENT)


@pytest.mark.parametrize(
    "group",
    [
        "newsdiffs",
        "NEWSDIFFS",
        "NewsDiffs/0.1",
        "NewsDiffs/9.0",
        "NewsDiffs/",
        "NewsDiffs 2",
        "NewsDiffs*",
        " newsdiffs  # us",
        "newsdiffs (archive)",
    ],
)
def test_our_group_is_known_in_any_spelling(group: str) -> None:
    robots = Robots(f"User-agent: {group}\nDisallow: /", 200)
    assert not robots.allows("https://example.org/a", AGENT)


def test_a_group_of_a_name_that_ours_begins_with_lets_us_nowhere() -> None:
    robots = Robots("User-agent: News\nAllow: /\n\nUser-agent: *\nDisallow: /", 200)
    assert not robots.allows("https://example.org/a", AGENT)


@pytest.mark.parametrize(
    "line", ["User-agent: *", "Useragent:*", "user agent *", "User-agent *", "USER-AGENT :\t*"]
)
def test_the_general_group_is_known_in_any_spelling(line: str) -> None:
    robots = Robots(f"{line}\nDisallow: /private", 200)
    assert not robots.allows("https://example.org/private", AGENT)


@pytest.mark.parametrize("line", ["User-agent:", "User-agent: # nobody"])
def test_a_group_without_a_name_is_nobodys(line: str) -> None:
    robots = Robots(f"{line}\nDisallow: /", 200)
    assert robots.allows("https://example.org/a", AGENT)
