"""Settings, all from the environment. The table in README.md documents each variable."""

from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.utils.log import CallbackFilter
from whitenoise.compress import Compressor

from newsdiffs import __version__, environment
from newsdiffs.logging import without_trace_of_refusals

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(environment.text("DATA_DIR", str(BASE_DIR / "data"))).expanduser().resolve()

# --- The site

BIND = environment.text("BIND", "127.0.0.1")
PORT = environment.whole("PORT", 8000, least=1, most=65535)
_everywhere = ("0.0.0.0", "::")  # noqa: S104
SITE_URL = environment.text(
    "SITE_URL", f"http://{'localhost' if BIND in _everywhere else BIND}:{PORT}"
).rstrip("/")
if urlsplit(SITE_URL).scheme not in ("http", "https") or not urlsplit(SITE_URL).hostname:
    raise ImproperlyConfigured(f"SITE_URL={SITE_URL!r} must be an address such as https://diffs.example.org.")
CONTACT_EMAIL = environment.text("CONTACT_EMAIL")
DEBUG = environment.flag("DEBUG")
ALLOWED_HOSTS = environment.listing("ALLOWED_HOSTS") or [
    *{"localhost", "127.0.0.1", "[::1]", urlsplit(SITE_URL).hostname or "localhost"}
]
CSRF_TRUSTED_ORIGINS = [SITE_URL]
# How many web servers stand before the site. What they say of a request (X-Forwarded-For, X-Forwarded-Proto)
# counts; with none, anybody could say it.
TRUSTED_PROXIES = environment.whole("TRUSTED_PROXIES", 0, most=10)
METRICS_TOKEN = environment.text("METRICS_TOKEN")
PAGE_LIMIT = environment.whole("PAGE_LIMIT", 240, most=1_000_000)
# Answers of the API that one visitor without a key gets a minute; 0: no limit.
API_LIMIT = environment.whole("API_LIMIT", 120, most=1_000_000)
API_OPEN_TEXTS = environment.flag("API_OPEN_TEXTS")
OPEN_EVIDENCE = environment.flag("OPEN_EVIDENCE")
TSA_URL = environment.text("TSA_URL")
DATASETS = environment.choice("DATASETS", "off", among=("off", "metadata", "texts"))
# Where the published edition is kept instead of DATA_DIR: a bucket that speaks S3, or a folder of one.
DATASETS_BUCKET = environment.text("DATASETS_BUCKET").strip("/")
DATASETS_ENDPOINT = environment.address("DATASETS_ENDPOINT", "https://s3.example.org")
DATASETS_REGION = environment.text("DATASETS_REGION")
# Access key and secret, with a colon between; without them those of the machine, as boto3 finds them.
DATASETS_KEYS = environment.text("DATASETS_KEYS")
if DATASETS_KEYS and not all(DATASETS_KEYS.partition(":")):
    raise ImproperlyConfigured("DATASETS_KEYS must be an access key and its secret, with a colon between.")
AI_CRAWLERS = environment.choice("AI_CRAWLERS", "refuse", among=("refuse", "allow"))
# The old sites whose links go on working here, their archives being imported.
OLD_PERMALINKS = environment.listing("OLD_PERMALINKS")
if _unknown := set(OLD_PERMALINKS) - {"news-sniffer", "newsdiffs"}:
    raise ImproperlyConfigured(
        f"OLD_PERMALINKS: {', '.join(_unknown)} is neither news-sniffer nor newsdiffs."
    )

_secret_path = DATA_DIR / "secret-key"
SECRET_KEY = environment.text("SECRET_KEY") or (
    _secret_path.read_text("ascii").strip()
    if _secret_path.is_file()
    else environment.kept_secret(_secret_path)
)

ROOT_URLCONF = "newsdiffs.urls"
WSGI_APPLICATION = "newsdiffs.wsgi.application"
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_q",
    "ninja",  # for the files of the API's page
    "articles.apps.ArticlesConfig",  # after django_q, whose admin pages it takes away
]
MIDDLEWARE = [
    # First what adds headers, so that static files and error pages have them too.
    "articles.web.headers.SecurityHeaders",
    "articles.web.headers.FormsInUTF8",
    "articles.api.gate.ApiGate",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "articles.web.language.ReadersLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "articles.pages.templatetags.newsdiffs",
                "articles.admin.notices",
            ],
        },
    }
]

# --- Data

DATABASE_URL = environment.text("DATABASE_URL", f"sqlite:///{quote(str(DATA_DIR / 'newsdiffs.sqlite3'))}")
try:
    _database: dict[str, Any] = dict(dj_database_url.parse(DATABASE_URL, conn_max_age=60))
except (dj_database_url.ParseError, dj_database_url.UnknownSchemeError) as problem:
    raise ImproperlyConfigured(f"DATABASE_URL can't be read: {problem}") from problem
DATABASES = {"default": _database}
SQLITE = _database["ENGINE"].endswith("sqlite3")
if SQLITE:
    # Measured under load: with these no lock error, without them 67 to 228.
    _options: dict[str, Any] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        # What is deleted is overwritten, whatever the library was built with: see articles.takedown.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
    }
elif _database["ENGINE"].endswith("postgresql"):
    _database["CONN_HEALTH_CHECKS"] = True
    _options = {
        "connect_timeout": 5,
        # Compiling (jit) took longer than every statement of ours that it was tried on.
        "options": "-c synchronous_commit=on -c lock_timeout=10s -c statement_timeout=60s -c jit=off",
    }
else:
    raise ImproperlyConfigured("DATABASE_URL must begin with sqlite:// or postgres://.")
# What the address itself asks for, such as sslmode=require, holds beside these.
_database["OPTIONS"] = _database.get("OPTIONS", {}) | _options
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- The watch

REDIS_URL = environment.text("REDIS_URL")
WORKERS = environment.whole("WORKERS", 2, least=1, most=256)
QUEUE_NAME = environment.text("QUEUE_NAME", "newsdiffs")
Q_CLUSTER = {
    "name": QUEUE_NAME,
    "workers": WORKERS,
    "queue_limit": WORKERS,  # a longer prefetch runs tasks twice after a crash
    "timeout": 60,
    "retry": 300,
    "bulk": 1,
    "ack_failures": True,
    "max_attempts": 1,
    "save_limit": -1,  # the results would be the bottleneck
    "catch_up": False,
    "max_rss": 400_000,  # kilobytes
    "poll": 0.5,
    **({"redis": REDIS_URL} if REDIS_URL else {"orm": "default"}),
}
USER_AGENT = f"NewsDiffs/{__version__} (+{SITE_URL}/about/)"
KEEP_PAGES = environment.choice("KEEP_PAGES", "all", among=("all", "latest"))
KEEP_PAGES_DAYS = environment.whole("KEEP_PAGES_DAYS", 0, most=36500)
# How long the work of a worker that was killed waits for another: longer than any one step of a check.
LEASE_SECONDS = environment.whole("LEASE_SECONDS", 120, least=1, most=3600)
FETCH_HOST_DELAY = environment.seconds("FETCH_HOST_DELAY", 5.0)
# What one fetch may take; sources may have limits of their own. A visit lasts 50 seconds.
FETCH_PAGE_SECONDS = environment.whole("FETCH_PAGE_SECONDS", 15, least=1, most=45)
FETCH_PAGE_MEGABYTES = environment.whole("FETCH_PAGE_MEGABYTES", 5, least=1, most=50)
FETCH_FEED_SECONDS = environment.whole("FETCH_FEED_SECONDS", 30, least=1, most=45)
FETCH_FEED_MEGABYTES = environment.whole("FETCH_FEED_MEGABYTES", 50, least=1, most=200)
FETCH_REDIRECTS = environment.whole("FETCH_REDIRECTS", 10, least=1, most=30)
FETCH_ALLOW_ENDPOINTS = environment.text("FETCH_ALLOW_ENDPOINTS")

# --- E-mail

ALERT_EMAILS = environment.emails("ALERT_EMAILS")
_mail = environment.mail_server("EMAIL_URL")
if ALERT_EMAILS and not _mail:
    raise ImproperlyConfigured(
        "ALERT_EMAILS needs a mail server: set EMAIL_URL, such as smtp://127.0.0.1:25."
    )
MAIL_IS_SET_UP = bool(_mail)
EMAIL_HOST = _mail.get("EMAIL_HOST", "localhost")
EMAIL_PORT = _mail.get("EMAIL_PORT", 25)
EMAIL_HOST_USER = _mail.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = _mail.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = _mail.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _mail.get("EMAIL_USE_SSL", False)
# For each answer of the mail server, ten to a mail; a task is ended after 60 seconds.
EMAIL_TIMEOUT = 5
DEFAULT_FROM_EMAIL = (environment.emails("DEFAULT_FROM_EMAIL") or [CONTACT_EMAIL])[0] or (
    f"newsdiffs@{urlsplit(SITE_URL).hostname}"
)

# --- Notices

# Seconds that a change waits before anybody is told of it: what is set aside or hidden by then is not told.
NOTICE_DELAY = environment.whole("NOTICE_DELAY", 600, most=86400)
# Seconds that a receiver of a webhook may take for its answer.
NOTICE_SECONDS = environment.whole("NOTICE_SECONDS", 10, least=1, most=13)

# Access key and secret of archive.org, with a colon between: it is asked to save each new text then.
WEB_ARCHIVE_KEYS = environment.text("WEB_ARCHIVE_KEYS")
# A WebSub hub that our feeds name, and that is told what is new in them.
HUB_URL = environment.address("HUB_URL", "https://hub.example.org/")

# --- Security

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
HTTPS = SITE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
# Without a proxy that tells http from https, a redirect would go round for ever: then it is the proxy's task.
SECURE_SSL_REDIRECT = HTTPS and TRUSTED_PROXIES > 0
SECURE_SSL_HOST = urlsplit(SITE_URL).netloc if HTTPS else None
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^metrics$"]  # asked for on this machine, behind the proxy
SECURE_HSTS_SECONDS = environment.whole("HSTS_SECONDS", 0) if HTTPS else 0
SILENCED_SYSTEM_CHECKS = [
    "security.W004",  # HSTS can't be taken back: whoever runs the site asks for it with HSTS_SECONDS
    "security.W005",  # nor do we speak for other sites on subdomains
    "security.W008",  # the redirect to https: see SECURE_SSL_REDIRECT
    "security.W021",  # nor for the browsers' preload list
]

# --- Words, times, files

LOCALE_PATHS = [BASE_DIR / "locale"]
_language_names = {"en": "English", "de": "Deutsch", "fr": "Français", "es": "Español"}
# A language is offered once its catalogue is there, compiled: half a page of it would help nobody.
LANGUAGES = [
    (code, name)
    for code, name in _language_names.items()
    if code == "en" or (LOCALE_PATHS[0] / code / "LC_MESSAGES" / "django.mo").is_file()
]
# Of feeds, e-mails, commands, and of pages for those who ask for no language that is offered.
LANGUAGE_CODE = SITE_LANGUAGE = environment.text("SITE_LANGUAGE", "en").lower()
if SITE_LANGUAGE not in dict(LANGUAGES):
    raise ImproperlyConfigured(
        f"SITE_LANGUAGE={SITE_LANGUAGE!r} must be one of {', '.join(dict(LANGUAGES))}."
    )
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = HTTPS
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = "newsdiffs.formats"  # times in the admin say that they are UTC
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# Only the files that pages name are kept and compressed: compressing all of them twice took most of the time
# of a first start. Source maps are for people who debug the libraries' scripts; they are served as they are.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [*Compressor.SKIP_COMPRESS_EXTENSIONS, "map"]
LOG_LEVEL = environment.text("LOG_LEVEL", "INFO").upper()
LOG_FORMAT = environment.text("LOG_FORMAT", "text").lower()
_formatters = {"text": "newsdiffs.logging.TextFormatter", "json": "newsdiffs.logging.JSONFormatter"}
if LOG_FORMAT not in _formatters:
    raise ImproperlyConfigured(f"LOG_FORMAT={LOG_FORMAT!r} must be text or json.")
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": _formatters[LOG_FORMAT]}},
    "filters": {"refusals": {"()": CallbackFilter, "callback": without_trace_of_refusals}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["refusals"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "articles": {"level": LOG_LEVEL},
        "newsdiffs": {"level": LOG_LEVEL},
    },
}
