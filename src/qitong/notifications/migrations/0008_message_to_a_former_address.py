from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0007_message_of_a_window")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="address",
            field=models.CharField(blank=True, db_default="", default="", max_length=100),
        ),
    ]
