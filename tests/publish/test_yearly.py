"""A small map for each year in which pools appeared."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from leachwatch import tables
from leachwatch.publish.projection import Frames, project
from leachwatch.publish.symbols import appearances
from leachwatch.publish.yearly import yearly

District = dict[str, list[dict[str, Any]]]


def project_of(rows: District) -> Any:
    frames = {table.name: table.frame(rows[table.name]) for table in tables.TABLES}
    return project(Frames(**frames), title="A case", simulated=False, made=None)


def test_every_patch_is_counted_in_the_year_in_which_it_appeared(district: Callable[..., District]) -> None:
    account = project_of(district(sites=12, months=30))
    classes, of = appearances(account)
    made = yearly(account)
    assert made is not None
    assert [one.kind for one in made.years] == list(classes)
    for number, one in enumerate(made.years):
        mine = [patch for patch, kind in zip(account.patches, of, strict=True) if kind == number]
        assert one.sites == len({patch.site_id for patch in mine})
        assert one.m2 == sum(patch.pool_area_m2 for patch in mine)
        assert one.dots.count("h0") <= one.sites
        assert bool(one.dots) == bool(mine)


def test_one_year_alone_is_no_expansion(district: Callable[..., District]) -> None:
    rows = district(sites=3, months=30)
    rows["patches"] = rows["patches"][:1]
    assert yearly(project_of(rows)) is None
    assert yearly(project_of(district(sites=0, months=6))) is None
