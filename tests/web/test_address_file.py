"""Files of addresses as people have them."""

import pytest

from articles.web.address_file import MOST_LINES, Unreadable, read_address, read_lines

A, B = "https://news.example/a", "https://news.example/b"


def addresses(data, **how):
    return [(line.number, line.address) for line in read_lines(data, **how)]


@pytest.mark.parametrize(
    "data",
    [
        f"{A}\n{B}\n".encode(),
        f"{A}\r\n{B}".encode(),
        f"\ufeff{A}\n{B}".encode(),
        f"{A}\n{B}".encode("utf-16"),
        f"<{A}>\n“{B}”".encode(),
        f"news.example/a\n{B}?utm_source=x".encode(),
    ],
)
def test_text_has_one_address_a_line(data):
    assert addresses(data) == [(1, A), (2, B)]


def test_empty_lines_comments_and_a_heading_are_left_out():
    assert addresses(f"URL\n\n# ours\n{A}\n".encode()) == [(4, A)]


def test_a_comma_may_belong_to_an_address():
    assert addresses(b"https://news.example/a-1,234.html") == [(1, "https://news.example/a-1,234.html")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_has_it_in_the_cell_that_looks_like_one(delimiter):
    rows = [["title", "url"], ["Four", A], ['"Five, or so"', B]]
    data = "\n".join(delimiter.join(row) for row in rows).encode()
    assert addresses(data, table=True)[-2:] == [(2, A), (3, B)]


def test_bad_lines_say_why_and_take_nothing_from_the_good_ones():
    lines = read_lines(f"nonsense\n{A}\nftp://news.example/\nhttps://u:p@news.example/\n".encode())
    assert [(line.number, bool(line.problem)) for line in lines] == [
        (1, True),
        (2, False),
        (3, True),
        (4, True),
    ]
    assert lines[0].problem == "this is no address of a page"


def test_an_address_given_twice_says_where_it_was_before():
    lines = read_lines(f"{A}\n{B}\nhttp://news.example/a?utm_source=x\n".encode())
    assert [line.repeats for line in lines] == [None, None, 1]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"x" * 1_000_001, "more than 1,000,000 bytes"),
        (
            b"\n".join(b"n.example/%d" % n for n in range(MOST_LINES + 1)),
            "more than 10,000 addresses",
        ),
        (b"\n# none\n", "no address in it"),
        (b"PK\x03\x04\x00\x00", "is no text"),
    ],
)
def test_what_can_not_be_read_says_why(data, words):
    with pytest.raises(Unreadable, match=words):
        read_lines(data)


def test_a_broken_csv_says_where():
    with pytest.raises(Unreadable, match="Line 1 of the CSV"):
        read_lines(b'"' + b"x" * 200_000, table=True)


def test_a_long_line_is_cut():
    assert len(read_address("x" * 9999).address) == 500
