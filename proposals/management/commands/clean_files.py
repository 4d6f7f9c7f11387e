"""Remove files that belong to no row: of attachments, and of every other model that keeps files."""

from datetime import timedelta
from itertools import chain

from django.apps import apps
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand
from django.db.models import FileField
from django.utils import timezone

# Where files are kept: a new FileField has its folder here, or tests/proposals/test_kept_files.py objects.
FOLDERS = ("attachments", "activities", "topics", "reviews")


def file_fields():
    """Every FileField of the installation."""
    return [
        field
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, FileField)
    ]


class Command(BaseCommand):
    help = "清理没有记录的文件（上传中断留下的）。一天之内的不动，正在上传的不受影响。"

    def handle(self, *args, **options):
        before = timezone.now() - timedelta(days=1)
        removed = 0
        for folder, names in chain.from_iterable(self.walk(folder) for folder in FOLDERS):
            kept = self.kept_below(folder)
            for path in (f"{folder}/{name}" for name in names):
                if path not in kept and default_storage.get_modified_time(path) < before:
                    default_storage.delete(path)
                    removed += 1
        self.stdout.write(f"已清理 {removed} 个没有记录的文件。")

    def kept_below(self, folder):
        """The files below a folder that some row names."""
        kept = set()
        for field in file_fields():
            rows = field.model._default_manager.filter(**{f"{field.name}__startswith": f"{folder}/"})
            kept.update(rows.values_list(field.name, flat=True))
        return kept

    def walk(self, folder):
        """Yield every folder with the names of its files, below `folder` and itself."""
        try:
            folders, names = default_storage.listdir(folder)
        except FileNotFoundError:  # nothing was uploaded yet
            return
        yield folder, names
        for name in folders:
            yield from self.walk(f"{folder}/{name}")
