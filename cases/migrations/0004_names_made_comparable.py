from django.db import migrations, models

from clues.parties import normal_name


def make_names_comparable(apps, schema_editor):
    """Cases filed before are found by name too."""
    cases = apps.get_model("cases", "Case")
    names = cases.objects.order_by().values_list("party_name", flat=True).distinct()
    for name in list(names):
        cases.objects.filter(party_name=name).update(normal_name=normal_name(name))


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_cases_filed_before")]

    operations = [
        migrations.AddField(
            model_name="case", name="normal_name", field=models.CharField(blank=True, max_length=120),
        ),
        migrations.RunPython(make_names_comparable, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("normal_name", ""), _negated=True), fields=["normal_name"],
                name="case_by_normal_name",
            ),
        ),
    ]
