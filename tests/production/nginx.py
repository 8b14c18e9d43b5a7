"""The proxy of deploy/nginx as a process of the tests' own."""

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Collection, Mapping
from pathlib import Path

import httpx

from tests.live.serving import ROOT

DEPLOY = ROOT / "deploy" / "nginx"
MIME_TYPES = Path("/etc/nginx/mime.types")
NAME = re.compile(r"\$\{([A-Z_]+)\}")
START_S = 20


class NginxMissing(Exception):
    """nginx is not installed; the message says how it would be."""


class Nginx:
    """nginx with the files that docker-compose.yml gives it, in front of these ports."""

    def __init__(self, place: Path, ports: Collection[int], variables: Mapping[str, str]) -> None:
        self._place = place
        self._process: subprocess.Popen[bytes] | None = None
        self.port = int(variables["PROXY_PORT"])
        (place / "conf.d").mkdir(parents=True)
        shutil.copy(DEPLOY / "nginx.conf", place / "nginx.conf")
        shutil.copy(MIME_TYPES, place / "mime.types")
        for template in DEPLOY.glob("*.template"):
            if "TLS_DIR" in variables or not template.name.startswith("tls."):
                filled = fill_in(template.read_text(), variables)
                (place / "conf.d" / template.stem).write_text(filled)
        (place / "conf.d" / "upstream.conf").write_text(upstream(ports))

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.port}"

    def test(self) -> str:
        """What `nginx -t` says. Raises: CalledProcessError where a file is wrong."""
        done = subprocess.run(
            [*self._command(), "-t"], capture_output=True, text=True, check=False, timeout=30
        )
        assert done.returncode == 0, done.stderr
        return done.stderr

    def start(self) -> None:
        """Start it and wait until it hands on an answer of the forum."""
        with (self._place / "nginx.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*self._command(), "-g", f"daemon off; {_as_who()}"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        end = time.monotonic() + START_S
        while time.monotonic() < end:
            try:
                if httpx.get(f"{self.origin}/healthz", timeout=5).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.05)
        raise AssertionError(f"nginx did not start:\n{self.log()}")

    def stop(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(20)

    def log(self) -> str:
        return (self._place / "nginx.log").read_text()

    def _command(self) -> list[str]:
        place = str(self._place)
        return [binary(), "-p", f"{place}/", "-c", f"{place}/nginx.conf"]


def binary() -> str:
    """Where nginx is. Raises: NginxMissing."""
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if found is None:
        raise NginxMissing("nginx is not installed (apt install nginx-light)")
    return found


def fill_in(template: str, variables: Mapping[str, str]) -> str:
    """The template as the image's own start fills it in. Raises: KeyError for an unknown name."""
    text = "\n".join(line for line in template.splitlines() if not line.startswith("#"))
    return NAME.sub(lambda found: variables[found[1]], text) + "\n"


def upstream(ports: Collection[int]) -> str:
    """What stands in the place of deploy/nginx/upstream.conf: processes by port instead of name."""
    given = (DEPLOY / "upstream.conf").read_text()
    (server,) = re.findall(r"^ *server web:8000 resolve (.*);$", given, re.MULTILINE)
    servers = "\n".join(f"    server 127.0.0.1:{port} {server};" for port in ports)
    return f"upstream forum {{\n    zone forum 256k;\n{servers}\n}}\n"


def _as_who() -> str:
    """Its workers must read what the forum wrote, as in the image, where both are one user."""
    return "user root;" if os.geteuid() == 0 else ""
