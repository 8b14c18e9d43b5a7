"""Where the tests find Chromium, and how it comes to a machine that has none."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

LIGHT = "chromium-headless-shell"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APT_TIMEOUT_S = 600
MISSING = (
    "The browser tests need Chromium. On Debian and Ubuntu: apt install chromium. "
    "Elsewhere put chromium or google-chrome on the PATH, or name it in TEST_BROWSER."
)


class BrowserMissing(Exception):
    """No browser is here and none could be installed; the message says what to do."""


def find() -> str | None:
    """The path of a browser on this machine, None where there is none."""
    named = os.environ.get("TEST_BROWSER")
    if named:
        return named
    for name in NAMES:
        path = shutil.which(name)
        if path:
            return path
    return _downloaded()


def find_light() -> str | None:
    """The path of Chromium without a window, where it is: a third faster, and without push.
    TEST_LIGHT_BROWSER names another for the tests that need no more."""
    return os.environ.get("TEST_LIGHT_BROWSER") or shutil.which(LIGHT) or find()


def ensure() -> str:
    """The path of a browser, installed first if need be. Raises: BrowserMissing."""
    for install in (lambda: None, _install_with_apt, _install_with_playwright):
        install()
        path = find()
        if path:
            return path
    raise BrowserMissing(MISSING)


def _downloaded() -> str | None:
    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    return str(path) if path.exists() else None


def _install_with_apt() -> None:
    apt = shutil.which("apt-get")
    if apt is None:
        return
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if sudo and shutil.which("sudo") is None:
        return
    sys.stdout.write("Installing Chromium with apt-get ...\n")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-qq", "--no-install-recommends", "chromium"]):
        subprocess.run(
            [*sudo, apt, *arguments, *(["-y"] if arguments[0] == "install" else [])],
            env=quiet,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            timeout=APT_TIMEOUT_S,
            check=False,
        )


def _install_with_playwright() -> None:
    sys.stdout.write("Installing Chromium with Playwright ...\n")
    subprocess.run(
        [sys.executable, "-m", "playwright", "install", "chromium"],
        stdin=subprocess.DEVNULL,
        timeout=APT_TIMEOUT_S,
        check=False,
    )
