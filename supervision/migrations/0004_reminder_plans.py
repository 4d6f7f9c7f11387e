import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("institutions", "0003_unit_mailbox"),
        ("proposals", "0011_correction_clock"),
        ("supervision", "0003_topics"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DigestRound",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(verbose_name="日期")),
                ("finished_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="完成")),
            ],
            options={
                "verbose_name": "每日汇总批次",
                "verbose_name_plural": "每日汇总批次",
                "ordering": ["-day", "congress"],
            },
        ),
        migrations.CreateModel(
            name="ReminderChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间")),
                ("who", models.CharField(max_length=60, verbose_name="当时姓名")),
                ("what", models.CharField(max_length=60, verbose_name="改了什么")),
                ("old", models.CharField(max_length=80, verbose_name="原来")),
                ("new", models.CharField(max_length=80, verbose_name="现在")),
            ],
            options={
                "verbose_name": "提醒设置的改动",
                "verbose_name_plural": "提醒设置的改动",
                "ordering": ["-pk"],
            },
        ),
        migrations.AddField(
            model_name="reminder",
            name="by_sms",
            field=models.BooleanField(default=False, verbose_name="发短信"),
        ),
        migrations.AddField(
            model_name="reminder",
            name="duty_key",
            field=models.CharField(blank=True, max_length=60, verbose_name="督办事项"),
        ),
        migrations.AddField(
            model_name="reminderplan",
            name="side_after",
            field=models.PositiveSmallIntegerField(
                default=7,
                help_text="0 表示不告诉",
                validators=[django.core.validators.MaxValueValidator(365)],
                verbose_name="超期几天告诉交办方",
            ),
        ),
        migrations.AddField(
            model_name="reminderplan",
            name="signer_after",
            field=models.PositiveSmallIntegerField(
                default=1,
                help_text="0 表示不告诉",
                validators=[django.core.validators.MaxValueValidator(365)],
                verbose_name="超期几天告诉签发人",
            ),
        ),
        migrations.AddField(
            model_name="reminderplan",
            name="signer_from",
            field=models.PositiveSmallIntegerField(
                default=3,
                help_text="0 表示到期前不告诉",
                validators=[django.core.validators.MaxValueValidator(365)],
                verbose_name="到期前几天起告诉签发人",
            ),
        ),
        migrations.AddField(
            model_name="reminderplan",
            name="sms",
            field=models.CharField(
                choices=[
                    ("never", "不发"),
                    ("overdue", "超期才发"),
                    ("due", "到期当天和超期"),
                    ("all", "每次提醒都发"),
                ],
                default="overdue",
                max_length=7,
                verbose_name="发短信",
            ),
        ),
        migrations.AlterField(
            model_name="reminder",
            name="clock",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="reminders",
                to="proposals.clock",
                verbose_name="期限",
            ),
        ),
        migrations.AlterField(
            model_name="reminderplan",
            name="every",
            field=models.PositiveSmallIntegerField(
                default=7,
                help_text="0 表示超期后不再提醒",
                validators=[django.core.validators.MaxValueValidator(365)],
                verbose_name="超期后每几天提醒",
            ),
        ),
        migrations.AlterField(
            model_name="reminderplan",
            name="kind",
            field=models.CharField(
                choices=[
                    ("review", "审查"),
                    ("revise", "修改"),
                    ("assign", "交办"),
                    ("dispatch", "分办"),
                    ("accept", "签收"),
                    ("return_decision", "退回裁定"),
                    ("first_contact", "首次沟通"),
                    ("opinion", "会办意见"),
                    ("opinion_redo", "会办补正"),
                    ("reply", "答复"),
                    ("correction", "更正"),
                    ("extension_decision", "延期裁定"),
                    ("rating", "测评"),
                    ("judge", "研判"),
                    ("redo", "重办答复"),
                    ("coordination", "协调"),
                    ("commitment", "承诺"),
                    ("duty", "督办事项"),
                ],
                max_length=20,
                verbose_name="期限",
            ),
        ),
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(
                condition=models.Q(("is_over", False)), fields=["is_over"], name="reminder_not_over"
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(
                condition=models.Q(("clock__isnull", True)),
                fields=("duty_key", "stage", "due_on", "user"),
                name="reminder_of_duty_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("clock__isnull", False), ("duty_key", "")),
                    models.Q(("clock__isnull", True), models.Q(("duty_key", ""), _negated=True)),
                    _connector="OR",
                ),
                name="reminder_is_of_one_thing",
            ),
        ),
        migrations.AddField(
            model_name="digestround",
            name="congress",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="institutions.congress",
                verbose_name="人大",
            ),
        ),
        migrations.AddField(
            model_name="reminderchange",
            name="congress",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="reminder_changes",
                to="institutions.congress",
                verbose_name="人大",
            ),
        ),
        migrations.AddField(
            model_name="reminderchange",
            name="user",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="账号",
            ),
        ),
        migrations.AddConstraint(
            model_name="digestround",
            constraint=models.UniqueConstraint(fields=("day", "congress"), name="digest_round_once"),
        ),
    ]
