import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clues", "0008_mediation_agreement"), ("cases", "0010_approval_chain_versions")]

    operations = [
        migrations.AddField(
            "ending", "lead",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clues.lead",
                verbose_name="移送后的线索",
            ),
        ),
        migrations.AddConstraint(
            "ending",
            models.CheckConstraint(
                condition=models.Q(("lead__isnull", True), ("kind", "transferred"), _connector="OR"),
                name="ending_lead_of_a_transfer",
            ),
        ),
    ]  # fmt: skip
