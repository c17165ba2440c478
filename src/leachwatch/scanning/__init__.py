"""One scan: from scenes to the tables of sites."""

from leachwatch.scanning.plan import HostUse, Plan, plan_scan
from leachwatch.scanning.report import Report
from leachwatch.scanning.run import scan
from leachwatch.scanning.settings import ScanSettings

__all__ = ["HostUse", "Plan", "Report", "ScanSettings", "plan_scan", "scan"]
