from __future__ import annotations

from pathlib import Path

import pytest

from claims.written import Made


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """A case without anything in it."""
    out = tmp_path / "out"
    out.mkdir()
    return Made(out)
