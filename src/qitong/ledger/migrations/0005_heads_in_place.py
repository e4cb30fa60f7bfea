"""Every entry moves a head: leave room beside it, so that its index is not written, and no index that none reads.

Django makes an index for LIKE beside that of a key of text. This key compares bytes (``COLLATE "C"``), so its
own index answers LIKE as well.
"""

from django.db import migrations

_LIKE = "ledger_head_stream_bdde1cec_like"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_cheaper_to_write")]

    operations = [
        migrations.RunSQL(
            f"ALTER TABLE ledger_head SET (fillfactor = 90); DROP INDEX IF EXISTS {_LIKE}",
            f"ALTER TABLE ledger_head RESET (fillfactor); CREATE INDEX {_LIKE} ON ledger_head (stream text_pattern_ops)",
        )
    ]
