import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('accounts', '__first__'),
        ('clues', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=80, unique=True, verbose_name='立案号')),
                ('cause', models.CharField(max_length=200, verbose_name='案由')),
                ('party_name', models.CharField(max_length=120, verbose_name='当事人名称')),
                ('party_code', models.CharField(blank=True, max_length=18, verbose_name='统一社会信用代码')),
                ('state', models.CharField(choices=[('investigating', '调查中'), ('suspended', '中止调查'), ('under_review', '审核中'), ('reviewed', '审核通过'), ('notified', '已告知'), ('decided', '已决定'), ('served', '已送达'), ('performed', '已履行'), ('closed', '已结案')], default='investigating', max_length=20, verbose_name='状态')),
                ('filed_on', models.DateField(verbose_name='立案日期')),
                ('conclusion', models.TextField(blank=True, max_length=8000, verbose_name='调查终结报告')),
                ('review_opinion', models.TextField(blank=True, max_length=2000, verbose_name='审核意见')),
                ('notified_on', models.DateField(null=True, verbose_name='告知书送达日期')),
                ('defence', models.TextField(blank=True, max_length=4000, verbose_name='陈述申辩及复核意见')),
                ('decision_number', models.CharField(blank=True, max_length=80, verbose_name='处罚决定书文号')),
                ('decided_on', models.DateField(null=True, verbose_name='处罚决定日期')),
                ('decision', models.TextField(blank=True, max_length=4000, verbose_name='处罚内容和依据')),
                ('fine', models.DecimalField(decimal_places=2, max_digits=14, null=True, verbose_name='罚款金额')),
                ('confiscated', models.DecimalField(decimal_places=2, max_digits=14, null=True, verbose_name='没收违法所得')),
                ('served_on', models.DateField(null=True, verbose_name='决定书送达日期')),
                ('paid', models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name='已缴金额')),
                ('paid_on', models.DateField(null=True, verbose_name='缴清日期')),
                ('closed_on', models.DateField(null=True, verbose_name='结案日期')),
                ('created_at', models.DateTimeField()),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.office', verbose_name='处罚机关')),
                ('bureau', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.office')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='决定人')),
                ('lead', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='case', to='clues.lead')),
                ('office', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='accounts.office', verbose_name='办案机构')),
                ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to=settings.AUTH_USER_MODEL, verbose_name='主办人员')),
                ('reviewer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='审核人员')),
                ('second_officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='协办人员')),
            ],
            options={
                'indexes': [models.Index(fields=['-filed_on', '-id'], name='case_newest'), models.Index(fields=['office', '-filed_on', '-id'], name='case_newest_in_office'), models.Index(fields=['bureau', '-filed_on', '-id'], name='case_newest_in_bureau'), models.Index(fields=['owner', 'state'], name='case_by_owner'), models.Index(condition=models.Q(('party_code', ''), _negated=True), fields=['party_code'], name='case_by_party_code')],
                'constraints': [models.CheckConstraint(condition=models.Q(('owner', models.F('second_officer')), _negated=True), name='case_two_different_officers'), models.CheckConstraint(condition=models.Q(('reviewer__isnull', True), models.Q(models.Q(('reviewer', models.F('owner')), _negated=True), models.Q(('reviewer', models.F('second_officer')), _negated=True)), _connector='OR'), name='case_reviewer_did_not_investigate'), models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(models.Q(('decided_by', models.F('owner')), _negated=True), models.Q(('decided_by', models.F('second_officer')), _negated=True), models.Q(('decided_by', models.F('reviewer')), _negated=True)), _connector='OR'), name='case_decider_neither_investigated_nor_reviewed'), models.CheckConstraint(condition=models.Q(('paid__gte', 0), models.Q(('fine__isnull', True), ('fine__gte', 0), _connector='OR')), name='case_money_not_negative'), models.CheckConstraint(condition=models.Q(models.Q(('decided_on__isnull', True), ('decision_number', '')), models.Q(('decided_on__isnull', False), models.Q(('decision_number', ''), _negated=True)), _connector='OR'), name='case_decision_has_number'), models.CheckConstraint(condition=models.Q(('served_on__isnull', True), models.Q(('decided_on__isnull', False), ('served_on__gte', models.F('decided_on'))), _connector='OR'), name='case_served_after_decision'), models.CheckConstraint(condition=models.Q(('state', 'closed'), ('closed_on__isnull', True), _connector='XOR'), name='case_closed_has_day'), models.UniqueConstraint(condition=models.Q(('decision_number', ''), _negated=True), fields=('authority', 'decision_number'), name='case_decision_number_once')],
            },
        ),
        migrations.CreateModel(
            name='CaseMove',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('name', models.CharField(max_length=20)),
                ('source', models.CharField(blank=True, max_length=20)),
                ('target', models.CharField(max_length=20)),
                ('reason', models.CharField(blank=True, max_length=1000)),
                ('actor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='moves', to='cases.case')),
            ],
        ),
    ]
