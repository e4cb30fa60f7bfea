"""Letters and figures are indexed by threes too: pairs of them are in every third case."""

from django.db import migrations

# A character is itself, a pair is both, three of ASCII are all three: 21 bits each. The same numbers as
# casework.logic.finding.grams. Three, because two figures stand next to each other in every third case.
# The cost says that to compute it for a row is dear, so that the planner reads the index instead.
GRAMS = r"""
CREATE OR REPLACE FUNCTION casework_grams(line text) RETURNS bigint[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1000 AS $$
  SELECT coalesce(array_agg(key) FILTER (WHERE key IS NOT NULL), '{}')
  FROM unnest(string_to_array(line, NULL), (string_to_array(line, NULL))[2:],
              (string_to_array(line, NULL))[3:]) AS near (a, b, c),
       unnest(ARRAY[
         ascii(a)::bigint,
         (ascii(a)::bigint << 21) | ascii(b),
         CASE WHEN greatest(ascii(a), ascii(b), ascii(c)) < 128
              THEN (ascii(a)::bigint << 42) | (ascii(b)::bigint << 21) | ascii(c) END
       ]) AS key
  WHERE a <> E'\n'
$$;
"""

AGAIN = """
DROP INDEX casework_casetext_words;
CREATE INDEX casework_casetext_words ON casework_casetext
  USING gin (casework_grams(folded), tags) WITH (gin_pending_list_limit = 512);
ALTER INDEX casework_casetext_words ALTER COLUMN 1 SET STATISTICS 0;
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0007_words_to_search")]
    operations = [
        migrations.RunSQL(GRAMS, migrations.RunSQL.noop),
        migrations.RunSQL(AGAIN, migrations.RunSQL.noop),
    ]
