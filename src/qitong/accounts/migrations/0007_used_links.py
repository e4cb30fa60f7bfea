from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_shares")]

    operations = [
        migrations.CreateModel(
            name="UsedLink",
            fields=[
                ("key", models.UUIDField(primary_key=True, serialize=False)),
                ("until", models.DateTimeField()),
            ],
        ),
    ]
