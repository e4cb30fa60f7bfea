import django.contrib.postgres.fields
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


# What was handed in stays what it was; the name may be erased, scan and withdrawal follow later.
FIXED = """
CREATE FUNCTION datashare_document_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.public_id, OLD.enterprise_id, OLD.sha256, OLD.size, OLD.content_type, OLD.key, OLD.origin,
        OLD.source, OLD.consent_id, OLD.uploaded_by_id, OLD.uploaded_at)
       IS DISTINCT FROM
       (NEW.public_id, NEW.enterprise_id, NEW.sha256, NEW.size, NEW.content_type, NEW.key, NEW.origin,
        NEW.source, NEW.consent_id, NEW.uploaded_by_id, NEW.uploaded_at) THEN
        RAISE EXCEPTION 'a stored document does not change' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER document_is_fixed BEFORE UPDATE ON datashare_document
    FOR EACH ROW EXECUTE FUNCTION datashare_document_is_fixed();
"""
LOOSE = """
DROP TRIGGER document_is_fixed ON datashare_document;
DROP FUNCTION datashare_document_is_fixed();
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_people'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.TextField()),
                ('department_codes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), size=None)),
                ('given_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(null=True)),
                ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='accounts.enterprise')),
                ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('revoked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('sha256', models.CharField(db_index=True, max_length=64)),
                ('size', models.PositiveIntegerField(help_text='bytes')),
                ('content_type', models.CharField(max_length=100)),
                ('name', models.CharField(max_length=120)),
                ('key', models.CharField(blank=True, help_text='material key; empty: not for reuse', max_length=100)),
                ('origin', models.CharField(choices=[('uploaded', '上传'), ('generated', '系统生成'), ('certificate', '证照'), ('fetched', '部门共享')], max_length=12)),
                ('source', models.CharField(blank=True, help_text='department code, when fetched', max_length=64)),
                ('uploaded_at', models.DateTimeField()),
                ('scan', models.CharField(choices=[('not_configured', '未配置查毒'), ('not_needed', '无需查毒'), ('pending', '等待查毒'), ('clean', '未发现病毒'), ('infected', '发现病毒')], max_length=16)),
                ('scanned_at', models.DateTimeField(null=True)),
                ('finding', models.CharField(blank=True, help_text="the scanner's name of the virus", max_length=200)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('consent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='datashare.consent')),
                ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='accounts.enterprise')),
                ('uploaded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddIndex(
            model_name='consent',
            index=models.Index(fields=['enterprise', '-given_at'], name='consent_of_enterprise'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(('purpose', ''), _negated=True), name='consent_says_what_for'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(('department_codes__len__gt', 0)), name='consent_names_departments'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('revoked_at', None), ('revoked_by', None)), models.Q(('revoked_at__gte', models.F('given_at')), ('revoked_at__isnull', False), ('revoked_by__isnull', False)), _connector='OR'), name='consent_revocation_is_whole'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(fields=['enterprise', 'key', '-uploaded_at'], name='document_newest_of_key'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(condition=models.Q(('scan', 'pending')), fields=['uploaded_at'], name='document_awaiting_scan'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='document_sha256_is_one'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(('size__gt', 0)), name='document_is_not_empty'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='document_has_a_name'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(('origin__in', ['uploaded', 'generated', 'certificate', 'fetched'])), name='document_origin_known'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('origin', 'uploaded'), _negated=True), ('uploaded_by__isnull', False), _connector='OR'), name='document_uploaded_by_someone'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('consent__isnull', False), ('origin', 'fetched'), models.Q(('source', ''), _negated=True)), models.Q(models.Q(('origin', 'fetched'), _negated=True), ('consent', None), ('source', '')), _connector='OR'), name='document_fetched_under_consent'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('finding', ''), ('origin__in', ('generated', 'certificate')), ('scan', 'not_needed'), ('scanned_at', None)), models.Q(('finding', ''), ('scan__in', ('not_configured', 'pending')), ('scanned_at', None)), models.Q(('finding', ''), ('scan', 'clean'), ('scanned_at__isnull', False)), models.Q(('scan', 'infected'), ('scanned_at__isnull', False), models.Q(('finding', ''), _negated=True)), _connector='OR'), name='document_scan_binds_its_facts'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('enterprise', 'key', 'sha256', 'origin', 'source', 'consent'), name='document_stored_once', nulls_distinct=False),
        ),
        migrations.RunSQL(FIXED, LOOSE),
    ]
