"""Who may see a record: nobody who may not see everything that it rests on."""

from __future__ import annotations

from collections.abc import Mapping

from leachwatch.case.records import Records
from leachwatch.case.records.record import Tlp
from leachwatch.release.references import references

__all__ = ["ORDER", "strictness"]

ORDER: tuple[Tlp, ...] = ("CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED")
"""Labels of the Traffic Light Protocol 2.0, the widest first."""


def strictness(records: Records) -> Mapping[str, tuple[Tlp, str]]:
    """Find the strictest label that a record inherits, and from which record.

    Parameters
    ----------
    records : Records
        Of a case.

    Returns
    -------
    mapping of str to (str, str)
        By id: the label, and the id of a record that has it. A record that names one which is not there is
        as strict as can be, for the sake of the one that is not there.
    """
    names = references(records)
    labels: dict[str, tuple[Tlp, str]] = {one.id: (one.tlp, one.id) for one in records}
    rested_on: dict[str, set[str]] = {}
    for record, others in names.items():
        for other in others:
            rested_on.setdefault(other, set()).add(record)
            labels.setdefault(other, ("RED", other))
    for label in reversed(ORDER[1:]):
        waiting = [one for one, (own, _) in labels.items() if own == label]
        while waiting:
            cause = waiting.pop()
            for heir in rested_on.get(cause, ()):
                if ORDER.index(labels[heir][0]) < ORDER.index(label):
                    labels[heir] = label, labels[cause][1]
                    waiting.append(heir)
    return labels
