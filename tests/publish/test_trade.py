"""The section on trade: what gets out, what is drawn, what the tables say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from leachwatch import tables
from leachwatch.errors import TableError
from leachwatch.publish import page, trade_words
from leachwatch.publish.trade_projection import TradeFrames, project_trade
from leachwatch.publish.trade_section import Section, section

District = dict[str, list[dict[str, Any]]]
Make = Callable[..., District]
Write = Callable[[District], Path]

CANARY = "CANARY-7f3a"
HOSTILE = '</text></svg><script>document.title="owned"</script>'
BY_NAME = {table.name: table for table in tables.TRADE_TABLES if table is not tables.SENSITIVITY}


@pytest.fixture(scope="module")
def frames(trade: Callable[[], dict[str, Any]]) -> TradeFrames:
    return TradeFrames(**trade())


@pytest.fixture(scope="module")
def made(frames: TradeFrames) -> Section:
    return drawn(frames)


def drawn(frames: TradeFrames) -> Section:
    found = section(project_trade(frames, STATEMENTS))
    assert found is not None
    return found


STATEMENTS = [
    SimpleNamespace(
        id="P20", reporter="CHN", partner="WLD", flow="import", hs="28469019", kind="total",
        period_start=date(2024, 1, 1), period_end=date(2024, 12, 1), base_start=None, base_end=None,
        base_partner=None, base_hs=None, value=43855.0, unit="t", source="a wire", url="", note=CANARY,
    ),
    SimpleNamespace(
        id="P24", reporter="CHN", partner="WLD", flow="import", hs="28469019", kind="change",
        period_start=date(2025, 2, 1), period_end=date(2025, 2, 1), base_start=date(2024, 2, 1),
        base_end=date(2024, 2, 1), base_partner=None, base_hs=None, value=-56.0, unit="%", source="a wire",
    ),
]  # fmt: skip


@given(name=st.from_regex(r"[a-z_]{3,20}", fullmatch=True), table=st.sampled_from(sorted(BY_NAME)))
@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
def test_a_column_added_tomorrow_stays_behind(frames: TradeFrames, name: str, table: str) -> None:
    frame = getattr(frames, table)
    if name in frame:
        return
    wider = project_trade(replace(frames, **{table: frame.assign(**{name: CANARY})}))
    assert wider == project_trade(frames)
    assert CANARY not in wider.model_dump_json()


def test_notes_of_observations_and_statements_stay_behind(frames: TradeFrames) -> None:
    assert frames.observations is not None
    noted = replace(frames, observations=frames.observations.assign(note=CANARY, url=CANARY))
    assert CANARY not in project_trade(noted, STATEMENTS).model_dump_json()


def test_rows_of_a_source_that_forbids_it_are_counted_and_stay_behind(frames: TradeFrames) -> None:
    assert frames.observations is not None
    closed = project_trade(replace(frames, observations=frames.observations.assign(source="UN Comtrade")))
    assert closed.imports == ()
    assert closed.withheld == len(project_trade(frames).imports) > 0


def test_only_years_of_the_chapter_leave(frames: TradeFrames) -> None:
    imports = project_trade(frames).imports
    assert {one.hs_scope for one in imports} == {"28469019", "28469048"}
    assert {(one.period_start.month, one.period_end.month) for one in imports} == {(1, 12)}


def test_every_public_model_of_trade_forbids_more(frames: TradeFrames) -> None:
    public = project_trade(frames, STATEMENTS)
    parts = [getattr(public, name) for name in type(public).model_fields if name != "withheld"]
    for record in (public, *(part[0] for part in parts)):
        with pytest.raises(ValidationError, match="Extra inputs"):
            type(record).model_validate({**dict(record), "added": CANARY})


def test_a_value_that_is_no_number_is_named(frames: TradeFrames) -> None:
    assert frames.series is not None
    with pytest.raises(TableError, match=r"series\.parquet: row 0: low"):
        project_trade(replace(frames, series=frames.series.assign(low=float("inf"))))


def test_myanmar_comes_first_then_all_origins_with_a_warning(made: Section) -> None:
    assert [figure.title for figure in made.months] == [
        "Imports of 28469019 by China from Myanmar, month by month",
        "Imports of 28469019 by China from all origins, month by month",
    ]
    assert "All origins are added" in made.months[1].limits
    assert "All origins are added" not in made.months[0].limits
    assert made.more_series == 1


def test_a_series_without_bounds_has_no_chart(frames: TradeFrames) -> None:
    assert frames.series is not None
    assert drawn(replace(frames, series=frames.series.assign(high=None))).months == ()


def test_every_chart_is_one_picture_with_a_name_from_its_data(made: Section) -> None:
    for figure in figures(made):
        assert figure.svg.startswith('<svg role="img" aria-label="')
        assert f'aria-describedby="{figure.name}-caption"' in figure.svg
        assert figure.svg.count("aria-") == 2
        assert not re.search(r' (style|id|class|href|clip-path)="', figure.svg)
        assert figure.source
        assert figure.limits
    assert made.imports is not None
    assert made.shares is not None
    assert "Lowest: 1,000 to 1,050 tonnes in January 2024" in made.months[0].svg
    assert "17,512 tonnes (Myanmar, 2020) to 43,906 tonnes (all origins, 2023)" in made.imports.svg
    assert "dysprosium mined, 2023: 43.2 to 52.8" in made.shares.svg


def test_nothing_is_said_to_be_earned(made: Section) -> None:
    assert made.dues is not None
    assert "would be due" in made.dues.title
    assert not re.search(r"\bearn", made.dues.title + made.dues.caption + made.dues.limits + made.dues.svg)


def figures(made: Section) -> Iterator[Any]:
    yield from made.months
    for one in (made.imports, made.prices, made.misprints, made.shares, made.dues):
        assert one is not None
        yield one


def test_conflicts_come_by_tonnes_with_the_likeliest_repair_first(made: Section) -> None:
    assert [conflict.best.tonnes for conflict in made.conflicts] == [4847.0, 69.0]
    assert [conflict.best.rank for conflict in made.conflicts] == [1, 1]
    assert [len(conflict.others) for conflict in made.conflicts] == [0, 1]


def test_a_misprint_stands_beside_what_fits_and_one_that_fits_does_not(made: Section) -> None:
    """P24 agrees with the rest by itself: it is doubted only since it may have changed places with P25."""
    assert [(one.statement, one.printed, one.low, one.high) for one in made.fits] == [
        ("P20", 43855.0, 48865.469, 48885.784),
        ("P25", -60.0, -56.134, -56.068),
    ]
    assert made.misprints is not None
    assert "P20: printed 43,855 t, fits 48,865 to 48,886" in made.misprints.svg
    assert "(taken for P24)" in made.misprints.svg
    assert made.misprints.source == "a wire"


def test_prices_stand_as_published_and_in_dollars_where_the_rate_is_known(made: Section) -> None:
    assert made.prices is not None
    assert "terbium oxide in yuan per kg: one figure, 6,550 (2025-03)" in made.prices.svg
    assert (
        "terbium oxide in dollars per kg: two figures, 889 to 907 (2025-03) to 930 to 1,000"
        in made.prices.svg
    )
    assert [trade_words.price(one) for one in made.priced] == [
        "6,550 yuan per kg",
        "889 to 907 dollars per kg, by the rate of the month",
        "930 to 1,000 dollars per kg",
    ]


def test_a_figure_without_an_upper_limit_says_so(frames: TradeFrames) -> None:
    assert frames.contradictions is not None
    open_ = frames.contradictions.copy()
    open_["fits_high"] = pd.Series([[None] * len(row) for row in open_["units"]], dtype=object)
    found = drawn(replace(frames, contradictions=tables.CONTRADICTIONS.check(open_)))
    assert [one.high for one in found.fits] == [None, None]
    assert found.misprints is not None
    assert "fits 48,865 t or more" in found.misprints.svg


def test_every_kind_of_repair_has_its_words() -> None:
    (column,) = (one for one in tables.CONTRADICTIONS.columns if one.name == "repair")
    assert set(trade_words.REPAIRS) == set(column.words)


def test_breaks_are_of_the_series_shown(made: Section) -> None:
    assert [trade_words.verdict(shock) for shock in made.shocks] == [
        "fall",
        SEASONAL,
        "unsure: a fall, if any",
    ]
    assert made.more_shocks == 1


def test_the_way_of_a_break_is_that_of_its_level_not_of_one_month(frames: TradeFrames) -> None:
    assert frames.shocks is not None
    risen = frames.shocks.assign(direction="rise", composition=True)
    found = drawn(replace(frames, shocks=risen))
    assert found.shocks[0].change_vs_season == -0.4
    assert [trade_words.verdict(shock) for shock in found.shocks] == [
        "rise",
        SEASONAL,
        "unsure: a rise, if any",
    ]
    assert "−40 % against the season, a rise, codes change places" in found.months[0].svg


def test_a_break_in_which_codes_change_places_says_so(
    district: Make, trade: Callable[[], dict[str, Any]], tmp_path: Path
) -> None:
    frames = trade()
    frames["shocks"]["composition"] = (
        frames["shocks"]["series"].str.contains("MMR") & ~frames["shocks"]["seasonal"]
    )
    said = "codes change places in these months"
    assert written(tmp_path, district, frames).count(said) == 1


SEASONAL = "seasonal: comes with the time of year"


def test_statements_say_what_they_say() -> None:
    total, change = project_trade(TradeFrames(), STATEMENTS).statements
    assert trade_words.statement(total) == "imports of 28469019 by China from all origins, 2024: 43,855 t"
    assert trade_words.statement(change) == (
        "imports of 28469019 by China from all origins, February 2025, against February 2024: −56 %"
    )


def test_without_tables_there_is_no_section(district: Make, write: Write) -> None:
    text = page(write(district(sites=1, months=2)), title="A district").read_text(encoding="utf-8")
    assert 'id="trade"' not in text


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_a_table_that_is_missing_leaves_its_part_out(frames: TradeFrames, name: str) -> None:
    drawn(replace(frames, **{name: None}))
    alone = TradeFrames(**{name: getattr(frames, name)})
    assert (section(project_trade(alone)) is None) == (name == "events")


def test_the_frames_are_the_tables_of_trade() -> None:
    assert {field.name for field in fields(TradeFrames)} == set(BY_NAME)


@pytest.fixture(scope="module")
def text(district: Make, trade: Callable[[], dict[str, Any]], tmp_path_factory: Any) -> str:
    return written(tmp_path_factory.mktemp("out"), district, trade())


def written(out: Path, district: Make, frames: dict[str, Any]) -> str:
    rows = district(sites=1, months=2)
    for table in tables.TABLES:
        tables.write(out, table, table.frame(rows[table.name]))
    for name, frame in frames.items():
        tables.write(out, BY_NAME[name], frame)
    text = page(out, title="A district", statements=STATEMENTS).read_text(encoding="utf-8")
    return text[text.index('<section id="trade"') : text.index('<section class="prose"')]


def test_a_simulated_page_says_that_these_figures_are_real(text: str) -> None:
    assert text.index("Published figures of the real world") < text.index("<figure")


def test_the_parts_come_in_their_order(text: str) -> None:
    wanted = (
        "from Myanmar, month by month", "from all origins, month by month", "by code, partner and year",
        "Prices of the oxides",
        "cannot all be true", "Where the months break", "depends on what is counted", "What would be due",
        "How much oxide", "All estimates",
    )  # fmt: skip
    places = [text.index(f"{one}") for one in wanted]
    assert places == sorted(places)


def test_every_number_in_a_table_is_one_of_the_frames(text: str) -> None:
    cells = re.findall(r"<(?:td|th scope=\"row\")[^>]*>(.*?)</(?:td|th)>", text, re.DOTALL)
    said = {one for cell in cells for one in re.findall(r"[+−]?\d[\d,.]*\d|\d", re.sub("<[^>]*>", " ", cell))}
    assert said <= {
        *("4,847", "69", "20", "43855", "48865", "24", "25", "22", "56", "60", "100", "78", "93", "1270"),
        *("1200", "43,855", "2024", "2025", "−56", "7", "28469019", "2023", "2025-03", "01", "03"),
        *("−40", "−34", "−42", "95", "30", "47,000", "44,000", "50,000", "48", "43", "53", "12", "11", "13"),
        *("48,865.469", "48,885.784", "−60", "−56.134", "−56.068"),
        *("6,550", "13", "16", "24", "889", "907", "930", "2025-03-24", "2025-04-01", "04"),
        *("57", "51", "63", "000", "1,000", "4,500,000", "4,100,000", "5,000,000", "1", "2"),
    }  # fmt: skip
    assert {"4,847", "−40", "47,000", "44,000", "50,000"} <= said


def test_hostile_text_stays_text(district: Make, trade: Callable[[], dict[str, Any]], tmp_path: Path) -> None:
    frames = trade()
    frames["observations"]["source"] = HOSTILE
    frames["events"]["note"] = HOSTILE
    frames["estimates"]["scenario"] = [f"{HOSTILE}{number}" for number in range(len(frames["estimates"]))]
    frames["contradictions"]["change"] = HOSTILE
    text = written(tmp_path, district, frames)
    assert "&lt;/svg&gt;&lt;script&gt;" in text
    assert "<script" not in text


def test_trade_adds_less_than_400_kilobytes(text: str) -> None:
    assert 20_000 < len(text.encode()) < 400_000
