"""Who held the ground: territories as they are drawn, spells of control, and sites by both."""

from leachwatch.territory.boundaries import Boundaries, Service, fetch_boundaries
from leachwatch.territory.counts import control_counts
from leachwatch.territory.ground import Control, Ground, Held, Spelled, read_ground
from leachwatch.territory.placing import Placed, place
from leachwatch.territory.settings import CountSettings
from leachwatch.territory.site_control import site_control
from leachwatch.territory.sites_held import sites_held
from leachwatch.territory.standing import Holding, StandingReport, keep_standing

__all__ = [
    "Boundaries",
    "Control",
    "CountSettings",
    "Ground",
    "Held",
    "Holding",
    "Placed",
    "Service",
    "Spelled",
    "StandingReport",
    "control_counts",
    "fetch_boundaries",
    "keep_standing",
    "place",
    "read_ground",
    "site_control",
    "sites_held",
]
