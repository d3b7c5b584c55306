import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0002_saved_views'),
        ('accounts', '__first__'),
        ('clues', '0008_mediation_agreement'),
    ]

    operations = [
        migrations.CreateModel(
            name='Import',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file_name', models.CharField(max_length=120, verbose_name='文件名')),
                ('media_type', models.CharField(max_length=80)),
                ('size', models.PositiveBigIntegerField()),
                ('sha256', models.CharField(db_index=True, max_length=64)),
                ('headers', models.JSONField(default=list)),
                ('mapping', models.JSONField(default=list)),
                ('mode', models.CharField(choices=[('all_or_nothing', '全部导入或者一行也不导入'), ('good_rows_only', '只导入没有问题的行')], default='all_or_nothing', max_length=20)),
                ('state', models.CharField(choices=[('uploaded', '待对应列'), ('checking', '检查中'), ('checked', '待确认导入'), ('importing', '导入中'), ('done', '已导入'), ('refused', '不能导入'), ('cancelled', '已取消导入')], default='uploaded', max_length=20, verbose_name='状态')),
                ('total', models.PositiveIntegerField(default=0)),
                ('place', models.PositiveIntegerField(default=0)),
                ('good', models.PositiveIntegerField(default=0)),
                ('bad', models.PositiveIntegerField(default=0)),
                ('known', models.PositiveIntegerField(default=0)),
                ('alike', models.PositiveIntegerField(default=0)),
                ('imported', models.PositiveIntegerField(default=0)),
                ('refusal', models.CharField(blank=True, max_length=1000)),
                ('created_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
                ('lease_ends_at', models.DateTimeField(null=True)),
                ('actor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='imports', to=settings.AUTH_USER_MODEL, verbose_name='导入人')),
                ('bureau', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.office')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='imports', to='accounts.office', verbose_name='承办机构')),
            ],
            options={
                'indexes': [models.Index(fields=['bureau', '-id'], name='import_newest_in_bureau'), models.Index(fields=['office', '-id'], name='import_newest_in_office'), models.Index(condition=models.Q(('state__in', ('checking', 'importing'))), fields=['id'], name='import_waiting_for_worker')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', False), ('state__in', ['done', 'refused', 'cancelled'])), models.Q(('finished_at__isnull', True), ('state__in', ['uploaded', 'checking', 'checked', 'importing'])), _connector='OR'), name='import_finished_exactly_when_over'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(('refusal', ''), _negated=True), _connector='OR'), name='import_refused_says_why')],
            },
        ),
        migrations.CreateModel(
            name='ImportContent',
            fields=[
                ('import_of', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='content', serialize=False, to='exchange.import')),
                ('content', models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name='ImportedRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('row', models.PositiveIntegerField()),
                ('fingerprint', models.CharField(max_length=64, unique=True)),
                ('import_of', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rows', to='exchange.import')),
                ('lead', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clues.lead')),
            ],
            options={
                'indexes': [models.Index(fields=['import_of', 'row'], name='imported_row_by_row')],
            },
        ),
        migrations.CreateModel(
            name='ImportProblem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('row', models.PositiveIntegerField(verbose_name='行号')),
                ('field', models.CharField(blank=True, max_length=60, verbose_name='列')),
                ('code', models.CharField(max_length=60)),
                ('detail', models.CharField(max_length=500, verbose_name='问题')),
                ('is_warning', models.BooleanField(default=False)),
                ('import_of', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='problems', to='exchange.import')),
            ],
            options={
                'indexes': [models.Index(fields=['import_of', 'row', 'id'], name='import_problem_by_row')],
            },
        ),
        migrations.CreateModel(
            name='ColumnMapping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('signature', models.CharField(max_length=64)),
                ('mapping', models.JSONField(default=list)),
                ('used_at', models.DateTimeField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'signature'), name='column_mapping_once_per_user_and_headers')],
            },
        ),
    ]
