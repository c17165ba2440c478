"""The page as somebody uses it who does not see it, or not well, or has no mouse: axe, keys, names."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from browsers import DRAWING, chromium, needs_browser, opened
from leachwatch import films, tables
from leachwatch.bench.crowd import write_crowd
from leachwatch.publish import page

pytestmark = needs_browser

BAD = ("serious", "critical")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
RENDERED = """
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("main>section{content-visibility:visible!important}");
    document.adoptedStyleSheets = [sheet];
"""
"""All sections as they are when a reader has come to them; axe would lay each out anew for every element."""

RUN = """
    const done = arguments[arguments.length - 1];
    axe.run(document, {runOnly: arguments[0], resultTypes: ["violations"]})
      .then((found) => done(found.violations.map(({id, impact, help, nodes}) => ({id, impact, help,
        where: nodes.map((node) => node.target.join(" ") + ": " + node.failureSummary)}))),
        (error) => done([{id: "axe", impact: "critical", help: String(error), where: []}]));
"""


@pytest.fixture(scope="module")
def path(filmed: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with everything: sites, films, control, claims of the Kachin case, trade."""
    crowd = write_crowd(tmp_path_factory.mktemp("case"), sites=12, months=30)
    for name in tables.read(crowd.out, tables.SITES)["site_id"]:
        films.write(crowd.out, name, filmed())
    return page(
        crowd.out,
        title="A case with everything",
        simulated=True,
        notes=["One scene could not be read."],
        statements=crowd.statements,
        records=crowd.records,
    )


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory, path: Path) -> Iterator[webdriver.Chrome]:
    with chromium(tmp_path_factory.mktemp("profile"), *DRAWING) as found:
        opened(found, path)
        yield found


def violations(browser: webdriver.Chrome) -> list[dict[str, Any]]:
    """What axe finds. It comes in through the debugger, to which the policy of a page does not apply.

    That is fair: axe reads the document and changes nothing, and the policy stays what it is for the page.
    """
    script = files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    browser.execute_cdp_cmd("Runtime.evaluate", {"expression": script})
    found: list[dict[str, Any]] = browser.execute_async_script(RUN, RULES)
    return found


def look(browser: webdriver.Chrome, *, width: int, scheme: str) -> None:
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


def choose_first(browser: webdriver.Chrome) -> None:
    browser.execute_script(RENDERED)
    browser.find_element(By.CSS_SELECTOR, "#table tbody tr a").send_keys(Keys.ENTER)
    browser.execute_script("for (const one of document.querySelectorAll('details')) one.open = true")


@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        (1280, "light"),
        pytest.param(1280, "dark", marks=pytest.mark.slow),
        pytest.param(390, "light", marks=pytest.mark.slow),
        (390, "dark"),
    ],
)
def test_axe_finds_nothing(browser: webdriver.Chrome, path: Path, width: int, scheme: str) -> None:
    opened(browser, path)
    look(browser, width=width, scheme=scheme)
    choose_first(browser)
    found = violations(browser)
    assert [one for one in found if one["impact"] in BAD] == []
    assert found == [], "moderate"


def test_the_first_key_leads_past_everything_to_the_table(browser: webdriver.Chrome, path: Path) -> None:
    opened(browser, path)
    look(browser, width=1280, scheme="light")
    browser.find_element(By.TAG_NAME, "body").send_keys(Keys.TAB)
    skip = browser.switch_to.active_element
    assert skip.is_displayed()
    assert "Skip to the table" in skip.text
    skip.send_keys(Keys.ENTER)
    top = browser.execute_script("return document.getElementById('sites').getBoundingClientRect().top")
    assert abs(top) < 200
