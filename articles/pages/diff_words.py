"""Our own words amid a diff, in the reader's language."""

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from articles.diff import OwnWords


class ReadersWords(OwnWords):
    """See the class that it overrides for where each is said."""

    @property
    def language(self) -> str:
        return get_language() or "en"

    @property
    def added(self) -> str:
        return _("[added:")

    @property
    def removed(self) -> str:
        return _("[removed:")

    @property
    def was(self) -> str:
        return _("Was:")

    @property
    def now(self) -> str:
        return _("Now:")

    @property
    def moved_from_here(self) -> str:
        return _("Moved from here")

    @property
    def moved_here(self) -> str:
        return _("Moved here")

    @property
    def from_its_old_place(self) -> str:
        return _("from its old place")

    def unchanged(self, paragraphs: int, words: int) -> str:
        folded = ngettext("%(count)s unchanged paragraph", "%(count)s unchanged paragraphs", paragraphs)
        counted = ngettext("%(count)s word", "%(count)s words", words)
        return f"{folded % {'count': f'{paragraphs:,}'}} ({counted % {'count': f'{words:,}'}})"

    def split(self, count: int) -> str:
        return ngettext("Split into %(count)s paragraph", "Split into %(count)s paragraphs", count) % {
            "count": count
        }

    def joined(self, count: int) -> str:
        return ngettext("Joined from %(count)s paragraph", "Joined from %(count)s paragraphs", count) % {
            "count": count
        }

    def paragraphs_added(self, count: int) -> str:
        return ngettext("Added paragraph", "%(count)s added paragraphs", count) % {"count": count}

    def paragraphs_removed(self, count: int) -> str:
        return ngettext("Removed paragraph", "%(count)s removed paragraphs", count) % {"count": count}
