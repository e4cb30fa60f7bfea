"""The same promises, said so that they cost a hundredth: they are looked at for every entry."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0003_audit_indexes'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='entry',
            name='ledger_entry_stream',
        ),
        migrations.RemoveConstraint(
            model_name='entry',
            name='ledger_entry_kind',
        ),
        migrations.AlterField(
            model_name='text',
            name='entry',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='texts', to='ledger.entry'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Func(models.F('stream'), output_field=models.BooleanField(), template="(%(expressions)s !~ '\\s' AND length(%(expressions)s) BETWEEN 1 AND 200)"), name='ledger_entry_stream'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Func(models.F('kind'), output_field=models.BooleanField(), template="(%(expressions)s !~ '\\s' AND length(%(expressions)s) BETWEEN 1 AND 200)"), name='ledger_entry_kind'),
        ),
    ]
