"""The README's pictures, taken from a demo county of their own (`make screens`)."""

import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.proof.browser import ensure
from tests.proof.services import free_port

ROOT = Path(__file__).resolve().parents[1]
SCREENS = ROOT / "docs" / "screens"
LAPTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
START_TIMEOUT_S = 120
STOP_TIMEOUT_S = 20
POLL_S = 0.2
OFFICIAL_ANSWER = "article.post[data-official]"


def main() -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    with _forum() as origin, sync_playwright() as playwright:
        as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(
            executable_path=os.environ["TEST_BROWSER"], args=["--disable-gpu", *as_root]
        )
        _take_all(browser, origin)
        browser.close()


def _take_all(browser: Browser, origin: str) -> None:
    page = _window(browser, origin, viewport=LAPTOP)
    page.goto("/")
    _take(page, "home")
    thread = _thread_with_an_official_answer(page)
    page.goto(thread)
    _take(page, "thread")
    phone = _window(
        browser,
        origin,
        viewport=PHONE,
        device_scale_factor=2,
        color_scheme="dark",
        has_touch=True,
        is_mobile=True,
    )
    phone.goto(thread)
    _take(phone, "thread-phone-dark")


def _window(browser: Browser, origin: str, **wishes: object) -> Page:
    return browser.new_context(
        base_url=origin, locale="pl-PL", timezone_id="Europe/Warsaw", **wishes
    ).new_page()


def _thread_with_an_official_answer(page: Page) -> str:
    """The first of the latest threads in which the office has answered."""
    page.goto("/threads/")
    links = page.locator(".thread-row a[href^='/threads/']").evaluate_all(
        "links => links.map(link => link.getAttribute('href'))"
    )
    threads = list(dict.fromkeys(link for link in links if re.fullmatch(r"/threads/\d+/", link)))
    for thread in threads:
        page.goto(thread)
        if page.locator(OFFICIAL_ANSWER).count():
            return thread
    return threads[0]


def _take(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    path = SCREENS / f"{name}.png"
    page.screenshot(path=path)
    print(path.relative_to(ROOT))


@contextmanager
def _forum() -> Iterator[str]:
    """The address of a forum with the demo county, in a directory that is removed."""
    os.environ["TEST_BROWSER"] = ensure()
    origin = f"http://localhost:{free_port()}"
    with tempfile.TemporaryDirectory(prefix="forum-screens-") as data_dir:
        own = {"DEBUG": "true", "DATA_DIR": data_dir, "DATABASE_URL": "", "SITE_URL": origin}
        process = subprocess.Popen(
            [sys.executable, "manage.py", "up", "--port", origin.rpartition(":")[2]],
            cwd=ROOT,
            env={**os.environ, **own},
            stdout=subprocess.DEVNULL,
        )
        try:
            _wait_until_healthy(process, origin)
            yield origin
        finally:
            process.terminate()
            process.wait(STOP_TIMEOUT_S)


def _wait_until_healthy(process: subprocess.Popen[bytes], origin: str) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"{origin}/healthz", timeout=10).close()
        except OSError:
            time.sleep(POLL_S)
        else:
            return
    raise RuntimeError("The forum did not start; what it said about it is above.")


if __name__ == "__main__":
    main()
