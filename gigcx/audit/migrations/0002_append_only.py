"""The audit trail refuses update, delete and truncate."""

from django.db import migrations

from gigcx.audit.sql import DROP_REFUSE_FUNCTION, REFUSE_FUNCTION, append_only, no_longer_append_only


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [
        migrations.RunSQL(REFUSE_FUNCTION, DROP_REFUSE_FUNCTION),
        migrations.RunSQL(append_only("audit_auditentry"), no_longer_append_only("audit_auditentry")),
    ]
