from __future__ import annotations

from pathlib import Path

import pytest

from leachwatch.case import read_areas
from leachwatch.errors import AreaError


def test_a_file_that_leads_to_others_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.geojson"
    secret.write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": '
        '{"type": "Polygon", "coordinates": [[[98, 25], [99, 25], [99, 26], [98, 25]]]}}]}'
    )
    innocent = tmp_path / "area.geojson"
    innocent.write_text(
        f'<OGRVRTDataSource><OGRVRTLayer name="secret"><SrcDataSource>{secret}</SrcDataSource>'
        "</OGRVRTLayer></OGRVRTDataSource>"
    )
    assert len(read_areas(secret)) == 1
    with pytest.raises(AreaError, match="leads to other files"):
        read_areas(innocent)
