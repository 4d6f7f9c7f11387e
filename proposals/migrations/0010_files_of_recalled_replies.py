from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("proposals", "0009_names_as_long_as_their_sources"),
    ]

    operations = [
        migrations.AddField(
            model_name="attachment",
            name="versions",
            field=models.ManyToManyField(
                blank=True, related_name="files", to="proposals.replyversion", verbose_name="答复旧稿"
            ),
        ),
    ]
