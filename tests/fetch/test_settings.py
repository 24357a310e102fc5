import pytest

from articles.fetch import parse_endpoints


def test_endpoints_are_read() -> None:
    assert parse_endpoints(" 127.0.0.1:8001 , [::1]:80,") == {("127.0.0.1", 8001), ("::1", 80)}
    assert parse_endpoints("") == frozenset()
    assert parse_endpoints("[0:0::1]:80") == {("::1", 80)}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("localhost:8001", "not an IP address"),
        ("127.0.0.1", "a port"),
        ("127.0.0.1:", "not a port"),
        ("127.0.0.1:0", "not a port"),
        ("127.0.0.1:65536", "not a port"),
        ("127.0.0.1:http", "not a port"),
        ("127.0.0.0/8:80", "not an IP address"),
        ("::1:80", "such as"),
        ("*:80", "not an IP address"),
        ("127.0.0.1:80 127.0.0.1:81", "not an IP address"),
    ],
)
def test_what_is_no_endpoint_is_explained(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_endpoints(text)
