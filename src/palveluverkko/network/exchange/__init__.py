"""Import and export of the register: CSV, PTV and HSDS. See ``docs/formats.md``."""

from palveluverkko.network.exchange.formats import FORMATS, Format
from palveluverkko.network.exchange.importing import export_register, import_register
from palveluverkko.network.exchange.records import RegisterBundle
from palveluverkko.network.exchange.store import Counts, ImportCounts, load_bundle, store_bundle

__all__ = [
    "FORMATS",
    "Counts",
    "Format",
    "ImportCounts",
    "RegisterBundle",
    "export_register",
    "import_register",
    "load_bundle",
    "store_bundle",
]
