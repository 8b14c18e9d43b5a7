"""Typed reading of settings from the environment; a wrong value stops the start with its name."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

SECRET_MIN_CHARS = 32
# Different signs. 32 hexadecimal digits made by chance have fewer than eight less than once in ten
# million times (fewer than ten: once in ten thousand); what a hand repeats seldom has as many.
SECRET_MIN_KINDS = 8
# Parts of keys that stand in examples, or that people write until they have a better one.
PLACEHOLDERS = (
    *("change-me", "changeme", "change_me", "django-insecure", "secret-key", "secret_key"),
    *("placeholder", "example", "your-key", "zmien-", "zmień-"),
)
HOW_TO_MAKE_ONE = "openssl rand -base64 48"
# A connection that was asked a prepared question five times has it planned, once for all values.
# Left to itself, PostgreSQL plans some anew each time: it takes planning for cheaper than it is.
PREPARED_AFTER = 5
PLANNED_ONCE = "-c plan_cache_mode=force_generic_plan"


def text(name: str, default: str = "") -> str:
    """The variable's value, or the default where it is missing or empty."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, *, default: bool = False) -> bool:
    """The variable as a truth: true/false, yes/no, on/off, 1/0.

    Raises: ImproperlyConfigured for anything else.
    """
    value = text(name).lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} must be true or false, not {value!r}")


def number(name: str, default: int) -> int:
    """The variable as a whole number. Raises: ImproperlyConfigured where it is not one."""
    value = text(name)
    if not value:
        return default
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}") from None


def words(name: str, default: str = "") -> list[str]:
    """The variable as a list, split at commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def secret_or_none(name: str) -> str:
    """The secret from the environment; empty where there is none.

    Raises: ImproperlyConfigured where it is one that could be guessed.
    """
    if given := text(name):
        _refuse_weak(name, given)
    return given


def secret(name: str, kept_in: Path) -> str:
    """The secret from the environment, else one made at the first start and kept in a file.

    Raises: ImproperlyConfigured where the given secret is one that could be guessed.
    """
    if given := secret_or_none(name):
        return given
    try:
        kept_in.parent.mkdir(parents=True, exist_ok=True)
        with kept_in.open("x") as file:
            kept_in.chmod(0o600)
            file.write(get_random_secret_key())
    except FileExistsError:
        pass
    return kept_in.read_text()


def secrets(name: str) -> list[str]:
    """Several secrets, split at commas. Raises: ImproperlyConfigured as for one."""
    found = words(name)
    for each in found:
        _refuse_weak(name, each)
    return found


def _refuse_weak(name: str, given: str) -> None:
    if len(given) < SECRET_MIN_CHARS:
        raise ImproperlyConfigured(f"{name} must have at least {SECRET_MIN_CHARS} characters")
    is_repeated = given in (given + given)[1:-1] or len(set(given)) < SECRET_MIN_KINDS
    if is_repeated or any(each in given.lower() for each in PLACEHOLDERS):
        raise ImproperlyConfigured(
            f"{name} can be guessed: let chance make one ({HOW_TO_MAKE_ONE})"
        )


def database(
    name: str, default_file: Path, pool_size: int, *, prepares: bool = True
) -> dict[str, Any]:
    """A Django database from an address: postgres://user:password@host:port/name, or sqlite:///path.

    With `prepares`, PostgreSQL plans our prepared questions once a connection (0049).
    Raises: ImproperlyConfigured for any other scheme. Source: docs/decisions/0004-databases.md.
    """
    address = text(name, f"sqlite:///{default_file}")
    parts = urlsplit(address)
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path)))
    if parts.scheme in {"postgres", "postgresql"}:
        options: dict[str, Any] = dict(parse_qsl(parts.query))
        host = options.pop("host", None) or parts.hostname or ""
        if prepares:
            options["options"] = f"{options.get('options', '')} {PLANNED_ONCE}".strip()
        return {
            "ENGINE": "forum_site.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": host,
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 0,
            "OPTIONS": {
                **options,
                "prepare_threshold": PREPARED_AFTER if prepares else None,
                "pool": {"min_size": 1, "max_size": pool_size, "timeout": 20},
            },
        }
    raise ImproperlyConfigured(f"{name} must begin with postgres:// or sqlite:///")


def _sqlite(path: Path) -> dict[str, Any]:
    path.parent.mkdir(parents=True, exist_ok=True)
    return {
        "ENGINE": "forum_site.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": 0,
        "OPTIONS": {
            # Every write transaction takes the lock at its start: no "database is locked" later.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
                "PRAGMA cache_size=-20000; PRAGMA mmap_size=134217728;"
            ),
        },
        "TEST": {"NAME": str(path.with_name(f"test-{path.name}"))},
    }


def changed(**variables: str) -> dict[str, str]:
    """The environment for another process of the forum, with these variables instead."""
    return {**os.environ, **variables}
