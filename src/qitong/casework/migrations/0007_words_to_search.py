"""The words of cases, indexed by every pair of neighbouring characters."""
import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

# A character is itself, a pair is both: 21 bits each. The same numbers as casework.logic.finding.grams.
# The cost says that to compute it for a row is dear, so that the planner reads the index instead.
GRAMS = r"""
CREATE FUNCTION casework_grams(line text) RETURNS bigint[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1000 AS $$
  SELECT coalesce(array_agg(key) FILTER (WHERE key IS NOT NULL), '{}')
  FROM unnest(string_to_array(line, NULL), (string_to_array(line, NULL))[2:]) AS pair (a, b),
       unnest(ARRAY[ascii(a)::bigint, (ascii(a)::bigint << 21) | ascii(b)]) AS key
  WHERE a <> E'\n'
$$;
"""

# Nobody estimates by the keys: how to search is decided by looking at the newest rows.
INDEX = """
CREATE INDEX casework_casetext_words ON casework_casetext
  USING gin (casework_grams(folded), tags) WITH (gin_pending_list_limit = 512);
ALTER INDEX casework_casetext_words ALTER COLUMN 1 SET STATISTICS 0;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0006_desks'),
        ('catalogue', '0002_immutable'),
    ]

    operations = [
        migrations.CreateModel(
            name='CaseText',
            fields=[
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='words', serialize=False, to='casework.case')),
                ('sources', models.JSONField(default=list)),
                ('folded', models.TextField(db_collation='C', default='')),
                ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
            ],
        ),
        migrations.CreateModel(
            name='ItemText',
            fields=[
                ('item_version', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='catalogue.itemversion')),
                ('sources', models.JSONField(default=list)),
                ('folded', models.TextField(db_collation='C', default='')),
            ],
        ),
        migrations.RunSQL(GRAMS, "DROP FUNCTION casework_grams(text)"),
        migrations.RunSQL(INDEX, "DROP INDEX casework_casetext_words"),
    ]
