from __future__ import annotations

from leachwatch.bench import measure_territory


def test_questions_about_control_are_timed() -> None:
    measured = measure_territory(sites=30, months=14, draws=20)
    assert (measured.sites, measured.site_months, measured.territories, measured.spells) == (30, 420, 36, 144)
    assert measured.rows >= measured.site_months
    assert 0 < measured.control_at_ms <= measured.control_at_ms_99
    assert all(value > 0 for name, value in measured.as_dict().items() if name.endswith("seconds"))
