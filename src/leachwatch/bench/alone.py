"""A measurement in a process of its own: what it tells, and the most memory that it held."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

__all__ = ["run_alone"]

_AFTER = """
import json, sys
from pathlib import Path
status = Path("/proc/self/status")
if status.exists():
    peak = int(status.read_text().split("VmHWM:")[1].split()[0]) * 1024
else:
    import resource
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
print(json.dumps(told | {"peak_bytes": peak}))
"""


def run_alone(program: str, *arguments: object) -> dict[str, Any]:
    """Run a program by itself, on one core.

    Parameters
    ----------
    program : str
        Python that leaves what it has to tell in a dict ``told``.
    arguments : object
        Its ``sys.argv``.

    Returns
    -------
    dict
        What it told, with ``peak_bytes``, all its libraries counted.
    """
    alone = {**os.environ, "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-c", program + _AFTER, *map(str, arguments)]
    ran = subprocess.run(command, check=True, capture_output=True, env=alone, text=True)  # noqa: S603
    told: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return told
