"""What makes a text doubtful: it is stored only when a later check sees it again. Pure.

``decide`` has it wait, and nobody is asked. What waits for a person is in ``widespread``.
"""

import re
from typing import NamedTuple

from articles.diff import words
from articles.extract import Story, no_story_phrase
from articles.models import ReasonCode
from articles.models.text_storage import Text

_ASIDE = 200
"""Characters; a paragraph that speaks of a wall in place of the story is no longer."""

_NO_STORY_HEADLINE = re.compile(
    r"^\W*(?:error|fehler|erreur|errore?|błąd|ошибка)?\W*(?:(?:404|403|page not found|not found"
    r"|access denied|forbidden"
    r"|log ?in|sign ?in|subscribe to read|are you a robot|just a moment|before you continue"
    r"|seite nicht gefunden|zugriff verweigert|anmelden|page introuvable|accès refusé|se connecter"
    r"|página no encontrada|acceso denegado|iniciar sesión|pagina non trovata|accesso negato|accedi"
    r"|página não encontrada|acesso negado|pagina niet gevonden|inloggen|strona nie|nie znaleziono|zaloguj"
    r"|sidan (?:kunde inte hittas|hittades inte)|siden (?:finnes ikke|blev ikke fundet)"
    r"|страница не найдена|доступ (?:запрещ[её]н|ограничен)|sayfa bulunamadı|stránka nenalezena)\b"
    r"|ページが見つかりません|页面不存在|页面未找到|找不到页面"
    r"|頁面不存在|找不到頁面|페이지를 찾을 수 없|الصفحة غير موجودة)",
    re.IGNORECASE,
)
_FAILING_SERVER = re.compile(
    r"^\W*(?:(?:http )?error\W*50\d|50\d (?:internal|bad gateway|service|gateway|error)|internal server error"
    r"|bad gateway|service (?:is )?(?:temporarily |currently )?unavailable|gateway time-?out"
    r"|(?:site )?under maintenance|something went wrong|we(?:['’]ll| will) be (?:right )?back)\b",
    re.IGNORECASE,
)
"""Said with status 200."""


class Doubt(NamedTuple):
    """Why a text is doubtful: the code, and what of the text it was in words for a person."""

    code: ReasonCode
    detail: str


def doubt_of(before: Text | None, story: Story | Text) -> Doubt | None:
    """Why *story*, which follows the text *before* (None: it is the first), is doubtful, or None."""
    count = sum(map(words, story.paragraphs))
    count_before = sum(map(words, before.paragraphs)) if before else 0
    if count * 2 < count_before:
        return Doubt(ReasonCode.SHRUNK, f"the text shrank from {count_before} to {count} words")
    if _reads_like_an_error(story.headline) and not (before and _reads_like_an_error(before.headline)):
        code = ReasonCode.ERROR_HEADLINE
        return Doubt(code, f"{code.label}: “{story.headline[:80]}”")
    return _new_wall(before.paragraphs, story.paragraphs) if before else None


def _reads_like_an_error(headline: str) -> bool:
    return any(pattern.search(headline) for pattern in (_NO_STORY_HEADLINE, _FAILING_SERVER))


def _new_wall(before: tuple[str, ...], now: tuple[str, ...]) -> Doubt | None:
    """What the text newly says that stands in place of a story, or None."""
    for paragraph in now:
        if len(paragraph) <= _ASIDE and paragraph not in before and (phrase := no_story_phrase(paragraph)):
            return Doubt(ReasonCode.WALL, f"the text speaks of {phrase}")
    return None
