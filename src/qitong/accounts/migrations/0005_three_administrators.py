from django.db import migrations


class Migration(migrations.Migration):
    """One person is at most one of the three administrators at a time (三员分立).

    Over the range of the key, as in 0002; the days of a role do not include its last.
    """

    dependencies = [("accounts", "0004_access")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE accounts_roleassignment ADD CONSTRAINT role_one_administrator EXCLUDE USING gist (
                int8range(user_id, user_id, '[]') WITH &&,
                daterange(from_on, until_on) WITH &&
            ) WHERE (role IN ('auditor', 'security_administrator', 'system_administrator'))
            """,
            "ALTER TABLE accounts_roleassignment DROP CONSTRAINT role_one_administrator",
        )
    ]
