import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='FormDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.CharField(max_length=200)),
                ('query', models.CharField(blank=True, max_length=500)),
                ('title', models.CharField(max_length=200)),
                ('subject', models.CharField(blank=True, max_length=300)),
                ('fields', models.JSONField()),
                ('saved_at', models.DateTimeField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='drafts', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['saved_at'], name='form_draft_age')],
                'constraints': [models.UniqueConstraint(fields=('user', 'address'), name='form_draft_one_per_address')],
            },
        ),
    ]
