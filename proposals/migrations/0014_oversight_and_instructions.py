import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Coalesce


class Migration(migrations.Migration):
    """督办 by committees; requests for instructions (批示) and reports, of which a case may have several open."""

    dependencies = [
        ("institutions", "0003_unit_mailbox"),
        ("proposals", "0013_fill_stirred_on"),
    ]

    operations = [
        migrations.CreateModel(
            name="Oversight",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_lead", models.BooleanField(default=False, verbose_name="接手督办")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="理由")),
                ("since", models.DateField(verbose_name="开始日期")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="结束日期")),
                (
                    "committee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="oversights",
                        to="institutions.committee",
                        verbose_name="专委会",
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="oversights",
                        to="proposals.proposal",
                        verbose_name="建议",
                    ),
                ),
            ],
            options={
                "verbose_name": "专委会督办",
                "verbose_name_plural": "专委会督办",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on__isnull", True)),
                        fields=("proposal", "committee"),
                        name="oversight_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on__isnull", True), ("is_lead", True)),
                        fields=("proposal",),
                        name="one_leading_oversight",
                    ),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_on__isnull", True)),
                        fields=["committee", "proposal"],
                        name="oversight_open",
                    )
                ],
            },
        ),
        migrations.RemoveConstraint(model_name="request", name="one_pending_request"),
        migrations.AddConstraint(
            model_name="request",
            constraint=models.UniqueConstraint(
                models.F("proposal"),
                models.F("kind"),
                Coalesce("assignment", 0),
                Coalesce("unit", 0),
                Coalesce("deputy", 0),
                condition=models.Q(
                    ("state", "open"),
                    models.Q(
                        ("kind__in", ["objection", "urge", "instruction", "instructed", "report"]),
                        _negated=True,
                    ),
                ),
                name="one_pending_request",
            ),
        ),
        migrations.AlterField(
            model_name="proposalevent",
            name="visibility",
            field=models.CharField(
                choices=[
                    ("everyone", "各方可见"),
                    ("proposer", "代表与联工委"),
                    ("unit", "本单位与联工委"),
                    ("congress", "联工委内部"),
                    ("inner", "人大机关内部"),
                ],
                max_length=10,
                verbose_name="可见范围",
            ),
        ),
        migrations.AlterField(
            model_name="request",
            name="kind",
            field=models.CharField(
                choices=[
                    ("withdraw", "撤回征求附议同意"),
                    ("lead", "变更领衔"),
                    ("plan_view", "拟办征求意见"),
                    ("return", "申请退回"),
                    ("extension", "申请延期"),
                    ("objection", "提出异议"),
                    ("urge", "催办"),
                    ("instruction", "批示"),
                    ("instructed", "回复批示"),
                    ("report", "报告领导"),
                ],
                max_length=12,
                verbose_name="种类",
            ),
        ),
        migrations.AlterField(
            model_name="waiting",
            name="queue",
            field=models.CharField(
                choices=[
                    ("draft", "草稿"),
                    ("cosign", "待附议"),
                    ("revise", "待修改"),
                    ("review", "待审查"),
                    ("assign", "待交办"),
                    ("accept", "待签收"),
                    ("handle", "待答复"),
                    ("opinion", "待提会办意见"),
                    ("sign", "待签发"),
                    ("rate", "待测评"),
                    ("judge", "不满意待研判"),
                    ("coordinate", "协调研究"),
                    ("check", "待初核"),
                    ("plan_view", "拟办征求意见"),
                    ("dispatch", "待分办"),
                    ("return", "退回申请"),
                    ("extension", "延期申请"),
                    ("objection", "异议"),
                    ("consent", "撤回征求同意"),
                    ("take_lead", "请您领衔"),
                    ("answer_urge", "待回复催办"),
                    ("answer_instruct", "待回复批示"),
                    ("promise", "待兑现承诺"),
                    ("explain", "待说明未兑现"),
                    ("verify", "待核实"),
                    ("confirm", "待确认"),
                ],
                max_length=15,
                verbose_name="队列",
            ),
        ),
    ]
