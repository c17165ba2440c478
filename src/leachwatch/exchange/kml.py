"""KML for Google Earth: sites from the day on which they are surely there, patches by year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any
from xml.etree import ElementTree as ET

from leachwatch.exchange.colours import INK, STATES, TIERS, appeared, year_colours
from leachwatch.exchange.documents import xml_bytes
from leachwatch.exchange.public import SIMULATED, Account
from leachwatch.exchange.shapes import polygons

__all__ = ["between", "kml_files"]

_NAMESPACE = "http://www.opengis.net/kml/2.2"
_DECIMALS = 6  # of a degree: about a decimetre

Row = Mapping[str, Any]


def kml_files(account: Account) -> dict[str, bytes]:
    """Write sites and patches, by file name; nothing where there is no site."""
    sites, patches = account.table("sites"), account.table("patches")
    if sites is None:
        return {}
    root = ET.Element("kml", xmlns=_NAMESPACE)
    document = ET.SubElement(root, "Document")
    _text(document, "name", account.named)
    _text(document, "description", f"{account.told} {_HOW}")
    for state, colour in STATES.items():
        for tier in TIERS:
            _style(document, f"{state}-{tier}", colour, "b3", _WIDTHS[tier])
    years = [] if patches is None else list(patches.rows())
    colours = year_colours(map(appeared, years))
    for year, colour in colours.items():
        _style(document, f"year-{_year(year)}", colour, "e6", 0)
    _folder(document, f"Sites ({len(sites.frame)})", map(_site, sites.rows()))
    if patches is not None:
        area = _folder(document, "Patches by year of appearance", ())
        for year in colours:
            own = [row for row in years if appeared(row) == year]
            _folder(area, f"{_YEAR_NAMES.get(year, year)} ({len(own)})", map(_patch, own))
    return {"sites.kml": xml_bytes(root)}


def between(earliest: date | None, latest: date | None) -> str:
    """Say when something happened, as far as it is known.

    Examples
    --------
    >>> between(date(2022, 1, 5), date(2022, 3, 1)), between(None, date(2021, 6, 5)), between(None, None)
    ('between 2022-01-05 and 2022-03-01', 'by 2021-06-05, already so at the first look', 'not seen')
    """
    if latest is None:
        return "not seen" if earliest is None else f"not before {earliest}, and not seen since"
    if earliest is None:
        return f"by {latest}, already so at the first look"
    return f"between {earliest} and {latest}"


_HOW = (
    "A site or patch is shown from the day of the first look that shows it; it may be older, back to the "
    "look before. What could not be seen is not shown, which does not say that nothing is there."
)
_WIDTHS = {"confirmed": 3.0, "probable": 1.5, "possible": 0.8}
_YEAR_NAMES: Mapping[int | None, str] = {None: "there at the first look"}


def _site(row: Row) -> ET.Element:
    said = " ".join([SIMULATED, *_told(row)] if row["simulated"] else _told(row))
    placemark = _placemark(row["site_id"], said, f"{row['state']}-{row['tier']}")
    first = row["pools_from_latest"] or row["cleared_from_latest"]
    return _placed(placemark, first, row)


def _told(row: Row) -> Iterator[str]:
    """Say of a site what is known of it, a sentence each."""
    began = between(row["state_since_earliest"], row["state_since_latest"])
    low, high = row["pool_area_m2_low"], row["pool_area_m2_high"]
    yield f"{row['tier'].capitalize()} site in {row['area']}, score {row['score']:.2f}."
    yield f"First pools: {between(row['pools_from_earliest'], row['pools_from_latest'])}."
    yield f"Ground cleared: {between(row['cleared_from_earliest'], row['cleared_from_latest'])}."
    yield f"State at the end: {row['state']}; it began {began}."
    if row["provisional"]:
        yield "The next looks may change that."
    yield f"Largest pool area: {row['pool_area_m2']:,.0f} m² ({low:,.0f} to {high:,.0f})."


def _patch(row: Row) -> ET.Element:
    when = between(row["first_seen_earliest"], row["first_seen_latest"])
    mark = f"{SIMULATED} " if row["simulated"] else ""
    said = f"{mark}Appeared {when}; last seen {row['last_seen']}. Pools: {row['pool_area_m2']:,.0f} m²."
    placemark = _placemark(row["site_id"], said, f"year-{_year(appeared(row))}")
    return _placed(placemark, row["first_seen_latest"], row)


def _placemark(name: str, said: str, style: str) -> ET.Element:
    placemark = ET.Element("Placemark")
    _text(placemark, "name", name)
    _text(placemark, "description", said.replace("&", "&amp;").replace("<", "&lt;"))  # it is read as HTML
    placemark.set("style", style)
    return placemark


def _placed(placemark: ET.Element, first: date | None, row: Row) -> ET.Element:
    """Add when, how and where, in the order that KML wants."""
    style = placemark.attrib.pop("style")
    if first is not None:
        span = ET.SubElement(placemark, "TimeSpan")
        _text(span, "begin", first.isoformat())
    _text(placemark, "styleUrl", f"#{style}")
    data = ET.SubElement(placemark, "ExtendedData")
    for name, value in row.items():
        if name != "geometry" and value is not None:
            said = "; ".join(value) if isinstance(value, tuple) else value
            _text(ET.SubElement(data, "Data", name=name), "value", f"{said}")
    shape = ET.SubElement(placemark, "MultiGeometry")
    for rings in polygons(row["geometry"]):
        polygon = ET.SubElement(shape, "Polygon")
        for number, ring in enumerate(rings):
            border = ET.SubElement(polygon, "innerBoundaryIs" if number else "outerBoundaryIs")
            line = ET.SubElement(border, "LinearRing")
            _text(line, "coordinates", " ".join(f"{x:.{_DECIMALS}f},{y:.{_DECIMALS}f}" for x, y in ring))
    return placemark


def _folder(parent: ET.Element, name: str, placemarks: Iterable[ET.Element]) -> ET.Element:
    folder = ET.SubElement(parent, "Folder")
    _text(folder, "name", name)
    folder.extend(placemarks)
    return folder


def _style(document: ET.Element, name: str, colour: str, opacity: str, width: float) -> None:
    style = ET.SubElement(document, "Style", id=name)
    line = ET.SubElement(style, "LineStyle")
    _text(line, "color", _abgr(INK, "ff"))
    _text(line, "width", f"{width}")
    fill = ET.SubElement(style, "PolyStyle")
    _text(fill, "color", _abgr(colour, opacity))
    _text(fill, "outline", "1" if width else "0")


def _abgr(colour: str, opacity: str) -> str:
    return f"{opacity}{colour[5:7]}{colour[3:5]}{colour[1:3]}"


def _year(year: int | None) -> str:
    return "before" if year is None else str(year)


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = text
