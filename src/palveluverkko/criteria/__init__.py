"""Criteria: a dated policy of a deciding body, applied to a snapshot, with reasons."""

from palveluverkko.criteria.assess import assess
from palveluverkko.criteria.errors import PolicyInvalid, PolicyProblem
from palveluverkko.criteria.load import load_policy
from palveluverkko.criteria.model import Assessment, Outcome, Reason, Verdict
from palveluverkko.criteria.parity import ParityRow, parity
from palveluverkko.criteria.policy import Policy

__all__ = [
    "Assessment",
    "Outcome",
    "ParityRow",
    "Policy",
    "PolicyInvalid",
    "PolicyProblem",
    "Reason",
    "Verdict",
    "assess",
    "load_policy",
    "parity",
]
