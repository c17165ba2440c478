"""How large the page of many sites is, how soon it shows, and how fast it answers."""

from __future__ import annotations

import json
import os
import re
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from leachwatch.bench.browser import DRAWING, NO_DRAWING, headless
from leachwatch.bench.crowd import write_crowd
from leachwatch.publish import page

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

__all__ = ["PageTime", "bytes_by_part", "measure_page"]

_READY_SECONDS = 120
_STEPS = 12
_PARTS = {
    "libraries": r'<script type="text/plain" data-packed="program">.*?</script>',
    "data": r'<script type="text/plain" data-packed="(?:data|rows)"[^>]*>.*?</script>',
    "films": r'<svg class="film".*?</svg>',
    "pictures": r"<svg.*?</svg>",
}
"""What each part is; what one holds does not count for the next."""

_READY = """
const d = document.documentElement.dataset;
return Boolean(d.map && (d.chart || !document.getElementById('chart-spec')));
"""
_PROBE = """
window.answers = [];
for (const kind of ["input", "click"]) addEventListener(kind, (event) => {
  const from = event.timeStamp;
  requestAnimationFrame(() => requestAnimationFrame(() => answers.push(performance.now() - from)));
}, true);
"""
"""From the key or click until the frame after the one that shows what it did; an upper bound."""

_PAINT = "return performance.getEntriesByName('first-contentful-paint')[0].startTime"


@dataclass(frozen=True)
class PageTime:
    """What a page of many sites weighs and takes.

    Attributes
    ----------
    sites, months, cores : int
        Of the page, and of the machine.
    making_seconds : float
        From the tables to the file.
    bytes : dict of str to int
        Of the whole, and of each part: libraries, data, films (image chips), pictures, and text, the rest.
    webgl, no_webgl : dict
        Milliseconds with the live map, drawn in software, and with the picture that stays where there is no
        WebGL: ``first_paint``, ``ready`` (map and chart are live); median and worst of ``cursor_step``,
        ``choosing``, ``searching``. ``requests`` to anywhere else.
    """

    sites: int
    months: int
    cores: int
    making_seconds: float
    bytes: dict[str, int]
    webgl: dict[str, Any]
    no_webgl: dict[str, Any]

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as for JSON."""
        return asdict(self)


def measure_page(
    sites: int = 2_000, months: int = 60, filmed: int = 0, *, progress: Callable[[str, int, int], None]
) -> PageTime:
    """Make a page of made-up sites with the claims and figures of the Kachin case, and use it.

    Parameters
    ----------
    sites, months : int
        How many.
    filmed : int
        How many sites have a film strip.
    progress : callable
        Told what is being done, how much of it is, and of how much.

    Returns
    -------
    PageTime

    Raises
    ------
    OutputError
        If there is no browser.
    """
    with tempfile.TemporaryDirectory(prefix="leachwatch-") as name:
        folder = Path(name)
        with headless(folder / "first"):  # before the long work: is there one?
            progress("page", 0, 3)
        crowd = write_crowd(folder / "case", sites=sites, months=months, filmed=filmed)
        start = time.perf_counter()
        path = page(
            crowd.out,
            title="Made-up sites",
            simulated=True,
            statements=crowd.statements,
            records=crowd.records,
        )
        seconds = time.perf_counter() - start
        used = []
        for number, flags in enumerate((DRAWING, NO_DRAWING), start=1):
            progress("page", number, 3)
            with headless(folder / str(number), *flags) as browser:
                used.append(_use(browser, path))
        progress("page", 3, 3)
        return PageTime(
            sites,
            months,
            os.cpu_count() or 1,
            seconds,
            bytes_by_part(path.read_text(encoding="utf-8")),
            *used,
        )


def bytes_by_part(text: str) -> dict[str, int]:
    """Weigh a page and its parts."""
    weights = {"whole": len(text.encode())}
    for part, pattern in _PARTS.items():
        found = re.findall(pattern, text, flags=re.DOTALL)
        weights[part] = sum(len(one.encode()) for one in found)
        text = re.sub(pattern, "", text, flags=re.DOTALL)
    return {**weights, "text": len(text.encode())}


def _use(browser: Chrome, path: Path) -> dict[str, Any]:
    browser.get(path.as_uri())
    start = time.perf_counter()
    while not browser.execute_script(_READY):
        if time.perf_counter() - start > _READY_SECONDS:
            break
        time.sleep(0.05)
    ready = browser.execute_script("return performance.now()")
    browser.execute_script(_PROBE)
    rows = "#table tbody tr:nth-child({}) a"
    told = {
        "first_paint": browser.execute_script(_PAINT),
        "ready": float(ready),
        "cursor_step": _answers(browser, [("#month", "ArrowLeft")] * _STEPS),
        "choosing": _answers(browser, [(rows.format(1 + number), "Enter") for number in range(6)]),
        "searching": _answers(browser, [("#site-search", sign) for sign in "47N-0"]),
    }
    return told | {"requests": _asked(browser, path)}


def _answers(browser: Chrome, keys: list[tuple[str, str]]) -> dict[str, float]:
    """Press keys one after the other, each when the last was answered; milliseconds."""
    browser.execute_script("answers.length = 0")
    for number, (where, key) in enumerate(keys, start=1):
        browser.execute_script("document.querySelector(arguments[0]).focus({preventScroll: true})", where)
        _press(browser, key)
        until = time.perf_counter() + _READY_SECONDS
        while browser.execute_script("return answers.length") < number and time.perf_counter() < until:
            time.sleep(0.01)
        time.sleep(0.2)
    times = browser.execute_script("return answers")
    return {"median": median(times), "worst": max(times)}


_CODES = {"ArrowLeft": 37, "Enter": 13}


def _press(browser: Chrome, key: str) -> None:
    told: dict[str, Any] = {"key": key, "code": key, "windowsVirtualKeyCode": _CODES.get(key, ord(key[0]))}
    text = {"Enter": "\r"}.get(key, key if len(key) == 1 else "")
    browser.execute_cdp_cmd(
        "Input.dispatchKeyEvent", {"type": "keyDown", **told, **({"text": text} if text else {})}
    )
    browser.execute_cdp_cmd("Input.dispatchKeyEvent", {"type": "keyUp", **told})


def _asked(browser: Chrome, path: Path) -> int:
    """Count requests for anything but the page and what it made in memory."""
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]  # type: ignore[no-untyped-call]
    asked = [
        one["params"]["request"]["url"] for one in events if one["method"] == "Network.requestWillBeSent"
    ]
    return len(
        [
            url
            for url in asked
            if url != path.as_uri() and not url.startswith(("blob:", "data:", "about:", "chrome"))
        ]
    )
