"""One watched sentence: changed, moved, gone, back."""

import pytest

from articles.models import Notice
from articles.notices.forms import selector_of
from articles.notices.sentences import stands_in, what_became
from tests.factories import make_version
from tests.notices.conftest import change, subscribed, tell

Sentence = Notice.Sentence
WATCHED = {"exact": "The old cables will be looked at in the spring.", "prefix": "", "suffix": ""}
FIRST = "The bridge was closed on Monday after the storm had torn at it all night."
THIRD = "Residents now take the ferry, which runs twice an hour."
EXACT = WATCHED["exact"]
TEXT = (FIRST, f"The mayor spoke. {EXACT} Nobody asked a question.", THIRD)


@pytest.mark.parametrize(
    ("after", "became"),
    [
        (TEXT, None),
        ((FIRST, TEXT[1]), None),
        ((FIRST, TEXT[1], THIRD, "A last word was added."), None),
        (("A first word was added.", *TEXT), None),
        ((FIRST + " It rained.", TEXT[1], THIRD), None),
        ((FIRST, f"The mayor spoke at noon. {EXACT} Some asked questions.", THIRD), None),
        (
            (FIRST, "The mayor spoke. The old cables will be looked at in autumn. Nobody asked.", THIRD),
            Sentence.CHANGED,
        ),
        ((FIRST, "The mayor spoke. Nobody asked a question.", THIRD), Sentence.GONE),
        ((FIRST, THIRD), Sentence.GONE),
        ((TEXT[1], FIRST, THIRD), Sentence.MOVED),
        ((FIRST, "The mayor spoke. Nobody asked a question.", THIRD, EXACT), Sentence.MOVED),
        ((FIRST, f"{EXACT} Nobody asked a question. The mayor spoke.", THIRD), Sentence.MOVED),
        ((FIRST, TEXT[1].replace("cables", "CABLES").replace(".", " ."), THIRD), None),
    ],
)
def test_what_became_of_it(after, became):
    assert what_became(WATCHED, TEXT, after) == became


def test_it_is_back_when_it_was_not_there():
    assert what_became(WATCHED, (FIRST, THIRD), TEXT) is Sentence.BACK
    assert what_became(WATCHED, (FIRST, THIRD), (FIRST,)) is None


def test_of_two_places_the_one_with_the_same_neighbours_is_meant():
    twice = {"exact": "He said no.", "prefix": "The ferryman was asked. ", "suffix": ""}
    before = ("The mayor was asked. He said no.", "The ferryman was asked. He said no.")
    assert what_became(twice, before, before[1:]) is None
    assert what_became(twice, before, before[:1]) is Sentence.GONE
    assert what_became(twice, before, (before[0], "The ferryman was asked.")) is Sentence.GONE


def test_nothing_stands_nowhere():
    assert not stands_in({"exact": " … "}, TEXT)


@pytest.mark.django_db
def test_whoever_watches_it_is_told_with_the_version_in_which_it_stood(article, mail_server, client):
    make_version(article, TEXT)
    selector = selector_of(EXACT, article)
    assert selector["prefix"] == "The mayor spoke. "
    subscribed(article=article, sentence=selector)
    change(article, (FIRST, TEXT[1], THIRD, "A last word was added."))
    assert tell() == 0
    change(article, (FIRST, THIRD))
    change(article, (THIRD, TEXT[1], FIRST))
    change(article, (TEXT[1], FIRST, THIRD))
    change(article, (TEXT[1].replace("in the spring", "in autumn, perhaps"), FIRST, THIRD))
    assert tell() == 4
    told = [(mail["Subject"].strip(), mail.get_body(("plain",)).get_content()) for mail in mail_server.mails]
    assert [subject.partition(":")[0] for subject, _ in told] == [
        "The sentence you watch is gone",
        "The sentence you watch is back",
        "The sentence you watch moved",
        "The sentence you watch changed",
    ]
    stood = [f"/articles/{article.pk}/{number}/" for number in (3, 5, 6, 6)]
    assert all(place in text for place, (_, text) in zip(stood, told, strict=True))
    assert all(EXACT in client.get(place).content.decode() for place in stood)
