import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('accounts', '__first__'),
        ('clues', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Check',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('site', '现场检查'), ('inquiry', '询问当事人或者有关人员'), ('documents', '查阅、调取资料'), ('remote', '网络、电话核实'), ('other', '其他方式')], max_length=20, verbose_name='核查方式')),
                ('checked_at', models.DateTimeField(verbose_name='核查时间')),
                ('place', models.CharField(blank=True, max_length=200, verbose_name='地点')),
                ('content', models.TextField(max_length=4000, verbose_name='核查内容')),
                ('recorded_at', models.DateTimeField()),
                ('lead', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='clues.lead')),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='核查人员')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('second_officer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='协同人员')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['site', 'inquiry']), _negated=True), ('second_officer__isnull', False), _connector='OR'), name='check_by_two_officers_where_required'), models.CheckConstraint(condition=models.Q(('second_officer__isnull', True), models.Q(('second_officer', models.F('officer')), _negated=True), _connector='OR'), name='check_two_people')],
            },
        ),
        migrations.CreateModel(
            name='Dispute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('raised_at', models.DateTimeField()),
                ('reason', models.CharField(max_length=1000)),
                ('state', models.CharField(choices=[('negotiating', '协商中'), ('escalated', '已报请指定'), ('agreed', '协商一致'), ('designated', '已指定')], default='negotiating', max_length=20)),
                ('escalated_at', models.DateTimeField(null=True)),
                ('settled_at', models.DateTimeField(null=True)),
                ('opinion', models.CharField(blank=True, max_length=1000)),
                ('claimed_office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.office', verbose_name='认为应当承办的机构')),
                ('lead', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disputes', to='clues.lead')),
                ('raised_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('settled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('settled_office', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.office')),
                ('superior', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.office', verbose_name='共同的上一级')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('settled_at__isnull', True)), fields=('lead',), name='dispute_one_open_per_lead'), models.CheckConstraint(condition=models.Q(models.Q(('settled_office__isnull', True), ('state__in', ['negotiating', 'escalated'])), models.Q(('settled_at__isnull', False), ('settled_office__isnull', False), ('state__in', ['agreed', 'designated'])), _connector='OR'), name='dispute_settled_exactly_when_over')],
            },
        ),
        migrations.CreateModel(
            name='Tenure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField(null=True)),
                ('bureau', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.office')),
                ('lead', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='tenures', to='clues.lead')),
                ('office', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.office')),
                ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['lead', 'starts_at'], name='tenure_of_lead'), models.Index(fields=['office', 'starts_at'], name='tenure_in_office'), models.Index(fields=['owner', 'starts_at'], name='tenure_of_owner')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ends_at__isnull', True)), fields=('lead',), name='tenure_one_open_per_lead'), models.CheckConstraint(condition=models.Q(('ends_at__isnull', True), ('ends_at__gte', models.F('starts_at')), _connector='OR'), name='tenure_ends_after_start')],
            },
        ),
        migrations.RemoveConstraint(
            model_name='lead',
            name='lead_decided_exactly_when_closed',
        ),
        migrations.AddField(
            model_name='lead',
            name='accepted_on',
            field=models.DateField(null=True, verbose_name='受理日期'),
        ),
        migrations.AddField(
            model_name='lead',
            name='address',
            field=models.CharField(blank=True, max_length=200, verbose_name='地址'),
        ),
        migrations.AddField(
            model_name='lead',
            name='amount',
            field=models.DecimalField(decimal_places=2, max_digits=14, null=True, verbose_name='涉及金额'),
        ),
        migrations.AddField(
            model_name='lead',
            name='category',
            field=models.CharField(blank=True, max_length=40, verbose_name='事项类别'),
        ),
        migrations.AddField(
            model_name='lead',
            name='channel_facts',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name='lead',
            name='decided_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='lead',
            name='end_ground',
            field=models.CharField(blank=True, choices=[('withdrawn', '投诉人撤回投诉或者双方自行和解'), ('absent', '投诉人、被投诉人无正当理由不参加调解，或者明确拒绝调解'), ('no_agreement', '经组织调解，一方明确表示无法达成调解协议'), ('no_test_cost', '对鉴定、检测费用承担无法协商一致'), ('term_over', '自投诉受理之日起六十日内未能达成调解协议'), ('not_acceptable', '受理后发现存在不予受理或者涉嫌骗赔、敲诈勒索的情形'), ('party_gone', '投诉人、被投诉人死亡或者主体资格灭失'), ('other', '法律、法规、规章规定的应当终止调解的其他情形')], max_length=20, verbose_name='终止调解理由'),
        ),
        migrations.AddField(
            model_name='lead',
            name='flags',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name='lead',
            name='informant_key',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name='lead',
            name='is_anonymous',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='lead',
            name='merged_as',
            field=models.CharField(blank=True, choices=[('same_again', '同一举报人就同一事实重复举报：不再另行处理'), ('new_facts', '同一举报人补充新的事实：合并处理，重新计算期限'), ('other_person', '不同来源反映同一事实：并案核查，各自期限照常计算')], max_length=20),
        ),
        migrations.AddField(
            model_name='lead',
            name='normal_name',
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name='lead',
            name='origin',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='offspring', to='clues.lead', verbose_name='来源线索'),
        ),
        migrations.AddField(
            model_name='lead',
            name='original',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='clues.lead', verbose_name='并入的线索'),
        ),
        migrations.AddField(
            model_name='lead',
            name='outcome_told_on',
            field=models.DateField(null=True, verbose_name='结果告知日期'),
        ),
        migrations.AddField(
            model_name='lead',
            name='receipt_no',
            field=models.CharField(blank=True, max_length=80, verbose_name='回执编号'),
        ),
        migrations.AddField(
            model_name='lead',
            name='receipt_on',
            field=models.DateField(null=True, verbose_name='回执日期'),
        ),
        migrations.AddField(
            model_name='lead',
            name='refusal_ground',
            field=models.CharField(blank=True, choices=[('no_power', '投诉事项不属于市场监督管理部门职责，或者本行政机关不具有处理权限'), ('handled_elsewhere', '法院、仲裁机构、市场监督管理部门或者其他行政机关、消费者协会已经受理或者处理过同一消费者权益争议'), ('not_consumer', '不是为生活消费需要购买、使用商品或者接受服务，或者不能证明与被投诉人之间存在消费者权益争议'), ('over_three_years', '知道或者应当知道权益受到侵害之日起超过三年'), ('no_material', '未提供规定的材料，或者提供虚假材料'), ('false_identity', '冒用他人名义或者拒不配合核验真实身份信息'), ('other', '法律、法规、规章规定不予受理的其他情形')], max_length=20, verbose_name='不予受理理由'),
        ),
        migrations.AddField(
            model_name='lead',
            name='signed_at',
            field=models.DateTimeField(null=True, verbose_name='签收时间'),
        ),
        migrations.AlterField(
            model_name='lead',
            name='channel',
            field=models.CharField(choices=[('complaint', '投诉'), ('report', '举报'), ('inspection', '监督检查'), ('sampling', '抽检不合格'), ('transfer_in', '其他部门移送'), ('assigned', '上级交办'), ('opinion', '舆情'), ('data', '数据监测'), ('procuratorate', '检察反向移送'), ('self_found', '自行发现')], max_length=20, verbose_name='来源渠道'),
        ),
        migrations.AlterField(
            model_name='lead',
            name='state',
            field=models.CharField(choices=[('registered', '待分派'), ('assigned', '待签收'), ('verifying', '核查中'), ('verified', '待决定'), ('filed', '已立案'), ('not_filed', '不予立案'), ('transferred', '已移送'), ('as_complaint', '转为投诉'), ('accepting', '待受理决定'), ('mediating', '调解中'), ('settled', '达成调解'), ('ended', '终止调解'), ('refused', '不予受理'), ('merged', '已并入')], default='registered', max_length=20, verbose_name='状态'),
        ),
        migrations.AddIndex(
            model_name='lead',
            index=models.Index(condition=models.Q(('state__in', ('registered', 'assigned', 'verifying', 'verified', 'accepting', 'mediating'))), fields=['bureau', 'state', '-received_on', '-id'], name='lead_open_in_bureau'),
        ),
        migrations.AddIndex(
            model_name='lead',
            index=models.Index(condition=models.Q(('state__in', ('registered', 'assigned', 'verifying', 'verified', 'accepting', 'mediating'))), fields=['office', 'state', '-received_on', '-id'], name='lead_open_in_office'),
        ),
        migrations.AddIndex(
            model_name='lead',
            index=models.Index(condition=models.Q(('normal_name', ''), _negated=True), fields=['normal_name'], name='lead_by_normal_name'),
        ),
        migrations.AddIndex(
            model_name='lead',
            index=models.Index(condition=models.Q(('informant_key', ''), _negated=True), fields=['informant_key'], name='lead_by_informant'),
        ),
    ]
