import django.db.models.deletion
from django.db import migrations, models

WORDS = {
    "postgresql": [
        "ALTER TABLE search_text ADD COLUMN vector tsvector NOT NULL DEFAULT ''",
        "CREATE INDEX search_text_vector ON search_text USING gin (vector)",
    ],
    # The ascii tokenizer splits at ASCII punctuation alone and leaves every other character as it is.
    "sqlite": ["CREATE VIRTUAL TABLE search_words USING fts5 (words, scope, tokenize = 'ascii')"],
}


def add_words(apps, schema_editor):
    for statement in WORDS[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop_words(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TABLE search_words")


class Migration(migrations.Migration):
    initial = True
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="IndexedText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=30)),
                ("subject_id", models.BigIntegerField()),
                ("newest_on", models.DateField()),
                ("bureau", models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.office")),
                ("office", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.office")),
            ],
            options={
                "db_table": "search_text",
                "indexes": [
                    models.Index(fields=["kind", "-newest_on", "-subject_id"], name="indexed_text_newest"),
                    models.Index(fields=["bureau", "kind", "-newest_on", "-subject_id"], name="indexed_text_newest_in_bureau"),
                    models.Index(fields=["office", "kind", "-newest_on", "-subject_id"], name="indexed_text_newest_in_office"),
                ],
                "constraints": [models.UniqueConstraint(fields=("kind", "subject_id"), name="indexed_text_once")],
            },
        ),
        migrations.RunPython(add_words, drop_words),
    ]
