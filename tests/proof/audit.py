"""Whether a known weakness stands in what the forum installs (`make audit`).

Asks the open database of advisories (osv.dev) about every version in the locks, in one question.
It says which of three things is so: nothing is known, something is known, or it was NOT AUDITED,
since the database could not be reached; silence is never taken for a yes.
Source: docs/decisions/0045-security.md.
"""

import argparse
import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-test.lock")
DATABASE = "https://api.osv.dev"
TIMEOUT_S = 30
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)
OK, KNOWN, NOT_ASKED = 0, 1, 2


@dataclass(frozen=True, slots=True, order=True)
class Package:
    name: str
    version: str


class NobodyAsked(Exception):
    """The database gave no answer that can be relied on; says why."""


def main() -> int:
    """0 where nothing is known, 1 where something is, 2 where nobody could be asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default=DATABASE)
    options = parser.parse_args()
    packages = pinned(*((ROOT / name).read_text() for name in LOCKS))
    try:
        found = known_weaknesses(packages, options.database)
    except NobodyAsked as reason:
        print(f"NOT AUDITED: {reason}. {len(packages)} packages were asked of nobody.")
        return NOT_ASKED
    for package, names in sorted(found.items()):
        print(f"{package.name} {package.version}: {', '.join(names)} (https://osv.dev/list)")
    print(f"{len(packages)} packages asked, {len(found)} with a known weakness.")
    return KNOWN if found else OK


def pinned(*locks: str) -> list[Package]:
    """Every version that the locks name, once."""
    found = {
        Package(name.lower(), version) for lock in locks for name, version in PINNED.findall(lock)
    }
    assert found, "a lock names versions"
    return sorted(found)


def known_weaknesses(packages: list[Package], database: str) -> dict[Package, list[str]]:
    """The names of the advisories about each. Raises: NobodyAsked."""
    queries = [
        {"package": {"name": each.name, "ecosystem": "PyPI"}, "version": each.version}
        for each in packages
    ]
    results = _answer(f"{database}/v1/querybatch", {"queries": queries}).get("results")
    # One answer for each question, in their order: anything else is about something else.
    if not isinstance(results, list) or len(results) != len(packages):
        raise NobodyAsked("the database answered something else")
    return {
        package: [str(each["id"]) for each in result["vulns"]]
        for package, result in zip(packages, results, strict=True)
        if result.get("vulns")
    }


def _answer(address: str, question: object) -> dict[str, object]:
    request = Request(  # https, or what the operator wrote
        address, json.dumps(question).encode(), {"Content-Type": "application/json"}
    )
    try:
        with urlopen(request, timeout=TIMEOUT_S) as answer:
            found = json.load(answer)
    except (URLError, OSError, ValueError) as error:
        raise NobodyAsked(f"{address} could not be asked ({error})") from error
    if not isinstance(found, dict):
        raise NobodyAsked("the database answered something else")
    return found


if __name__ == "__main__":
    sys.exit(main())
