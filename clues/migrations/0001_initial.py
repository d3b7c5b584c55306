import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('accounts', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Lead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=80, unique=True, verbose_name='线索编号')),
                ('channel', models.CharField(choices=[('complaint', '投诉'), ('report', '举报'), ('inspection', '监督检查'), ('sampling', '抽检不合格'), ('transfer_in', '其他部门移送'), ('assigned', '上级交办'), ('opinion', '舆情'), ('data', '数据监测')], max_length=20, verbose_name='来源渠道')),
                ('received_on', models.DateField(verbose_name='发现线索或者收到材料之日')),
                ('party_name', models.CharField(max_length=120, verbose_name='当事人名称')),
                ('party_code', models.CharField(blank=True, max_length=18, verbose_name='统一社会信用代码')),
                ('has_party_code_doubt', models.BooleanField(default=False)),
                ('region_code', models.CharField(max_length=6, verbose_name='行政区划')),
                ('summary', models.TextField(max_length=4000, verbose_name='线索内容')),
                ('state', models.CharField(choices=[('registered', '待分派'), ('verifying', '核查中'), ('verified', '待决定'), ('filed', '已立案'), ('not_filed', '不予立案'), ('transferred', '已移送')], default='registered', max_length=20, verbose_name='状态')),
                ('findings', models.TextField(blank=True, max_length=4000, verbose_name='核查情况')),
                ('proposal', models.CharField(blank=True, max_length=20, verbose_name='处理建议')),
                ('decline_ground', models.CharField(blank=True, choices=[('minor', '违法行为轻微并及时改正，没有造成危害后果'), ('first', '初次违法且危害后果轻微并及时改正'), ('no_fault', '当事人有证据足以证明没有主观过错'), ('other', '依法可以不予立案的其他情形')], max_length=20, verbose_name='不予立案理由')),
                ('transferred_to', models.CharField(blank=True, max_length=120, verbose_name='移送部门')),
                ('decided_on', models.DateField(null=True, verbose_name='决定日期')),
                ('created_at', models.DateTimeField()),
                ('bureau', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.office')),
                ('office', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='leads', to='accounts.office', verbose_name='承办机构')),
                ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='leads', to=settings.AUTH_USER_MODEL, verbose_name='承办人')),
            ],
            options={
                'indexes': [models.Index(fields=['-received_on', '-id'], name='lead_newest'), models.Index(fields=['office', '-received_on', '-id'], name='lead_newest_in_office'), models.Index(fields=['bureau', '-received_on', '-id'], name='lead_newest_in_bureau'), models.Index(fields=['owner', 'state'], name='lead_by_owner'), models.Index(condition=models.Q(('party_code', ''), _negated=True), fields=['party_code'], name='lead_by_party_code')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('decided_on__isnull', True), ('state__in', ['registered', 'verifying', 'verified'])), models.Q(('decided_on__isnull', False), ('state__in', ['filed', 'not_filed', 'transferred'])), _connector='OR'), name='lead_decided_exactly_when_closed'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'not_filed'), _negated=True), models.Q(('decline_ground', ''), _negated=True), _connector='OR'), name='lead_not_filed_has_ground')],
            },
        ),
        migrations.CreateModel(
            name='LeadMove',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('name', models.CharField(max_length=20)),
                ('source', models.CharField(blank=True, max_length=20)),
                ('target', models.CharField(max_length=20)),
                ('reason', models.CharField(blank=True, max_length=1000)),
                ('actor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('lead', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='moves', to='clues.lead')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.office')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
    ]
