"""Records as YAML that is read as it stands: no value refers to another, which would be refused."""

from __future__ import annotations

from typing import Any

import yaml

__all__ = ["as_yaml"]

_ENDLESS = 1 << 30


class _Dumper(yaml.SafeDumper):
    """Writes a date that stands twice twice, not once with a reference."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - as its base has it
        return True


def as_yaml(value: Any, *, width: int = 110, one_line: bool = False) -> str:
    """Write plain values as YAML, fields in their order, any script as it is.

    Examples
    --------
    >>> as_yaml({"id": "x", "days": ["2024-10-11", "2024-10-11"]}, one_line=True)
    "{id: x, days: ['2024-10-11', '2024-10-11']}"
    """
    if one_line:
        dumped = yaml.dump(
            value,
            Dumper=_Dumper,
            allow_unicode=True,
            sort_keys=False,
            default_flow_style=True,
            width=_ENDLESS,
        )
        return str(dumped).removesuffix("...\n").strip()
    return str(yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=width))
