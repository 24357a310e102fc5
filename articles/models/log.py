"""The log of all versions ever stored: a Merkle tree (RFC 6962) to which is only ever added."""

from django.db import models
from django.utils.translation import gettext_lazy

from articles.models.version import Version


class LoggedVersion(models.Model):
    """What was logged of a version, and at which place.

    It goes with its version: without the random number nobody can tell from the log what a deleted text
    said, not even by guessing. The hash stays (`LogNode`).
    """

    version = models.OneToOneField(Version, models.CASCADE, primary_key=True, related_name="logged")
    index = models.BigIntegerField(unique=True, help_text=gettext_lazy("Its place in the log, from 0."))
    address = models.TextField(help_text=gettext_lazy("Of the article, when it was logged."))
    seen = models.DateTimeField()
    previous_last_seen = models.DateTimeField(null=True)
    text_sha256 = models.BinaryField(max_length=32)
    page_sha256 = models.BinaryField(
        max_length=32, null=True, help_text=gettext_lazy("Of the kept page; empty where none was kept.")
    )
    nonce = models.BinaryField(max_length=16, help_text=gettext_lazy("Random, and nowhere else."))

    def __str__(self) -> str:
        return f"{self.index}: {self.version_id}"


class LogNode(models.Model):
    """The hash of a whole part of the tree (1, 2, 4, 8 … leaves). It is never changed and never deleted.

    It is found by its place in the tree read from left to right: leaf *i* stands at 2 × *i*, and the node
    *level* steps above it, number *index* there, at (2 × *index* + 1) × 2 ^ *level* − 1.
    """

    place = models.BigIntegerField(primary_key=True)
    digest = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"{self.place}: {bytes(self.digest).hex()}"

    @staticmethod
    def place_of(level: int, index: int) -> int:
        return ((2 * index + 1) << level) - 1


class LogRoot(models.Model):
    """The root of the log as it was published at one time. It is never changed."""

    size = models.BigIntegerField(help_text=gettext_lazy("How many versions the log had."))
    root = models.BinaryField(max_length=32)
    at = models.DateTimeField()
    site = models.TextField(help_text=gettext_lazy("Who said so: SITE_URL at that time."))
    day = models.DateField(
        null=True,
        unique=True,
        help_text=gettext_lazy("The day (UTC) that it closes, if any."),
    )
    stamp = models.BinaryField(
        null=True, help_text=gettext_lazy("A time stamp of it (RFC 3161), where one was asked for.")
    )

    class Meta:
        ordering = ("-pk",)
        indexes = (models.Index(fields=["size"], name="log_root_size"),)

    def __str__(self) -> str:
        return f"{self.size} at {self.at:%Y-%m-%d %H:%M}"

    @property
    def hex(self) -> str:
        return bytes(self.root).hex()
