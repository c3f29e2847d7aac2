"""Settings: read from the environment once, here. No default for a secret outside the demo."""

from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from shop import admin_site
from shop.embedded import demo_env, paths
from shop.lib.logs import logging_config

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DATA_DIR = paths.data_dir()
# What the demo made up for itself: read only where no secret is given, never in production.
demo_env.load(DATA_DIR)

# The demo is a shop with well-known logins and a payment stand-in: only ever on this machine.
DEMO = env.bool("DEMO", default=False)
DEBUG = False
SECRET_KEY = env.str("SECRET_KEY")
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
HTTPS = SITE_URL.startswith("https://")

# Who the shop is, on pages, mails and documents.
SHOP = {
    "name": env.str("SHOP_NAME", default="Marl & Weft"),
    "company": env.str("SHOP_COMPANY", default="Marl & Weft Ltd"),
    "email": env.str("SHOP_EMAIL", default="hello@marlandweft.example"),
    "phone": env.str("SHOP_PHONE", default="+44 1632 960 120"),
    "address": env.list(
        "SHOP_ADDRESS",
        default=["Unit 4, Old Tile Works", "Kiln Lane", "Stoke-on-Trent ST4 7XX"],
    ),
    "country": env.str("SHOP_COUNTRY", default="GB"),
    "mail_domain": env.str("SHOP_MAIL_DOMAIN", default="marlandweft.example"),
    "bank": {
        "account_name": env.str("BANK_ACCOUNT_NAME", default="Marl & Weft Ltd"),
        "iban": env.str("BANK_IBAN", default="GB33 BUKB 2020 1555 5555 55"),
        "bic": env.str("BANK_BIC", default="BUKBGB22"),
    },
}

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.import_export",
    "unfold.contrib.simple_history",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "csp",
    "template_partials",
    "django_htmx",
    "treebeard",
    "import_export",
    "simple_history",
    "shop",
    "shop.outbox",
    "accounts",
    "catalog",
    "inventory",
    "orders",
    "payments",
    "shipping",
    "marketing",
    "loyalty",
    "support",
    "channels",
    "analytics",
]

MIDDLEWARE = [
    "shop.lib.guard.input_guard",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "shop.lib.guard.response_headers",
    "shop.middleware.market_from_path",
    "django.middleware.gzip.GZipMiddleware",
    "shop.lib.page_cache.serve_whole_pages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "shop.urls"
WSGI_APPLICATION = "shop.wsgi.application"

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
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "template_partials.templatetags.partials",
                "shop.templatetags.ui",
                "shop.templatetags.shop_text",
            ],
        },
    }
]

# Data. Without DATABASE_URL and REDIS_URL the shop uses the servers it starts itself in DATA_DIR.
REDIS_URL = env.str("REDIS_URL", default="") or paths.redis_url(DATA_DIR)
DATABASE = env.db_url("DATABASE_URL", default=paths.database_url(DATA_DIR))
DATABASE["CONN_MAX_AGE"] = 60
DATABASE["CONN_HEALTH_CHECKS"] = True
DATABASE["OPTIONS"] = {
    **DATABASE.get("OPTIONS", {}),
    "options": (
        "-c statement_timeout=15000 -c lock_timeout=5000"
        " -c idle_in_transaction_session_timeout=30000"
    ),
}
DATABASES = {"default": DATABASE}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "mercer",
    }
}

# People
AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = reverse_lazy("admin:login")
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "shop.views.csrf_failure"

# Transport
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^webhooks/"]
SECURE_HSTS_SECONDS = 63_072_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Only behind a proxy that overwrites the header.
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 6_000
DATA_UPLOAD_MAX_NUMBER_FILES = 50

STRIPE_HOSTED = "https://checkout.stripe.com"
STRIPE_SECRET_KEY = env.str("STRIPE_SECRET_KEY", default="")
STRIPE_WEBHOOK_SECRET = env.str("STRIPE_WEBHOOK_SECRET", default="")
# Where Stripe's protocol is spoken: Stripe itself, or the demo's stand-in on this machine.
STRIPE_API_BASE = env.str("STRIPE_API_BASE", default="https://api.stripe.com")
PAYMENT_PAGES = [STRIPE_HOSTED if STRIPE_API_BASE.endswith("stripe.com") else STRIPE_API_BASE]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        # A form may end on the provider's page after the redirect.
        "form-action": [SELF, *PAYMENT_PAGES],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}

UNFOLD = admin_site.UNFOLD

# Language, time
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English")), ("de", _("German"))]
FORMAT_MODULE_PATH = ["shop.formats"]
TIME_ZONE = env.str("TIME_ZONE", default="Europe/London")
USE_TZ = True

# Files
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(DATA_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "shop.lib.staticfiles.BundledStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# Mail
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="dummymail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str(
    "DEFAULT_FROM_EMAIL", default=f"{SHOP['name']} <{SHOP['email']}>".replace("&", "and")
)

# Slow work. Late acknowledgement: what a killed worker held comes back (tasks can run twice).
CELERY_BROKER_URL = paths.celery_url(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
}
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "outbox.*": {"queue": "checkout"},
    "checkout.*": {"queue": "checkout"},
    "payments.*": {"queue": "checkout"},
    "mail.*": {"queue": "mail"},
    "images.*": {"queue": "images"},
    "browsing.*": {"queue": "default"},
    "orders.*": {"queue": "default"},
    "engagement.*": {"queue": "default"},
    "channels.*": {"queue": "default"},
    "imports.*": {"queue": "default"},
}
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = {
    "relay": {"task": "outbox.relay", "schedule": 2.0, "options": {"expires": 4}},
    "expire-orders": {"task": "checkout.expire_orders", "schedule": 60.0},
    "ask-providers": {"task": "checkout.reconcile_payments", "schedule": 60.0},
    "follow-schedule": {"task": "browsing.follow_schedule", "schedule": 30.0},
    "follow-prices": {"task": "pricing.follow_clock", "schedule": 30.0, "options": {"expires": 25}},
    "fetch-rates": {"task": "pricing.fetch_rates", "schedule": crontab(hour=16, minute=30)},
    "expire-value": {"task": "payments.expire_value", "schedule": crontab(hour=1, minute=10)},
    "retry-vat-numbers": {"task": "vat.retry", "schedule": 60.0, "options": {"expires": 50}},
    "tell-waiting": {"task": "engagement.tell_waiting", "schedule": 180.0},
    "forget-addresses": {"task": "engagement.forget", "schedule": 86400.0},
    "sweep-uploads": {"task": "orders.sweep_uploads", "schedule": 60.0 * 60 * 24},
    "refresh-collections": {"task": "browsing.refresh_collections", "schedule": 60.0 * 60},
    "read-ahead": {
        "task": "browsing.read_ahead",
        "schedule": 60.0 * 5,
        "options": {"expires": 240},
    },
    "refresh-words": {"task": "browsing.refresh_words", "schedule": 60.0 * 60 * 24},
    "recommend": {"task": "browsing.recommend", "schedule": crontab(hour=3, minute=20)},
    "make-feeds": {"task": "channels.make_feeds", "schedule": crontab(hour=4, minute=40)},
    "refresh-cards": {"task": "browsing.refresh_all_cards", "schedule": 60.0 * 60 * 6},
}

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
LOGGING = logging_config(level=LOG_LEVEL)
