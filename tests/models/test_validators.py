"""What an admin types is refused with words, whatever Python makes of it."""

import pytest
from django.core.exceptions import ValidationError

from articles.models.validators import check_patterns, check_rules

UNCOMPILED = ["(", "a{99999999999999}", "(" * 500 + ")" * 500, "(?P<a>x)(?P<a>y)", "x" + "+" * 9]
"""That Python can't compile: a fault of the pattern, a number too large, and nesting too deep."""


@pytest.mark.parametrize("pattern", UNCOMPILED)
def test_a_pattern_that_can_not_be_compiled_is_an_error_of_the_form(pattern):
    with pytest.raises(ValidationError) as refused:
        check_patterns("only_addresses", f"/good/\n{pattern}")
    assert "Line 2" in refused.value.message_dict["only_addresses"][0]
    assert len(refused.value.message_dict["only_addresses"][0]) < 500


@pytest.mark.parametrize("pattern", UNCOMPILED)
def test_so_is_a_rule(pattern):
    with pytest.raises(ValidationError) as refused:
        check_rules({"drop_text": [pattern]})
    assert "is no regular expression" in refused.value.message_dict["rules"][0]


@pytest.mark.parametrize("selector", ["[" * 500, ":not(" * 500 + ")" * 500, "/" + "(" * 5000, "//p[" * 500])
def test_so_is_a_selector(selector):
    with pytest.raises(ValidationError):
        check_rules({"drop": [selector]})


def test_what_python_compiles_is_taken():
    check_patterns("only_addresses", "/politics/\n/20[0-9][0-9]/")
