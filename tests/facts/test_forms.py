"""One value in many forms is no change; what looks alike and is another value is one."""

import pytest

from articles.facts import facts


def kinds(before: str, after: str, language: str) -> list[str]:
    found = facts([before] if before else [], [after] if after else [], language=language)
    return sorted(fact.kind.value for fact in found)


@pytest.mark.parametrize(
    ("language", "before", "after"),
    [
        ("pt", "Custou dois milhões e meio de reais.", "Custou 2,5 milhões de reais."),
        ("pt", "São 12 mil pessoas.", "São doze mil pessoas."),
        ("it", "Costa un milione e mezzo di euro.", "Costa 1,5 milioni di euro."),
        ("it", "Sono 12mila persone.", "Sono dodicimila persone."),
        ("it", "Sono 12mila persone.", "Sono 12.000 persone."),
        ("ja", "2億5千万円を集めた。", "2億5000万円を集めた。"),
        ("ja", "2億5千万円を集めた。", "二億五千万円を集めた。"),
        ("ja", "三割が反対した。", "30%が反対した。"),
        ("zh", "共有1.2万人参加。", "共有一万二千人参加。"),
        ("ar", "حضر ألف ومئتي شخص.", "حضر 1200 شخص."),
        ("ar", "حضر ١٢ شخصا.", "حضر 12 شخصا."),
        ("fr", "Deux millions et demi d’euros manquent.", "2,5 millions d’euros manquent."),
        ("es", "Faltan dos millones y medio de euros.", "Faltan 2,5 millones de euros."),
        ("de", "Es dauerte eineinhalb Stunden.", "Es dauerte 1,5 Stunden."),
        ("de", "Es waren 1,5 Millionen.", "Es waren 1.500.000."),
        ("ru", "Это стоит полтора миллиона рублей.", "Это стоит 1,5 млн рублей."),
        ("ru", "Погибли двое рабочих.", "Погибли 2 рабочих."),
        ("en", "They paid 1,200 dollars.", "They paid $1,200."),
        ("en", "A rise of 70 per cent.", "A rise of 70%."),
        ("en", "It starts at 17:00.", "It starts at 5 p.m."),
        ("fr", "Début à 20h30.", "Début à 20 h 30."),
        ("es", "Empieza a las 19.00.", "Empieza a las 19:00 horas."),
        ("it", "Inizia alle 9.30.", "Inizia alle ore 9:30."),
        ("en", "Sign up by Thurs., Oct 2.", "Sign up by Thursday, October 2, 2014."),
        ("en", "Born on May 5.", "Born on 5 May."),
        ("de", "Es beginnt am 5. Okt. in Trier.", "Es beginnt am 5. Oktober in Trier."),
        ("en", "Mr Keane, the mayor, left.", "Ms Keane, the mayor, left."),
        ("en", "President Nowak met ministers.", "Nowak met ministers."),
        ("es", "El ministro dijo que vendría.", "El ministro aseguró que vendría."),
        ("ru", "Мэр Иванов ушёл.", "Мэра Иванова сняли."),
        ("en", "The so-called “green belt” will shrink.", "The so-called green belt will shrink."),
        ("en", "The plane carried 132 passengers.", "The plane carried 132 passengers and nine crew."),
    ],
)
def test_the_same_in_another_form_is_quiet(language: str, before: str, after: str) -> None:
    assert kinds(before, after, language) == []


@pytest.mark.parametrize(
    ("language", "before", "after", "wanted"),
    [
        ("en", "The file has 2.5 kB.", "The file has 4 kB.", ["number"]),
        ("en", "The team lost 3-1.", "The team lost 3-2.", ["number"]),
        ("en", "The fee rose from $20 to $25.", "The fee rose from $20 to $30.", ["number"]),
        ("en", "The 34-year-old was arrested.", "The 43-year-old was arrested.", ["number"]),
        ("en", "It finished second in the table.", "It finished third in the table.", ["number"]),
        ("en", "Call 555-0134 for tickets.", "Call 555-0143 for tickets.", ["number"]),
        (
            "en",
            "Three people, including two children, died.",
            "Four people, including three children, died.",
            ["number", "number"],
        ),
        ("en", "A Boeing 737 crashed.", "A Boeing 747 crashed.", ["number"]),
        ("en", "The store opened in 2011.", "The store opened in 2012.", ["date"]),
        ("en", "The meeting is in March.", "The meeting is in April.", ["date"]),
        ("en", "It is due on 2026-02-10.", "It is due on 2026-02-11.", ["date"]),
        ("en", "John Smith won.", "Smith won.", ["name"]),
        (
            "en",
            "The WHO said the outbreak is over.",
            "The World Health Organization said the outbreak is over.",
            ["name"],
        ),
        (
            "de",
            "Außenministerin Baerlocher reist nach Kairo.",
            "Außenministerin Bärlocher reist nach Kairo.",
            ["name"],
        ),
        ("ja", "田中太郎容疑者を逮捕した。", "田中次郎容疑者を逮捕した。", ["name"]),
        (
            "en",
            "The president said he took the money.",
            "The president admitted he took the money.",
            ["attribution"],
        ),
        ("en", "He was found guilty of fraud.", "He was found not guilty of fraud.", ["negation"]),
        ("en", "It cannot be repaired.", "It can be repaired.", ["negation"]),
        (
            "en",
            "She called it “a very sad day for football”.",
            "She called it a very sad day for football.",
            ["quote"],
        ),
    ],
)
def test_another_value_is_told(language: str, before: str, after: str, wanted: list[str]) -> None:
    assert kinds(before, after, language) == wanted


@pytest.mark.parametrize(
    ("language", "note"),
    [
        ("en", "(This Oct. 30 story has been corrected to show the vote was on Monday, in paragraph 3.)"),
        ("en", "A correction was made on June 4, 2024: An earlier version misstated the age."),
        ("en", "Correction added Nov. 18: The name was misspelled."),
        ("en", "Because of an editing error, an earlier version of this article misstated the year."),
        ("en", "The headline of this article was amended on 3 May."),
        ("en", "This version corrects the spelling of the town."),
        ("en", "Update: The game was called off."),
        ("nl", "In een eerdere versie van dit artikel stond een verkeerde datum."),
        ("fi", "Oikaisu 4.5. klo 12: Jutussa oli väärä nimi."),
        ("pt", "Erramos: o texto dizia que eram dez."),
        ("de", "Anm. d. Red.: In einer früheren Fassung stand ein falscher Name."),
        ("fr", "Mise à jour à 18 h 12 : ajout de la réaction de la mairie."),
        ("ja", "【訂正】当初の記事で人数に誤りがありました。"),
        ("zh", "编者注：本文已更正受访者姓名。"),
    ],
)
def test_a_note_of_the_newsroom_is_told(language: str, note: str) -> None:
    assert kinds("", note, language) == ["note"]
    assert kinds(note, "", language) == ["note"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The correction in the market was brutal, analysts said."),
        ("en", "Update your phone before Friday, experts warn."),
        ("en", "Corrections officers went on strike."),
        ("en", "The company has updated its app."),
        ("en", "The article of faith was amended by the synod."),
        ("en", "The story of how the law was changed began in 1990."),
        ("fr", "L’article 49 de la Constitution a été modifié en 2008."),
        ("de", "Der Artikel 5 des Gesetzes wurde geändert."),
        ("es", "La corrección de los mercados sorprendió a los fondos."),
        ("ru", "Исправление ошибок займёт неделю."),
    ],
)
def test_the_corrections_of_the_story_itself_are_no_notes(language: str, text: str) -> None:
    assert kinds("", text, language) == []


def test_a_note_whose_time_changed_is_edited_and_nothing_else_is_said_of_it() -> None:
    before = "Update, 3:15 p.m.: This story has been updated with a statement from the airport."
    after = "Update, 5:40 p.m.: This story has been updated with statements from the airport and the pilots."
    (fact,) = facts([before], [after], language="en")
    assert (fact.kind.value, fact.change.value) == ("note", "changed")
