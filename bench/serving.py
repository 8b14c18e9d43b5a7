"""What the benchmarks ask of a running forum: sessions of members, readers, processor time."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.live.serving import ROOT, Serving

TICKS = os.sysconf("SC_CLK_TCK")
# As a log-in makes them; the members are those of `manage.py fill`, and more like them.
SESSIONS = """
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.conf import settings
from accounts.models import User
addresses = [f"proba-{{number}}@example.org" for number in range(1, {count} + 1)]
known = set(User.objects.filter(email__in=addresses).values_list("email", flat=True))
User.objects.bulk_create(
    User(email=address, display_name=f"Członkini {{address}}", password="!")
    for address in addresses
    if address not in known
)
people = {{user.email: user for user in User.objects.filter(email__in=addresses)}}
for address in addresses:
    user = people[address]
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    print(session.session_key)
"""


def sessions(server: Serving, count: int) -> list[str]:
    """The session keys of so many different members."""
    return server.run(SESSIONS.format(count=count)).split()


def load(
    server: Serving, path: str, connections: int, seconds: float, cookies: list[str]
) -> dict[str, float]:
    """What readers in another process found: bench/load.py says what."""
    command = [sys.executable, "-m", "bench.load", str(server.port), path]
    done = subprocess.run(
        [*command, str(connections), str(seconds), *cookies],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds + 60,
    )
    if done.returncode:
        raise SystemExit(f"{path}: {done.stderr or done.stdout}\n{server.log()}")
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def cpu_seconds(server: Serving) -> float:
    """The processor time the server's process has taken so far."""
    fields = Path(f"/proc/{server.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS
