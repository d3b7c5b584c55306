import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_saved_views'),
        ('accounts', '__first__'),
        ('clues', '0006_parties_of_a_dispute'),
    ]

    operations = [
        migrations.CreateModel(
            name='NoPenaltyItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=60)),
                ('kind', models.CharField(choices=[('minor', '轻微免罚'), ('first', '首违不罚')], max_length=20, verbose_name='清单')),
                ('title', models.CharField(max_length=200, verbose_name='事项')),
                ('condition', models.TextField(max_length=2000, verbose_name='适用条件')),
                ('basis', models.CharField(max_length=300, verbose_name='依据')),
                ('starts_on', models.DateField(verbose_name='施行日')),
                ('ends_on', models.DateField(null=True, verbose_name='失效日')),
                ('is_default', models.BooleanField(default=False)),
                ('office', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.office', verbose_name='适用机关')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('key', 'starts_on'), name='no_penalty_item_one_per_day'), models.UniqueConstraint(condition=models.Q(('ends_on__isnull', True)), fields=('key',), name='no_penalty_item_one_open_version'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='no_penalty_item_ends_after_start')],
            },
        ),
        migrations.RemoveConstraint(
            model_name='lead',
            name='lead_decided_by_another_than_its_verifier',
        ),
        migrations.AddField(
            model_name='check',
            name='corrects',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='clues.check', verbose_name='更正的记录'),
        ),
        migrations.AddField(
            model_name='lead',
            name='decline_item_text',
            field=models.CharField(blank=True, max_length=600, verbose_name='免罚清单事项'),
        ),
        migrations.AddField(
            model_name='lead',
            name='reported_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='check',
            constraint=models.CheckConstraint(condition=models.Q(('corrects__isnull', True), models.Q(('corrects', models.F('id')), _negated=True), _connector='OR'), name='check_never_corrects_itself'),
        ),
        migrations.AddField(
            model_name='lead',
            name='decline_item',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clues.nopenaltyitem'),
        ),
        migrations.AddConstraint(
            model_name='lead',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['filed', 'not_filed', 'transferred', 'as_complaint']), _negated=True), ('decided_by__isnull', True), models.Q(models.Q(('decided_by', models.F('owner')), _negated=True), models.Q(('reported_by__isnull', True), models.Q(('decided_by', models.F('reported_by')), _negated=True), _connector='OR')), _connector='OR'), name='lead_decided_by_another_than_its_verifier'),
        ),
        migrations.AddConstraint(
            model_name='lead',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decline_item__isnull', True), ('decline_item_text', '')), models.Q(('decline_ground__in', ['minor', 'first']), ('decline_item__isnull', False), models.Q(('decline_item_text', ''), _negated=True)), _connector='OR'), name='lead_declined_by_an_item_of_a_list_on_its_ground'),
        ),
    ]
