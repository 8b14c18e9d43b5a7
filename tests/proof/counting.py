"""What pytest counted: read from the report it writes for machines."""

from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

SECOND_TRY = "second_try"  # a property of a test in the report; its value is the test's address


@dataclass(frozen=True, slots=True)
class Counts:
    """How many tests passed, failed and were skipped, and which passed only when tried again."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    tried_twice: tuple[str, ...] = ()


def counted(report: Path | None) -> Counts:
    """What stands in the report; nothing where none was written."""
    if report is None or not report.exists():
        return Counts()
    root = ElementTree.parse(report).getroot()  # noqa: S314  # pytest's own
    passed = failed = skipped = 0
    for suite in root.iter("testsuite"):
        wrong = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        left_out = int(suite.get("skipped", 0))
        failed += wrong
        skipped += left_out
        passed += max(int(suite.get("tests", 0)) - wrong - left_out, 0)
    again = {
        each.get("value", "") for each in root.iter("property") if each.get("name") == SECOND_TRY
    }
    return Counts(passed, failed, skipped, tuple(sorted(again)))
