"""Our own words in a drawing of two texts, in the language of whoever reads the page."""

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from articles.diff.phrases import Phrases
from articles.web.wording import number


class _Translated:
    @property
    def language(self) -> str:
        return get_language() or "en"

    @property
    def added(self) -> str:
        return _("added")

    @property
    def removed(self) -> str:
        return _("removed")

    @property
    def was(self) -> str:
        return _("Was:")

    @property
    def now(self) -> str:
        return _("Now:")

    @property
    def moved_here(self) -> str:
        return _("Moved here")

    @property
    def from_its_old_place(self) -> str:
        return _("from its old place")

    @property
    def moved_from_here(self) -> str:
        return _("Moved from here")

    def split_into(self, paragraphs: int) -> str:
        return ngettext("Split into %(count)s paragraph", "Split into %(count)s paragraphs", paragraphs) % {
            "count": number(paragraphs)
        }

    def joined_from(self, paragraphs: int) -> str:
        return ngettext("Joined from %(count)s paragraph", "Joined from %(count)s paragraphs", paragraphs) % {
            "count": number(paragraphs)
        }

    def paragraphs_added(self, paragraphs: int) -> str:
        if paragraphs == 1:
            return _("Added paragraph")
        return ngettext("%(count)s added paragraph", "%(count)s added paragraphs", paragraphs) % {
            "count": number(paragraphs)
        }

    def paragraphs_removed(self, paragraphs: int) -> str:
        if paragraphs == 1:
            return _("Removed paragraph")
        return ngettext("%(count)s removed paragraph", "%(count)s removed paragraphs", paragraphs) % {
            "count": number(paragraphs)
        }

    def unchanged(self, paragraphs: int, words: int) -> str:
        of_paragraphs = ngettext(
            "%(count)s unchanged paragraph", "%(count)s unchanged paragraphs", paragraphs
        )
        of_words = ngettext("%(count)s word", "%(count)s words", words)
        return f"{of_paragraphs % {'count': number(paragraphs)}} ({of_words % {'count': number(words)}})"


TRANSLATED: Phrases = _Translated()
"""The words in whatever language is active when they are asked for."""
