"""Columns whose names puzzled newcomers get plain ones; and whether a source was paused is no longer a sentence."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0010_api_keys"),
    ]

    operations = [
        migrations.RenameField("article", "headlines_in_turn", "alternating_headlines"),
        migrations.RenameField("host", "wanted_until", "reserved_until"),
        migrations.RenameField("host", "delay_seconds", "robots_delay_seconds"),
        # The condition of the index names the column.
        migrations.RemoveIndex("quarantine", "quarantine_unsettled"),
        migrations.RenameField("quarantine", "settled", "carried_out"),
        migrations.AddIndex(
            "quarantine",
            models.Index(
                condition=models.Q(("carried_out", None)), fields=["decided"], name="quarantine_not_carried_out"
            ),
        ),
        migrations.AlterField(
            "boilerplate",
            "places",
            models.JSONField(
                blank=True,
                default=dict,
                help_text="Places that are kept in the texts and left out of comparisons, each with the kind of what was learned, and those that an admin said are compared (see learned_places.known_places).",
            ),
        ),
        migrations.AlterField(
            "siteprobe",
            "previews",
            models.JSONField(default=list, help_text="As in articles.watch.onboarding.preview.ArticlePreview."),
        ),
        migrations.AddField(
            "health",
            "paused",
            models.BooleanField(default=False, help_text="Whether the source was paused when it was looked at."),
        ),
    ]
