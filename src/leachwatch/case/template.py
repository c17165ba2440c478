"""Case folders that ship, to begin from: their files, by name."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources

from leachwatch.case.records import nearest
from leachwatch.errors import RecordError

__all__ = ["TEMPLATES", "template_files"]

TEMPLATES = ("kachin",)
"""Names of the templates; each is a folder in ``templates``."""


def template_files(name: str) -> Mapping[str, bytes]:
    """Read a template that ships.

    Returns
    -------
    mapping of str to bytes
        Its files by name, ``case.yaml`` last: a folder is a case only when it is whole.

    Raises
    ------
    RecordError
        If there is no such template.

    Examples
    --------
    >>> sorted(template_files("kachin"))[:3]
    ['actors.yaml', 'areas.geojson', 'case.yaml']
    """
    if name not in TEMPLATES:
        mend = nearest(name, TEMPLATES) or f"there is {' and '.join(TEMPLATES)}"
        raise RecordError(f"--template {name}: there is no such template; {mend}")
    folder = resources.files("leachwatch.case") / "templates" / name
    files = sorted(folder.iterdir(), key=lambda one: (one.name == "case.yaml", one.name))
    return {one.name: one.read_bytes() for one in files}
