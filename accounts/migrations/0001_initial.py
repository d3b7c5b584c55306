import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('username', models.CharField(max_length=60, unique=True, verbose_name='用户名')),
                ('name', models.CharField(max_length=60, verbose_name='姓名')),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('gateway', models.CharField(blank=True, max_length=300)),
                ('is_active', models.BooleanField(default=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Office',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40, unique=True)),
                ('name', models.CharField(max_length=60)),
                ('short_name', models.CharField(max_length=20)),
                ('kind', models.CharField(choices=[('city', '市局'), ('department', '处室'), ('corps', '支队'), ('district', '区市局'), ('squad', '大队'), ('station', '所')], max_length=12)),
                ('level', models.PositiveSmallIntegerField()),
                ('region_code', models.CharField(max_length=6)),
                ('is_open', models.BooleanField(default=True)),
                ('bureau', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.office')),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='accounts.office')),
            ],
            options={
                'ordering': ['code'],
                'constraints': [models.CheckConstraint(condition=models.Q(('level__gte', 1), ('level__lte', 3)), name='office_level_in_tree'), models.CheckConstraint(condition=models.Q(('level', 1), ('parent__isnull', False), _connector='XOR'), name='office_only_city_has_no_parent'), models.UniqueConstraint(models.F('level'), condition=models.Q(('level', 1)), name='office_one_city')],
            },
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('intake_clerk', '线索登记员'), ('handler', '办案人员'), ('unit_head', '办案机构负责人'), ('bureau_head', '部门负责人'), ('legal_reviewer', '法制审核人员'), ('supervisor', '执法监督人员'), ('leader', '市局领导')], max_length=20)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(null=True)),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='accounts.office')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('ends_on__isnull', True)), fields=['office', 'role'], name='post_active_by_office')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ends_on__isnull', True)), fields=('user', 'office', 'role'), name='post_held_once'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='post_ends_after_start')],
            },
        ),
    ]
