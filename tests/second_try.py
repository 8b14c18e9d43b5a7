"""A failed test of a browser or a server is tried once more, with both started anew, and named.

A plugin of pytest, loaded by tests/conftest.py. Source: docs/decisions/0031-second-try.md.
"""

from collections.abc import Iterable

import pytest
from _pytest.runner import runtestprotocol
from _pytest.terminal import TerminalReporter

from tests.heavy import is_heavy
from tests.proof.counting import SECOND_TRY

FIRST_FAILURE = "first_failure"


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    if not is_heavy(item):
        return None
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    reports = runtestprotocol(item, nextitem=nextitem, log=False)
    if any(report.failed for report in reports):
        _end_what_is_shared(item)
        item.user_properties += [(SECOND_TRY, item.nodeid), (FIRST_FAILURE, _told(reports))]
        reports = runtestprotocol(item, nextitem=nextitem, log=False)
    for report in reports:
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Nothing is hidden: what failed at the first try is shown, however the second ended."""
    told = {
        report.nodeid: dict(report.user_properties)[FIRST_FAILURE]
        for reports in terminalreporter.stats.values()
        for report in reports
        if FIRST_FAILURE in dict(getattr(report, "user_properties", ()))
    }
    for nodeid, failure in told.items():
        terminalreporter.write_sep("=", f"first try of {nodeid}", yellow=True)
        terminalreporter.write_line(failure)


def _end_what_is_shared(item: pytest.Item) -> None:
    """The module's server and browser may be what is broken: the second try gets others."""
    try:
        item.session._setupstate.teardown_exact(item.session)
    except Exception as error:  # a browser that died complains when it is closed
        item.user_properties.append(("end_of_first_try", repr(error)))


def _told(reports: Iterable[pytest.TestReport]) -> str:
    return "\n".join(
        "\n".join([report.longreprtext, *(f"{name}\n{text}" for name, text in report.sections)])
        for report in reports
        if report.failed
    )
