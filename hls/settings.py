"""Settings, fed by the environment. `.env.example` says what each variable is for."""

import re
from datetime import time, timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import Env

from hls.broker import BROKER_OPTIONS
from hls.logs import LOGGING  # noqa: F401

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()
env.read_env(BASE_DIR / ".env")


def required(name):
    if value := env.str(name, ""):
        return value
    raise ImproperlyConfigured(f"Set {name}; .env.example says what it is for.")


def one_of(name, allowed, default):
    value = env.str(name, default)
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} is {value!r}; it may be {', '.join(allowed)}.")
    return value


def hours(name, default):
    """Two times of day with a dash between, or None where there are none."""
    text = env.str(name, default)
    if not text:
        return None
    try:
        begins, ends = (time.fromisoformat(part.strip()) for part in text.split("-"))
    except ValueError:
        raise ImproperlyConfigured(f"{name} is {text!r}; write it like 20:00-07:00, or leave it empty.") from None
    return begins, ends


def database(url_name):
    """A connection from a URL, kept between requests and checked before it is used again."""
    config = env.dj_db_url(url_name, conn_max_age=600, conn_health_checks=True)
    if config["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured(f"{url_name} must be a postgresql:// address: Cairn runs on PostgreSQL only.")
    # Pages read a few hundred rows: compiling a query or waking helpers for it takes longer than the reading.
    # What is read by a cursor is read to its end, so it is planned for that and not for its first rows.
    # What is kept under a name (cycles/planned.py) is planned once for any values, not five times for the first ones.
    plans = "-c cursor_tuple_fraction=1 -c plan_cache_mode=force_generic_plan"
    quick = f"-c jit=off -c max_parallel_workers_per_gather=0 {plans}"
    config.setdefault("OPTIONS", {})["options"] = f"{quick} -c statement_timeout=30000"
    return config


ENVIRONMENT = one_of("ENVIRONMENT", ["production", "development", "test"], "production")
PRODUCTION = ENVIRONMENT == "production"
TESTING = ENVIRONMENT == "test"
DEBUG = False  # a page of internals is never shown; the log has them

SECRET_KEY = required("SECRET_KEY")
if PRODUCTION and (len(SECRET_KEY) < 50 or SECRET_KEY.startswith(("dev-", "change", "django-insecure"))):
    raise ImproperlyConfigured("SECRET_KEY must be long, random and this installation's own.")
FIELD_KEYS = env.list("FIELD_KEYS", [])
if PRODUCTION and not FIELD_KEYS:
    raise ImproperlyConfigured("Set FIELD_KEYS; .env.example says what it is for.")
if not all(re.fullmatch(r"[\w-]{43}=", key) for key in FIELD_KEYS):
    raise ImproperlyConfigured("FIELD_KEYS holds something that is no key; docs/deploy.md says how to make one.")
SITE_URL = required("SITE_URL").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", [])
if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("Set ALLOWED_HOSTS to the host names people use, never *.")
# Plain http is for one machine talking to itself; everywhere else cookies need https.
HTTPS = SITE_URL.startswith("https://")
if PRODUCTION and not HTTPS and not env.bool("ALLOW_PLAIN_HTTP", False):
    raise ImproperlyConfigured("SITE_URL must begin https:// in production.")

INSTALLED_APPS = [
    "cycles",
    "issues",
    "debriefs",
    "hls",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "template_partials",
    "allauth",
    "allauth.account",
    "pgtrigger",
    "pghistory",
    "csp",
    "django_structlog",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "hls.safety.RefuseOddBytes",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "hls.safety.ContentPolicy",
    "hls.safety.PrivatePages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "hls.sessions.SessionTimeouts",
    "hls.sessions.SignInFirst",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "hls.people.ActingRole",
    "hls.request_lines.RequestLines",
]

ROOT_URLCONF = "hls.urls"
WSGI_APPLICATION = "hls.wsgi.application"

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
                "hls.look.context.shell",
            ],
            "builtins": ["template_partials.templatetags.partials", "hls.templatetags.addresses"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {"default": database("DATABASE_URL")}
# `migrate` alone signs in as the owner of the tables; everything else can only use them.
DATABASE_OWNER_URL = env.str("DATABASE_OWNER_URL", "") or env.str("DATABASE_URL")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = required("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "hls.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5},
        "KEY_PREFIX": "cairn",
    }
}

CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_TRANSPORT_OPTIONS = BROKER_OPTIONS

AUTH_USER_MODEL = "cycles.User"
AUTHENTICATION_BACKENDS = ["hls.asking.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "front_door"
ACCOUNT_ADAPTER = "hls.people.AccountAdapter"
ACCOUNT_FORMS = {
    "reset_password": "cycles.people.reset.ResetForm",
    "change_password": "hls.api.passwords.ChangeForm",
    "reset_password_from_key": "hls.api.passwords.ResetKeyForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation is only opened from the mailbox it was sent to
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = True  # one cookie kind; SessionTimeouts rules its life
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # this session stays; a new password ends all the others
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# An account is slowed down, not the office it signs in from: two hundred people share one council address.
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "200/m/ip,9/300s/key",
    "reset_password": "60/m/ip,5/m/key",
    "reset_password_from_key": "60/m/ip",
    "change_password": "10/m/user",
    "reauthenticate": "10/m/user",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", 0)

SESSION_ENGINE = "hls.asking"  # in the database: a lost Redis signs nobody out, and back in nobody
SESSION_COOKIE_AGE = 10 * 60 * 60
SESSION_IDLE = timedelta(minutes=30)
SESSION_ABSOLUTE = timedelta(hours=10)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "hls.errors.csrf_failure"
if HTTPS:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^health/"]
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
if ALLAUTH_TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", str(BASE_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = ENVIRONMENT == "development"

DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("MAIL_FROM", "Cairn <cairn@localhost>")
if env.str("MAIL_URL", ""):
    vars().update(env.dj_email_url("MAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = env.str("MAIL_FILE_PATH", str(BASE_DIR / ".local" / "mail"))
QUIET_HOURS = hours("QUIET_HOURS", "20:00-07:00")  # of the clock here: nobody is mailed, unless they choose others
# GOV.UK Notify, a second way to reach people. Off without a key.
NOTIFY_KEY = env.str("NOTIFY_KEY", "")
NOTIFY_TEXT_TEMPLATE = env.str("NOTIFY_TEXT_TEMPLATE", "")
NOTIFY_MAIL_TEMPLATE = env.str("NOTIFY_MAIL_TEMPLATE", "")
NOTIFY_URL = env.str("NOTIFY_URL", "https://api.notifications.service.gov.uk")
if NOTIFY_KEY and not (NOTIFY_TEXT_TEMPLATE or NOTIFY_MAIL_TEMPLATE):
    raise ImproperlyConfigured("Set NOTIFY_TEXT_TEMPLATE, NOTIFY_MAIL_TEMPLATE or both beside NOTIFY_KEY.")
if NOTIFY_KEY and NOTIFY_MAIL_TEMPLATE:
    EMAIL_BACKEND = "hls.notify.MailBackend"
MAIL_A_MINUTE = env.int("MAIL_A_MINUTE", 0)  # the most letters in a minute from all senders together; 0: no limit
EMAIL_TIMEOUT = 20  # after the address, which would set it to none: a server that hangs must not hold a sender

SITE_NAME = "Cairn"
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False  # no log of ours holds an address; hls/logs.py would drop it
PGHISTORY_APPEND_ONLY = True
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # e-mail is unique by a constraint on Lower("email"), which the check can't see
