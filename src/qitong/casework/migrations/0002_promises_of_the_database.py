"""What a check constraint cannot say: the class of a material, the promise, the certificate."""

from django.db import migrations

# The class of a material is the catalogue's word: a case cannot call a red line deferrable.
CLASS_IS_THE_CATALOGUES = """
ALTER TABLE casework_casematerial
  ADD CONSTRAINT material_class_is_the_catalogues
  FOREIGN KEY (item_version_id, key, klass)
  REFERENCES catalogue_material (item_version_id, key, klass);
"""

# A case's materials are those of its own item.
MATERIAL_OF_THE_ITEM = """
CREATE FUNCTION casework_material_of_the_item() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.item_version_id IS DISTINCT FROM
     (SELECT item_version_id FROM casework_case WHERE id = NEW.case_id) THEN
    RAISE EXCEPTION 'a material belongs to the item of its case' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER material_of_the_item BEFORE INSERT OR UPDATE ON casework_casematerial
  FOR EACH ROW EXECUTE FUNCTION casework_material_of_the_item();
"""

# The promise to the company never starts anew.
PROMISE_NEVER_RESETS = """
CREATE FUNCTION casework_promise_never_resets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.promise_from IS NOT NULL AND (
       NEW.promise_from IS DISTINCT FROM OLD.promise_from
    OR NEW.promise_days IS DISTINCT FROM OLD.promise_days
    OR NEW.promise_unit IS DISTINCT FROM OLD.promise_unit
    OR NEW.extension_days < OLD.extension_days) THEN
    RAISE EXCEPTION 'the promise of a case never resets' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER promise_never_resets BEFORE UPDATE ON casework_case
  FOR EACH ROW EXECUTE FUNCTION casework_promise_never_resets();
"""

# No certificate while a material is owed or wrong, by whatever path it is issued.
CERTIFICATE_AFTER_ALL_IS_IN = """
CREATE FUNCTION casework_certificate_after_all_is_in() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM casework_casematerial m
             WHERE m.case_id = NEW.case_id AND m.state NOT IN ('provided', 'verified')) THEN
    RAISE EXCEPTION 'no certificate before every material is in' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER certificate_after_all_is_in BEFORE INSERT OR UPDATE ON casework_certificate
  FOR EACH ROW EXECUTE FUNCTION casework_certificate_after_all_is_in();
"""

# A decision, once taken, stands: another round has its own.
DECISION_STANDS = """
CREATE FUNCTION casework_decision_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a decision is never changed or removed' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER decision_stands BEFORE UPDATE OR DELETE ON casework_decision
  FOR EACH ROW EXECUTE FUNCTION casework_decision_stands();
CREATE TRIGGER participant_stays BEFORE DELETE ON casework_participant
  FOR EACH ROW EXECUTE FUNCTION casework_decision_stands();
"""

STATEMENTS = (
    CLASS_IS_THE_CATALOGUES,
    MATERIAL_OF_THE_ITEM,
    PROMISE_NEVER_RESETS,
    CERTIFICATE_AFTER_ALL_IS_IN,
    DECISION_STANDS,
)


class Migration(migrations.Migration):
    dependencies = [("casework", "0001_cases"), ("catalogue", "0001_initial")]
    operations = [migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in STATEMENTS]
