"""The network: which hosts may be asked, and the one line to them, with patience and bounds."""

from leachwatch.network.hosts import Hosts, brief, is_address, origin
from leachwatch.network.transport import Answer, NoParts, Patience, Span, Traffic, Transport

__all__ = [
    "Answer",
    "Hosts",
    "NoParts",
    "Patience",
    "Span",
    "Traffic",
    "Transport",
    "brief",
    "is_address",
    "origin",
]
