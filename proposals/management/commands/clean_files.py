"""Remove files that belong to no attachment."""

from datetime import timedelta

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand
from django.utils import timezone

from proposals.models import Attachment

FOLDER = "attachments"


class Command(BaseCommand):
    help = "清理没有附件记录的文件（上传中断留下的）。一天之内的不动，正在上传的不受影响。"

    def handle(self, *args, **options):
        before = timezone.now() - timedelta(days=1)
        removed = 0
        for folder, names in self.walk(FOLDER):
            kept = set(
                Attachment.objects.filter(file__startswith=f"{folder}/").values_list("file", flat=True)
            )
            for path in (f"{folder}/{name}" for name in names):
                if path not in kept and default_storage.get_modified_time(path) < before:
                    default_storage.delete(path)
                    removed += 1
        self.stdout.write(f"已清理 {removed} 个没有记录的文件。")

    def walk(self, folder):
        """Yield every folder with the names of its files, below `folder` and itself."""
        try:
            folders, names = default_storage.listdir(folder)
        except FileNotFoundError:  # nothing was uploaded yet
            return
        yield folder, names
        for name in folders:
            yield from self.walk(f"{folder}/{name}")
