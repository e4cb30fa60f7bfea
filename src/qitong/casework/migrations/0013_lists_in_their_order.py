"""Indexes in the order of the lists, and none that another one begins with: each costs at every move."""

import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0007_used_links'),
        ('casework', '0012_erasures'),
        ('catalogue', '0002_immutable'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='case',
            name='client_key',
            field=models.CharField(max_length=64, null=True),
        ),
        migrations.AlterField(
            model_name='case',
            name='created_by',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='case',
            name='enterprise',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='accounts.enterprise'),
        ),
        migrations.AlterField(
            model_name='case',
            name='number',
            field=models.CharField(max_length=20, null=True),
        ),
        migrations.AlterField(
            model_name='case',
            name='owner',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='owned_cases', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='case',
            name='window',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.department'),
        ),
        migrations.AlterField(
            model_name='casematerial',
            name='case',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='materials', to='casework.case'),
        ),
        migrations.AlterField(
            model_name='casematerial',
            name='item_version',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.itemversion'),
        ),
        migrations.AlterField(
            model_name='decision',
            name='case',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='casework.case'),
        ),
        migrations.AlterField(
            model_name='note',
            name='case',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='casework.case'),
        ),
        migrations.AlterField(
            model_name='participant',
            name='case',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='participants', to='casework.case'),
        ),
        migrations.AlterField(
            model_name='reminder',
            name='case',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='casework.case'),
        ),
        migrations.AlterField(
            model_name='task',
            name='assignee',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='task',
            name='case',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='casework.case'),
        ),
        migrations.AlterField(
            model_name='task',
            name='department',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='accounts.department'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(models.Case(models.When(accepted_at=None, then='plan_due_on'), default=django.db.models.functions.comparison.Coalesce('promise_due_on', 'plan_due_on')), models.F('id'), condition=models.Q(('state__in', ['approved', 'awaiting_decision', 'correction', 'in_review', 'submitted'])), name='case_open_by_due'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('state__in', ['approved', 'awaiting_decision', 'correction', 'in_review', 'submitted'])), fields=['submitted_at', 'id'], name='case_open_by_receipt'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('submitted_at__isnull', False)), fields=['submitted_at', 'id'], name='case_by_receipt'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['window', 'item_version'], name='case_item_of_window'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['owner', 'item_version'], name='case_item_of_owner'),
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(fields=['case', 'department', 'assignee'], name='task_hands'),
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(fields=['assignee', 'department'], name='task_of_assignee_where'),
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(condition=models.Q(('return_reason', ''), _negated=True), fields=['department', 'case'], name='task_rerouted'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.UniqueConstraint(fields=('number',), name='case_number_once'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.UniqueConstraint(fields=('client_key',), name='case_client_key_once'),
        ),
    ]
