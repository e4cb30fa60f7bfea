"""What the database itself refuses, and the transaction id that followers read.

A superuser can switch triggers off; for that there are hashes, seals and checkpoints.
"""

from django.db import migrations

GUARD = """
CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is kept as it was written: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION ledger_head_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.stream <> OLD.stream OR NEW.number <= OLD.number THEN
        RAISE EXCEPTION 'the head of ledger stream % only moves forward: % to % is refused',
            OLD.stream, OLD.number, NEW.number USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER ledger_entry_kept BEFORE UPDATE OR DELETE ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_checkpoint_kept BEFORE UPDATE OR DELETE ON ledger_checkpoint
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_checkpoint_head_kept BEFORE UPDATE OR DELETE ON ledger_checkpoint_head
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_head_kept BEFORE DELETE ON ledger_head
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_head_forward BEFORE UPDATE ON ledger_head
    FOR EACH ROW EXECUTE FUNCTION ledger_head_forward();
CREATE TRIGGER ledger_text_kept BEFORE UPDATE ON ledger_text
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse();

CREATE TRIGGER ledger_entry_whole BEFORE TRUNCATE ON ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_checkpoint_whole BEFORE TRUNCATE ON ledger_checkpoint
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_checkpoint_head_whole BEFORE TRUNCATE ON ledger_checkpoint_head
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_head_whole BEFORE TRUNCATE ON ledger_head
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_text_whole BEFORE TRUNCATE ON ledger_text
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
"""

# Numbers are given out before the commit, so a reader following ids would miss an entry that commits
# late. The transaction id lets it stop below the oldest transaction still running.
FOLLOW = """
ALTER TABLE ledger_entry ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE INDEX ledger_entry_follow ON ledger_entry (xid, id);
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    # No way back: unapplying this would be the first step to dropping the ledger.
    operations = [
        migrations.RunSQL(GUARD),
        migrations.RunSQL(FOLLOW),
    ]
