"""The calls that a key has in a day, counted where its answers are kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from leachwatch.errors import NetworkError, RecordError
from leachwatch.writing import write_whole

__all__ = ["Budget"]

_DAY = timedelta(hours=24)


class Budget:
    """Counts calls over any 24 hours: where UN Comtrade's day begins is not documented.

    Parameters
    ----------
    path : Path
        File of the count; its folder exists.
    most : int
        Calls in 24 hours.
    clock : callable
        The time, with its zone.
    """

    def __init__(self, path: Path, most: int, clock: Callable[[], datetime]) -> None:
        self._path, self._most, self._clock = path, most, clock

    def spend(self) -> None:
        """Count a call before it is made, so that one that is killed counts too.

        Raises
        ------
        NetworkError
            If there is none left; the message says when there will be.
        RecordError
            If the count cannot be read.
        OutputError
            If it cannot be written.
        """
        now = self._clock()
        made = [one for one in self._made() if now - _DAY < one <= now]
        if len(made) >= self._most:
            again = made[len(made) - self._most] + _DAY
            raise NetworkError(
                f"the {self._most} calls that UN Comtrade gives in 24 hours are used up; what came is kept, "
                f"run the same command again after {again:%Y-%m-%d %H:%M} {again.tzname()}"
            )
        write_whole(self._path, json.dumps([one.isoformat() for one in [*made, now]]))

    def _made(self) -> list[datetime]:
        if not self._path.exists():
            return []
        try:
            return sorted(datetime.fromisoformat(one) for one in json.loads(self._path.read_bytes()))
        except (OSError, ValueError, TypeError) as error:
            raise RecordError(f"{self._path}: no count of calls; delete it to count from nought") from error
