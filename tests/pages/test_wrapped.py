"""Every word of a template that a person reads goes through gettext."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.base import Lexer, TokenType

TEMPLATES = sorted((Path(settings.BASE_DIR) / "templates").rglob("*.html"))

READ = re.compile(r'\b(?:aria-label|title|placeholder|alt|data-label|content)="([^"]*)"')
"""Attributes whose value a person reads, or hears."""

NO_WORDS = frozenset(
    {
        *("NewsDiffs", "RSS", "Atom", "JSON Feed", "oEmbed (JSON)", "oEmbed (XML)", "v"),
        *("(RSS)", "(Atom)", "(JSON Feed)", "UTC", "NewsDiffs%20", "root.json", "root.tsr", "news.example"),
    }
)
"""Names, which are the same in every language."""

OF_MACHINES = re.compile(
    r"^(?:width=device-width.*|default-src 'none'.*"
    r"|light dark|noindex.*|article|image/png|address|\d+|summary\w*|class=.*|change-form)$"
)
"""Values of ``content`` and of blocks inside a tag that no person reads."""


def unwrapped(source: str) -> list[str]:
    """The words of a template that stand outside of ``translate`` and ``blocktranslate``."""
    plain, inside = [], False
    for token in Lexer(source).tokenize():
        name = token.contents.split(maxsplit=1)[0] if token.token_type is TokenType.BLOCK else ""
        if name == "blocktranslate":
            inside = True
        elif name == "endblocktranslate":
            inside = False
        elif token.token_type is TokenType.TEXT and not inside:
            plain.append(token.contents)
        elif not inside:
            plain.append("\0")  # what a tag or a variable gives
    # What stands in a script or a style sheet is for a program.
    markup = re.sub(r"<(script|style)\b[^>]*>.*?</\1>", "\0", "".join(plain), flags=re.DOTALL)
    texts = re.split(r"\0|[·›→←⇤↔↑↓…]", re.sub(r"<!doctype[^>]*>|<[^>]*>", "\0", markup))
    values = [part for value in READ.findall(markup) for part in value.split("\0")]
    found = []
    for text in (*texts, *values):
        words = re.sub(r"&\w+;", " ", text).strip(' \n\t.,:;()"–—%#/+−?=*')
        if re.search(r"[^\W\d_]{2,}", words) and words not in NO_WORDS and not OF_MACHINES.match(words):
            found.append(words)
    return found


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(settings.BASE_DIR)))
def test_no_words_stand_outside_of_gettext(path):
    assert unwrapped(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>Plain words</p>", ["Plain words"]),
        ('<p>{% translate "Plain words" %}</p>', []),
        ("<p>{{ count }} changes</p>", ["changes"]),
        ("{% blocktranslate %}Seen <em>here</em>{% endblocktranslate %} and there", ["and there"]),
        ('<a aria-label="Older pages">→</a>', ["Older pages"]),
        ('<a aria-label="{% translate \'Older pages\' %}" class="not read">→</a>', []),
        ("{% block title %}Find · NewsDiffs{% endblock %}", ["Find"]),
    ],
)
def test_the_checker_sees_what_is_left_out(source, found):
    assert unwrapped(source) == found
