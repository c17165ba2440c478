"""The catalogues are whole, and a page says in Burmese and Chinese all that it says in English."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any, get_args

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st
from selenium import webdriver
from selenium.webdriver.common.by import By

from browsers import DRAWING, chromium, complaints, needs_browser, opened, opened_at, outside, requests
from leachwatch import films, tables
from leachwatch.case import Language, open_case, template_files
from leachwatch.case.records import read_records
from leachwatch.case.records.zawgyi import is_zawgyi
from leachwatch.errors import RecordError
from leachwatch.publish import page, words
from leachwatch.publish.language import LANGUAGES, Speech, listed, many, say
from leachwatch.publish.language.catalogue import KEYWORDS, LOCALE, catalogue
from leachwatch.publish.language.text import Message, Name, names

ROOT = Path(__file__).parents[2]
OTHERS: list[Language] = [language for language in LANGUAGES if language != "en"]
LETTERS = {"my": "[\u1000-\u109f]", "zh": "[\u4e00-\u9fff]"}
PRODUCTS = (
    *("leachwatch", "MapLibre", "Vega", "BSD", "Clause", "Sentinel", "Copernicus", "Comtrade"),
    *("MMR", "WLD", "CNY", "USD", "Ctrl", "REO"),
)
"""Names and codes that are the same in every language."""

_WALK = (Path(__file__).parent / "english_left.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def extracted() -> set[Message]:
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    found = extract_from_dir(ROOT, methods, options, keywords=KEYWORDS)
    return {Message(said) if isinstance(said, str) else Message(*said) for _, _, said, _, _ in found}


def test_a_case_may_name_every_language_of_the_page() -> None:
    assert set(get_args(Language)) == set(LANGUAGES)
    assert {path.name for path in LOCALE.iterdir()} == set(OTHERS)


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_has_every_sentence_of_the_page_and_no_other(
    language: Language, extracted: set[Message]
) -> None:
    with (LOCALE / language / "LC_MESSAGES" / "leachwatch.po").open("rb") as file:
        catalog = read_po(file, locale=language)
    assert [entry.id for entry in catalog if entry.id and entry.fuzzy] == []
    assert not catalog.obsolete
    assert extracted
    assert set(catalogue(language)) == extracted, "run `make messages`, then translate what is new"


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_places_of_its_sentence_and_takes_any_value(language: Language) -> None:
    for message, said in catalogue(language).items():
        places = names(message.one + message.other)
        assert set(names(said)) == set(places), said
        values = {place: f"⟦{place}⟧" for place in places}
        text = many(message.one, message.other, 2, **values) if message.other else say(message.one, **values)
        written = Speech(language).plain(text)
        assert all(value in written for value in values.values())
        assert not set("{}") & set(written)
        assert ("\n" in said) == ("\n" in message.one)


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_is_written_in_the_letters_of_its_language(language: Language) -> None:
    for message, said in catalogue(language).items():
        assert unicodedata.is_normalized("NFC", said)
        left = re.sub(r"\{\w+\}", "", message.one)
        if re.search("[A-Za-z]{3}", re.sub("|".join(PRODUCTS), "", left)):
            assert said.isdecimal() or re.search(LETTERS[language], said), said
        others = [LETTERS[other] for other in LETTERS if other != language]
        assert not re.search("|".join(others), said)


def test_no_burmese_is_zawgyi() -> None:
    assert is_zawgyi("ျမန္မာႏိုင္ငံ")
    said = catalogue("my").values()
    assert not is_zawgyi(" ".join(said))
    assert [text for text in said if len(text) > 20 and is_zawgyi(text)] == []  # a short word proves nothing


@pytest.mark.parametrize("language", OTHERS)
def test_what_was_not_seen_is_told_from_what_was_not_there(language: Language) -> None:
    speech = Speech(language)
    assert len({speech.plain(said) for said in words.STATES.values()}) == len(words.STATES)
    assert len({speech.plain(said) for said in words.MEANINGS.values()}) == len(words.MEANINGS)
    assert len({speech.plain(said) for said in words.SURE.values()}) == len(words.SURE)


def test_a_text_is_english_wherever_nobody_asks_for_more() -> None:
    text = many("{many} site", "{many} sites", 2000)
    assert text == "2,000 sites"
    assert f"{text}." == "2,000 sites."
    assert deepcopy(text).message == text.message


def test_values_are_said_in_the_language_of_the_whole() -> None:
    text = listed([words.STATES["active"], words.STATES["idle"]])
    assert Speech("zh").plain(text) == "运作中和闲置"
    name = Name("West", {"my": "အနောက်", "zh": ""})
    assert Speech("my").plain(say("{territory}: {who}", territory=name, who="KIO")) == "အနောက် - KIO"
    assert Speech("zh").plain(name) == "West"


def test_a_sentence_that_a_catalogue_lacks_stays_english_and_says_so() -> None:
    speech = Speech("my")
    assert str(speech.shown(say("nobody has translated this"))) == (
        '<span data-t=0 lang="en">nobody has translated this</span>'
    )
    assert speech.book()["messages"] == [["nobody has translated this", None, None]]


@given(st.text(), st.text(), st.sampled_from(list(LANGUAGES)))
def test_what_stands_in_a_text_stays_text_and_reaches_the_script_as_it_is(
    one: str, other: str, language: Language
) -> None:
    speech = Speech(language)
    shown = str(speech.shown(say("between {first} and {last}", first=one, last=other)))
    note, written = re.fullmatch(r"<span data-t='([^']*)'>([^<]*)</span>", shown, re.DOTALL).groups()  # type: ignore[union-attr]
    assert json.loads(unescape(note)) == [0, one, other]
    assert one in unescape(written)
    tag = str(speech.attributes(aria_label=say("before {day}", day=one)))
    assert re.fullmatch(r' aria-label="[^"]*" data-a=\'[^\']*\'', tag, re.DOTALL)


def test_a_case_is_refused_a_language_that_the_page_does_not_speak(tmp_path: Path) -> None:
    for name, content in template_files("kachin").items():
        (tmp_path / name).write_bytes(content)
    path = tmp_path / "case.yaml"
    asked = path.read_text(encoding="utf-8")
    path.write_text(asked + "language: my\n", encoding="utf-8")
    assert open_case(tmp_path, today=date(2026, 1, 1)).language == "my"
    path.write_text(asked + "language: kac\n", encoding="utf-8")
    with pytest.raises(RecordError, match="language"):
        open_case(tmp_path, today=date(2026, 1, 1))


Make = Callable[..., dict[str, list[dict[str, Any]]]]


@pytest.fixture(scope="module")
def allowed(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Names in the records of the case that ships."""
    records = read_records(shipped(tmp_path_factory.mktemp("names")))
    places = [one.name for one in records.territories.values()]
    return [*PRODUCTS, *(one.label for one in records.actors.values()), *places]


def shipped(folder: Path) -> Path:
    for name, content in template_files("kachin").items():
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture(scope="module")
def make(
    district: Make, filmed: Any, trade: Any, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Language], Path]:
    """Pages with everything a page can have: sites, strips, trade, claims with verdicts, territories."""
    out = tmp_path_factory.mktemp("out")
    rows = district(sites=12, months=30)
    for table in tables.TABLES:
        tables.write(out, table, table.frame(rows[table.name]))
    films.write(out, rows["sites"][0]["site_id"], filmed())
    by_name = {table.name: table for table in tables.TRADE_TABLES}
    for name, frame in trade().items():
        tables.write(out, by_name[name], frame)
    records = read_records(shipped(tmp_path_factory.mktemp("case")))
    tested = [one.id for one in records.claims.values() if one.test is not None]
    for table, frame in judged(tested[:3]).items():
        tables.write(out, table, frame)

    def made(language: Language) -> Path:
        path = page(out, title="A district", made=date(2026, 1, 2), records=records, language=language)
        return path.rename(path.with_name(f"{language}.html"))

    return made


def judged(claims: list[str]) -> dict[tables.Table, Any]:
    verdict: dict[str, Any] = {
        "verdict": "CONFLICTING", "why": "Right and wrong.", "would_change": "A file.", "published": None,
        "readings": 1, "supporting": 0, "independent": True, "data": [], "supersedes": None,
        "run_at": date(2026, 1, 1), "clear": True,
    }  # fmt: skip
    reading: dict[str, Any] = {
        "reading": "gross", "low": 9.4, "high": None, "accepted_low": 8.5, "accepted_high": 11.5,
        "unit": "days", "result": "open", "why": "Bounds of two.",
        "context": ["March was lowest."], "inputs": ["series"],
    }  # fmt: skip
    return {
        tables.VERDICTS: tables.VERDICTS.frame([{"claim_id": one, **verdict} for one in claims]),
        tables.READINGS: tables.READINGS.frame([{"claim_id": one, **reading} for one in claims]),
    }


@pytest.fixture(scope="module")
def path(make: Callable[[Language], Path]) -> Path:
    return make("en")


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory, path: Path) -> Iterator[webdriver.Chrome]:
    with chromium(tmp_path_factory.mktemp("profile"), *DRAWING) as found:
        opened(found, path)
        yield found


def speak(browser: webdriver.Chrome, language: str) -> None:
    browser.execute_script("window.scrollTo(0, 0)")
    browser.find_element(By.CSS_SELECTOR, f"#languages [lang={language}]").click()


def english_left(browser: webdriver.Chrome, allowed: list[str]) -> list[str]:
    return list(browser.execute_script(_WALK, allowed))


@needs_browser
def test_the_walk_finds_english_where_there_is_some(browser: webdriver.Chrome, allowed: list[str]) -> None:
    speak(browser, "en")
    assert len(english_left(browser, allowed)) > 200


@needs_browser
@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_in_the_language_chosen_but_records_and_what_says_that_it_is_english(
    browser: webdriver.Chrome, path: Path, allowed: list[str], language: str
) -> None:
    opened(browser, path)
    browser.execute_script("document.querySelector('#table tbody tr a').click()")
    speak(browser, language)
    assert browser.execute_script("return document.documentElement.lang") == language
    assert english_left(browser, allowed) == []
    for _ in ("plays", "stops"):
        browser.execute_script("document.getElementById('play').click()")
    assert english_left(browser, allowed) == []
    assert outside(requests(browser), path) == []
    assert complaints(browser) == []


@needs_browser
def test_the_language_stands_in_the_address_and_comes_back(browser: webdriver.Chrome, path: Path) -> None:
    opened(browser, path)
    title = browser.find_element(By.ID, "sites-title")
    english = title.text
    speak(browser, "my")
    burmese = title.text
    assert re.search(LETTERS["my"], burmese)
    browser.execute_async_script("setTimeout(arguments[0], 300)")
    assert "lang=my" in browser.current_url
    cited = browser.current_url
    browser.get("about:blank")
    opened_at(browser, cited)
    assert browser.find_element(By.ID, "sites-title").text == burmese
    pressed = browser.find_element(By.CSS_SELECTOR, "#languages [aria-pressed=true]")
    assert pressed.get_attribute("lang") == "my"
    speak(browser, "en")
    assert browser.find_element(By.ID, "sites-title").text == english
    kept = "return localStorage.length + sessionStorage.length + document.cookie.length"
    assert browser.execute_script(kept) == 0


@needs_browser
@pytest.mark.parametrize("language", OTHERS)
def test_with_scripts_off_the_page_is_in_the_language_of_its_case(
    make: Callable[[Language], Path], tmp_path: Path, language: Language
) -> None:
    path = make(language)
    with chromium(tmp_path, scripts=False) as browser:
        browser.get(path.as_uri())
        root = browser.find_element(By.TAG_NAME, "html")
        assert root.get_attribute("lang") == language
        assert not browser.find_element(By.ID, "languages").is_displayed()
        said = browser.find_element(By.CSS_SELECTOR, ".deck").text
        assert len(re.findall(LETTERS[language], said)) > 20
        assert not re.search("[A-Za-z]{3}", said)
        assert outside(requests(browser), path) == []


@needs_browser
@pytest.mark.parametrize("language", list(LANGUAGES))
@pytest.mark.parametrize("width", [320, 1280])
def test_no_language_makes_a_screen_scroll_sideways(
    browser: webdriver.Chrome, language: str, width: int
) -> None:
    speak(browser, language)
    size = {"width": width, "height": 640, "deviceScaleFactor": 2, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    wide = browser.execute_script("return document.documentElement.scrollWidth")
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert wide <= width
