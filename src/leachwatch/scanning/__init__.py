"""One scan: from scenes to the tables of sites."""

from leachwatch.scanning.groups import read_groups
from leachwatch.scanning.plan import HostUse, Plan, plan_scan
from leachwatch.scanning.report import Report
from leachwatch.scanning.run import scan
from leachwatch.scanning.settings import FilmSettings, ScanSettings

__all__ = [
    "FilmSettings",
    "HostUse",
    "Plan",
    "Report",
    "ScanSettings",
    "plan_scan",
    "read_groups",
    "scan",
]
