from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0011_ending_lead")]

    operations = [
        migrations.AlterField(
            "ending", "kind",
            models.CharField(
                choices=[
                    ("exempt", "确有违法行为，依法不予行政处罚"), ("unfounded", "违法事实不能成立，不予行政处罚"),
                    ("transferred", "移送其他行政管理部门"), ("referred", "涉嫌犯罪，移送司法机关"), ("terminated", "终止调查"),
                    ("withdrawn", "撤销立案"), ("annulled", "决定被撤销"), ("ceased", "终结执行"),
                ],
                max_length=12, verbose_name="结果",
            ),
        ),
        migrations.AddConstraint(
            "ending",
            models.CheckConstraint(
                condition=models.Q(("kind", "ceased"), _negated=True) | models.Q(("ground", ""), _negated=True),
                name="ending_ceased_on_a_ground",
            ),
        ),
    ]  # fmt: skip
