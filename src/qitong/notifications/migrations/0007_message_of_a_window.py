import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0006_message_of_a_change"), ("policies", "0005_foresight")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="notice",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="messages",
                to="policies.notice",
            ),
        ),
    ]
