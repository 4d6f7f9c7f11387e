from django.core.management.base import BaseCommand

from core.calendars import seed_calendar


class Command(BaseCommand):
    help = "把内置的全国放假安排写入日历；已有的年份保持不变。"

    def handle(self, *args, **options):
        years = seed_calendar()
        if years:
            self.stdout.write(f"已写入 {len(years)} 个年份的放假安排：{years[0]}—{years[-1]} 年。")
        else:
            self.stdout.write("放假安排已齐全，没有改动。")
