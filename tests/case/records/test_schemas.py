from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from leachwatch.case.records import FILES, Claim, Event
from leachwatch.case.records.schemas import meanings, schema_of, write_schemas
from leachwatch.case.records.shapes import models_of
from leachwatch.errors import OutputError
from written import WHOLE


def as_an_editor_reads(text: str) -> Any:
    """Plain JSON values: editors take dates for text."""
    return json.loads(json.dumps(yaml.safe_load(text), default=str))


@pytest.mark.parametrize("file", FILES)
def test_every_schema_is_one_and_takes_what_is_right(tmp_path: Path, file: str) -> None:
    paths = write_schemas(tmp_path / "schemas")
    schema = json.loads((tmp_path / "schemas" / f"{file.removesuffix('.yaml')}.schema.json").read_text())
    assert len(paths) == len(FILES)
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(as_an_editor_reads(WHOLE.get(file, "")))


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("events.yaml", "town_seized", "town_seised"),
        ("events.yaml", "title:", "titel:"),
        ("events.yaml", "lat: 25.6", "lat: 125"),
        ("claims.yaml", "kind: ratio", "kind: ration"),
        ("actors.yaml", "id: act-", "id: actor-"),
    ],
)
def test_a_schema_marks_what_is_wrong(file: str, old: str, new: str) -> None:
    validator = Draft202012Validator(schema_of(FILES[file]))
    assert not validator.is_valid(as_an_editor_reads(WHOLE[file].replace(old, new)))


def test_fields_are_described_where_an_editor_shows_them() -> None:
    fields = schema_of(Event)["$defs"]["Event"]["properties"]
    assert fields["territory"]["description"] == "Where, if in a territory of the case."
    assert fields["tlp"]["description"].startswith("Who may see it")
    assert schema_of(Claim)["$defs"]["RatioTest"]["description"].startswith("One figure over another")


@pytest.mark.parametrize("kind", FILES.values(), ids=lambda kind: kind.__name__)
def test_every_field_of_a_record_has_a_meaning(kind: Any) -> None:
    for model in models_of(kind):
        if model.__module__.rpartition(".")[2] not in ("claim_tests", "figures"):  # a line says it all there
            assert set(meanings(model)) == set(model.model_fields)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be made"):
        write_schemas(tmp_path / "file" / "schemas")
