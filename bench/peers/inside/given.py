"""What the program that started this process gave to it."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

DIRECTORY = Path(os.environ["PEER_DIRECTORY"])
REDIS = os.environ["PEER_REDIS"]
SECRET_KEY = "the-same-in-every-run-so-that-sessions-stay-valid-0123456789"
KEPT_S = 365 * 24 * 60 * 60  # seconds a session lasts, so that members stay logged in between runs


def database() -> dict[str, Any]:
    """PostgreSQL as Django's settings want it, with connections that are kept."""
    address = urlsplit(os.environ["PEER_DATABASE"])
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": address.path.removeprefix("/"),
        "USER": address.username or "",
        "PASSWORD": address.password or "",
        "HOST": address.hostname or "",
        "PORT": str(address.port or 5432),
        "CONN_MAX_AGE": None,
    }
