import django.db.models.deletion
import uuid
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
            name='Informant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject_kind', models.CharField(max_length=30)),
                ('subject_id', models.BigIntegerField()),
                ('subject_number', models.CharField(blank=True, max_length=80, verbose_name='事项编号')),
                ('code', models.CharField(max_length=12, unique=True, verbose_name='举报人代号')),
                ('is_real_name', models.BooleanField(verbose_name='实名')),
                ('place_key', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('sealed_name', models.TextField(blank=True)),
                ('sealed_phone', models.TextField(blank=True)),
                ('sealed_address', models.TextField(blank=True)),
                ('sealed_id_number', models.TextField(blank=True)),
                ('phone_key', models.CharField(blank=True, max_length=64)),
                ('created_at', models.DateTimeField()),
                ('bureau', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.office')),
                ('office', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.office', verbose_name='承办机构')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('phone_key', ''), _negated=True), fields=['phone_key', '-created_at'], name='informant_by_phone'), models.Index(fields=['office', '-id'], name='informant_newest_in_office'), models.Index(fields=['bureau', '-id'], name='informant_newest_in_bureau')],
                'constraints': [models.UniqueConstraint(fields=('subject_kind', 'subject_id'), name='informant_one_per_subject')],
            },
        ),
        migrations.CreateModel(
            name='Opening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ground', models.CharField(choices=[('verification', '核实举报内容'), ('mediation', '组织调解所必需'), ('feedback', '告知处理结果'), ('reward', '发放举报奖励'), ('identity_check', '核验真实身份'), ('other_need', '其他办理需要')], max_length=20, verbose_name='查阅用途')),
                ('wanted', models.JSONField(verbose_name='查阅内容')),
                ('reason', models.CharField(max_length=500, verbose_name='申请理由')),
                ('requested_at', models.DateTimeField(verbose_name='申请时间')),
                ('state', models.CharField(choices=[('pending', '待审批查阅'), ('approved', '已批准查阅'), ('refused', '不同意查阅'), ('closed', '查阅已结束')], default='pending', max_length=20, verbose_name='状态')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='审批时间')),
                ('opinion', models.CharField(blank=True, max_length=500, verbose_name='审批意见')),
                ('hours', models.PositiveSmallIntegerField(null=True, verbose_name='查阅时限')),
                ('closed_at', models.DateTimeField(null=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='审批人')),
                ('informant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='openings', to='informants.informant')),
                ('requested_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='申请人')),
            ],
            options={
                'indexes': [models.Index(fields=['requested_by', '-id'], name='opening_by_requester'), models.Index(condition=models.Q(('state', 'pending')), fields=['-id'], name='opening_pending_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('requested_by')), _negated=True), _connector='OR'), name='opening_decided_by_another'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by__isnull', True), ('hours__isnull', True), ('state', 'pending')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('hours__isnull', True), ('state', 'refused')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('hours__isnull', False), ('state', 'approved')), models.Q(('closed_at__isnull', False), ('state', 'closed')), _connector='OR'), name='opening_decided_exactly_when_said'), models.CheckConstraint(condition=models.Q(('hours__isnull', True), models.Q(('hours__gte', 1), ('hours__lte', 24)), _connector='OR'), name='opening_lasts_a_day_at_most'), models.UniqueConstraint(condition=models.Q(('state', 'pending')), fields=('informant', 'requested_by'), name='opening_pending_once')],
            },
        ),
        migrations.CreateModel(
            name='Reading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('read_at', models.DateTimeField()),
                ('fields', models.JSONField()),
                ('opening', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='readings', to='informants.opening')),
                ('reader', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Reward',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.CharField(choices=[('first', '一级举报'), ('second', '二级举报'), ('third', '三级举报')], max_length=20, verbose_name='奖励等级')),
                ('domain', models.CharField(choices=[('food_drug', '食品药品领域'), ('other_domain', '其他领域')], max_length=20, verbose_name='所属领域')),
                ('base_amount', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='罚没款')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='奖励金额')),
                ('rule_version', models.CharField(max_length=60)),
                ('basis', models.CharField(max_length=300, verbose_name='计算依据')),
                ('needs_finance', models.BooleanField()),
                ('state', models.CharField(choices=[('proposed', '奖励待审批'), ('granted', '奖励已批准'), ('denied', '不予奖励'), ('told', '待举报人领取'), ('claimed', '奖励已领取'), ('lapsed', '逾期未领取')], default='proposed', max_length=20, verbose_name='状态')),
                ('decided_on', models.DateField(null=True)),
                ('told_on', models.DateField(null=True)),
                ('claimed_on', models.DateField(null=True)),
                ('created_at', models.DateTimeField()),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='审批人')),
                ('informant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rewards', to='informants.informant')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='提出人')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='reward_decided_by_another'), models.CheckConstraint(condition=models.Q(models.Q(('decided_by__isnull', True), ('decided_on__isnull', True), ('state', 'proposed')), models.Q(models.Q(('state', 'proposed'), _negated=True), ('decided_by__isnull', False), ('decided_on__isnull', False)), _connector='OR'), name='reward_decided_once_it_left'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'claimed'), _negated=True), ('claimed_on__isnull', False), _connector='OR'), name='reward_claimed_on_a_day'), models.CheckConstraint(condition=models.Q(('amount__gte', 0), ('base_amount__gte', 0)), name='reward_not_negative'), models.UniqueConstraint(condition=models.Q(('state__in', ['proposed', 'granted', 'told', 'claimed'])), fields=('informant',), name='reward_one_live_per_informant')],
            },
        ),
        migrations.CreateModel(
            name='RewardMove',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('name', models.CharField(max_length=20)),
                ('source', models.CharField(blank=True, max_length=20)),
                ('target', models.CharField(max_length=20)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('actor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reward', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='moves', to='informants.reward')),
            ],
        ),
    ]
