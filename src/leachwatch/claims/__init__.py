"""Claims: each sentence becomes a computation and a verdict, run again whenever data change."""

from leachwatch.claims.claimreview import CLAIM_REVIEWS, claim_reviews
from leachwatch.claims.data import Data, Reader
from leachwatch.claims.estimate import Estimate, Lack
from leachwatch.claims.history import VERDICTS_FILE, Standing, carry_history
from leachwatch.claims.run import Checked, check_claims, is_simulated, judge_all
from leachwatch.claims.verdicts import SHAPES, Outcome, Reading

__all__ = [
    "CLAIM_REVIEWS",
    "SHAPES",
    "VERDICTS_FILE",
    "Checked",
    "Data",
    "Estimate",
    "Lack",
    "Outcome",
    "Reader",
    "Reading",
    "Standing",
    "carry_history",
    "check_claims",
    "claim_reviews",
    "is_simulated",
    "judge_all",
]
