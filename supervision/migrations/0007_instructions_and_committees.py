import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("institutions", "0003_unit_mailbox"),
        ("proposals", "0015_promises"),
        ("supervision", "0006_record"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Instruction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("author_name", models.CharField(max_length=60, verbose_name="姓名")),
                ("author_role", models.CharField(max_length=20, verbose_name="身份")),
                ("is_gov", models.BooleanField(default=False, verbose_name="政府领导")),
                ("words", models.TextField(max_length=1400, verbose_name="批示")),
                ("due_on", models.DateField(verbose_name="回复日")),
                (
                    "given_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="批示时间"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("given", "未执行"), ("doing", "正在执行"), ("done", "已执行")],
                        default="given",
                        max_length=10,
                        verbose_name="执行标记",
                    ),
                ),
                ("marked_by", models.CharField(blank=True, max_length=120, verbose_name="标记人")),
                ("marked_at", models.DateTimeField(blank=True, null=True, verbose_name="标记时间")),
                ("mark_words", models.CharField(blank=True, max_length=1000, verbose_name="执行情况")),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="instructions",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="领导",
                    ),
                ),
                (
                    "congress",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="instructions",
                        to="institutions.congress",
                        verbose_name="人大",
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="instructions",
                        to="proposals.proposal",
                        verbose_name="建议",
                    ),
                ),
                (
                    "request",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="instruction",
                        to="proposals.request",
                        verbose_name="申请",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="instructions",
                        to="supervision.topic",
                        verbose_name="专题",
                    ),
                ),
            ],
            options={
                "verbose_name": "批示",
                "verbose_name_plural": "批示",
                "ordering": ["-given_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="InstructionRecipient",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("read_at", models.DateTimeField(blank=True, null=True, verbose_name="阅读时间")),
                ("read_by", models.CharField(blank=True, max_length=60, verbose_name="阅读人")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="回复时间")),
                ("answered_by", models.CharField(blank=True, max_length=60, verbose_name="回复人")),
                ("answer", models.TextField(blank=True, max_length=2000, verbose_name="回复")),
                (
                    "event",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="supervision.topicevent",
                        verbose_name="督办经过",
                    ),
                ),
                (
                    "files",
                    models.ManyToManyField(
                        blank=True, related_name="+", to="proposals.attachment", verbose_name="材料"
                    ),
                ),
                (
                    "instruction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recipients",
                        to="supervision.instruction",
                        verbose_name="批示",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="proposals.assignment",
                        verbose_name="承办",
                    ),
                ),
                (
                    "request",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="instructed",
                        to="proposals.request",
                        verbose_name="申请",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="instructed",
                        to="institutions.unit",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "批示送达",
                "verbose_name_plural": "批示送达",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="CommitteeField",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="proposals.category",
                        verbose_name="对口类别",
                    ),
                ),
                (
                    "committee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="fields",
                        to="institutions.committee",
                        verbose_name="专委会",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="institutions.unit",
                        verbose_name="对口单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "专委会对口",
                "verbose_name_plural": "专委会对口",
                "ordering": ["committee", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("category__isnull", True), ("unit__isnull", False)),
                            models.Q(("category__isnull", False), ("unit__isnull", True)),
                            _connector="OR",
                        ),
                        name="field_is_unit_or_category",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("unit__isnull", False)),
                        fields=("committee", "unit"),
                        name="field_unit_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("category__isnull", False)),
                        fields=("committee", "category"),
                        name="field_category_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Follow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateField(default=django.utils.timezone.localdate, verbose_name="开始日期")),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="follows",
                        to="proposals.proposal",
                        verbose_name="建议",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="follows",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="谁",
                    ),
                ),
            ],
            options={
                "verbose_name": "关注",
                "verbose_name_plural": "关注",
                "ordering": ["-pk"],
                "constraints": [models.UniqueConstraint(fields=("user", "proposal"), name="follow_once")],
            },
        ),
        migrations.AddIndex(
            model_name="instruction",
            index=models.Index(fields=["congress", "state", "due_on"], name="instruction_by_state"),
        ),
        migrations.AddIndex(
            model_name="instruction",
            index=models.Index(fields=["author", "given_at"], name="instruction_by_author"),
        ),
        migrations.AddConstraint(
            model_name="instruction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("proposal__isnull", False), ("topic__isnull", True)),
                    models.Q(("proposal__isnull", True), ("topic__isnull", False)),
                    _connector="OR",
                ),
                name="instruction_on_case_or_topic",
            ),
        ),
        migrations.AddIndex(
            model_name="instructionrecipient",
            index=models.Index(fields=["unit", "answered_at"], name="instructed_by_unit"),
        ),
    ]
