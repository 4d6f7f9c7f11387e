from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0002_channels"),
    ]

    operations = [
        migrations.AlterField(
            model_name="notice",
            name="topic",
            field=models.CharField(
                blank=True,
                choices=[("", "其他"), ("urge", "催办"), ("reply", "答复送达"), ("word", "批示")],
                default="",
                max_length=5,
                verbose_name="事由",
            ),
        ),
    ]
