from django.core.management.base import BaseCommand

from supervision.look_backs import run


class Command(BaseCommand):
    help = (
        "把以前年度没有做完的承诺列入今年的回头看，并把确认期满的承诺记为未表态。每日任务里已经包含这一步。"
    )

    def handle(self, *args, **options):
        counts = run()
        self.stdout.write(f"列入回头看 {counts['look_backs']} 项，记为未表态 {counts['unconfirmed']} 项")
