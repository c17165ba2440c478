"""The case folder: ``case.yaml`` and the files it names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, ClassVar, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from leachwatch.case.area import Area, read_areas
from leachwatch.case.claiming import ClaimSettings
from leachwatch.case.period import Period, parse_period
from leachwatch.case.records.document import line_at, read_document
from leachwatch.case.records.faults import Fault, error_of
from leachwatch.case.records.mending import validated
from leachwatch.case.review import REVIEWS
from leachwatch.case.size import parse_size
from leachwatch.case.template import template_files
from leachwatch.errors import OutputError, PeriodError, RecordError

__all__ = ["Case", "ImagerySource", "Language", "new_case", "open_case"]

Language = Literal["en", "my", "zh"]
"""Of a page: English, Burmese or Chinese."""

_TEMPLATE = """\
# What this case watches. `leachwatch run .` computes everything below into out/.
title: {title}

# Language in which the page opens: en, my (Burmese) or zh (Chinese). A reader may switch it.
language: en

# Polygons to watch: GeoJSON, GeoPackage or shapefile, beside this file.
areas: areas.geojson

# First and last month (or day) to look at.
dates:
  from: 2022-01
  to: 2024-12

# Where the Sentinel-2 scenes are: earth-search or planetary-computer (free, no account), the address of
# another STAC API or static catalog, or the path of a catalog or folder of STAC items from here.
# What each host learns by being asked: leachwatch run . --plan
imagery:
  catalog: earth-search
  max_bytes: 20GB        # that one run may fetch; what was fetched is kept in out/work
  # whole_scenes: true   # fetch whole files, so that their host does not learn which parts are looked at
  # second_mask: true    # ask ukis-csmask too what clouds hide: pip install 'leachwatch[masks]'
  # model: ../model      # that leachwatch train has written, instead of the one that ships
  # collections: []      # to take scenes from; of an API, the one to prefer first
  # hosts: []            # that the catalog may lead to beside its own

# Terms under which what you publish may be passed on, by SPDX name.
# licence: CC-BY-4.0

# Trade: the figures that ship are used as they are. Files of customs statistics come in with
# `leachwatch trade import FILE --format gacc --case .`, those of UN Comtrade with `leachwatch trade fetch`;
# figures.csv, statements.csv, events.csv and rates.csv in the folder trade, and priors.yaml here, add yours.

# How wide the hedges of a claim are, and how good the detector is; see docs/method/claims.md.
# claims:
#   about: 0.15          # share of the number, either way
#   precision: [0.83, 1]
#   recall: [0.57, 1]
"""

_AREAS = """\
{
  "type": "FeatureCollection",
  "features": [
    {
      "type": "Feature",
      "properties": {"name": "South of Pangwa (a square to redraw)"},
      "geometry": {
        "type": "Polygon",
        "coordinates": [[[98.33, 25.55], [98.43, 25.55], [98.43, 25.65], [98.33, 25.65], [98.33, 25.55]]]
      }
    }
  ]
}
"""


_IGNORE = ".gitignore"
_IGNORED = """\
# What must not reach a repository that others read: identities, evidence, keys, what was asked of hosts.
*.age
evidence/
out/
publications/pending/
publications/pending.json
publications/.*
trade/comtrade/
clearance.json
*.pem
*.key
keys/
.*.lock
"""


class _Record(BaseModel):
    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True, strict=True)


_Day = Annotated[str, BeforeValidator(lambda value: str(value) if isinstance(value, date) else value)]
"""A date as text; YAML reads ``2022-01-15`` as a date and ``2022-01`` as text."""


def _size(value: str | int) -> int:
    try:
        return parse_size(value)
    except RecordError as error:
        raise ValueError(str(error)) from error  # so that pydantic adds the field


_Bytes = Annotated[int, BeforeValidator(_size)]
"""A size such as 20GB."""


class _Dates(_Record):
    first: _Day = Field(alias="from")
    last: _Day = Field(alias="to")


class ImagerySource(_Record):
    """Where the scenes are.

    Attributes
    ----------
    catalog : str
        Name, address, or path from the case folder.
    collections : list of str
        To take scenes from; of an API, the one to prefer first. Empty for those that leachwatch knows, and
        for all of a static catalog.
    hosts : list of str
        That the catalog may lead to beside its own.
    whole_scenes : bool
        Whether whole files are fetched.
    second_mask : bool
        Whether ukis-csmask is asked too what clouds hide.
    model : str
        Folder of a model that ``leachwatch train`` has written, from the case folder; empty for the one that
        ships.
    max_bytes : int or None
        That one run may fetch, such as ``20GB``.
    """

    catalog: str
    collections: list[str] = []
    hosts: list[str] = []
    whole_scenes: bool = False
    second_mask: bool = False
    model: str = ""
    max_bytes: _Bytes | None = None


class _CaseFile(_Record):
    title: str = Field(min_length=1, max_length=200)
    language: Language = "en"
    areas: str
    dates: _Dates
    imagery: ImagerySource
    claims: ClaimSettings = ClaimSettings()
    licence: str = Field("other", pattern=r"^[A-Za-z0-9.+-]{1,60}$")


@dataclass(frozen=True)
class Case:
    """A case as its folder says.

    Attributes
    ----------
    folder : Path
        Where it lies.
    title : str
        For people.
    areas : tuple of Area
        What to watch.
    period : Period
        When.
    imagery : ImagerySource
        Where the scenes are.
    claims : ClaimSettings
        How claims are judged.
    language : {"en", "my", "zh"}
        In which its page opens.
    licence : str
        SPDX name of the terms under which its publications may be passed on; ``other`` where none is stated.
    """

    folder: Path
    title: str
    areas: tuple[Area, ...]
    period: Period
    imagery: ImagerySource
    claims: ClaimSettings = field(default_factory=ClaimSettings)
    language: Language = "en"
    licence: str = "other"

    @property
    def out(self) -> Path:
        """Where everything computed goes; safe to delete."""
        return self.folder / "out"

    @property
    def reviews(self) -> Path:
        """Record of what people decided about its sites."""
        return self.folder / REVIEWS


def open_case(folder: Path, *, today: date) -> Case:
    """Read a case folder.

    Parameters
    ----------
    folder : Path
        It holds ``case.yaml``.
    today : date
        Dates after it are refused.

    Returns
    -------
    Case

    Raises
    ------
    RecordError
        If ``case.yaml`` is missing, is not YAML, or a field is wrong; the message names file, line and field.
    AreaError
        If the areas cannot be used.
    PeriodError
        If the dates make no sense.
    """
    path = folder / "case.yaml"
    if not path.is_file():
        raise RecordError(f"{path}: there is no such file; make a case with `leachwatch new {folder}`")
    record, line = _read(path)
    days = record.dates.first, record.dates.last
    try:
        period = parse_period(*days, today=today, names=("dates.from", "dates.to"))
    except PeriodError as error:
        raise PeriodError(f"{path}: line {line}: {error}") from error
    return Case(
        folder=folder,
        title=record.title,
        areas=read_areas(folder / record.areas),
        period=period,
        imagery=record.imagery,
        claims=record.claims,
        language=record.language,
        licence=record.licence,
    )


def new_case(folder: Path, template: str | None = None) -> Path:
    """Make a case folder to fill in.

    Parameters
    ----------
    folder : Path
        Made where it is missing; no file in it is written over.
    template : str, optional
        Name of a case that ships, such as ``kachin``; an empty case where None.

    Returns
    -------
    Path
        Its ``case.yaml``.

    Raises
    ------
    OutputError
        If there is a case already, a file of the template is there, or the folder cannot be made.
    RecordError
        If there is no such template.
    """
    path = folder / "case.yaml"
    if path.exists():
        raise OutputError(f"{path}: there is a case already; choose another folder")
    files = dict(_empty_case(folder) if template is None else template_files(template))
    if not (folder / _IGNORE).exists():
        files[_IGNORE] = _IGNORED.encode()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if there := [name for name in files if (folder / name).exists()]:
            raise OutputError(f"{folder / there[0]}: is there already; choose another folder")
        for name, content in files.items():
            (folder / name).write_bytes(content)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written ({error.strerror}); choose another folder") from error
    return path


def _empty_case(folder: Path) -> Mapping[str, bytes]:
    """Files of a case without records; areas that are there already are kept."""
    title = yaml.safe_dump(folder.resolve().name[:200], allow_unicode=True, width=10_000).splitlines()[0]
    areas = {} if (folder / "areas.geojson").exists() else {"areas.geojson": _AREAS.encode()}
    return {**areas, "case.yaml": _TEMPLATE.format(title=title).encode()}


def _read(path: Path) -> tuple[_CaseFile, int]:
    """Read the settings of a case, and the line of its dates."""
    document = read_document(path, path.name)
    faults = tuple(document.faults)
    if not faults and not isinstance(document.value, dict):
        what = "is no mapping of fields; see `leachwatch new --help` for a fresh one"
        faults = (Fault(path.name, line_at(document.marks), "", "", what),)
    settings = None
    if isinstance(document.value, dict):
        settings, wrong = validated(_CaseFile, document.value, document.marks, file=path.name)
        faults = (*faults, *wrong)
    if settings is None or faults:
        raise error_of(path.parent, faults)
    return settings, line_at(document.marks, "dates")
