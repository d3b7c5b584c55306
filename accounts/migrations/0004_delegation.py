import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_certificates'),
    ]

    operations = [
        migrations.CreateModel(
            name='Delegation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField(verbose_name='开始日')),
                ('ends_on', models.DateField(verbose_name='结束日')),
                ('reason', models.CharField(max_length=500, verbose_name='理由')),
                ('made_by_label', models.CharField(max_length=120)),
                ('made_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(null=True)),
                ('from_user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='委托人')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delegations', to='accounts.post', verbose_name='岗位')),
                ('to_user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delegations_to', to=settings.AUTH_USER_MODEL, verbose_name='受托人')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('revoked_at__isnull', True)), fields=['to_user', 'ends_on'], name='delegation_of_person')],
                'constraints': [models.CheckConstraint(condition=models.Q(('from_user', models.F('to_user')), _negated=True), name='delegation_to_another'), models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='delegation_ends_after_start')],
            },
        ),
    ]
