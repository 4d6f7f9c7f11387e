from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("proposals", "0003_every_way"),
    ]

    operations = [
        migrations.AddField(
            model_name="assignment",
            name="redo_cause",
            field=models.CharField(
                blank=True,
                choices=[("dissatisfied", "不满意"), ("reassigned", "再交办"), ("other", "其他")],
                default="",
                max_length=15,
                verbose_name="重新办理事由",
            ),
            preserve_default=False,
        ),
    ]
