"""One scan: from scenes to the tables of sites."""

from leachwatch.scanning.report import Report
from leachwatch.scanning.run import scan
from leachwatch.scanning.settings import ScanSettings

__all__ = ["Report", "ScanSettings", "scan"]
