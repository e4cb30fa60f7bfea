import django.db.models.deletion
from django.db import migrations, models

SORTS = ["begins", "changes", "ends", "window", "expected", "draft"]
CALLS = ["opens", "closes"]

# What was said before these days were kept is looked at once, soon: the sweep sets the next day.
DUE_AT_ONCE = """
INSERT INTO policies_lapse (enterprise_id, name, due_on)
SELECT DISTINCT enterprise_id, name, DATE '2000-01-01' FROM policies_companyfact WHERE value IS NOT NULL;
"""


def key() -> tuple[str, models.BigAutoField]:
    return "id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_showings"), ("policies", "0004_counts")]

    operations = [
        migrations.CreateModel(
            name="Lapse",
            fields=[
                key(),
                ("name", models.CharField(max_length=60)),
                ("due_on", models.DateField()),
                (
                    "enterprise",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.enterprise",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["due_on", "id"], name="lapse_due")],
                "constraints": [models.UniqueConstraint(fields=("enterprise", "name"), name="lapse_once")],
            },
        ),
        migrations.CreateModel(
            name="Outlook",
            fields=[
                key(),
                ("quarter", models.CharField(max_length=6)),
                ("contents", models.CharField(max_length=64)),
                ("facts_on", models.DateField()),
                ("asked_at", models.DateTimeField()),
                ("registered", models.PositiveIntegerField()),
                ("cursor", models.BigIntegerField(default=0)),
                ("judged", models.PositiveIntegerField(default=0)),
                ("done_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["quarter", "-id"], name="outlook_of_quarter")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("done_at", None)),
                        fields=("quarter",),
                        name="outlook_counted_once_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quarter__regex", "^[0-9]{4}Q[1-4]$")), name="outlook_quarter"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cursor__gte", 0)), name="outlook_cursor_counts"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Estimate",
            fields=[
                key(),
                ("policy", models.CharField(max_length=60)),
                ("sort", models.CharField(choices=[(it, it) for it in SORTS], max_length=10)),
                ("first", models.DateField()),
                ("mark", models.CharField(max_length=64)),
                ("judged_on", models.DateField()),
                ("eligible", models.PositiveIntegerField(default=0)),
                ("manual", models.PositiveIntegerField(default=0)),
                ("unknown", models.PositiveIntegerField(default=0)),
                ("near", models.PositiveIntegerField(default=0)),
                ("missing", models.JSONField(default=dict)),
                (
                    "outlook",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="estimates",
                        to="policies.outlook",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("outlook", "policy", "sort", "first"), name="estimated_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sort__in", SORTS)), name="estimate_sort_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Call",
            fields=[
                key(),
                ("policy", models.CharField(max_length=60)),
                ("kind", models.CharField(choices=[(it, it) for it in CALLS], max_length=10)),
                ("opens", models.DateField()),
                ("due_on", models.DateField()),
                ("cursor", models.BigIntegerField(default=0)),
                ("told", models.PositiveIntegerField(default=0)),
                ("done_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("done_at", None)), fields=["id"], name="call_waits")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("policy", "kind", "opens"), name="called_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", CALLS)), name="call_kind_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_on__gte", models.F("opens"))), name="call_within_its_window"
                    ),
                    models.CheckConstraint(condition=models.Q(("cursor__gte", 0)), name="call_cursor_counts"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                key(),
                ("policy", models.CharField(max_length=60)),
                ("kind", models.CharField(choices=[(it, it) for it in CALLS], max_length=10)),
                ("opens", models.DateField()),
                ("at", models.DateTimeField()),
                (
                    "enterprise",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.enterprise",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("enterprise", "policy", "kind", "opens"), name="noticed_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", CALLS)), name="notice_kind_known"
                    ),
                ],
            },
        ),
        migrations.RunSQL(DUE_AT_ONCE, migrations.RunSQL.noop),
    ]
