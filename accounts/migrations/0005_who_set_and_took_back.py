from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_delegation")]

    operations = [
        migrations.AddField("certificate", "entered_at", models.DateTimeField(null=True, verbose_name="登记时间")),
        migrations.AddField(
            "certificate", "entered_by_label", models.CharField(blank=True, default="", max_length=120, verbose_name="登记人"),
            preserve_default=False,
        ),
        migrations.AddField("certificate", "revoked_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "certificate", "revoked_by_label", models.CharField(blank=True, default="", max_length=120),
            preserve_default=False,
        ),
        migrations.AddField(
            "delegation", "revoked_by_label", models.CharField(blank=True, default="", max_length=120),
            preserve_default=False,
        ),
    ]  # fmt: skip
