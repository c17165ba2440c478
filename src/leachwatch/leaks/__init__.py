"""Whether bytes that are to be published hold a string that must not come out."""

from leachwatch.leaks.search import Finding, Findings, leaks
from leachwatch.leaks.secret import Secret

__all__ = ["Finding", "Findings", "Secret", "leaks"]
