"""Whether this machine's clock agrees with others', and the forum's time zone is known."""

import http.client
import time
import zoneinfo
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import Error as DatabaseAway
from django.db import connection
from django.utils.translation import gettext as _
from redis import Redis
from redis.exceptions import RedisError

from forum_site.doctoring import PATIENCE_S, Finding, fault, notice, well

# Leases of jobs are minutes, codes of authenticator apps half minutes.
NOTICED_S, WRONG_S = 3.0, 10.0


def clocks() -> Iterator[Finding]:
    """Our clock beside every other that can be asked."""
    others: dict[str, Callable[[], datetime | None]] = {
        "Redis": _of_redis,
        "PostgreSQL": _of_the_database,
        settings.SITE_URL: _of_the_site,
    }
    asked = [found for name, ask in others.items() if (found := _compared(name, ask))]
    yield from asked
    if not asked:
        yield notice(
            _("Clock"),
            _("There is no other clock to compare with."),
            _("Let the system keep the time: timedatectl should say “synchronized: yes”."),
        )


def _compared(name: str, ask: Callable[[], datetime | None]) -> Finding | None:
    began = time.time()
    theirs = ask()
    if theirs is None:
        return None
    # Asked in the middle of the way there and back.
    drift = (began + time.time()) / 2 - theirs.timestamp()
    what = _("Clock beside %(name)s") % {"name": name}
    how = _("It differs by %(seconds)s s.") % {"seconds": f"{drift:+.1f}"}
    do = _("Let the system keep the time (NTP), here and there.")
    if abs(drift) >= WRONG_S:
        return fault(what, how, do)
    return notice(what, how, do) if abs(drift) >= NOTICED_S else well(what, how)


def _of_redis() -> datetime | None:
    if not settings.REDIS_URL:
        return None
    try:
        with Redis.from_url(
            settings.REDIS_URL, socket_timeout=PATIENCE_S, socket_connect_timeout=PATIENCE_S
        ) as redis:
            seconds, microseconds = redis.time()
    except (RedisError, OSError):
        return None  # told by the look at Redis
    return datetime.fromtimestamp(seconds + microseconds / 1e6, UTC)


def _of_the_database() -> datetime | None:
    if connection.vendor != "postgresql":
        return None
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            found: datetime = cursor.fetchone()[0]
    except DatabaseAway:
        return None
    return found


def _of_the_site() -> datetime | None:
    """What stands in the Date of an answer: whole seconds, so half of one is added."""
    parts = urlsplit(settings.SITE_URL)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    asked = kind(parts.hostname or "", parts.port, timeout=PATIENCE_S)
    try:
        asked.request("HEAD", "/healthz")
        said = parsedate_to_datetime(asked.getresponse().getheader("Date", ""))
    except (OSError, http.client.HTTPException, ValueError):
        return None  # told by the look at the site
    finally:
        asked.close()
    return datetime.fromtimestamp(said.timestamp() + 0.5, UTC)


def time_zone() -> Iterator[Finding]:
    """Whether the machine knows when summer time begins."""
    what = _("Time zone")
    try:
        zone = zoneinfo.ZoneInfo(settings.TIME_ZONE)
    except zoneinfo.ZoneInfoNotFoundError:
        yield fault(
            what,
            _("This machine does not know %(zone)s.") % {"zone": settings.TIME_ZONE},
            _("Install the system's tzdata."),
        )
        return
    now = datetime.now(zone)
    yield well(what, f"{settings.TIME_ZONE}, {now:%H:%M} (UTC{now:%z})")
