from django.db import migrations


def name_the_move(apps, schema_editor):
    """The service of a hearing notice names the move it made like every other."""
    served = apps.get_model("documents", "ServedPaper").objects
    served.filter(effect="tell").update(effect="record_hearing_notice")


class Migration(migrations.Migration):
    dependencies = [("documents", "0005_numbers_of_decisions")]

    operations = [migrations.RunPython(name_the_move, migrations.RunPython.noop)]
