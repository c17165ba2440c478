"""The page in a real browser, with no network: what it asks for, what it shows, what cannot run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

from browsers import DRAWING, NO_DRAWING, chromium, complaints, log, needs_browser, opened, outside, requests
from leachwatch import films, tables
from leachwatch.publish import page

District = dict[str, list[dict[str, Any]]]
Make = Callable[..., District]

HOSTILE = (
    "</script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">\u2028"
)
pytestmark = needs_browser


def counts(browser: webdriver.Chrome) -> dict[str, str]:
    lines = browser.find_elements(By.CSS_SELECTOR, "#counts li")
    many = [line.find_element(By.CLASS_NAME, "many").text for line in lines]
    return dict(zip([line.get_attribute("data-state") or "" for line in lines], many, strict=True))


@pytest.fixture(scope="module")
def rows(district: Make) -> District:
    rows = district(sites=12, months=30)
    rows["sites"][0] |= {"area": HOSTILE, "lookalike": HOSTILE, "lookalike_score": 0.3}
    return rows


@pytest.fixture(scope="module")
def path(rows: District, filmed: Any, trade: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with film strips of all sites but the last, and with trade."""
    out = tmp_path_factory.mktemp("out")
    for table in tables.TABLES:
        tables.write(out, table, table.frame(rows[table.name]))
    for row in rows["sites"][:-1]:
        films.write(out, row["site_id"], filmed())
    by_name = {table.name: table for table in tables.TRADE_TABLES}
    for name, frame in trade().items():
        tables.write(out, by_name[name], frame)
    return page(out, title=f"မြစ်ကြီးနား {HOSTILE}")


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory, path: Path) -> Iterator[webdriver.Chrome]:
    with chromium(tmp_path_factory.mktemp("profile"), *DRAWING) as found:
        opened(found, path)
        yield found


def test_the_page_asks_for_nothing_and_nothing_is_refused(browser: webdriver.Chrome, path: Path) -> None:
    opened(browser, path)
    urls = requests(browser)
    assert path.as_uri() in urls
    assert outside(urls, path) == []
    assert complaints(browser) == []


def test_the_policy_refuses_what_a_planted_script_would_try(browser: webdriver.Chrome, path: Path) -> None:
    opened(browser, path)
    browser.execute_script(
        "const s = document.createElement('script'); s.textContent = 'document.title = \"owned\"';"
        "document.body.append(s);"
        "const i = document.createElement('img'); i.src = 'https://example.org/x.png';"
        "document.body.append(i)"
    )
    assert "owned" not in browser.title.removesuffix(HOSTILE)
    assert any("Content Security Policy" in message for message in complaints(browser))
    opened(browser, path)
    log(browser, "browser")


def test_the_live_map_is_there_and_shows_all_sites(browser: webdriver.Chrome) -> None:
    assert browser.execute_script("return document.documentElement.dataset.map") == "live"
    canvas = browser.find_element(By.CSS_SELECTOR, "#live-map canvas")
    assert canvas.size["width"] > 300
    assert not browser.find_element(By.ID, "picture").is_displayed()


def test_the_slider_moves_month_states_and_chart(browser: webdriver.Chrome, rows: District) -> None:
    slider = browser.find_element(By.ID, "month")
    slider.send_keys(Keys.HOME)
    first = counts(browser)
    assert browser.find_element(By.ID, "month-name").text == "June 2021"
    assert slider.get_attribute("aria-valuetext") == "June 2021"
    for _ in range(5):
        slider.send_keys(Keys.ARROW_RIGHT)
    fifth = [row["state"] for row in rows["site_months"] if f"{row['month']:%Y-%m}" == "2021-11"]
    assert browser.find_element(By.ID, "month-name").text == "November 2021"
    assert counts(browser) == {state: str(fifth.count(state)) for state in first}
    assert counts(browser) != first
    assert browser.find_element(By.ID, "reading").text.startswith("November 2021")


def test_a_row_of_the_table_chooses_the_site(browser: webdriver.Chrome) -> None:
    row = browser.find_element(By.CSS_SELECTOR, "#table tbody tr:nth-child(2)")
    row.find_element(By.TAG_NAME, "a").send_keys(Keys.ENTER)
    panel = browser.find_element(By.ID, "panel")
    assert panel.is_displayed()
    assert row.find_element(By.TAG_NAME, "bdi").text in panel.text
    assert "began" in panel.text
    assert "chosen" in (row.get_attribute("class") or "")
    name = row.find_element(By.TAG_NAME, "bdi").text
    WebDriverWait(browser, 5).until(lambda found: f"site={name}" in found.current_url)


def sites_shown(browser: webdriver.Chrome) -> list[str]:
    found = browser.find_elements(By.CSS_SELECTOR, "#table tbody tr:not([hidden]) th bdi:first-of-type")
    return [one.text for one in found if one.text.startswith("lw-")]


def ask(browser: webdriver.Chrome, path: Path, address: str) -> None:
    browser.get("about:blank")
    opened_at = path.as_uri() + address
    browser.get(opened_at)
    WebDriverWait(browser, 30).until(
        lambda found: found.execute_script("return document.documentElement.dataset.map")
    )


def test_a_filter_narrows_table_counts_and_address_alike(
    browser: webdriver.Chrome, path: Path, rows: District
) -> None:
    ask(browser, path, "")
    for tick in browser.find_elements(By.CSS_SELECTOR, "#tier-filter input"):
        if tick.get_attribute("value") == "confirmed":
            tick.send_keys(Keys.SPACE)
    sure = {row["site_id"] for row in rows["sites"] if row["tier"] == "confirmed"}
    assert 0 < len(sure) < len(rows["sites"])
    assert set(sites_shown(browser)) == sure
    assert browser.find_element(By.ID, "site-many").text == f"{len(sure)} of 12 sites shown."
    assert sum(map(int, counts(browser).values())) == len(sure)
    WebDriverWait(browser, 5).until(lambda found: found.current_url.endswith("#tier=confirmed"))
    browser.find_element(By.ID, "site-all").click()
    assert len(sites_shown(browser)) == 12
    WebDriverWait(browser, 5).until(lambda found: "#" not in found.current_url)
    assert complaints(browser) == []


def test_an_address_brings_month_site_filter_and_words_back(
    browser: webdriver.Chrome, path: Path, rows: District
) -> None:
    active = {
        row["site_id"]
        for row in rows["site_months"]
        if f"{row['month']:%Y-%m}" == "2022-11" and row["state"] == "active"
    }
    site = min(active)
    whole = f"#month=2022-11&site={site}&state=active&find=lw"
    ask(browser, path, whole)
    assert browser.find_element(By.ID, "month-name").text == "November 2022"
    assert set(sites_shown(browser)) == active
    assert counts(browser)["active"] == str(len(active))
    assert f"Site {site}" in browser.find_element(By.ID, "panel").text
    assert browser.find_element(By.ID, "site-search").get_attribute("value") == "lw"
    assert browser.current_url.endswith(whole)
    browser.execute_script("location.hash = '#limits'")
    assert set(sites_shown(browser)) == active, "a place on the page changes nothing else"
    browser.execute_script("location.hash = '#month=2021-08'")
    WebDriverWait(browser, 5).until(
        lambda found: found.find_element(By.ID, "month-name").text == "August 2021"
    )
    assert len(sites_shown(browser)) == 12
    assert not browser.find_element(By.ID, "panel").is_displayed()


def test_an_older_address_of_a_site_still_leads_to_it(
    browser: webdriver.Chrome, path: Path, rows: District
) -> None:
    site = rows["sites"][3]["site_id"]
    ask(browser, path, f"#site-{site}")
    assert f"Site {site}" in browser.find_element(By.ID, "panel").text


@pytest.mark.parametrize(
    "address", ["#%", "#month=9999-99&site=none&tier=x&state=,&find=%E0%A4%A", "#a=b?c=d"]
)
def test_an_address_that_says_nothing_known_opens_the_page_as_it_is(
    browser: webdriver.Chrome, path: Path, address: str
) -> None:
    ask(browser, path, address)
    assert browser.find_element(By.ID, "month-name").text == "November 2023"
    assert not browser.find_element(By.ID, "panel").is_displayed()
    assert complaints(browser) == []


def test_the_panel_of_a_site_shows_its_film_strip(browser: webdriver.Chrome, rows: District) -> None:
    last = rows["sites"][-1]["site_id"]
    for row in browser.find_elements(By.CSS_SELECTOR, "#table tbody tr"):
        name = row.find_element(By.TAG_NAME, "bdi").text
        row.find_element(By.TAG_NAME, "a").send_keys(Keys.ENTER)
        strips = browser.find_elements(By.CSS_SELECTOR, "#panel .film")
        assert len(strips) == (name != last)
        for strip in strips:
            assert name in (strip.get_attribute("aria-label") or "")
            assert strip.is_displayed()
            pictures = strip.find_elements(By.TAG_NAME, "image")
            assert len(pictures) == 2
            assert all(picture.size["width"] > 300 for picture in pictures)
            outline = strip.find_element(By.TAG_NAME, "use")
            assert outline.size["width"] > 5, "found where it is kept"
    slider = browser.find_element(By.ID, "month")
    browser.find_element(By.CSS_SELECTOR, "#table tbody a").send_keys(Keys.ENTER)
    strip = browser.find_element(By.CSS_SELECTOR, "#panel .film")
    slider.send_keys(Keys.ARROW_LEFT)
    assert strip.is_displayed(), "the same strip, not drawn anew each month"


def test_hostile_text_is_shown_and_does_not_run(browser: webdriver.Chrome) -> None:
    for row in browser.find_elements(By.CSS_SELECTOR, "#table tbody a"):
        row.send_keys(Keys.ENTER)
    assert browser.find_elements(By.CSS_SELECTOR, "img") == []
    assert "<img src=x" in browser.find_element(By.TAG_NAME, "h1").text
    assert browser.title != "owned"
    assert complaints(browser) == []


def test_the_section_on_trade_shows_its_charts_and_tables(browser: webdriver.Chrome) -> None:
    trade = browser.find_element(By.ID, "trade")
    charts = trade.find_elements(By.CSS_SELECTOR, ".chart svg[role=img]")
    assert len(charts) == 7
    assert all(chart.is_displayed() and chart.size["width"] > 600 for chart in charts)
    assert "Published figures of the real world" in trade.text
    assert "the gates shut" in trade.text
    assert "All estimates, 4 rows" in trade.text


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_screen_scrolls_sideways(browser: webdriver.Chrome, width: int) -> None:
    size = {"width": width, "height": 640, "deviceScaleFactor": 2, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    wide = browser.execute_script("return document.documentElement.scrollWidth")
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert wide <= width


def test_the_banner_says_simulated_wherever_the_reader_is(browser: webdriver.Chrome) -> None:
    browser.execute_script("window.scrollTo(0, document.body.scrollHeight)")
    top = browser.execute_script("return document.querySelector('.banner').getBoundingClientRect().top")
    assert top == 0


def test_rows_that_come_with_the_program_are_text_and_choose_their_site(
    district: Make, tmp_path: Path
) -> None:
    rows = district(sites=303, months=2)
    for site in rows["sites"]:
        site |= {"area": HOSTILE}
    for table in tables.TABLES:
        tables.write(tmp_path, table, table.frame(rows[table.name]))
    path = page(tmp_path, title="Many")
    with chromium(tmp_path / "profile", *NO_DRAWING) as browser:
        opened(browser, path)
        row = browser.find_elements(By.CSS_SELECTOR, "#table tbody tr")[302]
        assert HOSTILE.removesuffix("\u2028") in row.text
        row.find_element(By.TAG_NAME, "a").send_keys(Keys.ENTER)
        name = row.find_element(By.TAG_NAME, "bdi").text
        assert name in browser.find_element(By.ID, "panel").text
        assert outside(requests(browser), path) == []
        assert complaints(browser) == []
        assert browser.title == "Simulated: Many"


def test_with_scripts_off_the_page_is_a_document(path: Path, tmp_path: Path) -> None:
    with chromium(tmp_path, scripts=False) as browser:
        browser.get(path.as_uri())
        assert browser.find_element(By.ID, "picture").is_displayed()
        assert browser.find_element(By.CSS_SELECTOR, "#static-chart svg").is_displayed()
        assert len(browser.find_elements(By.CSS_SELECTOR, "#table tbody tr")) == 12
        assert browser.find_element(By.CSS_SELECTOR, "#trade .chart svg").is_displayed()
        reel = browser.find_element(By.CSS_SELECTOR, ".reel")
        reel.find_element(By.TAG_NAME, "summary").click()
        assert reel.find_element(By.CSS_SELECTOR, ".film image").size["width"] > 300
        assert "What this page cannot tell you" in browser.find_element(By.TAG_NAME, "main").text
        assert not browser.find_element(By.ID, "controls").is_displayed()
        assert outside(requests(browser), path) == []


def test_without_webgl_the_picture_follows_the_slider(path: Path, tmp_path: Path) -> None:
    with chromium(tmp_path, *NO_DRAWING) as browser:
        opened(browser, path)
        assert browser.find_element(By.ID, "picture").is_displayed()
        assert "cannot draw the live map" in browser.find_element(By.ID, "map-note").text
        later = "return document.querySelectorAll('#picture .patches .later').length"
        assert browser.execute_script(later) == 0
        browser.find_element(By.ID, "month").send_keys(Keys.HOME)
        assert browser.execute_script(later) > 0
