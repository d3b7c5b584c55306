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
            name='Heartbeat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, unique=True)),
                ('beat_at', models.DateTimeField()),
                ('handled', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='RuleSet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=300)),
                ('sha256', models.CharField(max_length=64, unique=True)),
                ('text', models.TextField()),
                ('loaded_at', models.DateTimeField()),
                ('loaded_by', models.CharField(max_length=120)),
            ],
        ),
        migrations.CreateModel(
            name='CalendarNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField()),
                ('source', models.CharField(max_length=300)),
                ('sha256', models.CharField(max_length=64)),
                ('text', models.TextField()),
                ('loaded_at', models.DateTimeField()),
                ('loaded_by', models.CharField(max_length=120)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('year', 'sha256'), name='calendar_notice_loaded_once')],
            },
        ),
        migrations.CreateModel(
            name='CalendarReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('examined', models.PositiveIntegerField()),
                ('changed', models.PositiveIntegerField()),
                ('notice', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='report', to='deadlines.calendarnotice')),
            ],
        ),
        migrations.CreateModel(
            name='Clock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule', models.CharField(max_length=60)),
                ('rule_version', models.CharField(max_length=60)),
                ('subject_kind', models.CharField(max_length=20)),
                ('subject_id', models.BigIntegerField()),
                ('subject_label', models.CharField(max_length=200)),
                ('state', models.CharField(choices=[('running', '计时中'), ('suspended', '中止'), ('met', '按期'), ('met_late', '逾期办结'), ('cancelled', '已取消')], default='running', max_length=10)),
                ('origin_on', models.DateField()),
                ('origin_at', models.DateTimeField(null=True)),
                ('calendar_version', models.PositiveIntegerField()),
                ('due_on', models.DateField(null=True)),
                ('due_nominal_on', models.DateField(null=True)),
                ('due_at', models.DateTimeField(null=True)),
                ('is_provisional', models.BooleanField(default=False)),
                ('fixed_due_on', models.DateField(null=True)),
                ('started_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_on', models.DateField(null=True)),
                ('bureau', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.office')),
                ('office', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='clocks', to='accounts.office')),
                ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='clocks', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['subject_kind', 'subject_id'], name='clock_by_subject'), models.Index(condition=models.Q(('state', 'running')), fields=['owner', 'due_at', 'id'], name='clock_running_by_owner'), models.Index(condition=models.Q(('state', 'running')), fields=['office', 'due_at', 'id'], name='clock_running_by_office'), models.Index(condition=models.Q(('state', 'running')), fields=['bureau', 'due_at', 'id'], name='clock_running_by_bureau'), models.Index(condition=models.Q(('state', 'running')), fields=['due_at', 'id'], name='clock_running_by_due'), models.Index(condition=models.Q(('state', 'suspended')), fields=['owner', 'id'], name='clock_suspended_by_owner')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('due_at__isnull', False), ('due_on__isnull', False), ('state', 'running')), models.Q(('state', 'running'), _negated=True), _connector='OR'), name='clock_running_has_due'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state__in', ['running', 'suspended'])), models.Q(('ended_at__isnull', False), ('state__in', ['met', 'met_late', 'cancelled'])), _connector='OR'), name='clock_ended_exactly_when_closed'), models.UniqueConstraint(condition=models.Q(('state__in', ['running', 'suspended'])), fields=('subject_kind', 'subject_id', 'rule'), name='clock_one_open_per_rule_and_subject')],
            },
        ),
        migrations.CreateModel(
            name='CalendarReportLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_before', models.DateField()),
                ('due_after', models.DateField()),
                ('was_provisional', models.BooleanField()),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='deadlines.calendarreport')),
                ('clock', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='deadlines.clock')),
            ],
        ),
        migrations.CreateModel(
            name='ClockMove',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('actor_label', models.CharField(max_length=120)),
                ('name', models.CharField(max_length=20)),
                ('due_before', models.DateField(null=True)),
                ('due_after', models.DateField(null=True)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('clock', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='moves', to='deadlines.clock')),
            ],
        ),
        migrations.CreateModel(
            name='Extension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.PositiveSmallIntegerField()),
                ('amount', models.PositiveSmallIntegerField()),
                ('reason', models.CharField(max_length=500)),
                ('approved_on', models.DateField()),
                ('approved_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('clock', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='extensions', to='deadlines.clock')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('clock', 'step'), name='extension_each_step_once'), models.CheckConstraint(condition=models.Q(('amount__gte', 1)), name='extension_adds')],
            },
        ),
        migrations.CreateModel(
            name='LadderStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('counted_in', models.CharField(choices=[('days', '按日计算的期限'), ('hours', '按小时计算的期限')], max_length=5)),
                ('name', models.CharField(max_length=30)),
                ('audience', models.CharField(max_length=20)),
                ('amount', models.PositiveSmallIntegerField()),
            ],
            options={
                'ordering': ['counted_in', 'amount', 'id'],
                'constraints': [models.UniqueConstraint(fields=('counted_in', 'name'), name='ladder_step_once')],
            },
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('for_due_at', models.DateTimeField()),
                ('rung', models.CharField(max_length=30)),
                ('audience', models.CharField(max_length=20)),
                ('fire_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('pending', '待提醒'), ('sent', '已提醒'), ('void', '已作废'), ('stuck', '无人可提醒')], default='pending', max_length=10)),
                ('fired_at', models.DateTimeField(null=True)),
                ('clock', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reminders', to='deadlines.clock')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'pending')), fields=['fire_at', 'id'], name='reminder_pending')],
                'constraints': [models.UniqueConstraint(fields=('clock', 'for_due_at', 'rung'), name='reminder_each_rung_once')],
            },
        ),
        migrations.CreateModel(
            name='Suspension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ground', models.CharField(max_length=60)),
                ('reason', models.CharField(max_length=500)),
                ('starts_on', models.DateField()),
                ('stops_on', models.DateField(null=True)),
                ('recorded_at', models.DateTimeField()),
                ('approved_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('clock', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='suspensions', to='deadlines.clock')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('stops_on__isnull', True), ('stops_on__gt', models.F('starts_on')), _connector='OR'), name='suspension_not_inverted'), models.UniqueConstraint(condition=models.Q(('stops_on__isnull', True)), fields=('clock',), name='suspension_one_open_per_clock')],
            },
        ),
    ]
