"""Palveluverkko: plan and run a public agency's service network."""

__version__ = "0.1.0"
