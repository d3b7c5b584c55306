import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_saved_views'),
    ]

    operations = [
        migrations.CreateModel(
            name='Certificate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=40, unique=True, verbose_name='执法证号')),
                ('issued_by', models.CharField(max_length=80, verbose_name='发证机关')),
                ('starts_on', models.DateField(verbose_name='有效期起')),
                ('ends_on', models.DateField(verbose_name='有效期止')),
                ('revoked_on', models.DateField(null=True, verbose_name='收回日期')),
                ('warned_at', models.DateTimeField(null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['user', 'ends_on'], name='certificate_by_user'), models.Index(condition=models.Q(('revoked_on__isnull', True), ('warned_at__isnull', True)), fields=['ends_on'], name='certificate_to_warn_of')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='certificate_ends_after_start'), models.CheckConstraint(condition=models.Q(('revoked_on__isnull', True), ('revoked_on__gte', models.F('starts_on')), _connector='OR'), name='certificate_revoked_after_start')],
            },
        ),
        migrations.AddField(
            model_name='post',
            name='is_main',
            field=models.BooleanField(default=False, verbose_name='主要负责人'),
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.CheckConstraint(condition=models.Q(('is_main', False), ('role', 'bureau_head'), _connector='OR'), name='post_main_is_a_head'),
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.UniqueConstraint(condition=models.Q(('ends_on__isnull', True), ('is_main', True)), fields=('office',), name='post_one_main_head'),
        ),
    ]
