"""The whole proof (`make test`): every step runs even where one fails; one summary at the end."""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.proof import browser, services
from tests.proof.audit import NOT_ASKED
from tests.proof.counting import Counts, counted

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
STEP_TIMEOUT_S = 50 * 60  # the slowest machines need half an hour where others need ten minutes
TOOK_TOO_LONG = 124  # as `timeout` says it
WORKERS = "2"
SLOWEST_TOLD = "25"  # tests: where to begin when the whole takes too long

PRODUCTION = {
    "DEBUG": "false",
    "SECRET_KEY": "a-key-for-the-check-alone-" + "0123456789abcdefghijklmnopqrstuvwxyz",
    "SITE_URL": "https://forum.example.org",
    "ALLOWED_HOSTS": "forum.example.org",
    "SMTP_HOST": "mail.example.org",
    "TRUSTED_PROXY_COUNT": "1",
}
# Nothing of the caller's own forum may reach the tests.
NOT_INHERITED = ("DATABASE_URL", "REDIS_URL", "DATA_DIR", "SECRET_KEY", "DEBUG", "HOST", "PORT")


@dataclass(frozen=True, slots=True)
class Step:
    """One command of the proof; the environment is added to the caller's."""

    name: str
    command: list[str | Path]
    environment: dict[str, str] = field(default_factory=dict)
    report: Path | None = None  # where pytest writes what it counted
    missing_code: int | None = None  # the code by which it says that it could not do its work


# Where no advisories can be reached the summary says MISSING: no failure, and no silent yes.
AUDIT = Step("audit", [sys.executable, "-m", "tests.proof.audit"], missing_code=NOT_ASKED)


@dataclass(frozen=True, slots=True)
class Result:
    """How a step ended. Units: seconds."""

    name: str
    outcome: str  # "ok", "FAILED" or "MISSING"
    seconds: float = 0.0
    counts: Counts = Counts()
    note: str = ""


def main() -> int:
    """Run what was asked for; 0 where nothing failed."""
    options = _options()
    os.chdir(ROOT)
    results: list[Result] = []
    with tempfile.TemporaryDirectory(prefix="forum-proof-") as directory:
        # PostgreSQL's own user and the workers' servers must be able to pass through.
        place = Path(directory)
        if options.only in {None, "lint"}:
            results += [_run(step, place) for step in [*lint_steps(), AUDIT]]
        if options.only != "lint":
            results += _run_tests(options, place)
    return _summarize(results)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=["lint", "sqlite", "services"])
    parser.add_argument("pytest", nargs="*", help="arguments for pytest, after --")
    return parser.parse_args()


def lint_steps() -> list[Step]:
    """What is judged without running a test."""
    templates = sorted(str(path) for path in _templates())
    python = sys.executable
    steps = [
        Step("ruff check", [BIN / "ruff", "check", "--quiet", "."]),
        Step("ruff format", [BIN / "ruff", "format", "--check", "--quiet", "."]),
        Step("djade", [BIN / "djade", "--check", "--target-version", "5.2", *templates]),
        Step("mypy", [BIN / "mypy", "--no-error-summary"]),
        Step("import-linter", [BIN / "lint-imports", "--no-logo"]),
        Step("migrations", [python, "manage.py", "makemigrations", "--check", "--dry-run"]),
        Step("catalogues", [python, "manage.py", "check_catalogues"]),
        Step(
            "check --deploy",
            [python, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
            PRODUCTION,
        ),
    ]
    return [step for step in steps if step.name != "djade" or templates]


def _templates() -> Iterator[Path]:
    for directory in ("templates", "accounts", "forum", "forum_site"):
        yield from (ROOT / directory).rglob("*.html")


def _run_tests(options: argparse.Namespace, place: Path) -> list[Result]:
    results = []
    environment: dict[str, str] = {}
    try:
        environment["TEST_BROWSER"] = browser.ensure()
    except browser.BrowserMissing as missing:
        results.append(Result("browser", "FAILED", note=str(missing)))
    if options.only in {None, "sqlite"}:
        step = _pytest("tests, SQLite + memory", place / "sqlite", environment, options.pytest)
        results.append(_run(step, place))
    if options.only in {None, "services"}:
        results.append(_run_on_services(options, place, environment))
    return results


def _pytest(name: str, place: Path, environment: dict[str, str], arguments: list[str]) -> Step:
    report = place.with_suffix(".xml")
    spread = ["-n", WORKERS, "--durations", SLOWEST_TOLD]
    command = [sys.executable, "-m", "pytest", "--quiet", *spread]
    return Step(name, [*command, f"--junitxml={report}", *arguments], environment, report)


def _run_on_services(
    options: argparse.Namespace, place: Path, environment: dict[str, str]
) -> Result:
    name = "tests, PostgreSQL + Redis"
    with ExitStack() as stack:
        try:
            addresses = stack.enter_context(services.running())
        except services.ServiceMissing as missing:
            return Result(name, "FAILED" if _services_required() else "MISSING", note=str(missing))
        own = {"DATABASE_URL": addresses.database_url, "REDIS_URL": addresses.redis_url}
        return _run(_pytest(name, place / "services", environment | own, options.pytest), place)


def _services_required() -> bool:
    return os.environ.get("REQUIRE_SERVICES", "").lower() in {"1", "true", "yes"}


def _run(step: Step, place: Path) -> Result:
    sys.stdout.write(f"\n=== {step.name}\n")
    sys.stdout.flush()
    begun = time.monotonic()
    code = _call(step, place)
    seconds = time.monotonic() - begun
    outcome = "ok" if code == 0 else "FAILED"
    note = ""
    if step.missing_code is not None and code == step.missing_code:
        outcome, note = "MISSING", "no advisories could be reached"
    return Result(step.name, outcome, seconds, counted(step.report), note)


def _call(step: Step, place: Path) -> int:
    inherited = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
    environment = inherited | {"DATA_DIR": str(place / "data")} | step.environment
    with _ended_with_its_children(
        subprocess.Popen(step.command, env=environment, stdin=subprocess.DEVNULL)
    ) as process:
        try:
            return process.wait(STEP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            sys.stdout.write(f"{step.name} took more than {STEP_TIMEOUT_S // 60} minutes\n")
            return TOOK_TOO_LONG


@contextmanager
def _ended_with_its_children(process: subprocess.Popen) -> Iterator[subprocess.Popen]:
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _summarize(results: list[Result]) -> int:
    lines = ["", "=== Summary"]
    for result in results:
        counts = result.counts
        tests = f"{counts.passed} passed, {counts.failed} failed" if counts.passed else ""
        skipped = f", {counts.skipped} skipped" if counts.skipped else ""
        note = tests + skipped + result.note
        lines.append(f"{result.outcome:8}{result.name:28}{result.seconds:7.1f} s  {note}".rstrip())
        lines += [f"{'':8}needed a second try: {test}" for test in counts.tried_twice]
    passed = sum(result.counts.passed for result in results)
    # A failed step is one failure, unless pytest counted its own.
    failed = sum(
        max(result.counts.failed, 1) if result.outcome == "FAILED" else 0 for result in results
    )
    skipped = sum(result.counts.skipped for result in results)
    again = sum(len(result.counts.tried_twice) for result in results)
    closing = f"proof: {passed} passed, {failed} failed"
    closing += f", {skipped} skipped" if skipped else ""
    # The last line has a form that machines read: the second tries stand before it.
    lines += ["", f"At the second try: {again}", closing] if again else ["", closing]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
