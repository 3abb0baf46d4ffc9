"""The map's own files that come with the package."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from palveluverkko.example import facts


def boundaries_path() -> Path:
    """The municipality boundaries, TopoJSON with one object ``munis``."""
    return Path(str(files("palveluverkko.example").joinpath("data", facts.BOUNDARIES)))
