"""What was published and what was said stay as they were; a number is never a binary float."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION policies_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'published policies and given facts stay as they were: % on % is refused, add a new one instead',
        TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER policies_policyversion_kept BEFORE UPDATE OR DELETE ON policies_policyversion
    FOR EACH ROW WHEN (OLD.stage = 'published') EXECUTE FUNCTION policies_refuse();
CREATE TRIGGER policies_policyversion_whole BEFORE TRUNCATE ON policies_policyversion
    FOR EACH STATEMENT EXECUTE FUNCTION policies_refuse();
CREATE TRIGGER policies_companyfact_kept BEFORE UPDATE ON policies_companyfact
    FOR EACH ROW EXECUTE FUNCTION policies_refuse();
CREATE TRIGGER policies_application_kept BEFORE UPDATE OR DELETE ON policies_application
    FOR EACH ROW EXECUTE FUNCTION policies_refuse();
"""
EXACT = """
ALTER TABLE policies_companyfact ADD CONSTRAINT fact_value_is_exact CHECK (
    value IS NULL
    OR jsonb_typeof(value) IN ('string', 'boolean', 'array')
    OR (jsonb_typeof(value) = 'number' AND value::text ~ '^-?[0-9]+$')
);
"""


class Migration(migrations.Migration):
    dependencies = [("policies", "0001_versions_and_facts")]

    operations = [migrations.RunSQL(FUNCTION + EXACT, migrations.RunSQL.noop)]
