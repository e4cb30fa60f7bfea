"""What a company declared unsuitable is one table, whichever thing it is: what stood in two is carried over.

The table gets its columns and constraints before the rows: PostgreSQL alters none with checks pending.
"""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

THINGS = [("policy", "policy"), ("item", "item")]
KEPT = "enterprise_id, reason, note, declared_by_id, declared_at, taken_back_by_id, taken_back_at"
CARRY = f"""
INSERT INTO policies_unsuitable (thing, code, {KEPT})
SELECT 'item', item, {KEPT} FROM policies_unsuitableitem ORDER BY id;
"""
CARRY_BACK = f"""
INSERT INTO policies_unsuitableitem (item, {KEPT})
SELECT code, {KEPT} FROM policies_unsuitable WHERE thing = 'item' ORDER BY id;
DELETE FROM policies_unsuitable WHERE thing = 'item';
SET CONSTRAINTS ALL IMMEDIATE;
"""
REFUSE = """
CREATE OR REPLACE FUNCTION policies_refuse_unsuitable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM policies_servicepackage p JOIN policies_unsuitable u ON u.enterprise_id = p.enterprise_id
        WHERE p.id = NEW.package_id AND (u.thing, u.code) = (NEW.thing, NEW.code) AND u.taken_back_at IS NULL
    ) THEN
        RAISE EXCEPTION 'the company declared % % unsuitable: it is not proposed again', NEW.thing, NEW.code
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""
REFUSE_BY_TWO = """
CREATE OR REPLACE FUNCTION policies_refuse_unsuitable() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""


class Migration(migrations.Migration):
    dependencies = [("policies", "0010_registered")]

    operations = [
        migrations.RemoveConstraint("unsuitable", "unsuitable_once"),
        migrations.RenameField("unsuitable", "policy", "code"),
        migrations.AddField(
            "unsuitable",
            "thing",
            models.CharField(choices=THINGS, max_length=10, default="policy"),
            preserve_default=False,
        ),
        migrations.AlterField(
            "unsuitable",
            "enterprise",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="unsuitable",
                to="accounts.enterprise",
            ),
        ),
        migrations.AddConstraint(
            "unsuitable",
            models.UniqueConstraint(
                condition=Q(taken_back_at=None), fields=("enterprise", "thing", "code"), name="unsuitable_once"
            ),
        ),
        migrations.AddConstraint(
            "unsuitable",
            models.CheckConstraint(condition=Q(thing__in=["policy", "item"]), name="unsuitable_thing_known"),
        ),
        migrations.AddConstraint(
            "unsuitable",
            models.CheckConstraint(condition=Q(("code", ""), _negated=True), name="unsuitable_names_something"),
        ),
        migrations.RunSQL(CARRY, CARRY_BACK),
        migrations.RunSQL(REFUSE, REFUSE_BY_TWO),
        migrations.DeleteModel("UnsuitableItem"),
    ]
