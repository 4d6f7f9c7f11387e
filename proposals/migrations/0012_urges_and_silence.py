import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("institutions", "0001_initial"),
        ("proposals", "0011_correction_clock"),
    ]

    operations = [
        migrations.CreateModel(
            name="UrgePhrase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=30, verbose_name="名称")),
                ("words", models.CharField(max_length=500, verbose_name="用语")),
                (
                    "answer_days",
                    models.PositiveSmallIntegerField(default=0, verbose_name="几个工作日内回复"),
                ),
                (
                    "congress",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="urge_phrases",
                        to="institutions.congress",
                        verbose_name="人大",
                    ),
                ),
            ],
            options={"verbose_name": "催办用语", "verbose_name_plural": "催办用语", "ordering": ["pk"]},
        ),
        migrations.AddField(
            model_name="request",
            name="due_on",
            field=models.DateField(blank=True, null=True, verbose_name="请在此日前回复"),
        ),
        migrations.AddField(
            model_name="request",
            name="seen_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="已看时间"),
        ),
        migrations.AddField(
            model_name="request",
            name="seen_by",
            field=models.CharField(blank=True, default="", max_length=80, verbose_name="已看的人"),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="request",
            index=models.Index(
                condition=models.Q(("kind", "urge")), fields=["assignment", "asked_on"], name="request_urges"
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="stirred_on",
            field=models.DateField(blank=True, null=True, verbose_name="最近有动静的日期"),
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(
                condition=models.Q(("status", "accepted")),
                fields=["congress", "stirred_on", "id"],
                name="assignment_stirred",
            ),
        ),
    ]
