from __future__ import annotations

import pytest

from leachwatch.trade.partners import by_gacc, by_iso, by_m49, by_name


@pytest.mark.parametrize(
    ("iso", "m49", "gacc", "name"),
    [
        ("MMR", 104, "106", "缅甸"),
        ("LAO", 418, "119", "老挝"),
        ("MYS", 458, "122", "马来西亚"),
        ("THA", 764, "136", "泰国"),
        ("VNM", 704, "141", "越南"),
        ("CHN", 156, "142", "中国"),
    ],
)
def test_a_partner_is_found_by_each_of_its_names(iso: str, m49: int, gacc: str, name: str) -> None:
    found = by_iso()[iso]
    assert found is by_m49()[m49]
    assert found is by_gacc()[gacc]
    assert found is by_name()[name]


def test_no_two_partners_share_a_number_or_a_name() -> None:
    partners = by_iso().values()
    assert len(by_m49()) == sum(len(one.m49) for one in partners)
    assert len(by_name()) == sum(len(one.names) for one in partners)
    assert len(by_gacc()) == sum(bool(one.gacc) for one in partners)


def test_only_the_numbers_that_were_looked_up_are_verified() -> None:
    verified = {one.gacc for one in by_iso().values() if one.verified}
    assert verified == {"101", "103", "106", "107", "112", "122", "136", "141"}


def test_the_world_is_a_partner() -> None:
    assert by_m49()[0].iso3 == "WLD"
