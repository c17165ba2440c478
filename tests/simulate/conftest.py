"""Small districts, made once."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from leachwatch.simulate import District, district


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> District:
    folder: Path = tmp_path_factory.mktemp("district")
    return district(folder, seed=11, size=128, looks=8, start=date(2022, 1, 1), months=12)


@pytest.fixture(scope="session")
def truth(small: District) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(small.truth.read_text(encoding="utf-8"))
    return content
