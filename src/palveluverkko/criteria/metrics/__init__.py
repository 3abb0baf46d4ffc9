"""Importing this package fills the table of metrics; a new family of metrics is listed here."""

from palveluverkko.criteria.metrics import access, demand, offers
from palveluverkko.criteria.metrics.registry import METRICS, Metric

__all__ = ["METRICS", "Metric", "access", "demand", "offers"]
