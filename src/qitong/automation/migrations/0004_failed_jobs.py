"""Failed jobs are counted and listed; procrastinate itself has no index for that."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("automation", "0003_trouble"),
        ("procrastinate", "0041_post_retry_failed_job"),
    ]
    operations = [
        migrations.RunSQL(
            "CREATE INDEX automation_jobs_failed ON procrastinate_jobs (id) WHERE status = 'failed'",
            "DROP INDEX automation_jobs_failed",
        )
    ]
