"""Settings: read from the environment once, here. No default for a secret outside the demo."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from shop import admin_site, schedule
from shop.embedded import demo_env, paths
from shop.lib import databases
from shop.lib.logs import logging_config
from shop.lib.proxies import PRIVATE

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DATA_DIR = paths.data_dir()
# What the demo made up for itself: read only where no secret is given, never in production.
demo_env.load(DATA_DIR)

# The demo is a shop with well-known logins and a payment stand-in: only ever on this machine.
DEMO = env.bool("DEMO", default=False)
DEBUG = False
SECRET_KEY = env.str("SECRET_KEY")
# Keys of before: what they signed and sealed is still read, nothing new is made with them.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
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
    # What customs know the shop by.
    "eori": env.str("SHOP_EORI", default="GB943932601000"),
    "mail_domain": env.str("SHOP_MAIL_DOMAIN", default="marlandweft.example"),
    "bank": {
        "account_name": env.str("BANK_ACCOUNT_NAME", default="Marl & Weft Ltd"),
        "iban": env.str("BANK_IBAN", default="GB33 BUKB 2020 1555 5555 55"),
        "bic": env.str("BANK_BIC", default="BUKBGB22"),
    },
}

INSTALLED_APPS = [
    "shop.admin.site.StaffSiteConfig",
    "unfold.contrib.filters",
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
    "simple_history",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.google",
    "allauth.mfa",
    "allauth.usersessions",
    "ninja",
    "shop",
    "shop.outbox",
    "shop.audit",
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
    "shop.lib.proxies.told_by_proxies",
    "shop.lib.guard.input_guard",
    "shop.lib.page_cache.serve_whole_pages",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "shop.lib.guard.ContentPolicy",
    "shop.lib.guard.response_headers",
    "shop.middleware.market_from_path",
    "shop.lib.compression.Compression",
    "shop.lib.strain.polite_when_slow",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "shop.audit.middleware.staff_are_on_record",
    "simple_history.middleware.HistoryRequestMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.services.doors.staff.staff_show_two_factors",
    # After whatever writes down sessions: those stay the looker's own.
    "accounts.views.viewing.see_as_customer",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "shop.lib.limits.LimitsMiddleware",
]

ROOT_URLCONF = "shop.urls"
WSGI_APPLICATION = "shop.wsgi.application"

TEMPLATE_FILES = (
    "django.template.loaders.cached.Loader",
    ["shop.lib.templates.Loader", "django.template.loaders.app_directories.Loader"],
)
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [("template_partials.loader.Loader", [TEMPLATE_FILES])],
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
                "shop.templatetags.parts",
            ],
        },
    }
]

# Data. Without DATABASE_URL and REDIS_URL the shop uses the servers it starts itself in DATA_DIR.
REDIS_URL = env.str("REDIS_URL", default="") or paths.redis_url(DATA_DIR)
DATABASE = env.db_url("DATABASE_URL", default=paths.database_url(DATA_DIR))
# A PgBouncer in transaction mode stands before the database (docs/deploy/pgbouncer.ini).
DATABASE_POOLED = env.bool("DATABASE_POOLED", default=False)
# A copy that follows it: dashboards, lists and files of many rows are read there.
REPLICA = (
    env.db_url("DATABASE_REPLICA_URL") if env.str("DATABASE_REPLICA_URL", default="") else None
)
DATABASES = databases.wired(DATABASE, is_pooled=DATABASE_POOLED, replica=REPLICA)
DATABASE_ROUTERS = ["shop.lib.replica.Router"] if REPLICA else []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "shop.lib.cache.ShopCache",
        "LOCATION": REDIS_URL,
        # A hung Valkey holds no request for long.
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
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
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "accounts.services.doors.passwords.NotAboutTheShop"},
]
# Seconds that a mailed link to a new password holds.
PASSWORD_RESET_TIMEOUT = 60 * 60 * 24
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = reverse_lazy("accounts:overview")
ACCOUNT_ADAPTER = "accounts.services.doors.account.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.services.doors.forms.LoginForm",
    "signup": "accounts.services.doors.forms.SignupForm",
    "add_email": "accounts.services.doors.forms.AddressForm",
    "change_password": "accounts.services.doors.forms.ChangePasswordForm",
    "set_password": "accounts.services.doors.forms.SetPasswordForm",
    "reset_password": "accounts.services.doors.forms.ResetForm",
    "reset_password_from_key": "accounts.services.doors.forms.NewPasswordForm",
    "reauthenticate": "accounts.services.doors.forms.ProveForm",
}
ACCOUNT_LOGOUT_REDIRECT_URL = reverse_lazy("catalog:home")
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 1
# Whoever signs up goes on in the browser that did; the second factor is asked for all the same.
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
# The session at hand stays, all others end with the password.
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
# Before email address, password or factors change.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {
    "login_failed": "20/5m/ip,10/5m/key",
    "reset_password": "10/10m/ip,3/10m/key",
}
MFA_ADAPTER = "accounts.services.doors.factors.FactorAdapter"
MFA_FORMS = {
    "authenticate": "accounts.services.doors.factors.CodeForm",
    "reauthenticate": "accounts.services.doors.factors.ProveCodeForm",
    "activate_totp": "accounts.services.doors.factors.NewAppForm",
    "add_webauthn": "accounts.services.doors.factors.NewPasskeyForm",
    "edit_webauthn": "accounts.services.doors.factors.PasskeyNameForm",
}
# Half a minute each way: clocks of telephones are not the shop's.
MFA_TOTP_TOLERANCE = 1
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Nobody signs in unconfirmed; an address that waits to take another's place stops nothing.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = SHOP["name"]
# Browsers know this machine as safe without TLS.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
# Sign-in by Google: off until its keys are set. The form that leads there ends on its page.
GOOGLE = {
    "client_id": env.str("GOOGLE_CLIENT_ID", default=""),
    "secret": env.str("GOOGLE_SECRET", default=""),
    "key": "",
}
SOCIALACCOUNT_PROVIDERS = {"google": {"APPS": [GOOGLE]}} if GOOGLE["client_id"] else {}
SIGN_IN_PAGES = ["https://accounts.google.com"] if SOCIALACCOUNT_PROVIDERS else []
# In the database alone: a session that ended while the cache was away must not come back with it.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
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
# The networks our own proxies stand in ("unix" for a socket): X-Forwarded-* is read from there only.
TRUSTED_PROXIES = env.list(
    "TRUSTED_PROXIES",
    default=PRIVATE if env.bool("BEHIND_PROXY", default=False) else [],
)
BEHIND_PROXY = bool(TRUSTED_PROXIES)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
# Whom to tell of a hole, in /.well-known/security.txt: an address with mailto: or https:.
SECURITY_CONTACT = env.str("SECURITY_CONTACT", default=f"mailto:security@{SHOP['mail_domain']}")
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 6_000
DATA_UPLOAD_MAX_NUMBER_FILES = 50

STRIPE_HOSTED = "https://checkout.stripe.com"
STRIPE_SECRET_KEY = env.str("STRIPE_SECRET_KEY", default="")
STRIPE_WEBHOOK_SECRET = env.str("STRIPE_WEBHOOK_SECRET", default="")
# Where Stripe's protocol is spoken: Stripe itself, or the demo's stand-in on this machine.
STRIPE_API_BASE = env.str("STRIPE_API_BASE", default="https://api.stripe.com")
PAYMENT_PAGES = [STRIPE_HOSTED if STRIPE_API_BASE.endswith("stripe.com") else STRIPE_API_BASE]

# Pictures on another host are asked for there; pages keep the address.
MEDIA_URL = env.str("MEDIA_URL", default="/media/")
MEDIA_HOSTS = ["{0.scheme}://{0.netloc}".format(urlsplit(MEDIA_URL))] if "://" in MEDIA_URL else []

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", *MEDIA_HOSTS],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        # A form may end on the provider's page after the redirect.
        "form-action": [SELF, *PAYMENT_PAGES, *SIGN_IN_PAGES],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "report-uri": ["/csp-report/"],
        **({"upgrade-insecure-requests": True} if HTTPS else {}),
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
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(DATA_DIR / "media")))
# Media in a bucket that speaks S3, where more than one machine serves; empty: in MEDIA_ROOT.
MEDIA_BUCKET = {
    "bucket_name": env.str("MEDIA_BUCKET", default=""),
    "endpoint_url": env.str("MEDIA_BUCKET_ENDPOINT", default="") or None,
    "region_name": env.str("MEDIA_BUCKET_REGION", default="") or None,
}
ON_DISK: dict[str, Any] = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
IN_BUCKET: dict[str, Any] = {"BACKEND": "shop.lib.bucket.Bucket", "OPTIONS": MEDIA_BUCKET}
STORAGES = {
    "default": IN_BUCKET if MEDIA_BUCKET["bucket_name"] else ON_DISK,
    "staticfiles": {"BACKEND": "shop.lib.staticfiles.BundledStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# Copies of it all, sealed with age for a key that is not on this machine; empty: none are made.
BACKUP_RECIPIENT = env.str("BACKUP_RECIPIENT", default="")
BACKUP_DIR = Path(env.str("BACKUP_DIR", default=str(DATA_DIR / "backups")))
# As many days, weeks and months of which one is kept each.
BACKUP_KEEP = env.list("BACKUP_KEEP", cast=int, default=[7, 5, 12])
# The role that owns the tables, where the shop's own may not make databases.
BACKUP_DATABASE_URL = env.str("BACKUP_DATABASE_URL", default="")

# Mail
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="dummymail://")
vars().update(EMAIL_CONFIG)
# Keys of carriers, by the environment: CARRIER_<CODE>_<KEY>; docs/running.md lists them.
CARRIER_KEYS = {
    name.removeprefix("CARRIER_"): value
    for name, value in os.environ.items()
    if name.startswith("CARRIER_")
}
# Where text messages are handed over; empty: they are kept for staff and go nowhere.
SMS_URL = env.str("SMS_URL", default="")
SMS_TOKEN = env.str("SMS_TOKEN", default="")
SMS_SENDER = env.str("SMS_SENDER", default="")
DEFAULT_FROM_EMAIL = env.str(
    "DEFAULT_FROM_EMAIL", default=f"{SHOP['name']} <{SHOP['email']}>".replace("&", "and")
)

# How many shoppers a minute may begin to pay at most, half of what two processors can; fewer while
# orders get slow (docs/decisions/0027).
CHECKOUTS_PER_MINUTE = env.int("CHECKOUTS_PER_MINUTE", default=600)

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
    "socket_timeout": 3,
    "socket_connect_timeout": 2,
    # Whoever rings at a dead broker goes on at once: the outbox is swept later.
    "max_retries": 0,
    # Queues are emptied in the order a worker names them: urgent mail before reports.
    "queue_order_strategy": "priority",
}
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = schedule.ROUTES
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = schedule.SCHEDULE

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
LOGGING = logging_config(level=LOG_LEVEL)
