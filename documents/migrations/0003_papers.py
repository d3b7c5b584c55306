import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_saved_views'),
        ('accounts', '__first__'),
        ('documents', '0002_stored_files'),
    ]

    operations = [
        migrations.CreateModel(
            name='Template',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('form', models.SlugField(max_length=30)),
                ('version', models.PositiveIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                ('added_at', models.DateTimeField()),
                ('retired_at', models.DateTimeField(null=True)),
                ('added_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.storedfile')),
                ('office', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.office')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('office', 'form', 'version'), name='template_version_once_in_office'), models.UniqueConstraint(condition=models.Q(('office__isnull', True)), fields=('form', 'version'), name='template_national_version_once'), models.UniqueConstraint(condition=models.Q(('retired_at__isnull', True)), fields=('office', 'form'), name='template_one_in_use_in_office'), models.UniqueConstraint(condition=models.Q(('office__isnull', True), ('retired_at__isnull', True)), fields=('form',), name='template_one_national_in_use')],
            },
        ),
        migrations.CreateModel(
            name='Paper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('form', models.SlugField(max_length=30)),
                ('subject_kind', models.CharField(max_length=30)),
                ('subject_id', models.BigIntegerField()),
                ('title', models.CharField(max_length=120, verbose_name='文书名称')),
                ('fields', models.JSONField(blank=True, default=dict)),
                ('state', models.CharField(choices=[('draft', '草稿'), ('issued', '已签发'), ('void', '已作废')], default='draft', max_length=10, verbose_name='状态')),
                ('made_at', models.DateTimeField()),
                ('template_sha256', models.CharField(blank=True, max_length=64)),
                ('basis', models.CharField(blank=True, max_length=300)),
                ('text', models.TextField(blank=True)),
                ('context_sha256', models.CharField(blank=True, max_length=64)),
                ('number_text', models.CharField(blank=True, max_length=80, verbose_name='文号')),
                ('dated_on', models.DateField(null=True, verbose_name='落款日期')),
                ('issued_at', models.DateTimeField(null=True)),
                ('void_reason', models.CharField(blank=True, max_length=500, verbose_name='作废原因')),
                ('voided_at', models.DateTimeField(null=True)),
                ('file', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.storedfile')),
                ('issued_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('number', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='documents.issuednumber')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.office')),
                ('voided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('template', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='documents.template')),
            ],
            options={
                'indexes': [models.Index(fields=['subject_kind', 'subject_id', 'id'], name='paper_by_subject')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('dated_on__isnull', True), ('file__isnull', True), ('issued_at__isnull', True), ('number__isnull', True), ('text', '')), models.Q(('file__isnull', False), ('issued_at__isnull', False), ('issued_by__isnull', False), ('template__isnull', False), ('dated_on__isnull', False), models.Q(('text', ''), _negated=True), models.Q(('basis', ''), _negated=True)), _connector='OR'), name='paper_issued_is_whole'), models.CheckConstraint(condition=models.Q(models.Q(('issued_at__isnull', True), ('state', 'draft')), models.Q(('issued_at__isnull', False), ('state', 'issued')), ('state', 'void'), _connector='OR'), name='paper_state_as_issued'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'void'), ('voided_at__isnull', False), ('voided_by__isnull', False), models.Q(('void_reason', ''), _negated=True)), models.Q(models.Q(('state', 'void'), _negated=True), ('void_reason', ''), ('voided_at__isnull', True), ('voided_by__isnull', True)), _connector='OR'), name='paper_void_says_why'), models.CheckConstraint(condition=models.Q(models.Q(('number__isnull', True), ('number_text', '')), models.Q(('number__isnull', False), models.Q(('number_text', ''), _negated=True)), _connector='OR'), name='paper_number_as_printed'), models.UniqueConstraint(condition=models.Q(('state', 'issued')), fields=('number',), name='paper_number_on_one_paper_in_force')],
            },
        ),
    ]
