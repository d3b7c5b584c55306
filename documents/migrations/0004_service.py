import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '__first__'),
        ('documents', '0003_papers'),
    ]

    operations = [
        migrations.CreateModel(
            name='AddressConfirmation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject_kind', models.CharField(max_length=30)),
                ('subject_id', models.BigIntegerField()),
                ('recipient', models.CharField(max_length=120, verbose_name='受送达人')),
                ('address', models.CharField(max_length=200, verbose_name='送达地址')),
                ('receiver', models.CharField(blank=True, max_length=120, verbose_name='收件人')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='联系电话')),
                ('accepts_electronic', models.BooleanField(default=False, verbose_name='同意电子送达')),
                ('account', models.CharField(blank=True, max_length=120, verbose_name='电子送达的号码、邮箱或者账号')),
                ('signed_on', models.DateField(verbose_name='签署日期')),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['subject_kind', 'subject_id', 'id'], name='address_confirmation_subject')],
                'constraints': [models.CheckConstraint(condition=models.Q(('accepts_electronic', False), models.Q(('account', ''), _negated=True), _connector='OR'), name='address_confirmation_names_the_account'), models.CheckConstraint(condition=models.Q(('address', ''), _negated=True), name='address_confirmation_has_address')],
            },
        ),
        migrations.CreateModel(
            name='Service',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject_kind', models.CharField(max_length=30)),
                ('subject_id', models.BigIntegerField()),
                ('way', models.CharField(choices=[('direct', '直接送达'), ('left', '留置送达'), ('electronic', '电子送达'), ('mail', '邮寄送达'), ('entrusted', '委托送达'), ('relayed', '转交送达'), ('announcement', '公告送达')], max_length=12, verbose_name='送达方式')),
                ('state', models.CharField(choices=[('running', '公告中'), ('served', '已送达'), ('void', '已撤销登记')], max_length=8, verbose_name='状态')),
                ('recipient', models.CharField(max_length=120, verbose_name='受送达人')),
                ('served_on', models.DateField(null=True, verbose_name='送达日期')),
                ('posted_on', models.DateField(null=True, verbose_name='公告发布日期')),
                ('received_by', models.CharField(blank=True, max_length=120, verbose_name='签收人')),
                ('relation', models.CharField(blank=True, choices=[('party', '受送达人本人，或者法定代表人、主要负责人'), ('family', '同住成年家属（受送达人是自然人）'), ('keeper', '负责收件的人（受送达人是法人或者其他组织）'), ('agent', '代理人'), ('named', '指定的代收人')], max_length=8, verbose_name='签收人与受送达人的关系')),
                ('place', models.CharField(blank=True, max_length=120, verbose_name='送达地点')),
                ('through', models.CharField(blank=True, max_length=120, verbose_name='邮件编号、代为送达的机关或者公告刊登处')),
                ('account', models.CharField(blank=True, max_length=120, verbose_name='电子送达账号')),
                ('witness', models.CharField(blank=True, max_length=120, verbose_name='见证人')),
                ('record', models.CharField(blank=True, max_length=500, verbose_name='记录方式')),
                ('posting', models.CharField(blank=True, choices=[('board', '在本局公告栏和受送达人住所地张贴'), ('media', '在报纸或者本局门户网站等刊登')], max_length=6, verbose_name='公告方式')),
                ('reason', models.CharField(blank=True, max_length=1000, verbose_name='事由和经过')),
                ('is_returned', models.BooleanField(default=False, verbose_name='邮件被退回')),
                ('recorded_at', models.DateTimeField()),
                ('completed_at', models.DateTimeField(null=True)),
                ('void_reason', models.CharField(blank=True, max_length=500, verbose_name='撤销原因')),
                ('voided_at', models.DateTimeField(null=True)),
                ('confirmation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='services', to='documents.addressconfirmation')),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='送达人')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('second_officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='协同送达人')),
                ('voided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['subject_kind', 'subject_id', 'id'], name='service_by_subject'), models.Index(condition=models.Q(('state', 'running')), fields=['id'], name='service_running')],
                'constraints': [models.CheckConstraint(condition=models.Q(('officer', models.F('second_officer')), _negated=True), name='service_two_different_officers'), models.CheckConstraint(condition=models.Q(('way', 'announcement'), ('posted_on__isnull', True), _connector='XOR'), name='service_announced_has_its_day'), models.CheckConstraint(condition=models.Q(models.Q(('served_on__isnull', True), ('state', 'running'), ('way', 'announcement')), models.Q(('served_on__isnull', False), ('state', 'served')), ('state', 'void'), _connector='OR'), name='service_state_as_served'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'void'), ('voided_at__isnull', False), ('voided_by__isnull', False), models.Q(('void_reason', ''), _negated=True)), models.Q(models.Q(('state', 'void'), _negated=True), ('void_reason', ''), ('voided_at__isnull', True), ('voided_by__isnull', True)), _connector='OR'), name='service_void_says_why'), models.CheckConstraint(condition=models.Q(models.Q(('way', 'electronic'), _negated=True), ('confirmation__isnull', False), _connector='OR'), name='service_electronic_was_agreed'), models.CheckConstraint(condition=models.Q(('is_returned', False), models.Q(('confirmation__isnull', False), ('way', 'mail')), _connector='OR'), name='service_returned_from_confirmed_address')],
            },
        ),
        migrations.CreateModel(
            name='ServedPaper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=30)),
                ('title', models.CharField(max_length=120)),
                ('number_text', models.CharField(blank=True, max_length=80)),
                ('effect', models.CharField(blank=True, max_length=30)),
                ('is_void', models.BooleanField(default=False)),
                ('paper', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='services', to='documents.paper')),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='documents.service')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_void', False)), fields=('paper',), name='served_paper_once'), models.UniqueConstraint(fields=('service', 'key', 'paper'), name='served_paper_once_in_a_service')],
            },
        ),
    ]
