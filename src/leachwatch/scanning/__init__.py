"""One scan: from scenes to the tables of sites."""

from leachwatch.scanning.checkup import Checkup, check_up
from leachwatch.scanning.gather import search, trust
from leachwatch.scanning.groups import read_groups
from leachwatch.scanning.jobs import Job, jobs_over, nearness
from leachwatch.scanning.plan import HostUse, Plan, plan_scan
from leachwatch.scanning.report import Report
from leachwatch.scanning.run import scan
from leachwatch.scanning.settings import FilmSettings, ScanSettings
from leachwatch.scanning.watched import watch

__all__ = [
    "Checkup",
    "FilmSettings",
    "HostUse",
    "Job",
    "Plan",
    "Report",
    "ScanSettings",
    "check_up",
    "jobs_over",
    "nearness",
    "plan_scan",
    "read_groups",
    "scan",
    "search",
    "trust",
    "watch",
]
