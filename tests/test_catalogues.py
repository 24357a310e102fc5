"""The translations: none is missing, none drops what is put into it, and what is compiled is what is written.

After a change of words, the two commands of CONTRIBUTING.md ("Words and languages") bring them up to date.
"""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from babel.messages import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(settings.BASE_DIR)
LANGUAGES = ("de", "fr", "es")

PUT_IN = re.compile(r"%\(\w+\)[a-z]|%%|%[sd]|\{\w*\}|</?[a-z][^>]*>|&\w+;")
"""What a translation has to hold as often as the original: what is filled in, tags and entities."""

PLAIN_CALLS = frozenset({"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"})
CALLS_IN_CONTEXT = frozenset({"pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy"})


class Message(NamedTuple):
    context: str | None
    text: str


@cache
def written(language: str) -> Catalog:
    with (ROOT / f"locale/{language}/LC_MESSAGES/django.po").open("rb") as file:
        return read_po(file, locale=language)


@cache
def compiled(language: str) -> Catalog:
    with (ROOT / f"locale/{language}/LC_MESSAGES/django.mo").open("rb") as file:
        return read_mo(file)


def forms(value: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """A text, or the singular and the plurals of one that counts."""
    return (value,) if isinstance(value, str) else tuple(value)


def messages(catalogue: Catalog) -> dict[Message, tuple[str, ...]]:
    """Each message by its context and its original, with its translation in every form."""
    found = {}
    for one in catalogue:
        if one.id:
            # Babel leaves the contexts of compiled catalogues as bytes.
            context = one.context.decode() if isinstance(one.context, bytes) else one.context
            found[Message(context, forms(one.id)[0])] = forms(one.string or "")
    return found


def in_python(source: str) -> set[Message]:
    """The messages in a module: also those amid an f-string, which ``makemessages`` does not find."""
    found: set[Message] = set()
    if "gettext" not in source and "_(" not in source:
        return found  # most modules have no words for people
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        words = [one.value for one in node.args if isinstance(one, ast.Constant)]
        if name in PLAIN_CALLS and words and isinstance(words[0], str):
            found.add(Message(None, words[0]))
        elif name in CALLS_IN_CONTEXT and len(words) > 1:
            found.add(Message(str(words[0]), str(words[1])))
    return found


def in_template(source: str) -> set[Message]:
    """The messages in a template, which Django writes out as calls in Python amid signs for the rest."""
    found = set()
    for call in re.findall(
        r"\b(?:_|n?p?gettext)\((?:u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")\s*,?\s*)+(?:count)?\)",
        templatize(source),
    ):
        found |= in_python(call)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated_in_every_form(language):
    catalogue = written(language)
    missing = [
        one.id
        for one in catalogue
        if one.id
        and (
            one.fuzzy
            or len(forms(one.string)) != (catalogue.num_plurals if one.pluralizable else 1)
            or not all(form.strip() for form in forms(one.string))
        )
    ]
    assert missing == []
    assert not catalogue.obsolete


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_holds_what_is_put_into_the_original(language):
    different = []
    for one in filter(lambda one: one.id, written(language)):
        originals = forms(one.id)
        for number, form in enumerate(forms(one.string)):
            original = originals[min(number, len(originals) - 1)]
            if Counter(PUT_IN.findall(form)) != Counter(PUT_IN.findall(original)):
                different.append((original, form))
            if original.endswith("\n") != form.endswith("\n"):
                different.append((original, form))
    assert different == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compiled_is_what_is_written(language):
    assert messages(compiled(language)) == messages(written(language)), "run compilemessages"


def test_the_catalogues_have_the_words_of_the_sources_and_no_others():
    wanted: set[Message] = set()
    for room in ("articles", "newsdiffs"):
        for path in sorted((ROOT / room).rglob("*.py")):
            wanted |= in_python(path.read_text("utf-8"))
    for path in sorted((ROOT / "templates").rglob("*.*")):
        wanted |= in_template(path.read_text("utf-8"))
    for language in LANGUAGES:
        known = set(messages(written(language)))
        assert sorted(map(str, wanted - known)) == [], f"{language}: run makemessages, and translate"
        assert sorted(map(str, known - wanted)) == [], f"{language}: run makemessages"


def test_french_has_no_break_before_double_punctuation():
    breakable = [
        form
        for one in written("fr")
        for form in forms(one.string)
        if re.search(r"« | »| [;!?](?!\w)| :(?=\s|$)", form)
    ]
    assert breakable == []


@pytest.mark.parametrize(("language", "strange"), [("de", "“[^“]*”"), ("fr", "[“”]"), ("es", "[„‟]")])
def test_quotation_marks_are_those_of_the_language(language, strange):
    assert [form for one in written(language) for form in forms(one.string) if re.search(strange, form)] == []


def test_the_reader_of_sources_finds_messages_wherever_they_stand():
    module = (
        'told = f"{_(\'Seen\')} {ngettext(\'one\', \'many\', 2)}" + pgettext("versions", "to") + other("not")'
    )
    assert in_python(module) == {Message(None, "Seen"), Message(None, "one"), Message("versions", "to")}
    template = (
        '{% translate "Seen" %} not {% translate "to" context "versions" %}'
        '{% include "x" with title=_("Feeds") %}'
        "{% blocktranslate trimmed count n=n %}\n {{ n }} it's\n one"
        "{% plural %}{{ n }} many{% endblocktranslate %}"
    )
    assert in_template(template) == {
        Message(None, "Seen"),
        Message("versions", "to"),
        Message(None, "Feeds"),
        Message(None, "%(n)s it's one"),
    }
