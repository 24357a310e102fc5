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
        ("fr", "Une hausse d’1,5 million d'euros.", "Une hausse de 1,5 million d'euros."),
        ("de", "Die Sitzung beginnt um sieben Uhr.", "Die Sitzung beginnt um 7 Uhr."),
        ("en", "Doors open at ten a.m. on Sunday.", "Doors open at 10 a.m. on Sunday."),
        ("ar", "تنطلق القافلة عند السابعة صباحا من الميناء.", "تنطلق القافلة عند 7 صباحا من الميناء."),
        ("ja", "講演会は午後1時半から始まる。", "講演会は午後1時30分から始まる。"),
        ("ja", "講演会は午後七時から始まる。", "講演会は午後7時から始まる。"),
        ("ja", "審議は一時中断した。", "審議は一時停止した。"),
        ("zh", "会议下午3点30分开始。", "会议下午3点半开始。"),
        ("ar", "بكلفة بلغت مليونين ونصف المليون دولار.", "بكلفة بلغت 2.5 مليون دولار."),
        ("ar", "بكلفة بلغت ثلاثة ملايين ونصف المليون دولار.", "بكلفة بلغت 3.5 مليون دولار."),
        ("ar", "بكلفة بلغت مليارا ونصف المليار دولار.", "بكلفة بلغت 1.5 مليار دولار."),
        ("ar", "بكلفة بلغت مليونين وربع المليون دولار.", "بكلفة بلغت 2.25 مليون دولار."),
        ("en", "Use {i,u}{8,16,64,128,size}::reverse.", "Use {i,u}{8,16,32,64,128,size}::reverse."),
        ("en", "Use size{4,8} here.", "Use size{4,9} here."),
        ("en", "Set x[3] here.", "Set x[4] here."),
        ("es", "Empieza a las 7 de la tarde.", "Empieza a las 19:00."),
        ("es", "Subió a las 9 y media.", "Subió a las 9:30."),
        ("it", "Parte alle sette e mezza.", "Parte alle 7:30."),
        ("ja", "試合は19時に始まる。", "試合は午後7時に始まる。"),
        ("ar", "رتبته السابعة في الدوري.", "رتبته الثامنة في الدوري."),
        ("ar", "كلف ألفين ونصف الألف دولار.", "كلف 2500 دولار."),
        ("ru", "Взрыв прогремел в семь вечера.", "Взрыв прогремел в 19:00."),
        ("it", "Il calo dell'8 per cento.", "Il calo dell'8% pesa."),
        (
            "de",
            "Nach dem Abpfiff zu Auseinandersetzungen kam es dort.",
            "Nach dem Spiel kam es dort zu Auseinandersetzungen.",
        ),
        ("fr", "Il arrive à dix heures et demie.", "Il arrive à 10h30."),
        ("fr", "Il arrive à 10 heures et demie.", "Il arrive à 10h30."),
        ("de", "Um acht Uhr abends begann es.", "Um 20 Uhr begann es."),
        ("de", "Um 8 Uhr abends begann es.", "Um 20 Uhr begann es."),
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
        (
            "it",
            "L'inflazione è scesa all'1,9% a ottobre.",
            "L'inflazione è scesa all'1,7% a ottobre.",
            ["number"],
        ),
        ("it", "È salita all'8% a ottobre.", "È salita all'11% a ottobre.", ["number"]),
        ("it", "Il calo dell'8% pesa.", "Il calo dell'11% pesa.", ["number"]),
        ("it", "Si vota l'8 marzo a Parma.", "Si vota l'11 marzo a Parma.", ["date"]),
        ("fr", "Une hausse d'1,5 million d'euros.", "Une hausse d'1,8 million d'euros.", ["number"]),
        (
            "ar",
            "أعلنت الوزارة تسجيل 240 إصابة و7 وفيات.",
            "أعلنت الوزارة تسجيل 240 إصابة و9 وفيات.",
            ["number"],
        ),
        ("ar", "خصصت الحكومة مبلغا ل7 قرى.", "خصصت الحكومة مبلغا ل9 قرى.", ["number"]),
        (
            "it",
            "L'udienza è fissata per venerdì alle 9.",
            "L'udienza è fissata per venerdì alle 11.",
            ["date"],
        ),
        ("it", "L'udienza è alle 9 in tribunale.", "L'udienza è alle 11 in tribunale.", ["date"]),
        ("it", "Aperto dalle 9 alle 11.", "Aperto dalle 10 alle 12.", ["date", "date"]),
        ("it", "Aiuti alle 9 famiglie.", "Aiuti alle 11 famiglie.", ["number"]),
        ("it", "Passa dalle 9 alle 11 persone.", "Passa dalle 9 alle 12 persone.", ["number"]),
        ("it", "Si parte alle sette di sera.", "Si parte alle otto di sera.", ["date"]),
        ("es", "La vista será a las 9.", "La vista será a las 11.", ["date"]),
        ("es", "La vista será a las 9 de la mañana.", "La vista será a las 11 de la mañana.", ["date"]),
        ("es", "Ayuda a las 9 familias.", "Ayuda a las 11 familias.", ["number"]),
        ("es", "La misa será a las siete de la tarde.", "La misa será a las ocho de la tarde.", ["date"]),
        ("es", "Ayuda a las siete familias.", "Ayuda a las ocho familias.", ["number"]),
        ("pt", "A reunião começa às 9.", "A reunião começa às 11.", ["date"]),
        ("pt", "A reunião começa às nove horas.", "A reunião começa às onze horas.", ["date"]),
        (
            "fr",
            "La séance ouvre à sept heures du matin.",
            "La séance ouvre à huit heures du matin.",
            ["date"],
        ),
        ("fr", "Le débat a duré sept heures.", "Le débat a duré huit heures.", ["number"]),
        ("fr", "La ville est à sept heures de route.", "La ville est à huit heures de route.", ["number"]),
        ("de", "Die Sitzung beginnt um sieben Uhr.", "Die Sitzung beginnt um acht Uhr.", ["date"]),
        ("en", "The hearing starts at ten o'clock.", "The hearing starts at eleven o'clock.", ["date"]),
        ("ru", "Заседание начнётся в семь утра.", "Заседание начнётся в восемь утра.", ["date"]),
        ("ru", "Заседание длилось семь часов.", "Заседание длилось восемь часов.", ["number"]),
        (
            "ar",
            "تنطلق القافلة يوم الأحد عند السابعة صباحاً من الميناء.",
            "تنطلق القافلة يوم الأحد عند الثامنة صباحاً من الميناء.",
            ["date"],
        ),
        (
            "ar",
            "تنطلق القافلة في الساعة السابعة من الميناء.",
            "تنطلق القافلة في الساعة الثامنة من الميناء.",
            ["date"],
        ),
        ("ja", "講演会は午後2時から始まる。", "講演会は午後1時半から始まる。", ["date"]),
        ("ja", "講演会は15日午後2時から始まる。", "講演会は16日午後1時半から始まる。", ["date", "date"]),
        ("ja", "講演会は午後七時から始まる。", "講演会は午後八時から始まる。", ["date"]),
        ("ja", "審議は2時間続いた。", "審議は3時間続いた。", ["number"]),
        ("zh", "会议下午3点开始。", "会议下午3点半开始。", ["date"]),
        ("zh", "会议下午三点开始。", "会议下午四点开始。", ["date"]),
        ("zh", "他提出三点建议。", "他提出四点建议。", ["number"]),
        (
            "ar",
            "بكلفة بلغت ثلاثة ملايين ونصف المليون دولار.",
            "بكلفة بلغت أربعة ملايين ونصف المليون دولار.",
            ["number"],
        ),
        ("en", "The members [12] voted.", "The members [13] voted.", ["number"]),
        (
            "en",
            "About 8,16 and 4 were used (12 in all).",
            "About 8,16 and 4 were used (13 in all).",
            ["number"],
        ),
        ("fr", "On compte une cinquantaine de blessés.", "On compte une soixantaine de blessés.", ["number"]),
        ("it", "Si contano una cinquantina di feriti.", "Si contano una sessantina di feriti.", ["number"]),
        ("es", "Hay una docena de heridos.", "Hay una veintena de heridos.", ["number"]),
        ("pt", "Há uma dúzia de feridos.", "Há uma vintena de feridos.", ["number"]),
        ("ru", "Пострадал десяток человек.", "Пострадала дюжина человек.", ["number"]),
        ("zh", "巴黎对此表示遗憾。", "柏林对此表示遗憾。", ["name"]),
        ("it", "Sono arrivati alle 3 di loro.", "Sono arrivati alle 4 di loro.", ["number"]),
        ("it", "La quota va alle 3.", "La quota va alle 4.", ["date"]),
        ("es", "Entre las 9 y las 11 familias.", "Entre las 9 y las 12 familias.", ["number"]),
        ("es", "Abre de las 9 a las 11.", "Abre de las 9 a las 12.", ["date"]),
        ("es", "Salió a las 9 en punto.", "Salió a las 10 en punto.", ["date"]),
        ("es", "Empieza a las 7 de la mañana.", "Empieza a las 7 de la tarde.", ["date"]),
        (
            "es",
            "Empieza a las nueve y media de la noche.",
            "Empieza a las diez y media de la noche.",
            ["date"],
        ),
        ("it", "Parte alle sette e mezza.", "Parte alle otto e mezza.", ["date"]),
        ("pt", "Começa às sete e meia da noite.", "Começa às oito e meia da noite.", ["date"]),
        ("pt", "Deu apoio às 9 famílias.", "Deu apoio às 11 famílias.", ["number"]),
        ("pt", "Abre às 9 e fecha às 17.", "Abre às 10 e fecha às 18.", ["date", "date"]),
        ("ja", "試合は3時間半続いた。", "試合は2時間半続いた。", ["number"]),
        ("zh", "股指上涨30点。", "股指上涨40点。", ["number"]),
        (
            "ar",
            "يبدأ الحفل في الساعة السابعة والنصف مساء.",
            "يبدأ الحفل في الساعة الثامنة والنصف مساء.",
            ["date"],
        ),
        ("de", "Er kommt gegen sieben Uhr.", "Er kommt gegen neun Uhr.", ["date"]),
        ("en", "He worked for ten hours.", "He worked for eleven hours.", ["number"]),
        ("fr", "Le taux passe à l'1,5 point.", "Le taux passe à l'1,8 point.", ["number"]),
        ("fr", "La hausse d'1,2 % étonne.", "La hausse d'1,3 % étonne.", ["number"]),
        ("it", "Costa l'1.200 in meno.", "Costa l'1.300 in meno.", ["number"]),
        ("ar", "يبدأ في الحادية عشرة صباحا.", "يبدأ في الثانية عشرة صباحا.", ["date"]),
        ("es", "Duró dos horas y media.", "Duró tres horas y media.", ["number"]),
        ("es", "Llegó a las 9 de la mañana del lunes.", "Llegó a las 10 de la mañana del lunes.", ["date"]),
        ("zh", "公司表示将赔偿。", "工厂表示将赔偿。", ["attribution"]),
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
