"""Forms in which newsrooms quote: marks of many languages, nested, left open, cut in two by who said it."""

import pytest

from articles.facts import facts
from articles.facts.quotations import quotations


def quoted(language: str, paragraph: str) -> list[str]:
    return [one.text for one in quotations(paragraph, 0, language)]


def changes(language: str, before: list[str], after: list[str]) -> list[str]:
    found = facts(before, after, language=language)
    return [fact.change.value for fact in found if fact.kind.value == "quote"]


@pytest.mark.parametrize(
    ("language", "paragraph", "wanted"),
    [
        ("en", "“We had no warning,” said Hill.", ["We had no warning,"]),
        ("en", "'We had no warning,' said Hill.", ["We had no warning,"]),
        ("en", '"We had no warning," said Hill.', ["We had no warning,"]),
        ("sv", "”Vi visste ingenting om saken”, sa hon.", ["Vi visste ingenting om saken"]),
        ("da", "»Vi vidste intet om sagen«, sagde hun.", ["Vi vidste intet om sagen"]),
        ("pl", "„Nie wiedzieliśmy o niczym” – powiedział burmistrz.", ["Nie wiedzieliśmy o niczym"]),
        ("hu", "„Nem tudtunk az egészről” – mondta.", ["Nem tudtunk az egészről"]),
        ("de", "‚Wir haben nichts gewusst‘, sagte sie.", ["Wir haben nichts gewusst"]),
        ("de", "›Wir haben nichts gewusst‹, sagte sie.", ["Wir haben nichts gewusst"]),
        ("fr", "« Nous ne savions rien », a dit le maire.", ["Nous ne savions rien"]),
        ("fr", "‹ Nous ne savions rien ›, a dit le maire.", ["Nous ne savions rien"]),
        ("el", "«Δεν ξέραμε τίποτα», είπε ο δήμαρχος.", ["Δεν ξέραμε τίποτα"]),
        ("ar", "قال: ”لم نكن نعلم شيئا عن الأمر“.", ["لم نكن نعلم شيئا عن الأمر"]),
        ("he", 'הוא אמר: "לא ידענו על כך דבר".', ["לא ידענו על כך דבר"]),
        ("ja", "市長は「私たちは何も知らなかった」と述べた。", ["私たちは何も知らなかった"]),
        ("ko", "시장은 “우리는 아무것도 몰랐다”고 말했다.", ["우리는 아무것도 몰랐다"]),
        # A sign beside it says that few words with a capital are speech.
        ("en", 'He said: "We never got the letter" on Monday.', ["We never got the letter"]),
        ("en", "“We are closed” was all he said.", []),
        ("en", "The owner said “We are closed” and left.", ["We are closed"]),
        ("en", "She said it was “not good enough” for the town.", ["not good enough"]),
        ("en", "The “green belt fund” was set up in May.", []),
        ("en", "It was a “cash for access” scheme.", []),
        ("en", "It is listed as “of special concern” there.", []),
        ("ru", "«Открытый исходный код» — это способ разработки.", []),
        ("en", "The firm said its “New harbour plan” had failed.", []),
        ("de", "Er sprach von „einem schweren Fehler“ der Stadt.", ["einem schweren Fehler"]),
        ("ru", "Он заявил: «Мы ничего не знали» — и ушёл.", ["Мы ничего не знали"]),
        ("en", "“Nobody told us.”", ["Nobody told us."]),
        # A quotation within one is of the outer one.
        (
            "en",
            "“He told me ‘never come back here’ and left,” she said.",
            ["He told me ‘never come back here’ and left,"],
        ),
        (
            "fr",
            "« Il m’a dit « ne reviens jamais ici » et il est parti », dit-elle.",
            ["Il m’a dit « ne reviens jamais ici » et il est parti"],
        ),
        (
            "ja",
            "彼女は「彼は「二度と来るな」と言って去った」と話した。",
            ["彼は「二度と来るな」と言って去った"],
        ),
        (
            "de",
            "„Er sagte ‚komm nie mehr wieder‘ und ging“, sagte sie.",
            ["Er sagte ‚komm nie mehr wieder‘ und ging"],
        ),
        # An apostrophe behind a plural closes nothing.
        (
            "en",
            "‘We do not know what the boys’ families were told,’ he said.",
            ["We do not know what the boys’ families were told,"],
        ),
        (
            "en",
            "'It is the workers' money and not the bank's,' he said.",
            ["It is the workers' money and not the bank's,"],
        ),
        # Left open: to the end of its paragraph.
        (
            "en",
            "“We will rebuild. We always have, and we will again.",
            ["We will rebuild. We always have, and we will again."],
        ),
        (
            "en",
            "He said: “We will rebuild. We always have.",
            ["We will rebuild. We always have."],
        ),
        ("en", 'The shelf is 30" wide and holds all of it.', []),
        # Cut in two by who said it.
        (
            "en",
            "“We had no warning,” said Hill. “None at all was given to us.”",
            ["We had no warning,", "None at all was given to us."],
        ),
    ],
)
def test_speech_is_found_in_any_form(language: str, paragraph: str, wanted: list[str]) -> None:
    assert quoted(language, paragraph) == wanted


@pytest.mark.parametrize(
    ("language", "before", "after"),
    [
        ("fr", "“Nous ne savions rien”, a dit le maire.", "« Nous ne savions rien », a dit le maire."),
        ("de", "„Wir haben nichts gewusst“, sagte er.", "»Wir haben nichts gewusst«, sagte er."),
        ("en", '"We had no warning," said Hill.', "‘We had no warning,’ said Hill."),
        (
            "en",
            "“We had no warning. None at all was given to us,” said Hill.",
            "“We had no warning,” said Hill. “None at all was given to us.”",
        ),
        (
            "de",
            "„Das ist ein schwerer Schlag für uns alle“, sagte er.",
            "„Das ist ein schwerer Schlag“, sagte er, „für uns alle.“",
        ),
        (
            "en",
            "He said: “We will rebuild. We always have. The mayor left.",
            "He said: “We will rebuild. We always have.” The mayor left.",
        ),
        (
            "zh",
            "“我们一夜之间失去了一切，”老农说，“现在只能从头再来。”",
            "老农说：“我们一夜之间失去了一切，现在只能从头再来。”",
        ),
        (
            "en",
            "“We will rebuild,” she said.\nThe rest stood.",
            "She said “we will rebuild”.\nThe rest stood.",
        ),
    ],
)
def test_the_same_words_in_another_form_are_no_change(language: str, before: str, after: str) -> None:
    assert changes(language, before.split("\n"), after.split("\n")) == []
    assert changes(language, after.split("\n"), before.split("\n")) == []


@pytest.mark.parametrize(
    ("language", "before", "after", "wanted"),
    [
        (
            "en",
            "“We had no warning. None at all was given to us,” said Hill.",
            "“We had little warning,” said Hill. “None at all was given to us.”",
            ["changed"],
        ),
        (
            "en",
            "“We had no warning,” said Hill. “None at all was given to us.”",
            "“We had no warning,” said Hill.",
            ["removed"],
        ),
        (
            "en",
            "“He told me ‘never come back here’ and left,” she said.",
            "“He told me ‘come back here soon’ and left,” she said.",
            ["changed"],
        ),
        (
            "ja",
            "市長は「私たちは何も知らなかった」と述べた。",
            "市長は「私たちはほとんど何も知らなかった」と述べた。",
            ["changed"],
        ),
        (
            "en",
            "She called it “a very sad day for football”.",
            "She called it a very sad day for football.",
            ["removed"],
        ),
        (
            "ar",
            "قال: ”لم نكن نعلم شيئا عن الأمر“.",
            "قال: ”لم نكن نعلم كل شيء عن هذا الأمر“.",
            ["changed"],
        ),
    ],
)
def test_other_words_are_a_change(language: str, before: str, after: str, wanted: list[str]) -> None:
    assert changes(language, [before], [after]) == wanted


def test_a_quotation_that_goes_on_in_the_next_paragraph_is_one() -> None:
    whole = ["“We waited for hours in the cold. Then a bus came for us,” she said."]
    parted = ["“We waited for hours in the cold.", "“Then a bus came for us,” she said."]
    assert changes("en", whole, parted) == []
    assert changes("en", parted, whole) == []


def test_a_word_put_into_the_second_paragraph_of_a_quotation_alters_it() -> None:
    before = ["“We waited with no news at all.", "“Then a bus came and took the children,” she said."]
    after = ["“We waited with no news at all.", "“Then a bus came and took the youngest children,” she said."]
    assert changes("en", before, after) == ["changed"]


@pytest.mark.parametrize(
    ("language", "before", "after", "wanted"),
    [
        ("nl", "‘We hebben de hele nacht gezocht’, zegt hij.", "‘We hebben de hele dag gezocht’, zegt hij.", ["changed"]),
        ("pl", "„Nie mamy już czasu” – powiedział.", "„Nie mamy już wiele czasu” – powiedział.", ["changed"]),
        ("ko", "“우리는 끝까지 싸울 것입니다”라고 했다.", "“우리는 끝까지 함께 싸울 것입니다”라고 했다.", ["changed"]),
        ("sv", "– Det var som ett jordskalv i natt, säger Anna.", "– Det var som ett jordskalv, säger Anna.", []),
    ],
)
def test_languages_without_lists_have_quotations_too(
    language: str, before: str, after: str, wanted: list[str]
) -> None:
    assert changes(language, [before], [after]) == wanted


def test_what_is_left_of_a_quotation_in_marks_is_its_altered_form() -> None:
    before = ["“I have no regrets whatsoever,” Mr Lind told the court."]
    assert changes("en", before, ["Mr Lind told the court he had “no regrets”."]) == ["changed"]
    assert changes("en", before, ["Mr Lind told the court of a “clear” case."]) == ["removed"]


def test_a_few_words_of_a_long_speech_that_stand_in_marks_elsewhere_are_not_the_speech() -> None:
    speech = "“They call it the big bang, and nobody in this room has a better word for it yet,” he said."
    assert changes("en", [speech], ["He spoke of physics and of the so-called “big bang” of the stars."]) == ["removed"]


@pytest.mark.parametrize(
    ("before", "wanted"),
    [
        ("‘We were lied to’: families demand answers over dam", ["removed"]),
        ("‘The Last of Us’: families demand answers over dam", []),
    ],
)
def test_speech_that_begins_a_headline_stands_before_a_colon(before: str, wanted: list[str]) -> None:
    found = facts([], [], headline_before=before, headline_after="Families demand answers over dam", language="en")
    assert [fact.change.value for fact in found if fact.kind.value == "quote"] == wanted


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("She called the plan “a total disgrace”.", ["a total disgrace"]),
        ("Police said the find was “of grave concern”.", ["of grave concern"]),
        ("They criticised the “cash for access” scheme.", ["cash for access"]),
        ("They said the “cash for access” scheme was dead.", []),
        ("A banner read “Save our school”.", ["Save our school"]),
        ("It was a “cash for access” affair.", []),
    ],
)
def test_three_words_are_speech_where_a_word_of_the_clause_tells(sentence: str, wanted: list[str]) -> None:
    assert quoted("en", sentence) == wanted
