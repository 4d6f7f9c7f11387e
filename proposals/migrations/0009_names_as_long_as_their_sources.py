from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("proposals", "0008_papers_of_places"),
    ]

    operations = [
        migrations.AlterField(
            model_name="request",
            name="asked_by",
            field=models.CharField(max_length=120, verbose_name="申请人"),
        ),
        migrations.AlterField(
            model_name="request",
            name="decided_by",
            field=models.CharField(blank=True, max_length=120, verbose_name="决定人"),
        ),
        migrations.AlterField(
            model_name="rating",
            name="rated_by",
            field=models.CharField(max_length=80, verbose_name="测评人"),
        ),
        migrations.AlterField(
            model_name="opinion",
            name="signed_by",
            field=models.CharField(blank=True, max_length=80, verbose_name="签发人"),
        ),
        migrations.AlterField(
            model_name="reply",
            name="signed_by",
            field=models.CharField(blank=True, max_length=80, verbose_name="签发人"),
        ),
    ]
