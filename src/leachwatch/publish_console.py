"""What the commands on publications print."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from leachwatch.console import one_line, tell

if TYPE_CHECKING:
    from leachwatch.publication import Prepared, Verified
    from leachwatch.release import Withheld

__all__ = ["print_prepared", "print_verified", "print_withheld"]

_MOST = 12


def print_prepared(prepared: Prepared, case: Path, *, signed: bool, quiet: bool) -> None:
    """Say how a publication differs from the last one, what stays behind, and what to do next."""
    print_withheld(prepared.withheld, quiet=quiet)
    if prepared.told:
        many = f"{prepared.told} record{'' if prepared.told == 1 else 's'}"
        tell(
            f"told by protected sources: {many}, to the month and to a township, a cell, or no place",
            quiet=quiet,
        )
    for claim, (own, said) in prepared.verdicts.items():
        tell(f"verdict: {claim} is {own} in the case and {said} without what stays behind", quiet=quiet)
    for need in prepared.needs:
        tell(f"not passed on: {one_line(need)}", quiet=quiet)
    for line in _difference(prepared):
        tell(line, quiet=quiet)
    if not signed:
        tell("not signed: with --key others can see that it is yours", quiet=quiet)
    print(f"prepared, not released: {prepared.folder}")
    steps = [f"look at {prepared.folder / 'index.html'}"]
    if prepared.protected:
        steps.append(f"leachwatch vault scan {case} --identity FILE --publication {prepared.folder}")
    steps.append(f"leachwatch publish {case} --release")
    for number, step in enumerate(steps, start=1):
        tell(f"  {number}. {step}", quiet=quiet)


def print_withheld(withheld: Sequence[Withheld], *, quiet: bool) -> None:
    """Name the records that stay behind, for the editor."""
    for one in withheld[:_MOST]:
        tell(f"stays behind: {one.record} {one.why}", quiet=quiet)
    if len(withheld) > _MOST:
        tell(f"stays behind: {len(withheld) - _MOST} more records; --json lists all", quiet=quiet)


def print_verified(found: Verified, *, quiet: bool) -> None:
    """Say what holds, what does not, and what could not be checked here."""
    for line in (*found.broken, *found.differs, *found.undecided):
        print(one_line(line))
    for line in found.unchecked:
        tell(f"not checked: {one_line(line)}", quiet=quiet)
    signed = f"signed by {found.signed_by}" if found.signed_by else "signed by nobody"
    if found.broken:
        print(f"BROKEN: {len(found.broken)} things are not as published; nothing was computed")
    elif found.differs:
        print(f"DIFFERS: {len(found.differs)} things do not come out again; {signed}")
    elif found.undecided:
        many = f"{len(found.undecided)} files are drawn otherwise, as other fonts or versions would"
        print(f"UNDECIDED: {found.tables} tables come out again; {many}; {signed}")
    else:
        taken = (
            "; trade taken as published" if any(one.startswith("trade") for one in found.unchecked) else ""
        )
        again = f"{found.tables} tables, page, pictures and files come out again{taken}"
        print(f"holds: {found.files} files as published; {again}; {signed}")


def _difference(prepared: Prepared) -> Iterator[str]:
    changed = prepared.difference
    if prepared.first:
        yield f"first publication: {_counted(changed.new)}"
        return
    for word, parts in (("new", changed.new), ("changed", changed.changed), ("gone", changed.gone)):
        if parts:
            yield f"{word} since the last: {_counted(parts)}"
            records = [part for part in parts if not part.startswith("file ")]
            yield from (f"  {one_line(part)}" for part in records[:_MOST])
            if len(records) > _MOST:
                yield f"  and {len(records) - _MOST} more; --json lists all"
    if not (changed.new or changed.changed or changed.gone):
        yield "nothing changed since the last"


def _counted(parts: Sequence[str]) -> str:
    many = Counter(part.split(" ", 1)[0] for part in parts)
    return ", ".join(f"{count} {kind}{_plural(kind, count)}" for kind, count in many.items()) or "nothing"


def _plural(kind: str, count: int) -> str:
    return "" if count == 1 or kind in {"control", "evidence"} else "s"
