from django.db import migrations

BEFORE, NOW = "penalty", "penalty_decision"


def take_the_name_of_the_form(apps, schema_editor):
    """Decisions drew their numbers under a kind of their own; what an office has set for that kind goes on counting."""
    formats = apps.get_model("documents", "NumberFormat").objects
    for used in formats.filter(kind=BEFORE):
        formats.filter(kind=NOW, office_id=used.office_id).delete()
    formats.filter(kind=BEFORE).update(kind=NOW)
    apps.get_model("documents", "NumberSeries").objects.filter(kind=BEFORE).update(kind=NOW)


class Migration(migrations.Migration):
    dependencies = [("documents", "0004_service")]

    operations = [migrations.RunPython(take_the_name_of_the_form, migrations.RunPython.noop)]
