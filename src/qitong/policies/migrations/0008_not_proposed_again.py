"""What a company declared unsuitable is in no line that is written after that."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION policies_refuse_unsuitable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM policies_servicepackage p JOIN policies_unsuitable u ON u.enterprise_id = p.enterprise_id
        WHERE p.id = NEW.package_id AND NEW.thing = 'policy' AND u.policy = NEW.code AND u.taken_back_at IS NULL
    ) OR EXISTS (
        SELECT 1 FROM policies_servicepackage p JOIN policies_unsuitableitem u ON u.enterprise_id = p.enterprise_id
        WHERE p.id = NEW.package_id AND NEW.thing = 'item' AND u.item = NEW.code AND u.taken_back_at IS NULL
    ) THEN
        RAISE EXCEPTION 'the company declared % % unsuitable: it is not proposed again', NEW.thing, NEW.code
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER policies_packageline_wanted BEFORE INSERT ON policies_packageline
    FOR EACH ROW EXECUTE FUNCTION policies_refuse_unsuitable();
"""
BACK = """
DROP TRIGGER policies_packageline_wanted ON policies_packageline;
DROP FUNCTION policies_refuse_unsuitable();
"""


class Migration(migrations.Migration):
    dependencies = [("policies", "0007_packages")]

    operations = [migrations.RunSQL(FUNCTION, BACK)]
