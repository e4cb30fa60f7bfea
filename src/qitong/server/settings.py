"""Django's settings, all from the environment; nothing secret has a default in production."""

from __future__ import annotations

import os
from pathlib import Path

from django.contrib.messages import constants

from qitong.accounts.logic import allowances
from qitong.accounts.logic.oidc import Provider
from qitong.notifications.logic.providers import MailServer, SmsGateway
from qitong.privacy.logic import periods
from qitong.server.database import data_dir
from qitong.server.secrets import given, one_of, secret, whole
from qitong.server.watch.logs import from_environment

PACKAGE = Path(__file__).resolve().parent.parent

PRODUCTION = os.environ.get("QITONG_ENV", "development") == "production"
DEBUG = False
SECRET_KEY = secret("QITONG_SECRET_KEY", production=PRODUCTION)
LEDGER_KEY = secret("QITONG_LEDGER_KEY", production=PRODUCTION)
LEDGER_HASH = os.environ.get("QITONG_LEDGER_HASH", "sha256")
METRICS_TOKEN = os.environ.get("QITONG_METRICS_TOKEN", "")  # empty: only this machine may read them
# How many proxies stand in front; each appends to X-Forwarded-For, and the nearest says by what it was asked.
PROXIES = whole("QITONG_PROXIES", 0, least=0)
# Behind a proxy that ends TLS; without one nobody's X-Forwarded-Proto is believed. Health and metrics are
# asked from inside, and answered before this matters.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION and PROXIES else None
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = one_of("QITONG_HSTS", "host", "host", "subdomains") == "subdomains"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
ALLOWED_HOSTS = os.environ.get("QITONG_HOSTS", "" if PRODUCTION else "*").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("QITONG_ORIGINS", "").split(",") if o]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
# How long personal data is kept, over what is usual (privacy/logic/periods.py).
RETENTION = given("QITONG_RETENTION", periods.parse, os.environ.get("QITONG_RETENTION", ""))
SESSION_ENGINE = "qitong.server.session_store"
# How often an address, a person or a token may ask (accounts/logic/allowances.py).
ALLOWANCES = given("QITONG_LIMITS", allowances.parse, os.environ.get("QITONG_LIMITS", ""))
# Minutes of silence until somebody has to sign in again; of being locked out after five failures.
IDLE_MINUTES_OFFICERS = whole("QITONG_IDLE_OFFICERS", 30)
IDLE_MINUTES_COMPANIES = whole("QITONG_IDLE_COMPANIES", 12 * 60)
LOCK_MINUTES = whole("QITONG_LOCK_MINUTES", 30)
# Whether officers must sign in with a second factor.
OFFICER_TOTP = one_of("QITONG_OFFICER_TOTP", "required" if PRODUCTION else "optional", "required", "optional")
# Keys of before: what they signed and derived stays good, nothing new is made with them.
SECRET_KEY_FALLBACKS = [key for key in os.environ.get("QITONG_OLD_SECRET_KEYS", "").split(",") if key]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "qitong.ledger",
    "qitong.accounts",
    "qitong.catalogue",
    "qitong.datashare",
    "qitong.casework",
    "qitong.policies",
    "qitong.insight",
    "qitong.notifications",
    "qitong.privacy",
    "qitong.automation",
    "qitong.api",
    "qitong.web",
    "qitong.server",
]
MIDDLEWARE = [
    "qitong.server.asking.head",
    "qitong.server.asking.allow",
    "qitong.server.watch.requests.Watched",
    "qitong.web.common.headers.guard",
    "qitong.server.asking.host",
    "django.middleware.security.SecurityMiddleware",
    "qitong.server.static.Shrink",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "qitong.web.common.private.private",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "qitong.server.asking.unseen",
    "qitong.server.asking.nul",
    "qitong.web.common.presence.presence",
    "qitong.web.common.visiting.Visiting",
    "qitong.web.common.limits.Limits",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "qitong.web.common.failures.Refusals",
    "qitong.web.common.app.for_offline",
]
ROOT_URLCONF = "qitong.server.urls"
WSGI_APPLICATION = "qitong.server.wsgi.application"
FORM_RENDERER = "qitong.web.common.widgets.Renderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                ("qitong.web.common.folding.Loader", ["django.template.loaders.app_directories.Loader"])
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
            ],
        },
    }
]

# Off behind a connection pooler that gives each transaction another connection and knows of none.
PREPARED_STATEMENTS = one_of("QITONG_PREPARED", "on", "on", "off") == "on"
# A database machine that vanished without a farewell is noticed within half a minute, not two hours.
LIVELY = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 25_000}
DATABASES = {
    "default": {
        "ENGINE": "qitong.server.postgres",  # finds the server at the first connection, see there
        "NAME": "",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        # Only what is asked within connection.prepared() is prepared, whatever the threshold.
        "OPTIONS": {"application_name": "qitong", "connect_timeout": 10, "prepare_threshold": 5, **LIVELY},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
CSRF_FAILURE_VIEW = "qitong.web.common.failures.unverified"
LOGIN_URL = "/login"
LOGIN_REDIRECT_URL = "/"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "qitong.server.static.Versioned"},
}
WHITENOISE_USE_FINDERS = True  # straight from the package: no collectstatic to forget
WHITENOISE_MAX_AGE = 3600

FILE_UPLOAD_HANDLERS = [
    "qitong.web.common.uploads.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILES_DIR = data_dir() / "files"
FILES_S3_BUCKET = os.environ.get("QITONG_S3_BUCKET", "")
FILES_S3_ENDPOINT = os.environ.get("QITONG_S3_ENDPOINT", "")
CLAMD_ADDRESS = os.environ.get("QITONG_CLAMD", "")  # "host:port" or a socket path; empty: not configured

# Tones of the notices on top of a page (see the style sheet).
MESSAGE_TAGS = {constants.SUCCESS: "green", constants.WARNING: "amber", constants.ERROR: "red"}

# Who vouches for people beside their passwords and codes; without the address nobody.
OIDC = given(
    "QITONG_OIDC_URL",
    Provider.parse,
    *(os.environ.get(f"QITONG_OIDC_{part}", "") for part in ("URL", "CLIENT_ID", "SECRET", "LABEL")),
)

# Where mail and SMS are handed over; without the variable the channel is not configured.
MAIL_SERVER = given("QITONG_MAIL_URL", MailServer.parse, os.environ.get("QITONG_MAIL_URL", ""))
SMS_GATEWAY = given(
    "QITONG_SMS_URL",
    SmsGateway.parse,
    *(os.environ.get(f"QITONG_SMS_{part}", "") for part in ("URL", "KEY", "SECRET", "TEMPLATES")),
)
# Where messages go beside the pages; without the variable to what is configured above, and in
# development to the console where nothing is.
if channels := os.environ.get("QITONG_CHANNELS"):
    NOTIFY_CHANNELS = channels.split(",")

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
# A worker that is killed is silent at once, and given up after three missed heartbeats.
PROCRASTINATE_WORKER_DEFAULTS = {"update_heartbeat_interval": 5.0, "stalled_worker_timeout": 15.0}

# JSON for machines in production, lines for people elsewhere; what is in neither: docs/runbook.md.
LOGGING = from_environment()
