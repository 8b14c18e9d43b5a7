"""What the benchmarks ask of a running forum: sessions of members, readers, processor time."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.live.serving import ROOT, Serving

TICKS = os.sysconf("SC_CLK_TCK")
TOKEN = "a" * 32  # of the posting forms; what matters is that cookie and header agree
# fmt: off
WORDS = (
    "spotkanie", "dotacja", "świetlica", "wolontariusze", "budżet", "biblioteka", "powiat", "klub",
    "konkurs", "ofert", "festyn", "sprawozdanie", "termin", "organizacja", "zarząd", "statut",
    "uchwała", "konsultacje", "senior", "młodzież",
)
# fmt: on
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
    given = [str(server.port), path, str(connections), str(seconds), *cookies]
    return figures_of("bench.load", given, seconds, server)


def figures_of(program: str, given: list[str], seconds: float, server: Serving) -> dict[str, float]:
    """The line of JSON that a program in another process prints after so long."""
    done = subprocess.run(
        [sys.executable, "-m", program, *given],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds + 60,
    )
    if done.returncode:
        raise SystemExit(f"{given[:2]}: {done.stderr or done.stdout}\n{server.log()}")
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def cpu_seconds(server: Serving) -> float:
    """The processor time the server's process has taken so far."""
    fields = Path(f"/proc/{server.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory_kib(server: Serving) -> int:
    """The memory the server's process holds for itself, without what it shares with others."""
    lines = Path(f"/proc/{server.pid}/smaps_rollup").read_text().splitlines()
    fields = dict(line.split(":", 1) for line in lines[1:])
    return sum(int(fields[name].split()[0]) for name in ("Private_Clean", "Private_Dirty"))


def machine_cpu_seconds() -> float:
    """The processor time all processes of the machine have taken so far."""
    user, nice, system, _idle, _iowait, irq, softirq, *_ = map(
        int, Path("/proc/stat").read_text().splitlines()[0].split()[1:]
    )
    return (user + nice + system + irq + softirq) / TICKS
