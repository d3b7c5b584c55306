import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('actor_id', models.BigIntegerField(null=True)),
                ('actor_label', models.CharField(max_length=120)),
                ('verb', models.CharField(max_length=60)),
                ('subject_kind', models.CharField(max_length=30)),
                ('subject_id', models.BigIntegerField()),
                ('subject_label', models.CharField(max_length=200)),
                ('facts', models.JSONField(default=dict)),
            ],
            options={
                'indexes': [models.Index(fields=['subject_kind', 'subject_id', 'id'], name='entry_by_subject')],
            },
        ),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sealed_at', models.DateTimeField()),
                ('first_id', models.BigIntegerField()),
                ('last_id', models.BigIntegerField()),
                ('entry_count', models.PositiveIntegerField()),
                ('root', models.CharField(max_length=64)),
                ('chained', models.CharField(max_length=64)),
                ('previous', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='next', to='audit.seal')),
            ],
        ),
        migrations.CreateModel(
            name='SealedEntry',
            fields=[
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='sealed', serialize=False, to='audit.entry')),
                ('leaf', models.CharField(max_length=64)),
                ('seal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='leaves', to='audit.seal')),
            ],
        ),
    ]
