"""The index of a fact's company alone goes: that of company, name and year begins with the same column."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("policies", "0012_companies_by_sector")]

    operations = [
        migrations.AlterField(
            "companyfact",
            "enterprise",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="policy_facts",
                to="accounts.enterprise",
            ),
        )
    ]
