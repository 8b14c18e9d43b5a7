"""import-linter holds the floors; here stands that it covers every room and can fail."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.floors import ROOT, contract, floors, rooms_on_disk

LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")


def test_every_room_stands_on_a_floor():
    assert rooms_on_disk() == set(floors())


def test_every_room_keeps_the_order_inside():
    without_models = {"forum_site", "forum.lib"}
    assert set(contract("room")["containers"]) == rooms_on_disk() - without_models


@pytest.mark.parametrize(
    ("module", "forbidden_import", "contract_name"),
    [
        ("forum/lib/answers.py", "import accounts.models", "Floors"),
        ("accounts/rules.py", "import forum.categories.models", "Floors"),
        ("forum/jobs/models.py", "import forum.categories.models", "Floors"),
        ("forum/categories/models.py", "import forum.discussions.models", "Floors"),
        ("accounts/models/people.py", "import accounts.rules", "Inside a room"),
        ("forum/discussions/rules.py", "import forum.discussions.actions", "Inside a room"),
    ],
)
def test_a_forbidden_import_breaks_its_contract(tmp_path, module, forbidden_import, contract_name):
    _copy_the_code(tmp_path)
    broken = tmp_path / module
    broken.write_text(f"{broken.read_text()}\n{forbidden_import}\n")
    answer = _lint(tmp_path)
    assert answer.returncode != 0
    lines = answer.stdout.splitlines()
    assert any(line.startswith(contract_name) and line.endswith("BROKEN") for line in lines)


def _copy_the_code(target: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", target)
    for package in ("accounts", "forum", "forum_site"):
        shutil.copytree(
            ROOT / package,
            target / package,
            ignore=lambda _directory, names: {
                name for name in names if not name.endswith(".py") and "." in name
            },
        )


def _lint(directory: Path) -> subprocess.CompletedProcess:
    return subprocess.run(
        [LINT_IMPORTS, "--no-logo", "--no-cache"], cwd=directory, capture_output=True, text=True
    )
