"""The daily run without a queue: for machines with cron alone, and to catch up by hand."""

import re
import sys
from datetime import date

from django.core.management.base import BaseCommand
from django.utils import timezone

from core.dates import cn_deadline
from supervision.daily import run_daily, run_when_due


class Command(BaseCommand):
    help = (
        "做完当天该做的：重算暂定期限、记未表态、提醒、每日汇总、发送邮件、清理过期的暂存表单。可以反复运行。"
    )

    def add_arguments(self, parser):
        parser.add_argument("--today", help="按哪一天办，YYYY-MM-DD；默认今天")
        parser.add_argument(
            "--if-due", action="store_true", help="只办汇总时间已到、今天还没办的人大；可以每几分钟运行一次"
        )

    def handle(self, *args, today, if_due, **options):
        if if_due:
            counts = run_when_due()
            self.stdout.write("今天的每日任务已办。" if counts else "还没到时间，或者今天已经办过。")
            return
        day = self._date(today) or timezone.localdate()
        counts = run_daily(day)
        digests = (
            f"每日汇总 {counts['digests']} 份" if not counts["was_done"] else "每日汇总当天已经做过，不再重做"
        )
        self.stdout.write(f"{cn_deadline(day)}的每日任务已完成。")
        self.stdout.write(
            f"重算暂定期限 {counts['recomputed']} 件，记为未表态 {counts['silent']} 件，"
            f"新提醒 {counts['reminders']} 条，{digests}。"
        )
        self.stdout.write(
            f"消息发出 {counts['sent']} 条，未发出 {counts['failed']} 条（稍后再试），"
            f"清理暂存的表单 {counts['pruned']} 份。"
        )

    def _date(self, text):
        if text is None:
            return None
        try:
            if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
                return date.fromisoformat(text)
        except ValueError:
            pass
        self.stderr.write(f"日期“{text}”看不懂，请写成 YYYY-MM-DD，例如 2026-04-22。")
        sys.exit(2)
