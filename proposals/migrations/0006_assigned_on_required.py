from django.db import migrations, models


class Migration(migrations.Migration):
    # By itself: PostgreSQL alters no table in the transaction that has just written its rows.
    dependencies = [
        ("proposals", "0005_fill_assigned_on"),
    ]

    operations = [
        migrations.AlterField(
            model_name="assignment",
            name="assigned_on",
            field=models.DateField(verbose_name="交办起算日"),
        ),
    ]
