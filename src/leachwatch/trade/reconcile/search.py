"""The search for misprints: few statements without which the rest agrees, the likeliest first."""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from leachwatch.trade.reconcile.hypotheses import Event, Judge, Repair, applied
from leachwatch.trade.reconcile.settings import ReconcileSettings
from leachwatch.trade.reconcile.system import System

__all__ = ["Finding", "find_misprints"]

_NO_SHARE = 0.001  # of the weight, below which a repair is not worth a line
_TOGETHER = 2  # misprints whose conflicts hang together, looked at as one


@dataclass(frozen=True)
class Finding:
    """One conflict, and what would mend it.

    Attributes
    ----------
    statements : frozenset of int
        Statements that cannot all be true.
    repairs : tuple of Repair
        The likeliest first; each mends this conflict while the best repair of each other one is made.
    """

    statements: frozenset[int]
    repairs: tuple[Repair, ...]

    def share(self, repair: Repair) -> float:
        """Weight of a repair among its rivals, 0 to 1."""
        return repair.weight / sum(one.weight for one in self.repairs)

    def sure(self, settings: ReconcileSettings) -> bool:
        """Whether the best repair is sure enough for its values to be put in force."""
        best = self.repairs[0]
        known = all(change.meant for change in best.changes) and best.alone >= settings.sure_value
        return known and self.share(best) >= settings.sure

    def suspects(self, settings: ReconcileSettings) -> frozenset[int]:
        """Statements of the repairs that hold all the weight but what is beyond doubt."""
        found: frozenset[int] = frozenset()
        beyond = 1.0
        for repair in self.repairs:
            if beyond <= settings.doubt:
                break
            found |= repair.places
            beyond -= self.share(repair)
        return found


@dataclass
class _Pool:
    """Conflicts seen so far in one system."""

    system: System
    settings: ReconcileSettings
    conflicts: list[frozenset[int]] = field(default_factory=list)

    def unmet(self, dropped: Collection[int]) -> frozenset[int] | None:
        """Give a conflict that remains without some statements, or None."""
        known = [one for one in self.conflicts if one.isdisjoint(dropped)]
        if known:
            return min(known, key=len)
        found = self.system.conflict(dropped, self.settings.tolerance_t)
        if found is None:
            return None
        self.conflicts.append(found.statements)
        return found.statements


def find_misprints(system: System, settings: ReconcileSettings) -> tuple[Finding, ...]:
    """Find what contradicts what, and which misprints would explain it.

    First the fewest statements without which the rest agrees. Then, for each of these (or two, where their
    conflicts hang together), every other way out while the rest of them stays out; and once more with those
    figures put right that are sure by then.

    Returns
    -------
    tuple of Finding
        Empty where everything agrees.
    """
    pool = _Pool(system, settings)
    blocks = _blocks(pool.conflicts, _fewest(pool))
    findings = [Finding(block, ()) for block in blocks]
    for sweep in range(1 if len(blocks) == 1 else 2):
        for at in range(len(findings)):
            others = findings[:at] + findings[at + 1 :]
            findings[at] = _examine(pool, findings[at], others, in_force=sweep > 0)
    return tuple(
        part for finding in findings if finding.repairs for part in _parts(_plausible(finding), settings)
    )


def _plausible(finding: Finding) -> Finding:
    """Without the repairs that have next to no weight."""
    return replace(finding, repairs=tuple(one for one in finding.repairs if finding.share(one) >= _NO_SHARE))


def _parts(finding: Finding, settings: ReconcileSettings) -> list[Finding]:
    """Take a finding of several misprints apart, where they do not hang on each other.

    Each part has the repairs that share all other changes with the best; what shares them with none of the
    parts must be beyond doubt.
    """
    best = finding.repairs[0]
    if len(best.changes) == 1:
        return [finding]
    parts, covered = [], set()
    for change in best.changes:
        rest = best.places - set(change.places)
        rivals = [at for at, one in enumerate(finding.repairs) if rest < one.places]
        covered.update(rivals)
        parts.append(
            Finding(finding.statements - rest, tuple(_less(finding.repairs[at], rest) for at in rivals))
        )
    lost = sum(finding.share(one) for at, one in enumerate(finding.repairs) if at not in covered)
    return parts if lost <= settings.doubt else [finding]


def _less(repair: Repair, places: Collection[int]) -> Repair:
    return replace(repair, changes=tuple(one for one in repair.changes if not set(one.places) <= set(places)))


def _fewest(pool: _Pool) -> frozenset[int]:
    """Fewest statements without which the rest agrees."""
    out: frozenset[int] = frozenset()
    while pool.unmet(out) is not None:
        apart = set(out)
        while (found := pool.unmet(apart)) is not None:
            apart |= found
        out = _hitting(pool.conflicts)
    return out


def _hitting(conflicts: Sequence[frozenset[int]]) -> frozenset[int]:
    """Fewest statements that stand in every conflict at least once."""
    names = sorted(frozenset().union(*conflicts))
    place = {name: at for at, name in enumerate(names)}
    rows = np.zeros((len(conflicts), len(names)))
    for row, conflict in enumerate(conflicts):
        rows[row, [place[name] for name in conflict]] = 1
    often = rows.sum(axis=0)
    cost = 1 + (1 - often / often.max()) / (10 * len(names))
    found = milp(
        cost,
        integrality=np.ones(len(names)),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(csr_array(rows), lb=1),
    )
    return frozenset(name for name, taken in zip(names, found.x, strict=True) if taken > 0.5)  # noqa: PLR2004


def _blocks(conflicts: Sequence[frozenset[int]], culprits: frozenset[int]) -> list[frozenset[int]]:
    """Culprits to be looked at together: those of conflicts that hang together, if they are few."""
    names = sorted(frozenset().union(*conflicts))
    place = {name: at for at, name in enumerate(names)}
    links = [(place[min(one)], place[name]) for one in conflicts for name in one]
    if not links:
        return []
    ends = np.array(links).T
    graph = csr_array((np.ones(len(links)), (ends[0], ends[1])), shape=(len(names), len(names)))
    _, label = connected_components(graph, directed=False)
    together = [frozenset(c for c in culprits if label[place[c]] == one) for one in range(label.max() + 1)]
    return [
        block
        for group in together
        for block in ([group] if len(group) <= _TOGETHER else [frozenset({one}) for one in sorted(group)])
    ]


def _examine(pool: _Pool, finding: Finding, others: Sequence[Finding], *, in_force: bool) -> Finding:
    """Every way out of what remains in conflict after the best repairs of the other conflicts."""
    settings = pool.settings
    sure = [one for one in others if in_force and one.repairs and one.sure(settings)]
    changes = [change for one in sure for change in one.repairs[0].changes]
    right = frozenset(place for change in changes for place in change.places)
    out = frozenset().union(*(_touched(one) for one in others if one not in sure)) - right
    known = [one for one in pool.conflicts if one.isdisjoint(out | right)]
    local = _Pool(applied(pool.system, changes, settings), settings, known)
    if local.unmet(out) is None:
        return Finding(frozenset(), ())
    repairs = _best_first(local, out, right) or finding.repairs
    pool.conflicts.extend(one for one in local.conflicts[len(known) :] if one.isdisjoint(right))
    return Finding(
        frozenset().union(*local.conflicts) - right, repairs or _left_out(local, _touched(finding), out)
    )


def _left_out(pool: _Pool, culprits: frozenset[int], out: frozenset[int]) -> tuple[Repair, ...]:
    repair = Judge(pool.system, pool.settings).repair({(place,) for place in culprits}, out)
    return () if repair is None else (repair,)


def _touched(finding: Finding) -> frozenset[int]:
    return finding.repairs[0].places if finding.repairs else finding.statements


def _best_first(pool: _Pool, out: frozenset[int], right: frozenset[int]) -> tuple[Repair, ...]:
    """Repairs of what is in conflict without ``out``, the likeliest first."""
    judge, settings = Judge(pool.system, pool.settings), pool.settings
    found: dict[frozenset[Event], Repair] = {}
    queue: list[tuple[float, int, frozenset[Event]]] = [(0.0, 0, frozenset())]
    queued: set[frozenset[Event]] = set()
    order = itertools.count(1)
    tried = 0
    while queue and tried < settings.most_sets:
        cost, _, events = heapq.heappop(queue)
        if any(less <= events for less in found) or math.exp(-cost) < settings.doubt * _heaviest(found):
            continue
        touched = frozenset(place for event in events for place in event)
        conflict = pool.unmet(out | touched)
        if conflict is None:
            tried += 1
            if events and (repair := judge.repair(events, out)):
                found[events] = repair
            continue
        for event in sorted({event for place in conflict - right for event in judge.events(place)}):
            more = events | {event}
            if more not in queued and touched.isdisjoint(event) and right.isdisjoint(event):
                queued.add(more)
                heapq.heappush(queue, (cost + judge.at_least(event), next(order), more))
    return tuple(sorted(found.values(), key=lambda repair: -repair.weight))


def _heaviest(found: Mapping[frozenset[Event], Repair]) -> float:
    return max((repair.weight for repair in found.values()), default=0.0)
