"""A real browser without a network, as tests drive it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.wait import WebDriverWait

from leachwatch.bench.browser import BROWSER, DRAWING, DRIVER, FLAGS, NO_DRAWING

__all__ = [
    "DRAWING",
    "NO_DRAWING",
    "chromium",
    "complaints",
    "log",
    "needs_browser",
    "opened",
    "outside",
    "requests",
]
needs_browser = pytest.mark.skipif(
    not (BROWSER and DRIVER),
    reason="needs Chromium and chromedriver: apt-get install chromium chromium-driver",
)


@contextmanager
def chromium(profile: Path, *flags: str, scripts: bool = True) -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER or ""
    for flag in (*FLAGS, *flags, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    if not scripts:
        options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
    browser = webdriver.Chrome(options=options, service=Service(DRIVER))
    browser.get("about:blank")
    log(browser, "performance")  # what the browser asked for before our page is not the page's doing
    try:
        yield browser
    finally:
        browser.quit()


def opened(browser: webdriver.Chrome, path: Path) -> None:
    browser.get(path.as_uri())
    WebDriverWait(browser, 30).until(
        lambda found: found.execute_script(
            "const d = document.documentElement.dataset;"
            "return d.map && (d.chart || !document.getElementById('chart-spec'))"
        )
    )


def log(browser: webdriver.Chrome, name: str) -> list[dict[str, Any]]:
    """Entries since the last call."""
    return list(browser.get_log(name))  # type: ignore[no-untyped-call]


def requests(browser: webdriver.Chrome) -> list[str]:
    events = [json.loads(entry["message"])["message"] for entry in log(browser, "performance")]
    return [
        event["params"]["request"]["url"]
        for event in events
        if event["method"] == "Network.requestWillBeSent"
    ]


def outside(urls: list[str], path: Path) -> list[str]:
    """Requests for anything but the page itself and what it made in memory."""
    return [url for url in urls if url != path.as_uri() and not url.startswith(("blob:null/", "data:"))]


def complaints(browser: webdriver.Chrome) -> list[str]:
    return [entry["message"] for entry in log(browser, "browser")]
