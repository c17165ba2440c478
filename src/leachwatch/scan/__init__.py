"""One scan: from scenes to the tables of sites."""

from leachwatch.scan.report import Report
from leachwatch.scan.run import scan
from leachwatch.scan.settings import ScanSettings

__all__ = ["Report", "ScanSettings", "scan"]
