"""Priors: what the estimates take for granted, read from a file that anyone can read and change."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import yaml
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from leachwatch.errors import RecordError

__all__ = ["Prior", "read_priors"]

Unit = Literal["share", "t", "USD/kg", "months", "sites", "t/site-year", "regime"]
Grade = Literal["A", "B", "C", "D"]

_SHIPPED = "priors.yaml"
_LAST_REGIME = 5
_WEIGHTS_MAY_MISS = 1e-9


class _Prior(BaseModel, ABC):
    """What every prior says of itself, whatever its distribution."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        extra="forbid", frozen=True, strict=True, allow_inf_nan=False
    )

    id: Annotated[str, Field(pattern=r"^[a-z0-9_]+$", max_length=60)]
    unit: Unit
    grade: Grade
    source: Annotated[str, Field(min_length=1)]
    url: Annotated[str, Field(pattern=r"^https?://\S+$")] | None = None
    note: Annotated[str, Field(min_length=1)]

    @abstractmethod
    def support(self) -> tuple[float, float]: ...

    @abstractmethod
    def draw(self, rng: np.random.Generator, size: int) -> NDArray[np.float64]: ...

    @model_validator(mode="after")
    def _lies_where_its_unit_can(self) -> _Prior:
        low, high = self.support()
        most = {"share": 1.0, "regime": float(_LAST_REGIME)}.get(self.unit, np.inf)
        if low < 0 or high > most:
            raise ValueError(f"a prior in {self.unit} lies between 0 and {most:g}, not {low:g} to {high:g}")
        return self


class _Triangular(_Prior):
    distribution: Literal["triangular"]
    low: float
    mode: float
    high: float

    @model_validator(mode="after")
    def _is_in_order(self) -> _Triangular:
        if not (self.low <= self.mode <= self.high and self.low < self.high):
            raise ValueError("low, mode and high must stand in that order, and low below high")
        return self

    def support(self) -> tuple[float, float]:
        return self.low, self.high

    def draw(self, rng: np.random.Generator, size: int) -> NDArray[np.float64]:
        return rng.triangular(self.low, self.mode, self.high, size)


class _Uniform(_Prior):
    distribution: Literal["uniform"]
    low: float
    high: float

    @model_validator(mode="after")
    def _is_in_order(self) -> _Uniform:
        if not self.low < self.high:
            raise ValueError("low must be below high; for one value write `distribution: fixed`")
        return self

    def support(self) -> tuple[float, float]:
        return self.low, self.high

    def draw(self, rng: np.random.Generator, size: int) -> NDArray[np.float64]:
        return rng.uniform(self.low, self.high, size)


class _Beta(_Prior):
    distribution: Literal["beta"]
    a: Annotated[float, Field(gt=0)]
    b: Annotated[float, Field(gt=0)]

    def support(self) -> tuple[float, float]:
        return 0.0, 1.0

    def draw(self, rng: np.random.Generator, size: int) -> NDArray[np.float64]:
        return rng.beta(self.a, self.b, size)


class _Fixed(_Prior):
    distribution: Literal["fixed"]
    value: float

    def support(self) -> tuple[float, float]:
        return self.value, self.value

    def draw(self, rng: np.random.Generator, size: int) -> NDArray[np.float64]:
        del rng
        return np.full(size, self.value)


class _Discrete(_Prior):
    distribution: Literal["discrete"]
    values: Annotated[list[float], Field(min_length=1)]
    weights: list[Annotated[float, Field(ge=0)]]

    @model_validator(mode="after")
    def _has_a_weight_each(self) -> _Discrete:
        if len(self.values) != len(self.weights):
            raise ValueError(f"{len(self.values)} values need as many weights, not {len(self.weights)}")
        if abs(sum(self.weights) - 1) > _WEIGHTS_MAY_MISS:
            raise ValueError(f"weights add up to {sum(self.weights):g}, not 1")
        return self

    def support(self) -> tuple[float, float]:
        return min(self.values), max(self.values)

    def draw(self, rng: np.random.Generator, size: int) -> NDArray[np.float64]:
        return rng.choice(np.array(self.values), size, p=self.weights)


Prior = Annotated[_Triangular | _Uniform | _Beta | _Fixed | _Discrete, Field(discriminator="distribution")]
"""One prior: its distribution, unit, grade, source and note; ``draw(rng, size)`` draws from it."""

_ONE: TypeAdapter[Prior] = TypeAdapter(Prior)


def read_priors(path: Path | None = None) -> Mapping[str, Prior]:
    """Read the priors that ship, and those of a case in their place.

    Parameters
    ----------
    path : Path or None
        A case's own file, of the form of the one that ships; its entries replace those of the same id.

    Returns
    -------
    mapping of str to Prior
        By id, in the order of their ids.

    Raises
    ------
    RecordError
        If a file is not YAML of that form, an id stands twice, a field is wrong, or a case gives a prior
        another unit than it has; the message names file, line and field.
    """
    shipped = files(__package__).joinpath(_SHIPPED).read_text(encoding="utf-8")
    priors = dict(_parsed(shipped, _SHIPPED))
    if path is not None:
        for identity, prior in _parsed(_text(path), str(path)):
            known = priors.get(identity, prior)
            if known.unit != prior.unit:
                raise RecordError(f"{path}: {identity}: unit: is {prior.unit!r}, must be {known.unit!r}")
            priors[identity] = prior
    return dict(sorted(priors.items()))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise RecordError(f"{path}: is not UTF-8 (byte {error.start}); save it as UTF-8") from error
    except OSError as error:
        raise RecordError(f"{path}: cannot be read ({error.strerror}); check that it is there") from error


def _parsed(text: str, name: str) -> Iterator[tuple[str, Prior]]:
    seen: set[str] = set()
    for line, entry in _entries(text, name):
        where = f"{name}:{line}"
        if not isinstance(entry, dict):
            raise RecordError(f"{where}: is no prior; give it an id, a distribution and the rest")
        try:
            prior = _ONE.validate_python(entry)
        except ValidationError as error:
            raise RecordError(f"{where}: {entry.get('id', 'no id')}: {_fault(error)}") from error
        if prior.id in seen:
            raise RecordError(f"{where}: {prior.id}: id: stands twice; delete one")
        seen.add(prior.id)
        yield prior.id, prior


def _entries(text: str, name: str) -> list[tuple[int, Any]]:
    """Entries of a file with the line on which each begins."""
    try:
        content = yaml.safe_load(text)
        nodes: Any = yaml.compose(text, yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise RecordError(f"{name}:{line}: not YAML ({error.problem}); check indents and quotes") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise RecordError(f"{name}: not YAML ({str(error).splitlines()[0]}); check its quotes") from error
    if not (isinstance(content, dict) and set(content) == {"priors"} and isinstance(content["priors"], list)):
        raise RecordError(f"{name}: must hold one list named `priors`; see the file that ships")
    (_, listed), *_ = nodes.value
    return [
        (node.start_mark.line + 1, entry) for node, entry in zip(listed.value, content["priors"], strict=True)
    ]


def _fault(error: ValidationError) -> str:
    """Name the first fault and its field; a misspelt field before the missing one that it causes."""
    first = min(error.errors(), key=lambda fault: fault["type"] != "extra_forbidden")
    fields = [str(part) for part in first["loc"][1:]]  # the first part is the distribution
    message = first["msg"].removeprefix("Value error, ")
    return f"{'.'.join(fields) or 'distribution'}: {message[:1].lower()}{message[1:]}"
