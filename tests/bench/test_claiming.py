from __future__ import annotations

from leachwatch.bench import measure_claims


def test_every_kind_of_claim_is_judged_and_what_it_took_is_told() -> None:
    took = measure_claims(claims=28, site_months=1_200)
    assert (took.claims, took.site_months, sum(took.verdicts.values())) == (28, 1_200, 28)
    assert took.verdicts["NOT_COMPUTABLE"] == 0
    assert took.cpu_seconds > 0
    assert took.peak_bytes > 50_000_000
