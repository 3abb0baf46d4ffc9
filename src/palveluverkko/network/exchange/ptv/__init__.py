"""PTV (Palvelutietovaranto) version 11, service locations."""

from palveluverkko.network.exchange.ptv.read import parse
from palveluverkko.network.exchange.ptv.write import write

__all__ = ["parse", "write"]
