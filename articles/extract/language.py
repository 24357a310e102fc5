"""The language of a text, where the page says none or another: told by its script and its commonest words."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

_SAMPLE = 2_000  # characters
_LEAST_WORDS = 12  # of a text whose language is told
_SHARE = 0.12  # share of a text's words that are among its language's commonest
_TIMES = 3  # how many times as many as of the language that is claimed
_WORD = re.compile(r"[^\W\d_]+")

# Words that stand in any text of some sentences, few of them common to two languages.
_COMMON_WORDS = {
    "en": "the and of to in that is was for with on by has had said which from they have are not this were",
    "de": "der die das und den von mit für auf dem nicht ist ein eine sich auch als wurde hat sie werden zu",
    "fr": "le la les des et une est dans que pour qui sur pas avec sont ont été plus aux du cette par ce au",
    "es": "el la los las que del una por con para más fue sus como está han pero este según y se lo al",
    "pt": "o os as que uma para com não do da em foi mais dos das pela pelo são ao também à e disse",
    "it": "il lo gli che di della per una con non sono è del nel alla più anche dei delle ha da si le",
    "nl": "de het een van en dat is op te voor met zijn niet die er aan ook wordt heeft werd bij door",
    "sv": "och att det som en på är av för med den till inte har om ett var de sig men från",
    "da": "og det at er en til på af for der med den ikke har som de et blev han fra også",
    "no": "og det at er en til på av for som med den ikke har de et ble han fra også sier",
    "pl": "w i na z się że do nie to jest o jak po przez od za dla został były oraz ale",
    "cs": "a se v na je že to s z do o i ve za pro jsou by jako které podle byl ale",
    "tr": "ve bir bu için ile da de olarak daha çok olan gibi kadar sonra en ise dedi",
    "ru": "и в на не что с по как из за от для его это был она они к у о при",
    "uk": "і в на не що з та до як за від для це його був у про також які",
    "bg": "и на да в за се от че с не по са е като до при това ще",
}
_COMMON = {language: frozenset(words.split()) for language, words in _COMMON_WORDS.items()}
_SCRIPTS = {
    "el": re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]"),
    "he": re.compile(r"[\u0590-\u05ff]"),
    "th": re.compile(r"[\u0e00-\u0e7f]"),
    "ko": re.compile(r"[\uac00-\ud7af]"),
    "ja": re.compile(r"[\u3040-\u30ff]"),
}
_LETTERS = {
    "Latin": r"A-Za-z\u00c0-\u024f\u1e00-\u1eff",
    "Greek": r"\u0370-\u03ff\u1f00-\u1fff",
    "Cyrillic": r"\u0400-\u052f",
    "Armenian": r"\u0530-\u058f",
    "Hebrew": r"\u0590-\u05ff",
    "Arabic": r"\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff",
    "Indic": r"\u0900-\u0dff",
    "Thai and its neighbours": r"\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff",
    "Georgian": r"\u10a0-\u10ff",
    "Ethiopic": r"\u1200-\u139f",
    "Korean": r"\uac00-\ud7af\u1100-\u11ff",
    "Chinese and Japanese": r"\u3040-\u30ff\u3400-\u9fff",
}
_LETTERS_OF = {script: re.compile(f"[{letters}]") for script, letters in _LETTERS.items()}
_OTHER_LETTERS = re.compile(
    f"[{''.join(letters for script, letters in _LETTERS.items() if script != 'Latin')}]"
)
_WRITTEN_ALONE = 0.3  # share of a text's letters in a script that one language alone is written in
_NORWEGIAN = frozenset({"no", "nb", "nn"})


def scripts_of(texts: Iterable[str], least: float = 0.0) -> frozenset[str]:
    """Return the scripts in which more than a share of the texts' letters are written, "Latin" and so on."""
    found: Counter[str] = Counter()
    for text in texts:
        if text.isascii():
            found["Latin"] += len(text)
            continue
        if _OTHER_LETTERS.search(text) is None:
            found["Latin"] += len(_LETTERS_OF["Latin"].findall(text))
            continue
        for script, letters in _LETTERS_OF.items():
            found[script] += len(letters.findall(text))
    total = found.total()
    return frozenset(script for script, count in found.items() if count > least * total)


def language_of(paragraphs: Sequence[str], claimed: str) -> str:
    """Return the language of a text: what the page claims (a BCP 47 tag or ""), unless its words say another.

    It takes plain words to overrule a claim: several times as many of the commonest words of another
    language as of the one that is claimed.
    """
    sample = " ".join(paragraphs)[:_SAMPLE]
    base = claimed.split("-")[0]
    if not sample.isascii():
        letters = sum(map(str.isalpha, sample))
        for language, script in _SCRIPTS.items():
            if letters and len(script.findall(sample)) >= _WRITTEN_ALONE * letters:
                return claimed if base in (language, "yi", "iw") else language
    words = [word.casefold() for word in _WORD.findall(sample)]
    if len(words) < _LEAST_WORDS:
        return claimed
    own = _COMMON.get("no" if base in _NORWEGIAN else base)
    if own and sum(map(own.__contains__, words)) >= _SHARE * len(words):
        return claimed
    found = Counter({language: sum(map(common.__contains__, words)) for language, common in _COMMON.items()})
    best, most = found.most_common(1)[0]
    if most < _SHARE * len(words) or base == best or {base, best} <= _NORWEGIAN | {"da"}:
        return claimed
    known = found["no" if base in _NORWEGIAN else base] if base else 0
    return best if most >= _TIMES * max(1, known) else claimed
