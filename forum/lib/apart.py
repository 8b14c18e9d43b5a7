"""Programs of ours that read what strangers sent, each in a process of its own.

A parser can be kept busy or made to eat all memory: the program limits its own memory and processor
time, the clock ends it, and it is given nothing of the forum's, for keys and passwords stand in its
environment. Source: docs/decisions/0040-text-of-files.md.
"""

import subprocess
import sys
from pathlib import Path
from typing import IO

from forum.lib import one_core


def run(
    program: Path,
    *arguments: str,
    given: bytes | IO[bytes],
    seconds: float,
    output: IO[bytes] | int = subprocess.PIPE,
) -> "subprocess.CompletedProcess[bytes] | None":
    """How the program ended that read what is given, bytes or a file of the system; None where the
    clock ended it."""
    content = given if isinstance(given, bytes) else None
    with subprocess.Popen(  # noqa: S603  # our own interpreter and our own file
        [sys.executable, "-I", str(program), *arguments],
        stdin=subprocess.PIPE if isinstance(given, bytes) else given,
        stdout=output,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env={"LANG": "C.UTF-8"},
    ) as process:
        one_core.let_go(process.pid)
        try:
            printed, _ = process.communicate(content, seconds)
        except subprocess.TimeoutExpired:
            return None
        finally:
            process.kill()  # it is no more, unless something went wrong
    return subprocess.CompletedProcess(process.args, process.returncode, printed)
