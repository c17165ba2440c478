"""geoBoundaries on this machine, as it answers, and as it may misbehave."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely
import yaml

from leachwatch.case import read_areas
from leachwatch.case.records import Source
from leachwatch.errors import LeachwatchError, NetworkError, OutputError, RecordError
from leachwatch.network import Patience
from leachwatch.territory import Boundaries, Service, fetch_boundaries
from servers import Fault, FileServer, cut, dropped, serving, status
from territories import square, write_shapes

TODAY = date(2026, 1, 15)
QUICK = Patience(tries=2, backoff=0.01, longest=0.05, timeout=1.0)
API = "/api/current/gbOpen/MMR/ADM3/"
RAW = "/wmgeolab/geoBoundaries/raw/9f8c9e0/releaseData/gbOpen/MMR/ADM3/geoBoundaries-MMR-ADM3.geojson"
MEDIA = RAW.replace("/wmgeolab/geoBoundaries/raw", "/media/wmgeolab/geoBoundaries")


@dataclass
class GeoBoundaries:
    """Its API, GitHub, and where GitHub sends for files in Git LFS, each on a port of its own."""

    api: FileServer
    github: FileServer
    media: FileServer
    said: dict[str, Any]
    file: Path

    @property
    def service(self) -> Service:
        files = (self.github.address, self.media.address)
        known = frozenset({"MMR", "MAR", "CHN", "LAO"})
        return Service(f"{self.api.address}/api/current/gbOpen", files, known=known, patience=QUICK)

    def fetch(
        self, *, country: str = "MMR", tell: Callable[[str], None] = print, **changes: Any
    ) -> Boundaries:
        service = replace(self.service, **changes)
        return fetch_boundaries(country, "ADM3", self.file, today=TODAY, tell=tell, service=service)

    def describe(self, **changes: object) -> None:
        """Have the API answer as it does, with changes."""
        body = json.dumps({**self.said, **changes}).encode()
        self.api.faults[API] = [lambda *_: (200, {"Content-Type": "application/json"}, body)]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[GeoBoundaries]:
    for name in ("api", "github", "media", "case"):
        (tmp_path / name).mkdir()
    kept = tmp_path / "media" / MEDIA.lstrip("/")
    kept.parent.mkdir(parents=True)
    write_shapes(kept, {"Chipwi": square(98.0, 25.5), "Tsawlaw": square(98.0, 26.5)})
    with (
        serving(tmp_path / "api") as api,
        serving(tmp_path / "github") as github,
        serving(tmp_path / "media") as media,
    ):
        github.always = status(302, Location=f"{media.address}{MEDIA}")
        said = {
            "boundaryID": "MMR-ADM3-1",
            "boundaryName": "Myanmar",
            "boundaryISO": "MMR",
            "boundaryYearRepresented": "2020",
            "boundaryType": "ADM3",
            "boundarySource": "MIMU, OCHA ROAP",
            "boundaryLicense": "Creative Commons Attribution 3.0 IGO",
            "licenseSource": "example.org/licence",
            "gjDownloadURL": f"{github.address}{RAW}",
        }
        made = GeoBoundaries(api, github, media, said, tmp_path / "case" / "MMR-ADM3.geojson")
        made.describe()
        yield made


def test_the_whole_country_is_fetched_and_kept_with_its_licence_and_source(world: GeoBoundaries) -> None:
    told: list[str] = []
    got = world.fetch(tell=told.append)
    assert [area.name for area in read_areas(got.file)] == ["Chipwi", "Tsawlaw"]
    assert (got.features, got.fields, got.licence) == (2, ("name",), "Creative Commons Attribution 3.0 IGO")
    about = json.loads(got.about.read_text(encoding="utf-8"))
    assert (about["made_by"], about["retrieved"], about["year"]) == ("MIMU, OCHA ROAP", "2026-01-15", "2020")
    assert about["bytes"] == got.file.stat().st_size
    assert [line.split()[1] for line in told] == [
        address.split("/")[2] for address in (world.api.address, world.github.address)
    ]
    assert [dict(one.asked) for one in (world.api, world.github, world.media)] == [
        {API: 1},
        {RAW: 1},
        {MEDIA: 1},
    ]


def test_the_record_of_the_source_is_one(world: GeoBoundaries) -> None:
    (record,) = yaml.safe_load(world.fetch().source)
    source = Source.model_validate({"id": "src-0000000001", **record})
    assert source.tlp == "CLEAR"
    assert "Creative Commons Attribution 3.0 IGO" in source.title
    assert "MIMU" in source.publisher


def page(*_: object) -> tuple[int, dict[str, str], bytes]:
    return 200, {"Content-Type": "text/html"}, b"<!doctype html><title>Log in</title>"


def pointer(*_: object) -> tuple[int, dict[str, str], bytes]:
    return 200, {}, b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"


def cut_short(_path: str, _span: object, content: bytes) -> tuple[int, dict[str, str], bytes]:
    return 200, {}, content[: len(content) // 2]


def points(*_: object) -> tuple[int, dict[str, str], bytes]:
    return (
        200,
        {},
        json.dumps({"type": "FeatureCollection", "features": [{"geometry": {"type": "Point"}}]}).encode(),
    )


def nothing(*_: object) -> tuple[int, dict[str, str], bytes]:
    return 200, {}, b'{"type": "FeatureCollection", "features": []}'


@pytest.mark.faults
@pytest.mark.parametrize(
    ("where", "fault", "said"),
    [
        ("api", status(404), "geoBoundaries has no MMR ADM3; try another level, such as ADM1"),
        ("api", status(503), "does not answer as it should: 503"),
        ("api", page, "gives a web page, not JSON"),
        ("api", dropped, "does not answer as it should: it breaks off"),
        (
            "api",
            status(302, Location="https://elsewhere.example/"),
            "leads to elsewhere.example, none of its hosts",
        ),
        ("api", nothing, "does not name a file"),
        ("media", page, "gives a web page, not JSON"),
        ("media", pointer, "gives a pointer to Git LFS, not the file"),
        ("media", cut, "does not answer as it should"),
        ("media", cut_short, "gives JSON that breaks off"),
        ("media", points, "gives features that are no polygons"),
        ("media", nothing, "gives JSON without features"),
        (
            "media",
            status(302, Location="http://127.0.0.1:9/other"),
            "leads to http://127.0.0.1:9, none of its hosts",
        ),
        ("media", status(404), "answers 404"),
    ],
)
def test_what_is_not_what_was_asked_for_leaves_nothing(
    world: GeoBoundaries, where: str, fault: Fault, said: str
) -> None:
    server: FileServer = getattr(world, where)
    server.faults.clear()
    server.always = fault
    with pytest.raises(NetworkError) as error:
        world.fetch()
    assert said in str(error.value)
    assert "\n" not in str(error.value)
    assert list(world.file.parent.iterdir()) == []


@pytest.mark.faults
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"boundaryISO": "CHN"}, "answers for boundaryISO 'CHN', not MMR"),
        ({"boundaryType": "ADM1"}, "answers for boundaryType 'ADM1', not ADM3"),
        ({"gjDownloadURL": "http://example.org/a.geojson"}, "no https address; it is not asked"),
        ({"gjDownloadURL": "file:///etc/passwd"}, "no https address; it is not asked"),
        ({"gjDownloadURL": "https://example.org/a.geojson"}, "leads to example.org, none of its hosts"),
        ({"gjDownloadURL": "https://me@github.com/a"}, "is named with a user name"),
        ({"gjDownloadURL": 7}, "does not name a file"),
    ],
)
def test_what_the_api_says_is_checked_before_it_is_followed(
    world: GeoBoundaries, changes: dict[str, object], said: str
) -> None:
    world.describe(**changes)
    with pytest.raises(LeachwatchError) as error:
        world.fetch()
    assert said in str(error.value)
    assert not world.github.asked
    assert not world.file.exists()


@pytest.mark.faults
def test_a_country_that_there_is_not_is_named_with_the_nearest(world: GeoBoundaries) -> None:
    with pytest.raises(NetworkError, match=r"has no MYR ADM3; MYR is no country; did you mean MMR or MAR\?"):
        world.fetch(country="MYR")


@pytest.mark.faults
@pytest.mark.parametrize(
    ("country", "level", "said"),
    [
        ("Burma", "ADM3", "is no country code"),
        ("MMR", "3", "is no level"),
        ("../etc", "ADM1", "is no country code"),
    ],
)
def test_nothing_is_asked_for_what_cannot_be(
    world: GeoBoundaries, country: str, level: str, said: str
) -> None:
    with pytest.raises(RecordError, match=said):
        fetch_boundaries(country, level, world.file, today=TODAY, service=world.service)
    assert not world.api.asked


@pytest.mark.faults
def test_a_file_that_is_too_large_is_not_kept(world: GeoBoundaries) -> None:
    with pytest.raises(NetworkError, match="sends more than 100 bytes"):
        world.fetch(most_bytes=100)
    assert not world.file.exists()


def test_offline_asks_nobody(world: GeoBoundaries) -> None:
    with pytest.raises(NetworkError, match="--offline asks no host"):
        world.fetch(offline=True)
    assert not world.api.asked


@pytest.mark.faults
def test_a_folder_that_is_not_there_is_said_before_anybody_is_asked(world: GeoBoundaries) -> None:
    world.file = world.file.parent / "none" / "file.geojson"
    with pytest.raises(OutputError, match="there is no such folder"):
        world.fetch()
    assert not world.api.asked


def test_shapes_of_the_file_are_as_they_came(world: GeoBoundaries) -> None:
    west, south, east, north = read_areas(world.fetch().file)[0].geometry.bounds
    assert shapely.box(west, south, east, north).equals(square(98.0, 25.5))


def test_by_default_only_four_hosts_may_be_asked_and_all_over_https() -> None:
    assert sorted(Service().hosts.origins) == [
        "https://github.com:443",
        "https://media.githubusercontent.com:443",
        "https://raw.githubusercontent.com:443",
        "https://www.geoboundaries.org:443",
    ]
