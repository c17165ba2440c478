"""Which sites an actor held on a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from leachwatch.case.records import Answer, best, both, of_spell, of_versions
from leachwatch.territory.ground import Ground
from leachwatch.territory.placing import Placed
from leachwatch.territory.zones import INSIDE

__all__ = ["sites_held"]


def sites_held(ground: Ground, placed: Placed, actor: str, day: date) -> Sequence[Answer]:
    """Say of each site whether an actor held it on a day.

    Parameters
    ----------
    ground : Ground
        Of the case.
    placed : Placed
        The sites on its drawings.
    actor : str
        Record in actors.yaml.
    day : date
        Of the question.

    Returns
    -------
    sequence of Answer
        In the order of the sites; ``unknown`` where the site lies in no territory of which anybody says that
        they held it.
    """
    said: list[list[Answer]] = [[] for _ in placed.ids]
    for territory in ground.territories:
        own = [spell for spell in ground.spells[territory.id] if actor in spell.controllers]
        if not own:
            continue
        spelled = best(of_spell(spell, day) for spell in own)
        columns = ground.drawings[territory.id]
        forces = ground.forces(territory.id, day)
        patterns, pattern = np.unique(placed.codes[:, columns], axis=0, return_inverse=True)
        inside = [
            of_versions([(force, INSIDE[code]) for force, code in zip(forces, codes, strict=True)])
            for codes in patterns.tolist()
        ]
        for site, place in enumerate(pattern.reshape(-1)):
            if inside[place] != "no":
                said[site].append(both(inside[place], spelled))
    return [best(answers) for answers in said]
