"""A release as files of a case: what is published, for others to read, change and reckon again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from leachwatch.case.records import Records
from leachwatch.release.model import Band, PublicClaim, PublicDated, PublicEvent, PublicPlace, PublicTerritory
from leachwatch.release.projection import Release
from leachwatch.release.tests_of_claims import written_test

__all__ = ["OUTLINES", "written"]

OUTLINES = "outlines.geojson"
"""File that the outlines are written to; its features say ``territory`` and ``version``."""

_BANDS: Mapping[Band, str] = {
    "none": "",
    "1": "one protected source",
    "2-3": "two or three protected sources",
    "more than 3": "more than three protected sources",
}
_APART = ("protected_sources", "descriptor", "protected", "dated", "place", "versions", "test", "verdict")
"""Fields of the public models that a record has not, or has in another form."""

_REGION = 3  # precision of a place: somewhere in the region


def written(release: Release, records: Records) -> dict[str, list[dict[str, Any]]]:
    """Write what is published as records again, each CLEAR and under its id in the publication.

    What a protected source told stands there as coarsely as it is published, and with how many told it. The
    verdicts of the team are left out: a publication has those that come out of it.

    Parameters
    ----------
    release : Release
        What may leave.
    records : Records
        That it was made of; of these only tests of claims and groups of sources are read, field by field.

    Returns
    -------
    dict of str to list of dict
        Records by name of the file, for YAML; files without records are left out. Outlines are in `OUTLINES`.
    """
    made = _Writing(release, records)
    files = {f"{kind}.yaml": getattr(made, kind)() for kind in type(release.case).model_fields}
    return {file: listed for file, listed in files.items() if listed}


class _Writing:
    def __init__(self, release: Release, records: Records) -> None:
        self.case = release.case
        self.records = records
        self.release = release
        self.own = {public: case for case, public in release.names.items()}
        kinds = (getattr(self.case, kind) for kind in type(self.case).model_fields if kind != "evidence")
        self.ids = {one.id for kind in kinds for one in kind} | {
            one.id for one in self.case.evidence if one.url
        }

    def sources(self) -> list[dict[str, Any]]:
        listed = []
        for one in self.case.sources:
            group = "" if one.protected else self.records.sources[one.id].independence_group
            listed.append(_record(one, independence_group=group))
        return listed

    def citations(self) -> list[dict[str, Any]]:
        return [
            _record(one, evidence=one.evidence if one.evidence in self.ids else None)
            for one in self.case.citations
        ]

    def evidence(self) -> list[dict[str, Any]]:
        """Only what has an address: files of evidence stay in the case."""
        kept = {one.id for one in self.case.evidence if one.url}
        return [
            _record(one)
            for one in self.case.evidence
            if one.id in kept and (one.derived_from is None or one.derived_from in kept)
        ]

    def grades(self) -> list[dict[str, Any]]:
        return [_record(one) for one in self.case.grades]

    def actors(self) -> list[dict[str, Any]]:
        return [_record(one) for one in self.case.actors]

    def relations(self) -> list[dict[str, Any]]:
        return [
            _record(one, dated=_dated(one.dated), public_note=_noted(one.public_note, one))
            for one in self.case.relations
        ]

    def territories(self) -> list[dict[str, Any]]:
        return [_record(one, versions=_versions(one)) for one in self.case.territories]

    def control(self) -> list[dict[str, Any]]:
        return [
            _record(one, dated=_dated(one.dated), public_note=_noted(one.public_note, one))
            for one in self.case.control
        ]

    def events(self) -> list[dict[str, Any]]:
        return [
            _record(
                one,
                dated=_dated(one.dated),
                place=_place(one.place),
                public_note=_noted(one.public_note, one, _township(one)),
            )
            for one in self.case.events
        ]

    def claims(self) -> list[dict[str, Any]]:
        """Write claims in their order, renamed ones at the end: order must not say who they are."""
        order = {self.release.names.get(one, one): place for place, one in enumerate(self.records.claims)}
        own = [one for one in self.case.claims if one.id not in self.own]
        told = [one for one in self.case.claims if one.id in self.own]
        return [self._claim(one) for one in (*sorted(own, key=lambda one: order[one.id]), *told)]

    def _claim(self, one: PublicClaim) -> dict[str, Any]:
        test = self._test(one)
        untested = one.untested
        if test is None and not untested:
            untested = "It is tested; how stays behind with those who made this publication."
        return _record(
            one,
            dated=_dated(one.dated),
            hedge=_noted(one.hedge, one),
            about=[other for other in one.about if other in self.ids],
            test=test,
            untested=untested,
        )

    def _test(self, one: PublicClaim) -> dict[str, Any] | None:
        own = self.own.get(one.id, one.id)
        test = self.records.claims[own].test
        if test is None or own in self.release.behind:
            return None
        found = written_test(test, lambda id_: self.release.names.get(id_, id_), self.ids)
        return None if found is None else _filled(found)


def _record(one: BaseModel, **other: Any) -> dict[str, Any]:
    """Fields of a public record but those that it says otherwise; what is empty is left out."""
    named = {field: value for field, value in _plain(one).items() if field not in _APART}
    return _filled({**named, **other, "tlp": "CLEAR"})


def _plain(one: BaseModel) -> dict[str, Any]:
    return {field: _listed(value) for field, value in one.model_dump().items()}


def _listed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return _filled(value)
    return [_listed(one) for one in value] if isinstance(value, list | tuple) else value


def _filled(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None and value not in ("", [], {})}


def _dated(dated: PublicDated | None) -> dict[str, Any] | None:
    if dated is None:
        return None
    told = dated.model_dump(exclude={"to_the_month"})
    return _filled({name: value for name, value in told.items() if value is not False})


def _noted(note: str, one: Any, *more: str) -> str:
    """Add to a note how many protected sources told it, and who they are said to be."""
    band = _BANDS[one.protected_sources]
    told = ""
    if band:
        also = "Also told" if one.citations else "Told"
        said = f" ({one.descriptor})" if one.descriptor else ""
        told = f"{also} by {band}{said}."
    return " ".join(filter(None, (note, *more, told)))


def _versions(one: PublicTerritory) -> list[dict[str, Any]]:
    return [
        _filled(
            {
                "version": drawn.version,
                "outline": {
                    "file": OUTLINES,
                    "where": {"territory": [one.id], "version": [drawn.version]},
                },
                "approximate": drawn.approximate,
                "border_m": drawn.border_m,
                "dated": _dated(drawn.dated),
                "public_note": drawn.public_note,
                "citations": list(drawn.citations),
            }
        )
        for drawn in one.versions
    ]


def _place(place: PublicPlace | None) -> dict[str, Any] | None:
    """Write a place with its point, or none: a township is said in words."""
    if place is None or place.lon is None:
        return None
    about = f"within {place.coordinate_uncertainty_m or 0:,.0f} m of this point"
    precision = place.precision or _REGION
    return {"name": place.name or about, "lon": place.lon, "lat": place.lat, "precision": precision}


def _township(one: PublicEvent) -> str:
    place = one.place
    if place is None:
        return ""
    named = f"Place: {place.name}." if place.lon is None and place.name else ""
    return " ".join(
        filter(None, (named, f"{place.data_generalizations}." if place.data_generalizations else ""))
    )
