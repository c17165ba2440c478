"""Tonnes, shares, revenue and origin as distributions, from figures and from priors that anyone can read."""

from leachwatch.estimate.account import TradeReport, keep_account
from leachwatch.estimate.outcome import LeftOut
from leachwatch.estimate.priors import Prior, read_priors
from leachwatch.estimate.run import Estimated, EstimateSettings, estimate

__all__ = [
    "EstimateSettings",
    "Estimated",
    "LeftOut",
    "Prior",
    "TradeReport",
    "estimate",
    "keep_account",
    "read_priors",
]
