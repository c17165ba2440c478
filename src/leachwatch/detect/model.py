"""The model that ships with the package, or one that a user has trained."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from leachwatch.detect.forest import Forest
from leachwatch.errors import ModelError

__all__ = ["PARTS", "Model", "digest", "load_model"]

PARTS = ("grey", "bright", "share", "use", "site", "kind")
"""Forests of a model; each is a file of that name."""


@dataclass(frozen=True, eq=False)
class Model:
    """What tells leach pools and mines from the rest.

    Attributes
    ----------
    grey, bright : Forest
        Of what one look shows at a pixel: log likelihood of a grey block, or of bright liquid, less that of
        neither.
    share : Forest
        Of the same: how much of the pixel is pool, 0 to 1.
    use : Forest
        Of the same, at a pool: log likelihood that it is in use, less that it rests.
    site : Forest
        Of the features of a whole group of pool pixels: log odds that it is a mine.
    kind : Forest
        Of the same: log weights of what else it may be.
    """

    grey: Forest
    bright: Forest
    share: Forest
    use: Forest
    site: Forest
    kind: Forest

    @property
    def bright_share(self) -> float:
        """Share of pools in use that show bright liquid in a look, 0 to 1."""
        return float(self.grey.card["bright_share"])

    @property
    def area_error(self) -> tuple[float, float]:
        """True over found pool area on simulated districts: median, and spread of its logarithm."""
        said = self.site.card["area"]
        return float(said["factor"]), float(said["spread"])

    @property
    def card(self) -> Mapping[str, Any]:
        """What it was made from, how good it is, and where it fails."""
        return self.site.card


def load_model(folder: str = "") -> Model:
    """Read a model.

    Parameters
    ----------
    folder : str
        Where `leachwatch train` wrote it; empty for the one that ships with the package.

    Raises
    ------
    ModelError
        If it cannot be read.
    """
    return _load(folder, digest(folder))


@cache
def _load(folder: str, _content: str) -> Model:
    with as_file(_folder(folder)) as path:
        model = Model(**{part: Forest.load(path / f"{part}.json") for part in PARTS})
    bright = model.grey.card.get("bright_share")
    if not isinstance(bright, float) or not 0 < bright < 1:
        raise ModelError(f"{folder}/grey.json: not a model of pools; make it again with: leachwatch train")
    return model


def digest(folder: str = "") -> str:
    """SHA-256 of a model's files: another model gives other results.

    Raises
    ------
    ModelError
        If one of them cannot be read.
    """
    result = sha256()
    with as_file(_folder(folder)) as path:
        for part in PARTS:
            try:
                result.update((path / f"{part}.json").read_bytes())
            except OSError as error:
                raise ModelError(
                    f"{path / part}.json: cannot be read ({error.strerror}); "
                    "give a folder that leachwatch train has written"
                ) from error
    return result.hexdigest()


def _folder(folder: str) -> Any:
    return Path(folder) if folder else files("leachwatch.detect") / "models"
