"""The forum's own settings for tests: a data directory and a Redis database for each worker.

The database and Redis come from DATABASE_URL and REDIS_URL as everywhere; what is changed here is
only what makes tests quick, quiet and apart from one another.
"""

import atexit
import os
import shutil
import tempfile
from urllib.parse import urlsplit

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
PROCESS = os.environ.get("PYTEST_XDIST_WORKER", "main")


def _own_data_dir() -> str:
    """A directory of this process below DATA_DIR (or a temporary place), removed at its end."""
    parent = os.environ.get("DATA_DIR") or None
    if parent:
        os.makedirs(parent, exist_ok=True)
    directory = tempfile.mkdtemp(prefix=f"forum-{PROCESS}-", dir=parent)
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    return directory


def _own_redis(address: str) -> str:
    """The address with the worker's own database number: clearing one cache spares the others."""
    parts = urlsplit(address)
    first = int(parts.path.lstrip("/") or 0)
    return parts._replace(path=f"/{first + int(WORKER.removeprefix('gw'))}").geturl()


os.environ["DATA_DIR"] = _own_data_dir()
# Servers of several tests at once know nothing of each other and would take the same core.
os.environ["KEEP_TO_ONE_CORE"] = "false"
if os.environ.get("REDIS_URL"):
    os.environ["REDIS_URL"] = _own_redis(os.environ["REDIS_URL"])

from forum_site.settings import *  # noqa: E402, F403  # only now does the environment stand

# One cheap round: tests make many members and no secret is kept.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Templates name static files by their plain names: nothing is collected for a test.
STORAGES = {
    **STORAGES,  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Whole pages would come without the context that tests look into; their own test turns them on.
CACHES["pages"] = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}  # noqa: F405

# Staff of the cast walks in by a session; tests/accounts/test_second_factor.py turns this on.
REQUIRE_SECOND_FACTOR = False

# The cast writes at once; tests of what waits turn this on.
GUARD_NEWCOMERS = False

WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
