"""Settings. Everything that differs between installations comes from the environment or from `.env`.

docs/operations.md lists the variables. Nothing secret stands here: without SECRET_KEY a key is generated
once into the data folder, readable by its owner only.
"""

import contextlib
import os
import secrets
from datetime import time, timedelta
from pathlib import Path

import environ
from celery.schedules import crontab

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(BASE_DIR / ".env")

# Everything the program writes: database, files, queue, generated key, collected static files.
VAR_DIR = Path(env("VAR_DIR", default=str(BASE_DIR / "var"))).resolve()
VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)


def generated_key(path):
    """Return the key kept in `path`, made on first use; two processes starting together get the same one."""
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50), encoding="ascii")
        with contextlib.suppress(FileExistsError):  # the other process was first
            os.link(draft, path)  # unlike a rename, never overwrites
        draft.unlink()
    return path.read_text(encoding="ascii")


SECRET_KEY = env("SECRET_KEY", default="") or generated_key(VAR_DIR / "secret_key")
# Whether a first start on an empty database loads the demonstration.
LOAD_DEMO = env.bool("LOAD_DEMO", default=True)
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# Address of the site in messages that leave it, such as the daily digest.
SITE_URL = env("SITE_URL", default=f"http://127.0.0.1:{env('PORT', default='8000')}").rstrip("/")
# When the working day's digests go out, HH:MM of Shanghai time.
DIGEST_HOUR = time.fromisoformat(env("DIGEST_HOUR", default="08:30"))

INSTALLED_APPS = [
    "accounts.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",  # for the widget templates that FORM_RENDERER looks up
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    # Ours, lowest layer first: each may import only from those above it in this list.
    "core",
    "institutions",
    "deputies",
    "accounts",
    "notifications",
    "proposals",
    "supervision",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SignInRequiredMiddleware",
    "accounts.middleware.FirstPasswordMiddleware",
    "accounts.middleware.NotAPageMiddleware",
    "config.middleware.SessionRefreshMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

FORM_RENDERER = "core.renderer.Renderer"
CSRF_FAILURE_VIEW = "accounts.errors.csrf_failure"

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context.shell",
            ],
        },
    },
]

# --- Database -------------------------------------------------------------------------------------------

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'db.sqlite3'}")}
DATABASES["default"].update(CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True)
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        # A transaction takes the write lock at once and waits for it, so that no two can read, then both
        # write, and one fail with "database is locked". Hence also no ATOMIC_REQUESTS: reading must not lock.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
            "PRAGMA journal_size_limit=27103364; PRAGMA cache_size=-20000; PRAGMA mmap_size=134217728;"
        ),
    }
CACHES = {"default": env.cache("CACHE_URL", default="locmemcache://")}

# --- Signing in -----------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "accounts.auth.NameOrPhoneBackend",
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "accounts:login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": name}
    for name in (
        "accounts.validators.OwnDataValidator",
        "accounts.validators.LengthValidator",
        "django.contrib.auth.password_validation.CommonPasswordValidator",
        "django.contrib.auth.password_validation.NumericPasswordValidator",
    )
]

# Sessions live in the database. They end after so many idle seconds; a request renews them, but writes at
# most every SESSION_REFRESH_SECONDS, because each write takes SQLite's one write lock.
SESSION_COOKIE_AGE = env.int("SESSION_IDLE_SECONDS", default=8 * 3600)
SESSION_REFRESH_SECONDS = 600

# Lock-out counts failures per user name and address together: neither a whole office behind one address
# nor a deputy whose name somebody else tries is locked out by others' mistakes.
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
# Trying while locked out does not prolong it: the page promises fifteen minutes.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = []  # the security log is of use only with name and address; passwords never reach it
AXES_CLIENT_IP_CALLABLE = "config.middleware.client_address"
AXES_USERNAME_CALLABLE = "accounts.auth.lockout_name"
AXES_LOCKOUT_CALLABLE = "accounts.views.locked_out"

# --- What browsers may do -------------------------------------------------------------------------------

# Number of reverse proxies in front; only then are X-Forwarded-For and X-Forwarded-Proto believed.
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# One switch for installations with a certificate; an intranet without one stays usable over plain HTTP.
HTTPS = env.bool("HTTPS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = env.bool("HTTPS_REDIRECT", default=HTTPS)
SECURE_REDIRECT_EXEMPT = [r"^health/"]  # a load balancer asks from inside, without a certificate
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = False
SECURE_REFERRER_POLICY = "same-origin"
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],  # Tabler's stylesheet draws its small marks as data: images
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# --- Language, time -------------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# --- Files ----------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    # Attachments: never under a public address; views hand them out after asking for permission.
    "default": {
        "BACKEND": env("FILES_STORAGE", default="django.core.files.storage.FileSystemStorage"),
        "OPTIONS": env.json("FILES_STORAGE_OPTIONS", default={"location": str(VAR_DIR / "files")}),
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}
FILE_UPLOAD_PERMISSIONS = 0o600
ATTACHMENT_MAX_BYTES = env.int("ATTACHMENT_MAX_BYTES", default=20 * 1024 * 1024)
# Files of one proposal, and of each reply, co-opinion and contact in it.
ATTACHMENT_MAX_FILES = env.int("ATTACHMENT_MAX_FILES", default=20)
ATTACHMENT_TYPES = env.list(
    "ATTACHMENT_TYPES",
    default=["docx", "doc", "wps", "xlsx", "xls", "et", "pdf", "jpg", "jpeg", "png", "webp"],
)
# Bounds the fields of a form, not its files. Two megabytes of Chinese pasted into a field must reach the
# form, which refuses it with a sentence and keeps the text; urlencoded that is six megabytes.
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # the batch assignment page has several fields for each of its rows

# --- Mail -----------------------------------------------------------------------------------------------

vars().update(env.email("EMAIL_URL", default="consolemail://"))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env("DEFAULT_FROM_EMAIL", default="代表建议办理系统 <noreply@localhost>")

# --- SMS and groups -------------------------------------------------------------------------------------

# The class that sends; empty: no SMS at all. The console sender only writes to the log.
SMS_SENDER = env("SMS_SENDER", default="notifications.sms.ConsoleSender")
SMS_SIGN = env("SMS_SIGN", default="")
# The gateway's template ids by what is sent: {"urge": "…", "reply": "…", "word": "…", "digest": "…"}.
SMS_TEMPLATES = env.json("SMS_TEMPLATES", default={})
SMS_HTTP_URL = env("SMS_HTTP_URL", default="")
SMS_HTTP_HEADERS = env.json("SMS_HTTP_HEADERS", default={})
SMS_HTTP_FORMAT = env("SMS_HTTP_FORMAT", default="json")
SMS_HTTP_BODY = env.json("SMS_HTTP_BODY", default={"phone": "{phone}", "content": "【{sign}】{text}"})
SMS_HTTP_SUCCESS = env("SMS_HTTP_SUCCESS", default="")
SMS_HTTP_TIMEOUT = env.float("SMS_HTTP_TIMEOUT", default=10)
# Where the webhooks of units' groups may lead; an entry without https is written http://host:port.
WEBHOOK_HOSTS = env.list("WEBHOOK_HOSTS", default=["qyapi.weixin.qq.com", "oapi.dingtalk.com"])

# --- Queue ----------------------------------------------------------------------------------------------

CELERY_BROKER_URL = env("CELERY_BROKER_URL", default="safefs://localhost")
if CELERY_BROKER_URL.startswith("safefs"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {"folder": str(VAR_DIR / "queue"), "polling_interval": 0.1}
    # These need to address one worker among several, which a folder cannot.
    CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
else:
    # A killed worker's messages come back after ten minutes; without the throttle kombu looks only rarely.
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 600,
        "unacked_restore_throttle": 1,
        # Who sends must not wait for a dead server. (A worker waiting for messages asks again every second.)
        "max_retries": 0,
        "socket_connect_timeout": 1,
        "socket_timeout": 1,
    }
# Several installations may share one Redis, each with a queue of its own.
CELERY_TASK_DEFAULT_QUEUE = env("CELERY_QUEUE", default="celery")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker as long as it takes
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 4
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "config.beat:Scheduler"
# The operations page shows this list. Nothing depends on an entry being asked at its very minute.
CELERY_BEAT_SCHEDULE = {
    "pulse": {"task": "core.tasks.pulse", "schedule": timedelta(seconds=30)},
    # Often, and idempotent: the task itself decides whether this morning's digests are due, so that a
    # machine that was off at half past eight still sends them.
    "daily": {"task": "supervision.tasks.daily", "schedule": crontab(minute="*/10")},
    "deliver-pending": {"task": "notifications.tasks.deliver_pending", "schedule": crontab()},
    "tidy": {"task": "supervision.tasks.tidy", "schedule": crontab(minute=10)},
}

# --- Operations -----------------------------------------------------------------------------------------

# Days after which a row is removed; what a case needs (its history, reminders given) is never among them.
KEEP_NOTICES_DAYS = env.int("KEEP_NOTICES_DAYS", default=730)
KEEP_DIGESTS_DAYS = env.int("KEEP_DIGESTS_DAYS", default=730)
KEEP_DELIVERIES_DAYS = env.int("KEEP_DELIVERIES_DAYS", default=180)
KEEP_QUEUE_LEFTOVERS_DAYS = env.int("KEEP_QUEUE_LEFTOVERS_DAYS", default=30)
# Who may read the details of /health/status: requests with `Authorization: Bearer <this>`. Empty: nobody but
# administrators signed in.
HEALTH_TOKEN = env("HEALTH_TOKEN", default="")
# An installation without a queue worker (cron alone) leaves out queue, beat and worker.
HEALTH_CHECKS = env.list(
    "HEALTH_CHECKS", default=["database", "queue", "beat", "worker", "daily", "deliveries", "disk"]
)
# A message whose sender died is taken up by another after so long; longer than any channel takes to answer.
DELIVERY_LEASE_SECONDS = env.int("DELIVERY_LEASE_SECONDS", default=600)
HEALTH_DISK_FREE_PERCENT = env.int("HEALTH_DISK_FREE_PERCENT", default=5)
# A file that the backup script touches when a backup is complete; its time is shown to the administrator.
BACKUP_STAMP = Path(env("BACKUP_STAMP", default=str(VAR_DIR / "backup.stamp")))
BACKUP_MAX_HOURS = env.int("BACKUP_MAX_HOURS", default=26)

# --- Logging --------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="WARNING")},
    "loggers": {
        "django": {"handlers": ["console"], "level": env("LOG_LEVEL", default="WARNING"), "propagate": False},
        # Pages not found and forms refused are daily business.
        "django.request": {"level": "ERROR"},
        # Refused actions, failed sign-ins, lock-outs: kept apart so that they can be watched and stored longer.
        "security": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "axes": {"handlers": ["console"], "level": "WARNING", "propagate": False},
    },
}
if env("SECURITY_LOG", default=""):
    LOGGING["handlers"]["security"] = {
        "class": "logging.handlers.WatchedFileHandler",
        "filename": env("SECURITY_LOG"),
        "encoding": "utf-8",
        "formatter": "line",
    }
    for name in ("security", "axes"):
        LOGGING["loggers"][name]["handlers"].append("security")
