import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("proposals", "0007_secret_history"),
    ]

    operations = [
        migrations.AddField(
            model_name="attachment",
            name="assignment",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="papers",
                to="proposals.assignment",
                verbose_name="承办",
            ),
        ),
    ]
