"""Write docs/workflow.md from the action table, or check that it is current."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from proposals.workflow.picture import render

TARGET = Path(settings.BASE_DIR) / "docs" / "workflow.md"


class Command(BaseCommand):
    help = "从动作表生成 docs/workflow.md；--check 只核对是否最新"

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="只核对，不写")

    def handle(self, *args, check, **options):
        current = TARGET.read_text(encoding="utf-8") if TARGET.exists() else ""
        wanted = render()
        if check and current != wanted:
            raise CommandError("docs/workflow.md 不是最新的，请运行 python manage.py workflow_picture。")
        if not check:
            TARGET.write_text(wanted, encoding="utf-8")
            self.stdout.write("已写好 docs/workflow.md")
