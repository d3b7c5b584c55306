from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clues", "0003_tenures_of_leads_logged_before")]

    operations = [
        migrations.AddConstraint(
            model_name='lead',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_on__isnull', True), ('state__in', ['registered', 'assigned', 'verifying', 'verified', 'accepting', 'mediating', 'merged'])), models.Q(('decided_on__isnull', False), ('state__in', ('filed', 'not_filed', 'transferred', 'as_complaint', 'settled', 'ended', 'refused'))), _connector='OR'), name='lead_decided_exactly_when_closed'),
        ),
        migrations.AddConstraint(
            model_name='lead',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(('refusal_ground', ''), _negated=True), _connector='OR'), name='lead_refused_has_ground'),
        ),
        migrations.AddConstraint(
            model_name='lead',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'ended'), _negated=True), models.Q(('end_ground', ''), _negated=True), _connector='OR'), name='lead_ended_has_ground'),
        ),
        migrations.AddConstraint(
            model_name='lead',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('original__isnull', False), ('state', 'merged')), models.Q(models.Q(('state', 'merged'), _negated=True), ('original__isnull', True)), _connector='OR'), name='lead_merged_exactly_when_it_has_an_original'),
        ),
        migrations.AddConstraint(
            model_name='lead',
            constraint=models.CheckConstraint(condition=models.Q(('original__isnull', True), models.Q(('original', models.F('id')), _negated=True), _connector='OR'), name='lead_never_its_own_original'),
        ),
        migrations.AddConstraint(
            model_name='lead',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('channel', 'complaint'), ('state__in', ['registered', 'assigned', 'accepting', 'mediating', 'settled', 'ended', 'refused', 'merged'])), models.Q(models.Q(('channel', 'complaint'), _negated=True), ('state__in', ['registered', 'assigned', 'verifying', 'verified', 'filed', 'not_filed', 'transferred', 'as_complaint', 'merged'])), _connector='OR'), name='lead_states_of_its_own_table'),
        ),
        migrations.AddConstraint(
            model_name='lead',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['filed', 'not_filed', 'transferred', 'as_complaint']), _negated=True), ('decided_by__isnull', True), models.Q(('decided_by', models.F('owner')), _negated=True), _connector='OR'), name='lead_decided_by_another_than_its_verifier'),
        ),
    ]
