"""Chromium without a screen and without a network."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from leachwatch.errors import OutputError

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

__all__ = ["BROWSER", "DRAWING", "DRIVER", "FLAGS", "NO_DRAWING", "headless"]

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-domain-reliability",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--window-size=1280,1000",
)
DRAWING = ("--enable-unsafe-swiftshader", "--use-gl=angle", "--use-angle=swiftshader")
"""WebGL in software: slower than on any machine with a graphics card."""

NO_DRAWING = ("--disable-gpu", "--disable-3d-apis")
"""No WebGL: the page keeps its picture."""

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
DRIVER = shutil.which("chromedriver")


@contextmanager
def headless(profile: Path, *flags: str) -> Iterator[Chrome]:
    """Start the browser and end it.

    Raises
    ------
    OutputError
        If it, its driver or selenium is not there.
    """
    try:
        from selenium import webdriver  # noqa: PLC0415 - a dependency of the tests alone
        from selenium.webdriver.chrome.service import Service  # noqa: PLC0415 - same
    except ImportError as error:
        raise OutputError(
            "selenium: is not installed; it comes with the tests: pip install 'leachwatch[test]'"
        ) from error
    if not (BROWSER and DRIVER):
        raise OutputError(
            "Chromium and chromedriver: are not there; install them: apt-get install chromium chromium-driver"
        )
    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER
    for flag in (*FLAGS, *flags, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
    browser = webdriver.Chrome(options=options, service=Service(DRIVER))
    try:
        yield browser
    finally:
        browser.quit()
