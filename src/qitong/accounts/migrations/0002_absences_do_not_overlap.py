from django.db import migrations


class Migration(migrations.Migration):
    """One person has one substitute on a day.

    A range over the key gives equality to GiST without the extension btree_gist, which an
    embedded PostgreSQL does not carry.
    """

    dependencies = [("accounts", "0001_people")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE accounts_absence ADD CONSTRAINT absence_no_overlap EXCLUDE USING gist (
                int8range(user_id, user_id, '[]') WITH &&,
                daterange(starts_on, ends_on, '[]') WITH &&
            ) WHERE (cancelled_at IS NULL)
            """,
            "ALTER TABLE accounts_absence DROP CONSTRAINT absence_no_overlap",
        )
    ]
