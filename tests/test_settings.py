"""Settings come from the environment, are documented, and fail loudly by name."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from forum_site import environment
from tests.floors import ROOT

READERS = {"text", "flag", "number", "words", "secret", "secret_or_none", "secrets", "database"}
DOCUMENTED = re.compile(r"^#? ?([A-Z][A-Z0-9_]+)=", re.MULTILINE)


def test_every_variable_that_is_read_isdocumented():
    assert read_in_the_code() - documented() == set()


def test_every_documented_variable_is_read():
    assert documented() - read_in_the_code() - _used_by_compose() == set()


def test_a_read_variable_is_recognized():
    source = 'environment.flag("SAMPLE_FLAG", default=True)\nnumber("SAMPLE_NUMBER", 1)'
    assert _read_in(source) == {"SAMPLE_FLAG", "SAMPLE_NUMBER"}


def test_the_environment_is_read_in_one_file_only():
    readers = {path for path in _sources() if "os.environ" in path.read_text()}
    starters = {ROOT / "manage.py", ROOT / "forum_site" / "asgi.py"}
    assert readers - starters == {ROOT / "forum_site" / "environment.py"}


def test_a_setting_stands_in_one_place_and_how_people_sign_in_is_no_variable():
    signing_in = (ROOT / "forum_site" / "signing_in.py").read_text()
    once, others = _set_in(signing_in), _set_in((ROOT / "forum_site" / "settings.py").read_text())
    assert not once & others
    assert _read_in(signing_in) == set()
    assert "import" not in signing_in.split('"""')[2]
    assert len(once) > 30
    assert all(hasattr(settings, name) for name in once | others)


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("DEBUG", "perhaps", lambda: environment.flag("DEBUG")),
        ("WEB_PROCESSES", "many", lambda: environment.number("WEB_PROCESSES", 1)),
        ("SECRET_KEY", "short", lambda: environment.secret("SECRET_KEY", Path("unused"))),
        ("DATABASE_URL", "mysql://x", lambda: environment.database("DATABASE_URL", Path("x"), 8)),
    ],
)
def test_a_wrong_value_is_refused_with_the_variables_name(monkeypatch, name, value, read):
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=name):
        read()


def test_a_wrong_value_stops_the_start_with_the_variables_name(tmp_path):
    answer = _start(tmp_path, DEBUG="perhaps")
    assert answer.returncode != 0
    assert "DEBUG must be true or false" in answer.stderr


def test_without_any_variable_the_forum_is_safe(tmp_path):
    answer = _start(tmp_path)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.split() == ["False", "50"]


def test_the_secret_is_made_once_and_kept(tmp_path, monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    kept_in = tmp_path / "data" / "secret-key"
    first = environment.secret("SECRET_KEY", kept_in)
    assert len(first) >= 50
    assert environment.secret("SECRET_KEY", kept_in) == first
    assert kept_in.stat().st_mode & 0o077 == 0


def test_an_address_of_postgresql_becomes_a_pooled_connection(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://anna:tajne%21@db:5433/forum")
    database = environment.database("DATABASE_URL", Path("unused"), 5)
    assert (database["USER"], database["PASSWORD"]) == ("anna", "tajne!")
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db", "5433", "forum")
    assert database["OPTIONS"]["pool"]["max_size"] == 5
    assert database["CONN_MAX_AGE"] == 0
    assert database["ENGINE"] == "forum_site.postgresql"


@pytest.mark.parametrize(("prepares", "threshold"), [(True, 5), (False, None)])
def test_what_postgresql_planned_is_kept_unless_a_pooler_forbids_it(
    monkeypatch, prepares, threshold
):
    address = "postgres://db/forum?sslmode=require&options=-c%20jit%3Doff"
    monkeypatch.setenv("DATABASE_URL", address)
    database = environment.database("DATABASE_URL", Path("unused"), 5, prepares=prepares)
    assert database["OPTIONS"]["prepare_threshold"] == threshold
    assert database["OPTIONS"]["options"].startswith("-c jit=off")
    assert ("plan_cache_mode" in database["OPTIONS"]["options"]) is prepares
    assert database["OPTIONS"]["sslmode"] == "require"


def _set_in(source: str) -> set[str]:
    """The settings that a file gives a value to."""
    assigned = (node for node in ast.parse(source).body if isinstance(node, ast.Assign))
    return {name.id for node in assigned for name in node.targets if isinstance(name, ast.Name)}


def documented() -> set[str]:
    return set(DOCUMENTED.findall((ROOT / ".env.example").read_text()))


def read_in_the_code() -> set[str]:
    return set().union(*(_read_in(path.read_text()) for path in _sources()))


def _used_by_compose() -> set[str]:
    """What stands in .env.example for docker compose alone; tests/production/test_compose.py."""
    texts = ((ROOT / name).read_text() for name in ("docker-compose.yml", "deploy/compose.tls.yml"))
    return {name for text in texts for name in re.findall(r"\$\{([A-Z0-9_]+)", text)}


def _sources() -> list[Path]:
    packages = [
        path for name in ("accounts", "forum", "forum_site") for path in (ROOT / name).rglob("*.py")
    ]
    return [ROOT / "manage.py", *packages]


def _read_in(source: str) -> set[str]:
    """Names given as a literal to one of the readers of forum_site.environment."""
    names = set()
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call) or not call.args:
            continue
        called = call.func.attr if isinstance(call.func, ast.Attribute) else None
        called = call.func.id if isinstance(call.func, ast.Name) else called
        first = call.args[0]
        if called in READERS and isinstance(first, ast.Constant) and str(first.value).isupper():
            names.add(first.value)
    return names


def _start(data_dir: Path, **variables: str) -> subprocess.CompletedProcess:
    """Settings loaded in a process of their own, with nothing but these variables."""
    program = "from django.conf import settings;print(settings.DEBUG, len(settings.SECRET_KEY))"
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DATA_DIR": str(data_dir),
            "DJANGO_SETTINGS_MODULE": "forum_site.settings",
            **variables,
        },
        capture_output=True,
        text=True,
    )
