from django.db import migrations
from django.db.models import OuterRef, Subquery

TAKEN_OVER = ("category", "region_code", "address", "amount", "flags")


def take_over_from_leads(apps, schema_editor):
    """Cases filed before say what their lead says."""
    leads = apps.get_model("clues", "Lead").objects.filter(pk=OuterRef("lead_id"))
    apps.get_model("cases", "Case").objects.update(**{name: Subquery(leads.values(name)) for name in TAKEN_OVER})


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_what_the_lead_said"), ("clues", "0002_channels_custody_and_complaints")]

    operations = [migrations.RunPython(take_over_from_leads, migrations.RunPython.noop)]
