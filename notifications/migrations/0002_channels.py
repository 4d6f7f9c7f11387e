import django.db.models.deletion
import django.utils.timezone
import notifications.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("institutions", "0003_unit_mailbox"),
        ("notifications", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Lane",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40, unique=True, verbose_name="通道")),
                ("failures", models.PositiveIntegerField(default=0, verbose_name="连续失败")),
                ("rests_until", models.DateTimeField(blank=True, null=True, verbose_name="暂停至")),
                ("error", models.CharField(blank=True, max_length=300, verbose_name="最近的失败原因")),
                ("failed_at", models.DateTimeField(blank=True, null=True, verbose_name="最近失败")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="最近成功")),
            ],
            options={
                "verbose_name": "通道",
                "verbose_name_plural": "通道",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="MessagePlan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "digest_at",
                    models.TimeField(default=notifications.models.default_hour, verbose_name="每日汇总时间"),
                ),
                ("sms_urges", models.BooleanField(default=True, verbose_name="催办发短信")),
                ("sms_replies", models.BooleanField(default=True, verbose_name="答复送达时给代表发短信")),
            ],
            options={
                "verbose_name": "发送安排",
                "verbose_name_plural": "发送安排",
            },
        ),
        migrations.CreateModel(
            name="Preference",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest_mail", models.BooleanField(default=True, verbose_name="每日汇总发邮件")),
                ("urge_mail", models.BooleanField(default=True, verbose_name="催办发邮件")),
                ("urge_sms", models.BooleanField(default=True, verbose_name="催办发短信")),
                ("late_sms", models.BooleanField(default=True, verbose_name="到期和超期发短信")),
            ],
            options={
                "verbose_name": "消息怎么收",
                "verbose_name_plural": "消息怎么收",
            },
        ),
        migrations.CreateModel(
            name="UnitGroup",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("wecom", "企业微信（政务微信）"), ("dingtalk", "钉钉")],
                        max_length=10,
                        verbose_name="种类",
                    ),
                ),
                (
                    "name",
                    models.CharField(help_text="如：市民政局建议办理群", max_length=60, verbose_name="群名"),
                ),
                ("url", models.CharField(max_length=500, verbose_name="机器人地址")),
                ("secret", models.CharField(blank=True, max_length=200, verbose_name="加签密钥")),
                ("is_active", models.BooleanField(default=True, verbose_name="启用")),
            ],
            options={
                "verbose_name": "单位群",
                "verbose_name_plural": "单位群",
                "ordering": ["congress", "pk"],
            },
        ),
        migrations.CreateModel(
            name="UnitPost",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=120, verbose_name="去重键")),
                ("words", models.CharField(max_length=300, verbose_name="内容")),
                ("url", models.CharField(blank=True, max_length=300, verbose_name="链接")),
                ("content", models.JSONField(blank=True, default=dict, verbose_name="汇总")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间")),
            ],
            options={
                "verbose_name": "单位消息",
                "verbose_name_plural": "单位消息",
                "ordering": ["-pk"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="delivery",
            name="delivery_is_of_one_thing",
        ),
        migrations.AddField(
            model_name="notice",
            name="topic",
            field=models.CharField(
                blank=True,
                choices=[("", "其他"), ("urge", "催办"), ("reply", "答复送达")],
                default="",
                max_length=5,
                verbose_name="事由",
            ),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="channel",
            field=models.CharField(
                choices=[("email", "邮件"), ("sms", "短信"), ("group", "单位群")],
                default="email",
                max_length=10,
                verbose_name="渠道",
            ),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="digest",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="deliveries",
                to="notifications.digest",
                verbose_name="每日汇总",
            ),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="notice",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="deliveries",
                to="notifications.notice",
                verbose_name="消息",
            ),
        ),
        migrations.AddField(
            model_name="messageplan",
            name="congress",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="message_plan",
                to="institutions.congress",
                verbose_name="人大",
            ),
        ),
        migrations.AddField(
            model_name="preference",
            name="user",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="preference",
                to=settings.AUTH_USER_MODEL,
                verbose_name="账号",
            ),
        ),
        migrations.AddField(
            model_name="unitgroup",
            name="congress",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="institutions.congress",
                verbose_name="人大",
            ),
        ),
        migrations.AddField(
            model_name="unitgroup",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="groups",
                to="institutions.unit",
                verbose_name="单位",
            ),
        ),
        migrations.AddField(
            model_name="unitpost",
            name="congress",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="institutions.congress",
                verbose_name="人大",
            ),
        ),
        migrations.AddField(
            model_name="unitpost",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="posts",
                to="institutions.unit",
                verbose_name="单位",
            ),
        ),
        migrations.AddField(
            model_name="delivery",
            name="post",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="deliveries",
                to="notifications.unitpost",
                verbose_name="单位消息",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("digest__isnull", True), ("notice__isnull", False), ("post__isnull", True)),
                    models.Q(("digest__isnull", False), ("notice__isnull", True), ("post__isnull", True)),
                    models.Q(("digest__isnull", True), ("notice__isnull", True), ("post__isnull", False)),
                    _connector="OR",
                ),
                name="delivery_is_of_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                condition=models.Q(("notice__isnull", False)),
                fields=("notice", "channel", "address"),
                name="delivery_once_per_notice",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                condition=models.Q(("digest__isnull", False)),
                fields=("digest", "channel", "address"),
                name="delivery_once_per_digest",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                condition=models.Q(("post__isnull", False)),
                fields=("post", "channel", "address"),
                name="delivery_once_per_post",
            ),
        ),
        migrations.AddConstraint(
            model_name="unitgroup",
            constraint=models.UniqueConstraint(fields=("unit", "name"), name="unit_group_unique"),
        ),
        migrations.AddConstraint(
            model_name="unitpost",
            constraint=models.UniqueConstraint(fields=("unit", "key"), name="post_unique_per_unit"),
        ),
    ]
