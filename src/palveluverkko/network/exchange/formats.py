"""The formats of import and export by name. A new format is one more entry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from palveluverkko.network.exchange import csv_format, hsds, ptv
from palveluverkko.network.exchange.checks import check_alone
from palveluverkko.network.exchange.collecting import Collector
from palveluverkko.network.exchange.records import RegisterBundle
from palveluverkko.network.exchange.sources import Progress


@dataclass(frozen=True, slots=True)
class Format:
    """``parse`` gathers rows and all errors; ``write`` makes a file or folder of a bundle."""

    name: str
    parse: Callable[[Path, Progress | None], Collector]
    write: Callable[[RegisterBundle, Path], None]

    def read(self, source: Path) -> RegisterBundle:
        """The source as a bundle, checked by itself.

        Raises :class:`~palveluverkko.network.errors.ImportRejected` with every error. References
        to what only the register knows are checked when it is imported.
        """
        found = self.parse(source, None)
        check_alone(found)
        found.errors.reject()
        return found.bundle()


FORMATS: dict[str, Format] = {
    "csv": Format("csv", csv_format.parse, csv_format.write),
    "ptv": Format("ptv", ptv.parse, ptv.write),
    "hsds": Format("hsds", hsds.parse, hsds.write),
}
