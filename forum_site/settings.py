"""Every setting of the forum, read from the environment; `.env.example` documents each variable.

How people sign in is the same in every forum, and stands in signing_in.py.
"""

from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from forum_site import environment, logs
from forum_site.signing_in import *  # noqa: F403  # settings as those below, by their own names

ROOT = Path(__file__).resolve().parent.parent
DATA_DIR = Path(environment.text("DATA_DIR", str(ROOT / "var")))

DEBUG = environment.flag("DEBUG")
SECRET_KEY = environment.secret("SECRET_KEY", DATA_DIR / "secret-key")
SECRET_KEY_FALLBACKS = environment.secrets("SECRET_KEY_FALLBACKS")
SITE_URL = environment.text("SITE_URL", "http://localhost:8000").rstrip("/")
SITE_NAME = environment.text("SITE_NAME", "Forum NGO Powiatu Pruszkowskiego")
HOST = environment.text("HOST", "127.0.0.1")  # where `manage.py up` listens
ALLOWED_HOSTS = environment.words(
    "ALLOWED_HOSTS", f"localhost,127.0.0.1,[::1],{urlsplit(SITE_URL).hostname or ''}"
)
if DEBUG and HOST not in ALLOWED_HOSTS:
    # Tried out from a telephone beside the computer: by whatever name it is reached.
    ALLOWED_HOSTS.append("*" if HOST in {"0.0.0.0", "::"} else HOST)  # noqa: S104
# The socket's handshake must come from one of these origins; HTTP forms are checked likewise.
CSRF_TRUSTED_ORIGINS = environment.words("TRUSTED_ORIGINS", SITE_URL)

INSTALLED_APPS = [
    "forum_site.apps.SiteConfig",
    "forum.overview",
    "forum.mailbox",
    "forum.duty",
    "forum.saved_searches",
    "forum.discussions",
    "forum.notifications",
    "forum.moderation",
    "forum.live",
    "forum.search",
    "forum.categories",
    "forum.jobs",
    "forum.operation",
    "accounts",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_prose_editor",
    "js_asset",
    "channels",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "forum_site.observing.requests",
    "forum_site.middleware.security_headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "forum_site.middleware.reader_language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "forum_site.read_only.read_only",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.last_seen",
    "accounts.middleware.second_factor",
    "forum_site.middleware.rights_change_in_the_admin",
    "forum_site.middleware.refusals",
]

ROOT_URLCONF = "forum_site.urls"
ASGI_APPLICATION = "forum_site.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "forum_site.context.frame",
            ],
            "builtins": [
                f"forum_site.templatetags.{name}" for name in ("frame", "addresses", "stencils")
            ],
        },
    }
]

# --- Data ---------------------------------------------------------------------------------------
DATABASE_POOL_SIZE = environment.number("DATABASE_POOL_SIZE", 8)
DATABASES = {
    "default": environment.database(
        "DATABASE_URL",
        DATA_DIR / "forum.sqlite3",
        DATABASE_POOL_SIZE,
        prepares=environment.flag("DATABASE_PREPARES", default=True),
    )
}
REDIS_URL = environment.text("REDIS_URL")
CACHES = {
    "default": (
        {"BACKEND": "forum_site.redis_cache.ForgetfulCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        else {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            # Rate limits live here: the default of 300 entries would cull them (TECHNOLOGY 8).
            "OPTIONS": {"MAX_ENTRIES": 50_000},
        }
    ),
    # Apart, so that many posts never push out the counts of the rate limits.
    "fragments": (
        {
            "BACKEND": "forum_site.redis_cache.ForgetfulCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "fragments",
        }
        if REDIS_URL
        else {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": "fragments",
            "OPTIONS": {"MAX_ENTRIES": 4_000},  # about 20 MB
        }
    ),
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 300},  # about 30 MB
    },
}
CHANNEL_LAYERS = {
    "default": (
        {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            # Messages know no database numbers in Redis: the prefix keeps two forums apart.
            "CONFIG": {"hosts": [REDIS_URL], "prefix": f"forum{urlsplit(REDIS_URL).path}"},
        }
        if REDIS_URL
        else {"BACKEND": "channels.layers.InMemoryChannelLayer", "CONFIG": {"capacity": 10_000}}
    )
}
SESSION_ENGINE = "accounts.session_store"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 60  # seconds: a board member comes once a month

# --- Serving ------------------------------------------------------------------------------------
# So many threads answer requests (docs/decisions/0050-one-thread-a-request.md).
MAX_CONCURRENT_REQUESTS = environment.number("MAX_CONCURRENT_REQUESTS", 16)
MAX_BODY_BYTES = environment.number("MAX_BODY_BYTES", 12 * 1024 * 1024)
WEB_PROCESSES = environment.number("WEB_PROCESSES", 1)
EMBEDDED_WORKERS = environment.number("EMBEDDED_WORKERS", 1)
KEEP_TO_ONE_CORE = environment.flag("KEEP_TO_ONE_CORE", default=True)
# A school or an office shares one address; a single machine may not take every socket.
LIVE_SOCKETS_PER_ADDRESS = environment.number("LIVE_SOCKETS_PER_ADDRESS", 300)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}

# Attached files, outside every directory that is served; only a view that knows who may read them
# hands them out, or the proxy behind this internal address (docs/decisions/0017-attachments.md).
FILES_DIR = Path(environment.text("FILES_DIR", str(DATA_DIR / "files")))
FILES_X_ACCEL = environment.text("FILES_X_ACCEL")
ATTACHMENT_MAX_BYTES = environment.number("ATTACHMENT_MAX_BYTES", 10 * 1024 * 1024)
ATTACHMENTS_PER_POST = environment.number("ATTACHMENTS_PER_POST", 10)
ATTACHMENTS_PER_MINUTE = environment.number("ATTACHMENTS_PER_MINUTE", 30)

# How much one member may write before being asked to wait.
POSTS_PER_MINUTE = environment.number("POSTS_PER_MINUTE", 20)
REACTIONS_PER_MINUTE = environment.number("REACTIONS_PER_MINUTE", 60)
SEARCHES_PER_MINUTE = environment.number("SEARCHES_PER_MINUTE", 60)
# Whether a new forum looks first at texts of people nobody answers for; later the adviser decides.
GUARD_NEWCOMERS = environment.flag("GUARD_NEWCOMERS", default=True)
# How many letters of invitation one organization, and one member, may have sent.
INVITATIONS_PER_DAY = environment.number("INVITATIONS_PER_DAY", 300)
JOIN_REQUESTS_PER_DAY = environment.number("JOIN_REQUESTS_PER_DAY", 10)
# After so many hours of working days without an answer an organization on duty is asked, then the
# adviser (docs/decisions/0043-nothing-unanswered.md).
UNANSWERED_DUTY_HOURS = environment.number("UNANSWERED_DUTY_HOURS", 72)
UNANSWERED_ADVISER_HOURS = environment.number("UNANSWERED_ADVISER_HOURS", 120)
# A text replaced sooner than this after it was written leaves no trace in the history.
EDIT_GRACE_SECONDS = environment.number("EDIT_GRACE_SECONDS", 300)

# --- Moderation ---------------------------------------------------------------------------------
APPEAL_DAYS = environment.number("APPEAL_DAYS", 183)  # six months, as DSA art. 20 has it
REPORTS_PER_DAY = environment.number("REPORTS_PER_DAY", 20)

# --- Verification of organizations --------------------------------------------------------------
# Documents that prove a mandate: never below a directory that the web serves.
PRIVATE_DIR = DATA_DIR / "private"
DOCUMENT_MAX_BYTES = environment.number("DOCUMENT_MAX_BYTES", 8 * 1024 * 1024)
DOCUMENT_DAYS = environment.number("DOCUMENT_DAYS", 30)
CASES_PER_DAY = environment.number("CASES_PER_DAY", 5)
KRS_LOOKUP_URL = environment.text("KRS_LOOKUP_URL").rstrip("/")

# --- People: what is the same everywhere stands in signing_in.py ----------------------------------
# Demanded at STAFF_DOORS of whoever works for the forum, and of voices where the second says so
# (docs/decisions/0024-second-factor.md). Trying the forum out takes a password only.
REQUIRE_SECOND_FACTOR = environment.flag("REQUIRE_SECOND_FACTOR", default=not DEBUG)
REQUIRE_SECOND_FACTOR_OF_REPRESENTATIVES = environment.flag(
    "REQUIRE_SECOND_FACTOR_OF_REPRESENTATIVES"
)
MFA_TOTP_ISSUER = SITE_NAME
ALLAUTH_TRUSTED_PROXY_COUNT = environment.number("TRUSTED_PROXY_COUNT", 0)

# --- Mail ---------------------------------------------------------------------------------------
# Mails are written as jobs in the caller's transaction; the worker hands them to MAIL_DELIVERY.
EMAIL_BACKEND = "forum.jobs.mail.QueuedBackend"
MAIL_DELIVERY_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if environment.text("SMTP_HOST")
    else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_HOST = environment.text("SMTP_HOST")
EMAIL_PORT = environment.number("SMTP_PORT", 587)
EMAIL_HOST_USER = environment.text("SMTP_USER")
EMAIL_HOST_PASSWORD = environment.text("SMTP_PASSWORD")
EMAIL_USE_TLS = environment.flag("SMTP_STARTTLS", default=True)
EMAIL_TIMEOUT = 20  # seconds
DEFAULT_FROM_EMAIL = environment.text("MAIL_FROM", f"{SITE_NAME} <forum@localhost>")
# Answers by e-mail come in here (docs/decisions/0036-mail-in.md).
REPLY_ADDRESS = environment.text("REPLY_ADDRESS")
IMAP_URL = environment.text("IMAP_URL")
INBOUND_MAX_BYTES = environment.number("INBOUND_MAX_BYTES", 25 * 1024 * 1024)
INBOUND_CONNECTIONS = environment.number("INBOUND_CONNECTIONS", 50)
MAILS_PER_HOUR = environment.number("MAILS_PER_HOUR", 30)
MAIL_ORIGINAL_DAYS = environment.number("MAIL_ORIGINAL_DAYS", 30)

# --- Notifications (docs/decisions/0033-delivering.md, 0034-web-push.md) -------------------------
MAIL_BUNDLE_SECONDS = environment.number("MAIL_BUNDLE_SECONDS", 600)
MAILS_PER_DAY = environment.number("MAILS_PER_DAY", 12)
LETTER_WEEKDAY = environment.number("LETTER_WEEKDAY", 2)  # ISO: Monday is 1
LETTER_HOUR = environment.number("LETTER_HOUR", 8)
VAPID_PRIVATE_KEY = environment.text("VAPID_PRIVATE_KEY")
VAPID_CONTACT = environment.text("VAPID_CONTACT", f"mailto:{parseaddr(DEFAULT_FROM_EMAIL)[1]}")
PUSH_TO_LOOPBACK = environment.flag("PUSH_TO_LOOPBACK")  # for tests: a push service on this machine

# --- Language and time --------------------------------------------------------------------------
LANGUAGE_CODE = "pl"
LANGUAGES = [("pl", _("Polish")), ("en", _("English"))]
LOCALE_PATHS = [ROOT / "forum_site" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Warsaw"
FORMAT_MODULE_PATH = ["forum_site.formats"]

# --- Security -----------------------------------------------------------------------------------
# Names as in Django 6, so that its own middleware can take over (docs/decisions/0007-csp.md).
SECURE_CSP = {
    "default-src": ["'self'"],
    "script-src": ["'self'", "nonce"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "connect-src": ["'self'"],
    "font-src": ["'self'"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}
BEHIND_TLS = SITE_URL.startswith("https://")
SECURE_SSL_REDIRECT = BEHIND_TLS and environment.flag("TLS_REDIRECT", default=True)
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = BEHIND_TLS
# Browsers' preload list takes a whole domain for years: its owner's promise, not a program's.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
)
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# With the prefix browsers take it from this very host over TLS only, never from a neighbour.
SESSION_COOKIE_NAME = "__Host-session" if BEHIND_TLS else "sessionid"
SESSION_COOKIE_SECURE = BEHIND_TLS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = BEHIND_TLS
X_FRAME_OPTIONS = "DENY"
# Whom a finder of a weakness writes to, at /.well-known/security.txt.
SECURITY_CONTACT = environment.text(
    "SECURITY_CONTACT", f"mailto:{parseaddr(DEFAULT_FROM_EMAIL)[1]}"
)

# --- Watching -----------------------------------------------------------------------------------
METRICS_TOKEN = environment.secret_or_none("METRICS_TOKEN")
LOGGING = logs.configuration(
    form=environment.text("LOG_FORMAT", "line" if DEBUG else "json"),
    level=environment.text("LOG_LEVEL", "WARNING"),
    is_redacted=not DEBUG,
)
