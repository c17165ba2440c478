"""Charts of trade, from made-up rows that keep the contract of their tables."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pandas as pd
import pytest
import vl_convert

from leachwatch import tables
from leachwatch.publish import trade_charts
from leachwatch.publish.charts import VEGA_LITE
from leachwatch.publish.sheet import Chart

EMPTY_EVENTS = pd.DataFrame(columns=["id", "first", "last", "partner", "note", "source"])
BLANK = {"text": "", "date": date(2024, 1, 1), "number": 0.0, "count": 1, "flag": False, "texts": []}


def frame(table: tables.Table, *rows: Mapping[Any, Any]) -> pd.DataFrame:
    """Rows of a table, what is not said left blank."""
    blank = {
        column.name: None if column.optional else column.words[0] if column.words else BLANK[column.kind]
        for column in table.columns
    }
    return table.frame([{**blank, **row} for row in rows])


def figure(name: str, year: int, partner: str, value: float | None, **more: Any) -> dict[str, Any]:
    return {
        "source_id": name, "reporter": "CHN", "partner": partner, "flow": "import", "hs_scope": "28469019",
        "period_start": date(year, 1, 1), "period_end": date(year, 12, 31), "value": value, "unit": "t",
        "basis": "gross", "certainty": "A", "source": f"who printed {name}",
    } | more  # fmt: skip


def months(partner: str = "WLD", **changes: Any) -> list[dict[str, Any]]:
    return [
        {
            "month": date(2024, month, 1), "reporter": "CHN", "partner": partner, "flow": "import",
            "hs": "28469019", "low": 1000.0 * month, "high": 1000.0 * month + 50, "mid": 1000.0 * month + 25,
            "identified": month != 3, "reported": month == 2,
        } | changes
        for month in range(1, 7)
    ]  # fmt: skip


def shock(month: int, **more: Any) -> dict[str, Any]:
    return {
        "start": date(2024, month, 1), "series": "CHN import WLD 28469019", "change_vs_season": -0.4,
        "probability": 0.95, "seasonal": False, "sum_of_origins": True,
    } | more  # fmt: skip


def events(*rows: tuple[str, date, str]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "id": name,
                "first": day,
                "last": day,
                "partner": partner,
                "note": f"why {name}",
                "source": "A; B",
            }
            for name, day, partner in rows
        ]
    )


def estimate(quantity: str, scenario: str, level: float, **more: Any) -> dict[str, Any]:
    return {
        "quantity": quantity, "period": "2023", "scenario": scenario, "p05": level * 0.9, "p50": level,
        "p95": level * 1.1, "unit": "share", "inputs": ["A24"],
    } | more  # fmt: skip


FIGURES = frame(
    tables.OBSERVATIONS,
    figure("A16", 2020, "MMR", 17512.0),
    figure("A24", 2023, "MMR", 41700.0, low=41490.0, high=41930.0),
    figure("W02", 2023, "WLD", 43906.0, certainty="C"),
    figure("W13", 2024, "WLD", 9432.0, hs_scope="28469048"),
    figure("W33", 2024, "WLD", 15_110_000.0, hs_scope="28469048", unit="kg"),
)
MONTHS = frame(tables.SERIES, *months())
SHOCKS = frame(
    tables.SHOCKS,
    shock(2),
    shock(3, seasonal=True),
    shock(4, probability=0.3),
    shock(6, change_vs_season=0.5, direction="rise"),
)
HAPPENED = events(("gates", date(2024, 2, 10), "MMR"), ("notice", date(2024, 5, 2), "MMR"))
FOUND = pd.DataFrame(
    [
        (
            "P20",
            "2024\n28469019, China from all origins",
            43855.0,
            48865.0,
            48886.0,
            "t",
            "one digit: 48,855",
        ),
        ("P24", "February 2025 on February 2024", -56.0, -60.6, -59.4, "%", "swapped with P25"),
        ("P07", "July 2023", 900.0, 1100.0, None, "t", "a digit is lost"),
    ],
    columns=["statement", "what", "printed", "low", "high", "unit", "repair"],
)
DUE = frame(
    tables.ESTIMATES,
    *(
        estimate("would be due per 1,000 t", f"under R{n}, words", 1e6 * n, unit="USD", period="2025-03")
        for n in range(6)
    ),
)
SHARES = frame(
    tables.ESTIMATES,
    estimate("share of supply", "dysprosium mined", 0.48),
    estimate("share of supply", "all rare earths", 0.12),
    estimate("share of supply, as published", "dysprosium mined [S01]", 0.57, inputs=["S01"]),
)


def charts() -> Iterator[Chart]:
    made = (
        trade_charts.annual_imports(FIGURES, goods={"28469048": "carbonate"}),
        *trade_charts.monthly_series(MONTHS, SHOCKS, HAPPENED, source="a wire"),
        trade_charts.contradictions(FOUND, source="a wire"),
        trade_charts.revenue(DUE),
        trade_charts.supply_shares(SHARES, sources={"S01": "a house"}),
    )
    for chart in made:
        assert chart is not None
        yield chart


CHARTS = list(charts())
every_chart = pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.name)


def drawn(spec: Any) -> Iterator[dict[str, Any]]:
    """All rows of data anywhere in a specification."""
    if isinstance(spec, dict):
        for name, part in spec.items():
            if name == "datasets":
                yield from (row for rows in part.values() for row in rows)
            elif name == "values" and isinstance(part, list) and part and isinstance(part[0], dict):
                yield from part
            else:
                yield from drawn(part)
    elif isinstance(spec, list):
        for part in spec:
            yield from drawn(part)


def plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


@every_chart
def test_every_row_of_the_data_is_in_the_drawing(chart: Chart) -> None:
    there = list(drawn(chart.spec))
    same = {
        "tonnes",
        "codes",
        "month",
        "known",
        "note",
        "probability",
        "printed",
        "statement",
        "p05",
        "scenario",
    }
    for row in chart.data.to_dict("records"):
        wanted = {name: plain(value) for name, value in row.items() if name in same and pd.notna(value)}
        assert any(wanted.items() <= one.items() for one in there), wanted


@every_chart
def test_a_chart_is_drawn_and_asks_for_nothing(chart: Chart) -> None:
    svg = vl_convert.vegalite_to_svg(chart.spec, vl_version=VEGA_LITE, allowed_base_urls=[])
    assert "NaN" not in svg
    assert "undefined" not in svg
    assert '"url"' not in json.dumps(chart.spec)
    for word in chart.title.split():
        assert word in svg


@every_chart
def test_a_chart_has_its_source_and_how_to_read_it(chart: Chart) -> None:
    text = json.dumps(chart.spec, ensure_ascii=False)
    assert f"Source: {chart.source}"[:60] in text
    assert " ".join(chart.spec["title"]["subtitle"]) == chart.caption


def test_a_simulated_chart_says_so_first() -> None:
    chart = trade_charts.contradictions(FOUND, source="nobody", simulated=True)
    assert chart is not None
    assert chart.spec["title"]["subtitle"][0].startswith("Simulated figures: no real trade.")


def test_without_rows_there_is_no_chart() -> None:
    assert trade_charts.annual_imports(frame(tables.OBSERVATIONS)) is None
    assert trade_charts.monthly_series(frame(tables.SERIES), SHOCKS, HAPPENED, source="") == ()
    assert trade_charts.contradictions(FOUND.head(0), source="") is None
    assert trade_charts.revenue(SHARES) is None
    assert trade_charts.supply_shares(DUE) is None


def test_the_scale_fits_months_that_are_known_and_not_sums_over_many() -> None:
    rows = [{**row, "high": 40_000.0} if row["month"].month == 3 else row for row in months()]
    (chart,) = trade_charts.monthly_series(frame(tables.SERIES, *rows), SHOCKS, HAPPENED, source="a wire")
    shown = {row["month"]: row["shown"] for row in drawn(chart.spec) if "shown" in row}
    assert shown["2024-03-01"] == pytest.approx(6050 * 1.1)
    assert shown["2024-06-01"] == 6050
    assert list(chart.data.loc[chart.data["known"] == "sum", "high"]) == [40_000.0]


def test_only_whole_years_of_gross_imports_are_drawn() -> None:
    others = frame(
        tables.OBSERVATIONS,
        figure("X1", 2023, "MMR", 1.0, certainty="X"),
        figure("X2", 2023, "MMR", 1.0, basis="REO"),
        figure("X3", 2023, "MMR", 1.0, period_end=date(2023, 11, 30)),
        figure("X4", 2023, "MMR", 1.0, reporter="MYS"),
        figure("X5", 2023, "MMR", 1.0, unit="USD", basis="USD_cif"),
        figure("X6", 2023, "MMR", 1.0, hs_scope="unstated"),
        figure("X7", 2023, "MMR", None),
    )
    assert trade_charts.annual_imports(others) is None


def test_two_figures_of_one_year_stand_side_by_side_in_one_unit() -> None:
    two = CHARTS[0].data[CHARTS[0].data["codes"] == "28469048"]
    assert list(two["tonnes"]) == [9432.0, 15110.0]
    assert list(two["place"]) == [1, 2]


def test_a_figure_of_which_only_an_interval_is_known_has_its_middle() -> None:
    chart = trade_charts.annual_imports(
        frame(tables.OBSERVATIONS, figure("A", 2023, "MMR", None, low=10.0, high=30.0))
    )
    assert chart is not None
    assert list(chart.data["tonnes"]) == [20.0]


def test_months_are_told_apart_by_what_is_known_of_them() -> None:
    rows = frame(tables.SERIES, *months(), *months("MMR", high=None))
    mmr, wld = trade_charts.monthly_series(rows, SHOCKS, EMPTY_EVENTS, source="a wire")
    known = wld.data[wld.data["row"] == "month"]["known"]
    assert list(known) == ["bounds", "printed", "sum", "bounds", "bounds", "bounds"]
    assert set(mmr.data["known"]) == {"least"}
    assert "from Myanmar" in mmr.title
    assert "from all origins" in wld.title


def test_breaks_are_sure_seasonal_or_unsure_and_of_their_own_series() -> None:
    rows = frame(tables.SHOCKS, *SHOCKS.to_dict("records"), shock(5, series="CHN import MMR 28469019"))
    (chart,) = trade_charts.monthly_series(MONTHS, rows, EMPTY_EVENTS, source="a wire")
    broke = chart.data[chart.data["row"] == "break"]
    assert list(broke["kind"]) == ["fall", "seasonal", "unsure", "rise"]


def test_events_of_other_times_and_partners_are_not_drawn() -> None:
    rows = events(
        ("before", date(2020, 1, 1), "MMR"), ("after", date(2024, 7, 1), "MMR"),
        ("china", date(2024, 3, 1), "CHN"), ("gates", date(2024, 2, 10), "MMR"),
    )  # fmt: skip
    (wld,) = trade_charts.monthly_series(MONTHS, SHOCKS, rows, source="a wire")
    (mmr,) = trade_charts.monthly_series(frame(tables.SERIES, *months("MMR")), SHOCKS, rows, source="a wire")
    assert list(wld.data["id"].dropna()) == ["gates", "china"]
    assert list(mmr.data["id"].dropna()) == ["gates"]
    assert mmr.source == "a wire; A; B"


def test_what_was_summed_over_months_goes_before_the_example() -> None:
    summed = estimate("would be due", "under R2, cash", 5e6, unit="USD", period="2024-12/2025-05")
    month = estimate("would be due", "under R2, cash", 1e6, unit="USD", period="2025-05")
    chart = trade_charts.revenue(frame(tables.ESTIMATES, *DUE.to_dict("records"), summed, month))
    assert chart is not None
    assert list(chart.data["period"]) == ["2024-12/2025-05"]
    assert "on what crossed in 2024-12/2025-05" in chart.title


def test_no_chart_says_that_anybody_earned() -> None:
    for chart in CHARTS:
        assert "earn" not in json.dumps(chart.spec)
