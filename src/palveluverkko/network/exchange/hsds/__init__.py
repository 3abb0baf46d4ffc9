"""HSDS 3, the Human Services Data Specification of Open Referral."""

from palveluverkko.network.exchange.hsds.read import parse
from palveluverkko.network.exchange.hsds.write import write

__all__ = ["parse", "write"]
