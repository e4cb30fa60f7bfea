"""What most cases have not is in no index, for each entry of a case is written anew with every alarm."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_showings'),
        ('casework', '0013_lists_in_their_order'),
        ('catalogue', '0002_immutable'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='case',
            name='case_client_key_once',
        ),
        migrations.AlterField(
            model_name='case',
            name='parent',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='casework.case'),
        ),
        migrations.AlterField(
            model_name='case',
            name='project',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='casework.project'),
        ),
        migrations.AlterField(
            model_name='reminder',
            name='task',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='casework.task'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('project__isnull', False)), fields=['project'], name='case_of_project'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('parent__isnull', False)), fields=['parent'], name='case_of_parent'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.UniqueConstraint(condition=models.Q(('client_key__isnull', False)), fields=('client_key',), name='case_client_key_once'),
        ),
    ]
