"""What has been asked lately. Not logged: a count need not survive a crash, and so it costs no write to disk;
half of each page stays free, so that a count changes in its place."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_three_administrators")]

    operations = [
        migrations.CreateModel(
            name="Share",
            fields=[
                ("key", models.UUIDField(primary_key=True, serialize=False)),
                ("free_at", models.DateTimeField()),
                ("granted", models.BooleanField()),
            ],
        ),
        migrations.RunSQL(
            "ALTER TABLE accounts_share SET UNLOGGED; ALTER TABLE accounts_share SET (fillfactor = 50)",
            migrations.RunSQL.noop,
        ),
    ]
