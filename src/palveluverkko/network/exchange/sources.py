"""Where an import's bytes come from: a file, a folder or a zip, read once, with progress."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from palveluverkko.network.exchange.collecting import Collector, ErrorList, Place

Progress = Callable[[int, int], None]
BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a source; ``size`` in bytes."""

    name: str
    size: int
    open: Callable[[], BinaryIO]


class ByteCount:
    """Sums the bytes of several files for one progress callback."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self.done, self.total, self._progress = 0, total, progress

    def add(self, count: int) -> None:
        self.done += count
        if self._progress is not None:
            self._progress(self.done, self.total)


def members(source: Path, found: Collector, suffixes: tuple[str, ...]) -> list[Member]:
    """The files of the source with one of the suffixes, by name."""
    if source.is_dir():
        return [file_member(p) for p in sorted(source.iterdir()) if p.suffix.lower() in suffixes]
    if not source.exists():
        found.errors.add(Place(source.name, None), None, str(source.name), "not_found")
        return []
    if source.suffix.lower() != ".zip":
        return [file_member(source)]
    try:
        with zipfile.ZipFile(source) as archive:
            return [
                Member(PurePosixPath(i.filename).name, i.file_size, _opener(source, i.filename))
                for i in sorted(archive.infolist(), key=lambda i: i.filename)
                if not i.is_dir() and PurePosixPath(i.filename).suffix.lower() in suffixes
            ]
    except zipfile.BadZipFile as error:
        found.errors.add(Place(source.name, None), None, "", "unreadable", reason=error)
        return []


def file_member(path: Path) -> Member:
    return Member(path.name, path.stat().st_size, lambda: path.open("rb"))


def _opener(archive: Path, name: str) -> Callable[[], BinaryIO]:
    # The archive is opened for each reading: a lazy source may be read after the import's parsing.
    return lambda: cast("BinaryIO", zipfile.ZipFile(archive).open(name))


def text_lines(member: Member, errors: ErrorList, count: ByteCount) -> Iterator[str]:
    """The file's lines as text. The first byte that is not UTF-8 is an error and ends the file."""
    position = 0
    with closing(member.open()) as file:
        for number, raw in enumerate(file, start=1):
            data = raw.removeprefix(BOM) if number == 1 else raw
            try:
                text = data.decode("utf-8")
            except UnicodeDecodeError as error:
                at = position + len(raw) - len(data) + error.start
                byte = f"0x{data[error.start]:02X}"
                errors.add(Place(member.name, number), None, byte, "encoding", position=at)
                return
            position += len(raw)
            count.add(len(raw))
            yield text
