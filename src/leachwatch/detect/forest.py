"""Symmetric decision trees as a table: small enough to read, quick enough for every pixel."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leachwatch.detect.kernels import sum_trees
from leachwatch.errors import ModelError

__all__ = ["Forest"]

_KIND = "symmetric trees"
_DEEPEST = 8
_DIGITS = 6


@dataclass(frozen=True, eq=False)
class Forest:
    """Boosted trees in which all nodes of a level ask the same question (t trees, k classes).

    Attributes
    ----------
    features : tuple of str
        Names of the inputs, in their order.
    classes : tuple of str
        Names of the outputs; one output is the log odds of that class.
    feature : ndarray of uint8, shape (t, depth)
        Which input each level asks about.
    border : ndarray of float32, shape (t, depth)
        The answer is yes where the input is above it; a missing input (NaN) never is.
    leaf : ndarray of float32, shape (t, 2 ** depth, k)
        What each leaf adds; level 0 is the lowest bit of the leaf's number.
    bias : ndarray of float32, shape (k,)
        Sum of a forest without trees.
    card : mapping
        What it was made from, how good it is, and where it fails.
    """

    features: tuple[str, ...]
    classes: tuple[str, ...]
    feature: NDArray[np.uint8]
    border: NDArray[np.float32]
    leaf: NDArray[np.float32]
    bias: NDArray[np.float32]
    card: Mapping[str, Any] = field(default_factory=dict)

    def margin(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Sum the trees.

        Parameters
        ----------
        inputs : ndarray of float32, shape (feature, n)
            One row a feature, in the order of `features`; NaN where not known.

        Returns
        -------
        ndarray of float32, shape (k, n)
            Log odds; of several classes, log weights that a softmax turns into shares.

        Raises
        ------
        ValueError
            If the inputs are not as many as the features.
        """
        if inputs.ndim != 2 or len(inputs) != len(self.features):  # noqa: PLR2004 - rows and columns
            raise ValueError(f"inputs have shape {inputs.shape}; expected ({len(self.features)}, n)")
        result = np.empty((len(self.classes), inputs.shape[1]), np.float32)
        sum_trees(
            np.ascontiguousarray(inputs, np.float32), self.feature, self.border, self.leaf, self.bias, result
        )
        return result

    def with_card(self, card: Mapping[str, Any]) -> Forest:
        """Return the same trees with another card."""
        return Forest(
            self.features, self.classes, self.feature, self.border, self.leaf, self.bias, dict(card)
        )

    def text(self) -> str:
        """Write as JSON, one line a tree, so that two versions can be compared line by line."""
        trees = [
            json.dumps(
                {
                    "asks": [
                        [self.features[number], _short(border)]
                        for number, border in zip(self.feature[tree], self.border[tree], strict=True)
                    ],
                    "adds": [[_short(value) for value in leaf] for leaf in self.leaf[tree]],
                }
            )
            for tree in range(len(self.feature))
        ]
        head = {
            "kind": _KIND,
            "card": self.card,
            "features": self.features,
            "classes": self.classes,
            "bias": [_short(value) for value in self.bias],
        }
        return json.dumps(head, indent=1)[:-2] + ',\n "trees": [\n' + ",\n".join(trees) + "\n]}\n"

    @classmethod
    def load(cls, path: Path) -> Forest:
        """Read from a file.

        Raises
        ------
        ModelError
            If it is missing or is no such table.
        """
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            return cls._from_json(content)
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            raise ModelError(
                f"{path}: not a readable model ({error}); make it again with: leachwatch train"
            ) from error

    @classmethod
    def _from_json(cls, content: Mapping[str, Any]) -> Forest:
        if content["kind"] != _KIND:
            raise ValueError(f"its kind is {content['kind']!r}")
        features, classes = tuple(content["features"]), tuple(content["classes"])
        place = {name: number for number, name in enumerate(features)}
        trees = content["trees"]
        return cls._checked(
            features,
            classes,
            [[(place[name], float(border)) for name, border in tree["asks"]] for tree in trees],
            [np.array(tree["adds"], np.float32) for tree in trees],
            np.array(content["bias"], np.float32),
            content["card"],
        )

    @classmethod
    def from_catboost(
        cls, model: Mapping[str, Any], features: Sequence[str], classes: Sequence[str]
    ) -> Forest:
        """Take over the trees of a CatBoost model.

        Parameters
        ----------
        model : mapping
            What CatBoost writes with ``format="json"``, symmetric trees on numbers only.
        features : sequence of str
            Names of its inputs.
        classes : sequence of str
            Names of its outputs.
        """
        scale, bias = model["scale_and_bias"]
        asks, adds = [], []
        for tree in model["oblivious_trees"]:
            asks.append([(one["float_feature_index"], one["border"]) for one in tree["splits"]])
            values = np.array(tree["leaf_values"], np.float64).reshape(-1, len(classes))
            adds.append((values * scale).astype(np.float32))
        return cls._checked(
            tuple(features), tuple(classes), asks, adds, np.broadcast_to(bias, len(classes)), {}
        )

    @classmethod
    def _checked(
        cls,
        features: tuple[str, ...],
        classes: tuple[str, ...],
        asks: Sequence[Sequence[tuple[int, float]]],
        adds: Sequence[NDArray[np.float32]],
        bias: Any,
        card: Mapping[str, Any],
    ) -> Forest:
        """Make all trees as deep as the deepest: a level that is missing asks for more than there is."""
        depth = max((len(ask) for ask in asks), default=1)
        if depth > _DEEPEST:
            raise ValueError(f"a tree has {depth} levels; at most {_DEEPEST} are possible")
        feature = np.zeros((len(asks), depth), np.uint8)
        border = np.full((len(asks), depth), np.inf, np.float32)
        leaf = np.zeros((len(asks), 2**depth, len(classes)), np.float32)
        for tree, (ask, add) in enumerate(zip(asks, adds, strict=True)):
            if add.shape != (2 ** len(ask), len(classes)):
                raise ValueError(f"tree {tree} has leaves of shape {add.shape}")
            leaf[tree, : len(add)] = add
            for level, (number, value) in enumerate(ask):
                feature[tree, level], border[tree, level] = range(len(features))[number], value
        return cls(features, classes, feature, border, leaf, np.array(bias, np.float32), card)


def _short(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")
