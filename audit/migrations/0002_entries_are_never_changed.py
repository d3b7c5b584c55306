"""The database itself refuses to change or delete what is in the trail. Whoever gets around this is found by audit_verify."""

from django.db import migrations

TABLES = ("audit_entry", "audit_seal", "audit_sealedentry")

POSTGRESQL = """
CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is never changed' USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""
POSTGRESQL_TABLE = """
CREATE TRIGGER {table}_never_changed BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
"""
SQLITE_TABLE = """
CREATE TRIGGER {table}_never_changed BEFORE UPDATE ON {table}
BEGIN SELECT RAISE(ABORT, 'the audit trail is never changed'); END
;;
CREATE TRIGGER {table}_never_emptied BEFORE DELETE ON {table}
BEGIN SELECT RAISE(ABORT, 'the audit trail is never changed'); END
"""


def guards(vendor):
    """The statements that put the guards up."""
    if vendor == "postgresql":
        return [POSTGRESQL, *(POSTGRESQL_TABLE.format(table=table) for table in TABLES)]
    return [statement for table in TABLES for statement in SQLITE_TABLE.format(table=table).split(";;")]


def guard(apps, schema_editor):
    for statement in guards(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def unguard(apps, schema_editor):
    on = " ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
    for table in TABLES:
        for trigger in ("never_changed", "never_emptied"):
            schema_editor.execute(f"DROP TRIGGER {table}_{trigger}{on.format(table=table)}", params=None)
    if on:
        schema_editor.execute("DROP FUNCTION audit_refuse_change()", params=None)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
