"""Settings from the environment, with defaults that work on one machine.

Embedded default: SQLite in WAL mode below ``PALVELUVERKKO_HOME`` (``./var``).
``DATABASE_URL`` switches to PostgreSQL.
"""

import os
import secrets
from datetime import date
from pathlib import Path

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

PACKAGE_DIR = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("PALVELUVERKKO_HOME", "var")).absolute()


def _secret_key() -> str:
    """The key from the environment, else one made once and kept beside the data."""
    if key := os.environ.get("SECRET_KEY"):
        return key
    path = HOME / "secret_key"
    if not path.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        path.write_text(secrets.token_urlsafe(50), encoding="ascii")
        path.chmod(0o600)
    return path.read_text(encoding="ascii")


SECRET_KEY = _secret_key()
# Earlier keys, for which sessions and links in messages go on working.
SECRET_KEY_FALLBACKS = [k for k in os.environ.get("SECRET_KEY_FALLBACKS", "").split(",") if k]
DEBUG = os.environ.get("DEBUG", "") == "1"
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("CSRF_TRUSTED_ORIGINS", "").split(",") if o]
BEHIND_TLS = os.environ.get("BEHIND_TLS", "") == "1"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_vite",
    "ninja",  # serves the interface's documentation page from here, not from another site
    "auditlog",
    "palveluverkko.messages",
    "palveluverkko.network",
    "palveluverkko.demand",
    "palveluverkko.booking",
    "palveluverkko.walkins",
    "palveluverkko.contact",
    "palveluverkko.meeting",
    "palveluverkko.decisions",
    "palveluverkko.web",
    "palveluverkko.api",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "palveluverkko.web.middleware.ContentSecurityPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "auditlog.middleware.AuditlogMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "palveluverkko.web.middleware.OneMoment",
]

ROOT_URLCONF = "palveluverkko.config.urls"
ASGI_APPLICATION = "palveluverkko.config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL", f"sqlite:///{HOME / 'palveluverkko.sqlite3'}"),
        conn_max_age=600,
        conn_health_checks=True,  # a database that was started again costs nobody their page
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # WAL lets readers go on while one writes; IMMEDIATE takes the write lock at BEGIN, so that
    # two writers wait for each other instead of failing halfway ("database is locked").
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        # An import holds the lock until its file is read and written: others wait, none is lost.
        "timeout": 120,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }

# How pages in different processes hear each other: in memory in one process, else Redis.
REDIS_URL = os.environ.get("REDIS_URL", "")
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL], "prefix": "palveluverkko", "capacity": 1_000},
    }
    if REDIS_URL
    else {"BACKEND": "channels.layers.InMemoryChannelLayer", "CONFIG": {"capacity": 1_000}}
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "fi"
LANGUAGES = [("fi", "Suomi"), ("sv", "Svenska"), ("en", "English")]
LOCALE_PATHS = [PACKAGE_DIR / "locale"]
USE_I18N = True
FORMAT_MODULE_PATH = ["palveluverkko.config.formats"]
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [PACKAGE_DIR / "static"]
WHITENOISE_USE_FINDERS = True


def WHITENOISE_IMMUTABLE_FILE_TEST(path: str, url: str) -> bool:  # noqa: N802
    """Vite puts a hash of the content into the names of the files below ``assets``."""
    return "/dist/assets/" in url


DJANGO_VITE = {
    "default": {
        "dev_mode": False,
        "manifest_path": PACKAGE_DIR / "static" / "dist" / "manifest.json",
        "static_url_prefix": "dist",
    }
}

LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "after-login"
LOGOUT_REDIRECT_URL = "home"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

AUDITLOG_INCLUDE_ALL_MODELS = False
# Customers book and take numbers too: their addresses are theirs, and staff are named by account.
AUDITLOG_DISABLE_REMOTE_ADDR = True

# An agency's own policy files are read from here besides the ones that the package ships.
POLICY_DIRS = [PACKAGE_DIR / "policies", HOME / "policies"]
# The map draws its own boundaries; a raster tile source can be laid under them.
MAP_TILE_URL = os.environ.get("MAP_TILE_URL", "")
MAP_TILE_ATTRIBUTION = os.environ.get("MAP_TILE_ATTRIBUTION", "")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"hide_links": {"()": "palveluverkko.config.logs.HideLinks"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["hide_links"]}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "WARNING")},
}

# Where customers reach this server: links in messages begin with it.
PUBLIC_URL = os.environ.get("PUBLIC_URL", "http://127.0.0.1:8000")
# How messages go out: into files below HOME/outbox, or by SMTP and HTTP gateways.
MESSAGES_ADAPTERS = {
    "email": os.environ.get("MESSAGES_EMAIL", "file"),  # file | smtp
    "sms": os.environ.get("MESSAGES_SMS", "file"),  # file | http
    "letter": os.environ.get("MESSAGES_LETTER", "file"),  # file | http
}
MESSAGE_DAYS = int(os.environ.get("MESSAGE_DAYS", "30"))
SMS_GATEWAY_URL = os.environ.get("SMS_GATEWAY_URL", "")
SMS_GATEWAY_TOKEN = os.environ.get("SMS_GATEWAY_TOKEN", "")
LETTER_GATEWAY_URL = os.environ.get("LETTER_GATEWAY_URL", "")
LETTER_GATEWAY_TOKEN = os.environ.get("LETTER_GATEWAY_TOKEN", "")
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "palveluverkko@localhost")
EMAIL_HOST = os.environ.get("EMAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("EMAIL_USE_TLS", "") == "1"  # STARTTLS
EMAIL_USE_SSL = os.environ.get("EMAIL_USE_SSL", "") == "1"  # TLS from the first byte

# What pages show when the reader has chosen nothing.
DEFAULT_POLICY = os.environ.get("DEFAULT_POLICY", "kela-2017-12")
_as_of = os.environ.get("DEFAULT_AS_OF", "")
DEFAULT_AS_OF = date.fromisoformat(_as_of) if _as_of else None

# Booking: how long a time is kept while the customer fills in the form.
BOOKING_HOLD_MINUTES = int(os.environ.get("BOOKING_HOLD_MINUTES", "10"))
# Days after the meeting for which the customer's name and contacts are kept.
BOOKING_DAYS = int(os.environ.get("BOOKING_DAYS", "90"))

# Booked video: the address of a room in the agency's video service, with {room} where its name
# goes, such as https://meet.example.org/{room}. Empty: meetings of our own, or pasted links.
VIDEO_MEETING_URL = os.environ.get("VIDEO_MEETING_URL", "")
if VIDEO_MEETING_URL and not (
    VIDEO_MEETING_URL.startswith("https://") and "{room}" in VIDEO_MEETING_URL
):
    raise ImproperlyConfigured("VIDEO_MEETING_URL must begin with https:// and contain {room}")

# Callbacks: working days ahead for which they are promised, and the part of the advisers' phone
# time that may be promised; the rest is for those who call or wait now.
CALLBACK_HORIZON_DAYS = int(os.environ.get("CALLBACK_HORIZON_DAYS", "5"))
CALLBACK_SHARE = float(os.environ.get("CALLBACK_SHARE", "0.5"))
# Minutes that a call takes where the booking terms of its service do not say it for phone.
CALLBACK_MINUTES = int(os.environ.get("CALLBACK_MINUTES", "15"))
CALLBACK_TRIES = int(os.environ.get("CALLBACK_TRIES", "3"))
CALLBACK_RETRY_MINUTES = int(os.environ.get("CALLBACK_RETRY_MINUTES", "30"))
# Requests an hour from one network address; a library or a service point is one.
CALLBACKS_PER_ADDRESS = int(os.environ.get("CALLBACKS_PER_ADDRESS", "20"))
# Days after a request is closed for which number and name are kept.
CALLBACK_DAYS = int(os.environ.get("CALLBACK_DAYS", "30"))
# How an adviser's click dials: "file" (a line below HOME, and a link to press), "http" (the
# agency's exchange), or "sip" (the page itself, through Kamailio: docs/telephony.md).
DIALLING = os.environ.get("DIALLING", "file")
EXCHANGE_URL = os.environ.get("EXCHANGE_URL", "")
EXCHANGE_TOKEN = os.environ.get("EXCHANGE_TOKEN", "")
SIP_WS_URL = os.environ.get("SIP_WS_URL", "")  # where pages reach Kamailio, wss://…
SIP_DOMAIN = os.environ.get("SIP_DOMAIN", "")
SIP_SECRET = os.environ.get("SIP_SECRET", "")  # shared with Kamailio; signs leave to call
SIP_NUMBER = os.environ.get("SIP_NUMBER", "")  # what customers see on their telephone, E.164
SIP_RING_SECONDS = int(os.environ.get("SIP_RING_SECONDS", "45"))

# Calls: how browsers find a way to each other. None is needed where both are on one machine.
STUN_URLS = [u for u in os.environ.get("STUN_URLS", "").split(",") if u]
TURN_URLS = [u for u in os.environ.get("TURN_URLS", "").split(",") if u]
TURN_SECRET = os.environ.get("TURN_SECRET", "")  # coturn's static-auth-secret
TURN_TTL_SECONDS = int(os.environ.get("TURN_TTL_SECONDS", "14400"))
# Sound through the TURN server only: customers and advisers do not learn each other's addresses.
TURN_ONLY = os.environ.get("TURN_ONLY", "") == "1"
# Other sites on which the button that opens the call page may stand, such as https://www.kela.fi.
CALL_EMBED_ORIGINS = [o for o in os.environ.get("CALL_EMBED_ORIGINS", "").split(",") if o]
