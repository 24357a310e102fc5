"""What several looks tell of articles and sources, and a kept page for each version."""

import hashlib
import logging
import zlib
from typing import Any

import django.db.models.deletion
import django.utils.timezone
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from articles.diff import key
from articles.extract import fold_digits
from articles.models import page_storage

_AT_ONCE = 100
_EARLIER = "EarlierCapture"


log = logging.getLogger("articles.migrations")


def carry_pages(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Store the pages kept so far, one for each article, as those of the latest versions."""
    new = apps.get_model("articles", "Capture")
    rows = apps.get_model("articles", str(_EARLIER)).objects.select_related("article")
    batch: list[Any] = []
    for row in rows.order_by("pk").iterator(chunk_size=_AT_ONCE):
        try:
            page = zlib.decompress(bytes(row.body))
        except zlib.error:  # nobody can read it any more: that must not stop what is whole
            log.warning("a kept page is damaged and is left behind", extra={"article": row.pk})
            continue
        batch.append(
            new(
                article_id=row.pk,
                source_id=row.article.source_id,
                number=row.article.version_count,
                url=row.url,
                content_type=row.content_type,
                body=page_storage.pack(page, None),
                fetched=row.fetched,
            )
        )
        if len(batch) == _AT_ONCE:
            new.objects.bulk_create(batch)
            batch = []
    new.objects.bulk_create(batch)


def fold_numbers(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the signatures of quarantined paragraphs anew: numbers don't count in them any more.

    Of two that are alike now, the later one is left out no longer: the other stands for both.
    """
    paragraphs = apps.get_model("articles", "QuarantinedParagraph")
    renamed: dict[str, str] = {}
    left_out: set[tuple[int, str]] = set()
    for row in paragraphs.objects.exclude(text="").order_by("id"):
        words = fold_digits(key(row.text)).encode("utf-8", "surrogatepass")
        signature = hashlib.sha256(words).hexdigest()[:32]
        renamed[row.signature] = signature
        row.left_out = row.left_out and (row.source_id, signature) not in left_out
        if row.left_out:
            left_out.add((row.source_id, signature))
        row.signature = signature
        row.save(update_fields=["signature", "left_out"])
    for boilerplate in apps.get_model("articles", "Boilerplate").objects.all():
        for field in ("dropped", "held"):
            names = sorted({renamed.get(name, name) for name in getattr(boilerplate, field)})
            setattr(boilerplate, field, names)
        boilerplate.save(update_fields=["dropped", "held"])


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("articles", "0008_imports"),
    ]

    operations = [
        migrations.RenameModel("Capture", "EarlierCapture"),
        migrations.CreateModel(
            name="ArticleLooks",
            fields=[
                (
                    "article",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="looks",
                        serialize=False,
                        to="articles.article",
                    ),
                ),
                ("seen", models.DateTimeField(help_text="When it was last looked at.")),
                (
                    "page_fetched",
                    models.DateTimeField(
                        help_text="When the page that is kept of its text was fetched.", null=True
                    ),
                ),
                ("data", models.BinaryField(help_text="zlib")),
            ],
            options={
                "verbose_name_plural": "article looks",
            },
        ),
        migrations.CreateModel(
            name="Capture",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "number",
                    models.PositiveIntegerField(default=0, help_text="Of the version that was read from it; 0 while there is none."
                    ),
                ),
                ("url", models.TextField()),
                ("content_type", models.CharField(blank=True, max_length=200)),
                ("body", models.BinaryField(help_text="Packed (articles.models.page_storage).")),
                (
                    "depth",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="How many pages lead from one stored whole to it."
                    ),
                ),
                ("fetched", models.DateTimeField()),
                (
                    "sha256",
                    models.CharField(blank=True, help_text="Of the body as received, in hex.", max_length=64),
                ),
                ("request_headers", models.JSONField(blank=True, default=list)),
                (
                    "response_headers",
                    models.JSONField(blank=True, default=list, help_text="Without Set-Cookie."),
                ),
                (
                    "claims",
                    models.JSONField(
                        blank=True, default=dict, help_text="What the page says of itself to machines."
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LearnedPlace",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.CharField(help_text="See place_of.", max_length=33)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("ticking", "changes at nearly every look"),
                            ("furniture", "stands on many articles"),
                            ("others", "shows another story’s words at most looks"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("learned", "left out of what is compared"),
                            ("suggested", "compared; you may leave it out"),
                            ("confirmed", "left out of what is compared, as you decided"),
                            ("undone", "compared, as you decided"),
                        ],
                        max_length=9,
                    ),
                ),
                ("text", models.TextField(blank=True, help_text="What stood there.")),
                (
                    "articles",
                    models.JSONField(
                        default=list, help_text="The ids of articles on which it was seen, some of them."
                    ),
                ),
                (
                    "evidence",
                    models.JSONField(
                        default=dict, help_text="Figures: articles or looks counted, and of how many."
                    ),
                ),
                ("learned", models.DateTimeField(default=django.utils.timezone.now)),
                ("decided", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ("-learned", "-id"),
            },
        ),
        migrations.AddField(
            model_name="alteration",
            name="place",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Where it stands, if that is not among the plain paragraphs.",
                max_length=33,
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="headlines_in_turn",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="Headlines seen in turn while the text stays; no more versions from that.",
            ),
        ),
        migrations.AddField(
            model_name="boilerplate",
            name="places",
            field=models.JSONField(
                blank=True,
                default=dict,
                help_text="Places that are kept in the texts and left out of comparisons, each with the kind of what was learned, and those that an admin said are compared (articles.models.looks.known_places).",
            ),
        ),
        migrations.AddField(
            model_name="quarantinedtext",
            name="left_out",
            field=models.JSONField(
                blank=True, default=list, help_text="What of it is not compared, as of a version."
            ),
        ),
        migrations.AddField(
            model_name="version",
            name="entries_added",
            field=models.PositiveIntegerField(
                default=0, help_text="New entries of a live blog, where the change is nothing else."
            ),
        ),
        migrations.AddField(
            model_name="version",
            name="left_out",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="What of the text is not compared, as it changes by itself: the number of each such paragraph, and what of it is compared.",
            ),
        ),
        migrations.AddField(
            model_name="version",
            name="made_of",
            field=models.CharField(
                blank=True,
                choices=[
                    ("entries", "new entries of a live blog"),
                    ("figures", "live figures of a table"),
                    ("rested", "the last value of what had changed at every look"),
                ],
                default="",
                help_text="What the change is made of where it is no edit like others.",
                max_length=8,
            ),
        ),
        migrations.AddIndex(
            model_name="alteration",
            index=models.Index(
                condition=models.Q(("place", ""), _negated=True),
                fields=["source", "place", "at"],
                name="alteration_place",
            ),
        ),
        migrations.AddField(
            model_name="articlelooks",
            name="source",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="articles.source",
            ),
        ),
        migrations.AddField(
            model_name="capture",
            name="article",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="captures", to="articles.article"
            ),
        ),
        migrations.AddField(
            model_name="capture",
            name="source",
            field=models.ForeignKey(
                db_index=False,
                help_text="The article's, kept here to find a page like it.",
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="articles.source",
            ),
        ),
        migrations.AddField(
            model_name="capture",
            name="base",
            field=models.ForeignKey(
                blank=True,
                help_text="The page it is stored against; empty where it is stored whole.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="leaning",
                to="articles.capture",
            ),
        ),
        migrations.AddField(
            model_name="learnedplace",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="learnedplace",
            name="source",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="learned_places",
                to="articles.source",
            ),
        ),
        migrations.AddIndex(
            model_name="articlelooks",
            index=models.Index(fields=["source", "seen"], name="looks_of_source"),
        ),
        migrations.AddIndex(
            model_name="capture",
            index=models.Index(fields=["fetched"], name="capture_fetched"),
        ),
        migrations.AddIndex(
            model_name="capture",
            index=models.Index(
                condition=models.Q(("depth", 0), ("number", 1)),
                fields=["source", "-id"],
                name="capture_whole_first",
            ),
        ),
        migrations.AddConstraint(
            model_name="capture",
            constraint=models.UniqueConstraint(fields=("article", "number"), name="capture_once"),
        ),
        migrations.AddConstraint(
            model_name="learnedplace",
            constraint=models.UniqueConstraint(fields=("source", "place"), name="learned_place_once"),
        ),
        migrations.RunPython(carry_pages, migrations.RunPython.noop),
        migrations.DeleteModel("EarlierCapture"),
        migrations.RunPython(fold_numbers, migrations.RunPython.noop),
    ]
