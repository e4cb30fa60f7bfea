from __future__ import annotations

from django.db import migrations, models
from django.db.models import Q

CAUSES = ["installed", "registered", "published", "fact", "calendar"]
CHOICES = [(cause, cause) for cause in CAUSES]
KNOWN = Q(cause__in=CAUSES)


class Migration(migrations.Migration):
    dependencies = [("policies", "0009_packages_by_stage")]

    operations = [
        migrations.RemoveConstraint("change", "change_cause_known"),
        migrations.RemoveConstraint("recheck", "recheck_cause_known"),
        migrations.AlterField("change", "cause", models.CharField(choices=CHOICES, max_length=10)),
        migrations.AlterField("recheck", "cause", models.CharField(choices=CHOICES, max_length=10)),
        migrations.AddConstraint("change", models.CheckConstraint(condition=KNOWN, name="change_cause_known")),
        migrations.AddConstraint("recheck", models.CheckConstraint(condition=KNOWN, name="recheck_cause_known")),
    ]
