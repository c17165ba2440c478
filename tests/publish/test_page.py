"""The file: what is in it, what cannot be in it, and that nothing else may run."""

from __future__ import annotations

import re
import sys
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from subprocess import run
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leachwatch import films, tables
from leachwatch.errors import OutputError, TableError
from leachwatch.leaks import Secret, leaks
from leachwatch.publish import page
from leachwatch.publish.page import _LISTED, _render
from leachwatch.publish.projection import Frames, project
from unpacking import opened, unpacked

District = dict[str, list[dict[str, Any]]]
Make = Callable[..., District]
Write = Callable[[District], Path]

HOSTILE = (
    "</script><script>document.title='owned'</script>",
    "<img src=x onerror=\"document.title='owned'\">",
    "\"' onmouseover='alert(1)' x=\"",
    "]]><svg/onload=alert(1)>{{ 7*7 }}{% raw %}",
    "ဖားကန့် မြို့နယ်",
    "缅甸稀土 \u2028 line \u2029 paragraph",
)


class Outline(HTMLParser):
    """Elements of a page, and the text of each script and style, or what is packed in it."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.inline: list[tuple[str, str]] = []
        self._open: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag in {"script", "style"}:
            packed = dict(attrs).get("data-packed")
            self._open = f"packed {packed}" if packed else tag
            self.inline.append((self._open, ""))

    def handle_data(self, data: str) -> None:
        if self._open:
            self.inline[-1] = (self._open, self.inline[-1][1] + data)

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style"}:
            self._open = None


def outline(text: str) -> Outline:
    parser = Outline()
    parser.feed(text)
    return parser


@pytest.fixture(scope="module")
def rows(district: Make) -> District:
    return district(sites=6, months=14)


@pytest.fixture(scope="module")
def text(rows: District) -> str:
    return render(rows)


def render(rows: District, *, title: str = "A district", simulated: bool = False) -> str:
    return _render(project(frames(rows), title=title, simulated=simulated, made=None))


def frames(rows: District) -> Frames:
    return Frames(**{table.name: table.frame(rows[table.name]) for table in tables.TABLES})


def policy(text: str) -> dict[str, list[str]]:
    tag, attributes = next(element for element in outline(text).elements if element[0] == "meta")
    assert attributes["http-equiv"] == "Content-Security-Policy", tag
    parts = [part.split() for part in (attributes["content"] or "").split("; ")]
    return {part[0]: part[1:] for part in parts}


def test_the_policy_comes_first_and_the_encoding_soon(text: str) -> None:
    assert re.match(
        r"<!doctype html>\n<html lang=\"en\">\n<head>\n<meta http-equiv=\"Content-Security-", text
    )
    assert text.encode().index(b'<meta charset="utf-8">') < 1000


def test_the_policy_lets_nothing_out(text: str) -> None:
    rules = policy(text)
    assert (
        rules["default-src"]
        == rules["connect-src"]
        == rules["base-uri"]
        == rules["form-action"]
        == ["'none'"]
    )
    assert not any("unsafe" in source or "http" in source for sources in rules.values() for source in sources)


def test_hashes_are_those_of_the_styles_of_what_unpacks_the_program_and_of_the_program(text: str) -> None:
    rules, inline = policy(text), outline(text).inline
    scripts = [content for found, content in inline if found == "script"]
    programs = [opened(content) for found, content in inline if found == "packed program"]
    assert len(scripts) == 1
    assert "maplibre" in programs[1]
    assert [named(content) for content in (*scripts, *programs)] == rules["script-src"]
    assert [named(content) for found, content in inline if found == "style"] == rules["style-src"]


def named(content: str) -> str:
    return f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'"


def test_no_element_fetches_styles_or_handles_anything(rows: District, write: Write, filmed: Any) -> None:
    out = write(rows)
    films.write(out, rows["sites"][0]["site_id"], filmed())
    text = page(out, title="A district").read_text(encoding="utf-8")
    assert any(tag == "image" for tag, _ in outline(text).elements)
    for tag, attributes in outline(text).elements:
        assert tag not in {"link", "img", "iframe", "object", "embed", "base", "form"}
        for name, value in attributes.items():
            assert name != "style"
            assert not name.startswith("on")
            assert name not in {"src", "srcset", "action"}
            if name in {"href", "xlink:href"}:
                assert value is not None
                assert value.startswith("data:image/" if tag == "image" else "#")


@given(words=st.lists(st.text(min_size=1, max_size=40) | st.sampled_from(HOSTILE), min_size=3, max_size=3))
@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.too_slow])
def test_text_stays_text(district: Make, words: list[str]) -> None:
    rows = district(sites=1, months=2, tiles=1)
    plain = outline(render(rows))
    rows["sites"][0] |= {"area": words[0], "lookalike": words[1], "lookalike_score": 0.1}
    hostile = outline(render(rows, title=words[2]))
    shape = [tag for tag, _ in hostile.elements if tag not in {"bdi", "span"}]
    assert shape == [tag for tag, _ in plain.elements if tag not in {"bdi", "span"}]
    assert [kind for kind, _ in hostile.inline] == [kind for kind, _ in plain.inline]


def test_a_hostile_site_id_stays_text(district: Make) -> None:
    rows = district(sites=1, months=2, tiles=1)
    old = rows["sites"][0]["site_id"]
    for table in rows.values():
        for row in table:
            if row.get("site_id") == old:
                row["site_id"] = HOSTILE[0]
    text = unpacked(render(rows))
    assert HOSTILE[0] not in text
    assert "&lt;/script&gt;" in text
    assert "\\u003c/script\\u003e" in text


def test_no_library_asks_for_its_source_map(text: str) -> None:
    assert "sourceMappingURL" not in unpacked(text)


def test_the_map_package_is_read_without_being_imported(rows: District, write: Write) -> None:
    out = write(rows)
    code = (
        "import sys; from pathlib import Path; from leachwatch.publish import page;"
        f"page(Path({str(out)!r}), title='x'); assert 'maplibre' not in sys.modules"
    )
    run([sys.executable, "-c", code], check=True)


def test_equal_tables_give_equal_bytes(rows: District, text: str) -> None:
    assert render(rows) == text


def test_a_small_account_is_under_a_megabyte(text: str) -> None:
    assert len(text.encode()) < 1_000_000


def test_sites_beyond_the_first_hundreds_come_packed_and_without_scripts_that_is_said(district: Make) -> None:
    text = render(district(sites=_LISTED + 2, months=2))
    document, program = text.split('<script type="text/plain" data-packed="rows"')
    assert document.count("<tr id=") == _LISTED
    assert f"the {_LISTED} surest of {_LISTED + 2} sites" in document
    assert unpacked(f'<script type="text/plain" data-packed="rows"{program}').count("<tr id=") == 2


def test_what_must_not_come_out_is_found_in_what_is_packed_too(district: Make) -> None:
    rows = district(sites=_LISTED + 1, months=2)
    last = project(frames(rows), title="", simulated=True, made=None).sites[-1].site_id
    site = next(row for row in rows["sites"] if row["site_id"] == last)
    site |= {"lookalike": "Zipporah Quimby", "lookalike_score": 0.1}
    text = render(rows)
    assert "Quimby" not in text
    (finding, *_) = leaks({"index.html": text}, [Secret("per-0000000001", names=("Zipporah Quimby",))]).leaks
    assert (finding.where, finding.owner) == ("index.html", "per-0000000001")


def test_the_document_says_it_all_without_scripts(rows: District, text: str) -> None:
    document = text[: text.index('<script type="text/plain"')]
    for row in rows["sites"]:
        assert row["site_id"] in document
    for needed in ("What this page cannot tell you", 'class="picture"', 'id="static-chart"', "m²"):
        assert needed in document


def test_simulated_is_said_everywhere(district: Make) -> None:
    rows = district(sites=1, months=2)
    text = render(rows)
    assert 'class="banner"' in text
    assert "@top-center" in text
    assert text.count("url(#watermark)") == 2  # the map, and the close-up
    for row in rows["sites"]:
        row["simulated"] = False
    assert 'class="banner"' not in render(rows)
    assert 'class="banner"' in render(rows, simulated=True)


@pytest.mark.parametrize("simulated", [True, False])
@pytest.mark.parametrize(
    "size",
    [
        {"sites": 0, "months": 0},
        {"sites": 0, "months": 3},
        {"sites": 1, "months": 1},
        {"sites": 2, "tiles": 0},
    ],
)
def test_little_is_fine(district: Make, size: dict[str, int], *, simulated: bool) -> None:
    rows = district(**size)
    text = render(rows, simulated=simulated)
    assert "</html>" in text
    assert ('class="banner"' in text) == (simulated or bool(rows["sites"]))


def test_dates_that_are_not_known_are_said(district: Make) -> None:
    rows = district(sites=1, months=3)
    names = ("cleared_from", "pools_from", "state_since")
    rows["sites"][0] |= {f"{name}_{end}": None for name in names for end in ("earliest", "latest")}
    assert len(re.findall(r"<td data-t=\d+>not known</td>", render(rows))) == 3


def test_page_writes_one_file_and_no_leftover(rows: District, write: Write) -> None:
    out = write(rows)
    path = page(out, title="A district")
    assert path == out / "index.html"
    assert {file.name for file in out.iterdir()} == {
        "index.html",
        *(table.file_name for table in tables.TABLES),
    }


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"sites\.parquet"):
        page(tmp_path, title="A district")


def test_a_page_that_cannot_be_written_leaves_the_old_one(
    rows: District, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = write(rows)
    (out / "index.html").write_text("old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OutputError, match="No space left"):
        page(out, title="A district")
    assert (out / "index.html").read_text() == "old"
    assert not (out / "index.html.part").exists()
