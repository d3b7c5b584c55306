import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='NumberSeries',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.SlugField(max_length=30)),
                ('year', models.PositiveSmallIntegerField()),
                ('last_serial', models.PositiveIntegerField(default=0)),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='number_series', to='accounts.office')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('office', 'kind', 'year'), name='number_series_one_per_office_kind_year')],
            },
        ),
        migrations.CreateModel(
            name='IssuedNumber',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('serial', models.PositiveIntegerField()),
                ('text', models.CharField(max_length=80)),
                ('subject_kind', models.CharField(max_length=30)),
                ('subject_id', models.BigIntegerField(null=True)),
                ('issued_on', models.DateField()),
                ('is_void', models.BooleanField(default=False)),
                ('series', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='issued', to='documents.numberseries')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('series', 'serial'), name='issued_number_once_in_series'), models.CheckConstraint(condition=models.Q(('serial__gte', 1)), name='issued_number_starts_at_one')],
            },
        ),
        migrations.CreateModel(
            name='NumberFormat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.SlugField(max_length=30)),
                ('kind_word', models.CharField(max_length=20)),
                ('office_word', models.CharField(max_length=20)),
                ('pattern', models.CharField(default='{word}{kind}〔{year}〕{serial}号', max_length=60)),
                ('width', models.PositiveSmallIntegerField(default=1)),
                ('dates_ascend', models.BooleanField(default=True)),
                ('office', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='number_formats', to='accounts.office')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('office', 'kind'), name='number_format_one_per_office'), models.UniqueConstraint(condition=models.Q(('office__isnull', True)), fields=('kind',), name='number_format_one_default')],
            },
        ),
    ]
