"""One installation for all tests of this directory: it takes half a minute to begin."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.production.installation import Installation
from tests.production.nginx import NginxMissing
from tests.proof.services import ServiceMissing

BODY_LIMIT = 3_000_000


@pytest.fixture(scope="package")
def _installation() -> Iterator[Installation]:
    settings = {
        "POSTS_PER_MINUTE": "100000",
        "LIVE_SOCKETS_PER_ADDRESS": "5000",
        "MAX_BODY_BYTES": str(BODY_LIMIT),
    }
    # Not pytest's own place: PostgreSQL's user could not pass through it.
    place = Path(tempfile.mkdtemp(prefix="forum-production-"))
    try:
        with Installation(place, **settings) as installation:
            yield installation
    except (NginxMissing, ServiceMissing) as missing:
        if os.environ.get("REQUIRE_SERVICES"):
            raise
        pytest.skip(str(missing))
    finally:
        shutil.rmtree(place, ignore_errors=True)


@pytest.fixture
def forum(_installation: Installation) -> Iterator[Installation]:
    """The installation, whole: what a failed test left broken does not fail the next one."""
    _installation.mend()
    yield _installation
    _installation.mend()
