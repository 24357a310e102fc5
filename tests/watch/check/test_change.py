"""What is stored of a change beside its texts."""

from articles.facts import from_store
from articles.models.text_storage import Text
from articles.watch.check.change import change_of

PLAIN = ("The fire broke out at the mill on Monday.", "The mayor spoke of it in the evening.")


def text(*paragraphs, headline="Fire at the mill"):
    return Text(headline, "", paragraphs)


def change(before, after, **values):
    return change_of(before, after, **{"seen_before": False, "language": "en"} | values)


def test_a_number_is_told_with_its_place():
    made = change(
        text("It began at dawn.", "Four people were hurt."),
        text("It began at dawn.", "Five people were hurt."),
    )
    assert (made.badges, made.minor) == (("number",), False)
    (stored,) = from_store(made.facts)
    assert (stored.fact.before, stored.fact.after, stored.number) == ("Four", "Five", 1)
    assert not stored.due  # a count that rose
    assert ("+", "Five ") in made.excerpt


def test_what_stands_in_the_headline_has_the_number_0():
    made = change(text(*PLAIN), text(*PLAIN, headline="Fire at the old mill kills 3 people"))
    assert made.badges == ("headline",)
    assert made.headline_before == "Fire at the mill"
    made = change(text(*PLAIN, headline="Fire kills 2 people"), text(*PLAIN, headline="Fire kills 3 people"))
    assert [one.number for one in from_store(made.facts)] == [0]


def test_only_typography_of_the_headline_is_no_change_of_it():
    made = change(
        text(*PLAIN, headline="“Fire” at the mill"), text(*PLAIN[:1], headline='"Fire" at the mill')
    )
    assert "headline" not in made.badges


def test_the_excerpt_is_the_sentence_with_the_weightiest_fact():
    before = text(
        "The long report had been read by nobody at all in the town hall.",
        "The bridge is safe, officials said.",
    )
    after = text(
        "A short summary was then read out to everybody who had come along.",
        "The bridge is not safe, officials said.",
    )
    assert ("+", "not ") in change(before, after).excerpt


def test_without_a_fact_the_excerpt_is_what_changed_most():
    made = change(text(*PLAIN), text(PLAIN[0].replace("broke out", "was found to have started"), PLAIN[1]))
    assert made.excerpt
    assert made.facts == ()


def test_a_text_seen_before_is_reverted():
    assert "reverted" in change(text(*PLAIN), text(*PLAIN[:1]), seen_before=True).badges


def test_what_is_stored_is_bounded():
    many, more = (
        [f"On pier {n} of the old harbour they counted {n * 7 + more} boats." for n in range(200)]
        for more in (3, 4)
    )
    speech = "“" + "We shall go on and on and on. " * 40 + "”"
    made = change(text(*many, "He left."), text(*more, "He left.", f"She said: {speech}"))
    assert 55 <= len(made.facts) <= 60
    (quotation,) = (fact for fact in made.facts if fact["kind"] == "quote")  # though numbers outweigh it
    assert len(quotation["after"]) == 400
    assert all(len(fact["before"]) <= 400 for fact in made.facts)
