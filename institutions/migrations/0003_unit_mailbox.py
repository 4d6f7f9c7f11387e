from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("institutions", "0002_every_way"),
    ]

    operations = [
        migrations.AddField(
            model_name="unit",
            name="mailbox",
            field=models.EmailField(
                blank=True,
                help_text="本单位的每日汇总和催办也发到这里；不写代表姓名",
                max_length=254,
                verbose_name="公用邮箱",
            ),
        ),
    ]
