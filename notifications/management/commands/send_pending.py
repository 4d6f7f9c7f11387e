"""Sending what waits without a queue: for machines with cron alone."""

from django.core.management.base import BaseCommand

from notifications.tasks import deliver_pending


class Command(BaseCommand):
    help = "把到时候该送的消息送出去：催办、每日汇总、先前没送成的。可以反复运行，也可以和后台进程同时运行。"

    def handle(self, *args, **options):
        counts = deliver_pending()
        self.stdout.write(f"送出 {counts['sent']} 条，没送出 {counts['failed']} 条（稍后再试）。")
