import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Head',
            fields=[
                ('stream', models.TextField(db_collation='C', primary_key=True, serialize=False)),
                ('number', models.BigIntegerField(default=0)),
                ('hash', models.TextField(blank=True, default='')),
                ('algorithm', models.TextField(blank=True, default='')),
                ('mac', models.TextField(blank=True, default='')),
            ],
            options={
                'db_table': 'ledger_head',
            },
        ),
        migrations.CreateModel(
            name='Checkpoint',
            fields=[
                ('number', models.BigIntegerField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('by', models.TextField()),
                ('streams', models.BigIntegerField()),
                ('entries', models.BigIntegerField()),
                ('algorithm', models.TextField()),
                ('prev_root', models.TextField(blank=True)),
                ('root', models.TextField()),
                ('seal', models.TextField()),
            ],
            options={
                'db_table': 'ledger_checkpoint',
                'ordering': ['number'],
                'constraints': [models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='ledger_checkpoint_from_one')],
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('stream', models.TextField(db_collation='C')),
                ('number', models.BigIntegerField()),
                ('kind', models.TextField()),
                ('at', models.DateTimeField()),
                ('by', models.TextField()),
                ('body', models.JSONField()),
                ('algorithm', models.TextField()),
                ('prev_hash', models.TextField(blank=True)),
                ('hash', models.TextField()),
                ('seal', models.TextField()),
            ],
            options={
                'db_table': 'ledger_entry',
                'ordering': ['stream', 'number'],
                'constraints': [models.UniqueConstraint(fields=('stream', 'number'), name='ledger_entry_number'), models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='ledger_entry_number_from_one'), models.CheckConstraint(condition=models.Q(('stream__regex', '^\\S{1,200}$')), name='ledger_entry_stream'), models.CheckConstraint(condition=models.Q(('kind__regex', '^\\S{1,200}$')), name='ledger_entry_kind'), models.CheckConstraint(condition=models.Q(('by', ''), _negated=True), name='ledger_entry_by')],
            },
        ),
        migrations.CreateModel(
            name='CheckpointHead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stream', models.TextField(db_collation='C')),
                ('number', models.BigIntegerField()),
                ('hash', models.TextField()),
                ('previous', models.BigIntegerField()),
                ('checkpoint', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='heads', to='ledger.checkpoint')),
            ],
            options={
                'db_table': 'ledger_checkpoint_head',
                'constraints': [models.UniqueConstraint(fields=('stream', 'checkpoint'), name='ledger_checkpoint_head_once')],
            },
        ),
        migrations.CreateModel(
            name='Text',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('name', models.TextField()),
                ('salt', models.BinaryField()),
                ('text', models.TextField()),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='texts', to='ledger.entry')),
            ],
            options={
                'db_table': 'ledger_text',
                'constraints': [models.UniqueConstraint(fields=('entry', 'name'), name='ledger_text_name')],
            },
        ),
    ]
