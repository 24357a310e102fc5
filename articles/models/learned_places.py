"""Places of a source's pages that were learned: left out of comparisons, or suggested to be.

What they are learned from is ``looks``; ``articles.watch.check.learning`` learns them.
"""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy

from articles.models.looks import TEXT_KEPT, digest
from articles.models.source import Source

PLACE_LENGTH = 33
"""Characters of what `place_of` makes: two digests and the colon between them."""


def place_of(signature: str, words: str | None) -> str:
    """Return the key of a place: the digest of its signature, and of its words unless any may stand there."""
    return f"{digest(signature)}:{digest(words[:TEXT_KEPT]) if words is not None else ''}"


class LearnedPlace(models.Model):
    """A place of a source's pages that is left out of what is compared, or might be, with the evidence."""

    class Kind(models.TextChoices):
        TICKING = "ticking", gettext_lazy("changes at nearly every look")
        FURNITURE = "furniture", gettext_lazy("stands on many articles")
        OTHERS = "others", gettext_lazy("shows another story’s words at most looks")

    class State(models.TextChoices):
        LEARNED = "learned", gettext_lazy("left out of what is compared")
        SUGGESTED = "suggested", gettext_lazy("compared; you may leave it out")
        CONFIRMED = "confirmed", gettext_lazy("left out of what is compared, as you decided")
        UNDONE = "undone", gettext_lazy("compared, as you decided")

    source = models.ForeignKey(Source, models.CASCADE, related_name="learned_places")
    place = models.CharField(max_length=PLACE_LENGTH, help_text=gettext_lazy("See place_of."))
    kind = models.CharField(max_length=9, choices=Kind)
    state = models.CharField(max_length=9, choices=State)
    text = models.TextField(blank=True, help_text=gettext_lazy("What stood there."))
    articles = models.JSONField(
        default=list, help_text=gettext_lazy("The ids of articles on which it was seen, some of them.")
    )
    evidence = models.JSONField(
        default=dict, help_text=gettext_lazy("Figures: articles or looks counted, and of how many.")
    )
    learned = models.DateTimeField(default=timezone.now)
    decided = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ("-learned", "-id")
        constraints = (models.UniqueConstraint(fields=["source", "place"], name="learned_place_once"),)

    def __str__(self) -> str:
        return f"{self.place} of {self.source_id}"

    @property
    def is_left_out(self) -> bool:
        """Return whether comparisons leave it out."""
        return self.state in (self.State.LEARNED, self.State.CONFIRMED)


def known_places(source: Source) -> dict[str, str]:
    """The places that comparisons leave out, each with the kind of what was learned, and those that an admin
    said are compared, with `UNDONE`."""
    rows = LearnedPlace.objects.filter(source=source).exclude(state=LearnedPlace.State.SUGGESTED)
    return {
        place: kind if state != LearnedPlace.State.UNDONE else LearnedPlace.State.UNDONE.value
        for place, kind, state in rows.order_by("place").values_list("place", "kind", "state")
    }
