from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0009_parts_taken_before")]

    operations = [
        migrations.RemoveConstraint("approvalchain", "approval_chain_once"),
        migrations.AddField(
            "approvalchain", "set_by_label", models.CharField(blank=True, default="", max_length=120),
            preserve_default=False,
        ),
        migrations.AddField("approvalchain", "set_at", models.DateTimeField(null=True)),
        migrations.AddField("approvalchain", "ended_at", models.DateTimeField(null=True)),
        migrations.AddConstraint(
            "approvalchain",
            models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)), fields=("authority", "kind"),
                name="approval_chain_one_in_force",
            ),
        ),
    ]  # fmt: skip
