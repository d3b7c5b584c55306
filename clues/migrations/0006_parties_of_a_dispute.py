import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """No verb has raised a dispute before this, so the table is empty and the new column needs no default."""

    dependencies = [
        ("accounts", "0001_initial"),
        ("clues", "0005_names_by_their_beginning"),
    ]

    operations = [
        migrations.AddField(
            model_name="dispute",
            name="office",
            field=models.ForeignKey(
                default=None,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.office",
                verbose_name="提出争议的机构",
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="dispute",
            constraint=models.CheckConstraint(
                condition=models.Q(("claimed_office", models.F("office")), _negated=True),
                name="dispute_between_two_offices",
            ),
        ),
    ]
