from django.db import migrations, models

KIND = "correction"
# 通用's own term, which no text states.
TERMS = {
    "value": 5,
    "unit": "workday",
    "start_code": "reply_recalled",
    "start_event": "答复收回更正",
    "article": "通用默认",
    "is_verified": False,
}


def add_rules(apps, schema_editor):
    """Rule sets from before had no term for putting a reply right."""
    rule_set, clock_rule = (apps.get_model("proposals", name) for name in ("RuleSet", "ClockRule"))
    without = rule_set.objects.exclude(clocks__kind=KIND)
    clock_rule.objects.bulk_create(clock_rule(rule_set=each, kind=KIND, **TERMS) for each in without)


def remove_rules(apps, schema_editor):
    apps.get_model("proposals", "ClockRule").objects.filter(kind=KIND).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("proposals", "0010_files_of_recalled_replies"),
    ]

    operations = [
        migrations.AlterField(
            model_name="clock",
            name="kind",
            field=models.CharField(
                choices=[
                    ("review", "审查"),
                    ("revise", "修改"),
                    ("assign", "交办"),
                    ("assign_session", "大会件交办"),
                    ("dispatch", "分办"),
                    ("accept", "签收"),
                    ("return_window", "申退窗口"),
                    ("return_decision", "退回裁定"),
                    ("first_contact", "首次沟通"),
                    ("opinion", "会办意见"),
                    ("opinion_redo", "会办补正"),
                    ("reply", "答复"),
                    ("reply_complex", "答复上限"),
                    ("correction", "更正"),
                    ("extension_decision", "延期裁定"),
                    ("rating", "测评"),
                    ("rating_grace", "测评宽限"),
                    ("judge", "研判"),
                    ("redo", "重办答复"),
                    ("redo_ceiling", "重办上限"),
                    ("coordination", "协调"),
                    ("commitment", "承诺"),
                ],
                max_length=20,
                verbose_name="期限",
            ),
        ),
        migrations.AlterField(
            model_name="clockrule",
            name="kind",
            field=models.CharField(
                choices=[
                    ("review", "审查"),
                    ("revise", "修改"),
                    ("assign", "交办"),
                    ("assign_session", "大会件交办"),
                    ("dispatch", "分办"),
                    ("accept", "签收"),
                    ("return_window", "申退窗口"),
                    ("return_decision", "退回裁定"),
                    ("first_contact", "首次沟通"),
                    ("opinion", "会办意见"),
                    ("opinion_redo", "会办补正"),
                    ("reply", "答复"),
                    ("reply_complex", "答复上限"),
                    ("correction", "更正"),
                    ("extension_decision", "延期裁定"),
                    ("rating", "测评"),
                    ("rating_grace", "测评宽限"),
                    ("judge", "研判"),
                    ("redo", "重办答复"),
                    ("redo_ceiling", "重办上限"),
                    ("coordination", "协调"),
                    ("commitment", "承诺"),
                ],
                max_length=20,
                verbose_name="期限",
            ),
        ),
        migrations.RunPython(add_rules, remove_rules),
    ]
