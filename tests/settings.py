"""Settings of the test run: the real ones, but for speed and for leaving nothing behind."""

import os

os.environ.setdefault("SECRET_KEY", "for-tests-only")

from config.settings import *  # noqa: F403
from config.settings import DATABASES, STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    # Without a manifest: tests run from the sources, before anything was collected.
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    **{name: options for name, options in STORAGES.items() if name not in ("default", "staticfiles")},
}
WHITENOISE_AUTOREFRESH = True
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS = {}
if "init_command" in DATABASES["default"].get("OPTIONS", {}):
    # A test database need not survive a power failure.
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
