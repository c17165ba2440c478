"""Where results are kept: a folder of this machine, or a place that many machines reach."""

from leachwatch.storage.lease import Lease, leased, lessee
from leachwatch.storage.shelf import FolderShelf, Shelf
from leachwatch.storage.url import UrlShelf, is_url

__all__ = ["FolderShelf", "Lease", "Shelf", "UrlShelf", "is_url", "leased", "lessee"]
