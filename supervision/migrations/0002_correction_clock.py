from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("supervision", "0001_initial"),
    ]

    operations = [
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
                ],
                max_length=20,
                verbose_name="期限",
            ),
        ),
    ]
