from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("policies", "0011_one_table_of_what_does_not_suit")]

    operations = [
        migrations.AddIndex(
            "companyclass",
            models.Index(fields=["division", "size", "enterprise"], name="class_by_sector"),
        ),
    ]
