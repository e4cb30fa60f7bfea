"""What was published stays as it was: the database refuses every change to it."""

from django.db import migrations

TABLES = [
    "catalogue_catalogueversion",
    "catalogue_itemversion",
    "catalogue_material",
    "catalogue_step",
    "catalogue_calendaryear",
]

FUNCTION = """
CREATE FUNCTION catalogue_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what the catalogue has published stays as it was: % on % is refused, publish a new version instead',
        TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
"""

TRIGGERS = """
CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION catalogue_refuse();
CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION catalogue_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]

    operations = [
        migrations.RunSQL(
            FUNCTION + "".join(TRIGGERS.format(table=table) for table in TABLES), migrations.RunSQL.noop
        )
    ]
