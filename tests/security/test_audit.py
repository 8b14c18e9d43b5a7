"""The audit of dependencies: a known weakness is found, and silence is never taken for a yes."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.proof import audit
from tests.proof.run import AUDIT, Step, _run, _summarize

LOCK = """
django==5.2.1 \\
    --hash=sha256:aa
pillow==9.0.0 ; python_version >= "3.11" \\
    --hash=sha256:bb
# via django==0
"""


class Advisories(BaseHTTPRequestHandler):
    """The database: it knows of one weakness, or answers as it is told."""

    answer: Any = None

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
        weak = {("pillow", "9.0.0"): [{"id": "PYSEC-1"}, {"id": "GHSA-2"}]}
        results = [
            {"vulns": found}
            if (found := weak.get((each["package"]["name"], each["version"])))
            else {}
            for each in asked
        ]
        body = {"results": results} if self.answer is None else self.answer
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Advisories)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def locked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for name in audit.LOCKS:
        (tmp_path / name).write_text(LOCK)
    monkeypatch.setattr(audit, "ROOT", tmp_path)
    return tmp_path


def ask(monkeypatch: pytest.MonkeyPatch, database: str) -> int:
    monkeypatch.setattr("sys.argv", ["audit", "--database", database])
    return audit.main()


def test_every_locked_version_is_asked_about() -> None:
    packages = audit.pinned(*((audit.ROOT / name).read_text() for name in audit.LOCKS))
    names = {each.name for each in packages}
    assert {"django", "daphne", "pillow", "nh3", "pytest"} <= names
    assert audit.pinned(LOCK) == [
        audit.Package("django", "5.2.1"),
        audit.Package("pillow", "9.0.0"),
    ]


@pytest.mark.usefixtures("locked")
def test_a_known_weakness_is_named(
    monkeypatch: pytest.MonkeyPatch, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask(monkeypatch, database) == audit.KNOWN
    assert "pillow 9.0.0: PYSEC-1, GHSA-2" in capsys.readouterr().out


def test_nothing_known_is_said_with_the_number_asked(
    monkeypatch: pytest.MonkeyPatch,
    database: str,
    locked: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in audit.LOCKS:
        (locked / name).write_text("django==5.2.1\n")
    assert ask(monkeypatch, database) == audit.OK
    assert "1 packages asked, 0 with" in capsys.readouterr().out


@pytest.mark.usefixtures("locked")
def test_where_nobody_can_be_asked_it_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask(monkeypatch, "http://127.0.0.1:9") == audit.NOT_ASKED
    assert "NOT AUDITED" in capsys.readouterr().out


@pytest.mark.usefixtures("locked")
@pytest.mark.parametrize("answer", [{}, [], {"results": []}, {"results": [{}]}])
def test_half_an_answer_is_none(
    monkeypatch: pytest.MonkeyPatch, database: str, answer: object
) -> None:
    monkeypatch.setattr(Advisories, "answer", answer)
    assert ask(monkeypatch, database) == audit.NOT_ASKED


@pytest.mark.parametrize(("code", "outcome"), [(0, "ok"), (1, "FAILED"), (2, "MISSING")])
def test_the_summary_of_the_proof_tells_the_three_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], code: int, outcome: str
) -> None:
    step = Step("audit", ["sh", "-c", f"exit {code}"], missing_code=AUDIT.missing_code)
    result = _run(step, tmp_path)
    assert result.outcome == outcome
    assert _summarize([result]) == (outcome == "FAILED")
    assert f"{outcome:8}audit" in capsys.readouterr().out
