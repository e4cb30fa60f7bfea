from __future__ import annotations

from django.db import migrations, models
from django.db.models import F, Q

CAUSES = ["installed", "published", "fact", "calendar"]
CHOICES = [(cause, cause) for cause in CAUSES]


class Migration(migrations.Migration):
    dependencies = [("policies", "0005_foresight")]

    operations = [
        migrations.RemoveConstraint("change", "change_cause_known"),
        migrations.RemoveConstraint("change", "change_told_of_gains"),
        migrations.RemoveConstraint("recheck", "recheck_cause_known"),
        migrations.AddField("change", "opened_at", models.DateTimeField(null=True)),
        migrations.AlterField("change", "cause", models.CharField(choices=CHOICES, max_length=10)),
        migrations.AlterField("recheck", "cause", models.CharField(choices=CHOICES, max_length=10)),
        migrations.AddConstraint(
            "change", models.CheckConstraint(condition=Q(cause__in=CAUSES), name="change_cause_known")
        ),
        migrations.AddConstraint(
            "change",
            models.CheckConstraint(
                condition=Q(("told", False), Q(("kind", "gained"), Q(("cause", "installed"), _negated=True)), _connector="OR"),
                name="change_told_of_gains",
            ),
        ),
        migrations.AddConstraint(
            "change",
            models.CheckConstraint(
                condition=Q(("opened_at", None), Q(("opened_at__gte", F("at")), ("told", True)), _connector="OR"),
                name="change_opened_by_who_was_told",
            ),
        ),
        migrations.AddConstraint(
            "recheck", models.CheckConstraint(condition=Q(cause__in=CAUSES), name="recheck_cause_known")
        ),
    ]
