"""Combinations of settings that would run and be wrong; the launcher refuses to start with them."""

from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.core.checks import CheckMessage, Error, Warning, register
from django.core.exceptions import ImproperlyConfigured

from forum.notifications.push.sealing import public_key

HERE = {"localhost", "127.0.0.1", "::1"}
PASSWORD_MIN_CHARS = 12
IN_MEMORY_LAYER = "channels.layers.InMemoryChannelLayer"
PUBSUB_LAYER = "channels_redis.pubsub.RedisPubSubChannelLayer"
LOCAL_CACHES = (
    "django.core.cache.backends.locmem.LocMemCache",
    "django.core.cache.backends.dummy.DummyCache",
)


@register()
def processes(app_configs: Sequence[AppConfig] | None, **_options: Any) -> Iterable[CheckMessage]:
    """What several web processes need to have in common."""
    if settings.WEB_PROCESSES <= 1:
        return
    if _vendor() == "sqlite3":
        yield Error(
            "SQLite serves one process, and WEB_PROCESSES asks for more.",
            hint="Set DATABASE_URL to a PostgreSQL database.",
            id="forum.E001",
        )
    if settings.CHANNEL_LAYERS["default"]["BACKEND"] == IN_MEMORY_LAYER:
        yield Error(
            "Live updates in memory stay inside one process, and WEB_PROCESSES asks for more.",
            hint="Set REDIS_URL.",
            id="forum.E002",
        )
    if settings.CACHES["default"]["BACKEND"] in LOCAL_CACHES:
        yield Error(
            "Rate limits in a local cache count for each process apart.",
            hint="Set REDIS_URL.",
            id="forum.E003",
        )


@register()
def databases(app_configs: Sequence[AppConfig] | None, **_options: Any) -> Iterable[CheckMessage]:
    """What a server with many threads needs of its database."""
    database = settings.DATABASES["default"]
    if database.get("CONN_MAX_AGE"):
        yield Error(
            "CONN_MAX_AGE must be 0: a thread that waits would keep a connection from others.",
            hint="The pool of psycopg keeps connections (DATABASE_POOL_SIZE).",
            id="forum.E004",
        )
    if database.get("ATOMIC_REQUESTS"):
        yield Error(
            "ATOMIC_REQUESTS would hold the write lock of SQLite during every request.",
            id="forum.E005",
        )
    if not issubclass(import_module(settings.SESSION_ENGINE).SessionStore, DatabaseStore):
        yield Error(
            "Sessions must be in the database: the hub reads there which sockets still belong.",
            id="forum.E006",
        )


@register()
def layers(app_configs: Sequence[AppConfig] | None, **_options: Any) -> Iterable[CheckMessage]:
    """Which channel layers the hub was measured with."""
    if settings.CHANNEL_LAYERS["default"]["BACKEND"] not in {IN_MEMORY_LAYER, PUBSUB_LAYER}:
        yield Error(
            "This channel layer closes sockets when Redis restarts.",
            hint=f"Use {PUBSUB_LAYER}.",
            id="forum.E007",
        )


@register()
def origins(app_configs: Sequence[AppConfig] | None, **_options: Any) -> Iterable[CheckMessage]:
    """Whom the socket's handshake lets in."""
    for origin in settings.CSRF_TRUSTED_ORIGINS:
        if "*" in origin or origin.endswith("/"):
            yield Error(
                f"TRUSTED_ORIGINS must name whole origins like https://example.org, not {origin}",
                id="forum.E008",
            )
    if not settings.DEBUG and settings.SITE_URL not in settings.CSRF_TRUSTED_ORIGINS:
        yield Error(
            f"TRUSTED_ORIGINS leaves out SITE_URL ({settings.SITE_URL}): no page would be live.",
            id="forum.E009",
        )


@register()
def bounds(app_configs: Sequence[AppConfig] | None, **_options: Any) -> Iterable[CheckMessage]:
    """Bounds that would let nothing through, or more than memory holds."""
    for name in ("MAX_CONCURRENT_REQUESTS", "MAX_BODY_BYTES", "LIVE_SOCKETS_PER_ADDRESS"):
        if getattr(settings, name) < 1:
            yield Error(f"{name} must be at least 1.", id="forum.E010")
    if settings.DATA_UPLOAD_MAX_MEMORY_SIZE > settings.MAX_BODY_BYTES:
        yield Error(
            "MAX_BODY_BYTES is below what a form may hold (DATA_UPLOAD_MAX_MEMORY_SIZE).",
            id="forum.E011",
        )


@register()
def push(app_configs: Sequence[AppConfig] | None, **_options: Any) -> Iterable[CheckMessage]:
    """Whether the key for push messages is one."""
    try:
        public_key()
    except ImproperlyConfigured as error:
        yield Error(str(error), id="forum.E012")


@register()
def secrets(app_configs: Sequence[AppConfig] | None, **_options: Any) -> Iterable[CheckMessage]:
    """Passwords of the services behind the forum that somebody would try first."""
    if settings.DEBUG:
        return
    database = settings.DATABASES["default"]
    password = str(database.get("PASSWORD") or "")
    # None at all is how a socket of this machine is reached, where the system says who asks.
    if password and (len(password) < PASSWORD_MIN_CHARS or password == database.get("USER")):
        yield Error(
            f"The password in DATABASE_URL has fewer than {PASSWORD_MIN_CHARS} characters, or is "
            "the name of its user.",
            hint="Let chance make one: openssl rand -hex 24",
            id="forum.E013",
        )


@register()
def ways_in(app_configs: Sequence[AppConfig] | None, **_options: Any) -> Iterable[CheckMessage]:
    """Under which names the forum is asked, and what goes over the network in the clear."""
    if settings.DEBUG:
        return
    if any(host == "*" or host.startswith(".") for host in settings.ALLOWED_HOSTS):
        yield Error(
            "ALLOWED_HOSTS must name hosts: whoever asks by another name could have it on pages.",
            id="forum.E014",
        )
    contact = settings.SECURITY_CONTACT
    if not contact.startswith(("mailto:", "https://")) or not contact.isprintable():
        yield Error("SECURITY_CONTACT must begin with mailto: or https://", id="forum.E015")
    site = urlsplit(settings.SITE_URL)
    if site.scheme != "https" and site.hostname not in HERE:
        yield Warning(
            f"SITE_URL is {settings.SITE_URL}: passwords and codes go out in the clear.",
            hint="Put a proxy with TLS in front, and write https:// (docs/production.md).",
            id="forum.W001",
        )
    is_far = settings.EMAIL_HOST not in HERE
    if settings.EMAIL_HOST_PASSWORD and is_far and not settings.EMAIL_USE_TLS:
        yield Warning(
            "SMTP_STARTTLS is off: the password of the mail server goes out in the clear.",
            id="forum.W002",
        )


def _vendor() -> str:
    return str(settings.DATABASES["default"]["ENGINE"]).rpartition(".")[2]
