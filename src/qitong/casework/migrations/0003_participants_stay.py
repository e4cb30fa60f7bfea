"""Somebody who was added to a case is not replaced by somebody else either."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION casework_participant_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a participant is never removed or replaced' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER participant_is_not_replaced BEFORE UPDATE OF case_id, user_id ON casework_participant
  FOR EACH ROW EXECUTE FUNCTION casework_participant_stays();
"""
BACKWARD = """
DROP TRIGGER participant_is_not_replaced ON casework_participant;
DROP FUNCTION casework_participant_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0002_promises_of_the_database")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
