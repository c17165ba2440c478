"""Events that come in from files: CSV, GeoJSON, exports of ACLED."""

from leachwatch.case.incoming.importing import Imported, import_events, keep_events

__all__ = ["Imported", "import_events", "keep_events"]
