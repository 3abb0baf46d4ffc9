"""Reading a CSV or Parquet file in batches of raw text, without holding it in memory.

A batch is a frame of text columns (missing values are null) with the column ``row``: the line as an
editor shows it (CSV), or the number of the record (Parquet), both from 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import polars as pl
from django.utils.translation import gettext as _

from palveluverkko.demand.errors import ErrorList

BLOCK_BYTES = 16 * 1024 * 1024
PARQUET_ROWS = 500_000
BOM = b"\xef\xbb\xbf"
UTF16 = (b"\xff\xfe", b"\xfe\xff")
EXTRA = "__extra"

Progress = Callable[[int, int], None]


def read_batches(
    path: Path,
    required: Sequence[str],
    optional: Sequence[str],
    errors: ErrorList,
    progress: Progress | None = None,
) -> Iterator[pl.DataFrame]:
    """The file's records, batch by batch; what is wrong with the file itself goes to ``errors``.

    ``progress(done, total)`` counts bytes (CSV) or records (Parquet).
    """
    if path.suffix.lower() in {".parquet", ".pq"}:
        yield from _read_parquet(path, required, optional, errors, progress)
    else:
        with path.open("rb") as file:
            yield from _read_csv(file, path.stat().st_size, required, optional, errors, progress)


def _columns_fit(
    names: Sequence[str], required: Sequence[str], optional: Sequence[str], errors: ErrorList
) -> bool:
    row = 1
    for name in required:
        if name not in names:
            errors.add(row, name, "", _("The column is missing."))
    for name in dict.fromkeys(names):
        if name not in required and name not in optional:
            # Not ignored: a misspelt optional column would silently lose its data.
            errors.add(row, name, name, _("The column is not known."))
        if names.count(name) > 1:
            errors.add(row, name, name, _("The column is there twice."))
    return not errors


def _clean(frame: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """Trimmed text, empty as null, and no blank lines."""
    text = pl.col(names).str.strip_chars()
    trimmed = frame.with_columns(pl.when(text != "").then(text))
    return trimmed.filter(pl.any_horizontal(pl.col(names).is_not_null()))


# --- CSV ---


def _read_csv(
    file: BinaryIO,
    size: int,
    required: Sequence[str],
    optional: Sequence[str],
    errors: ErrorList,
    progress: Progress | None,
) -> Iterator[pl.DataFrame]:
    header = file.readline(1_000_000)
    if header.startswith(UTF16):
        errors.add(1, None, "UTF-16", _("The file is not UTF-8. Save it as UTF-8."))
        return
    text = header.removeprefix(BOM).decode("utf-8", errors="replace").strip()
    if not text:
        errors.add(None, None, "", _("The file is empty."))
        return
    separator = max(",;\t", key=text.count)
    names = [name.strip().strip('"').strip().lower() for name in text.split(separator)]
    if not _columns_fit(names, required, optional, errors):
        return
    seen, line, done = 0, 2, len(header)
    for block in _blocks(file, errors):
        frame = _parse(_utf8(block, line, errors), names, separator, line, errors)
        line += block.count(b"\n")
        done += len(block)
        if frame.height:
            seen += frame.height
            yield frame
        if progress:
            progress(done, size)
    if not seen:
        errors.add(None, None, "", _("The file has no rows."))


def _blocks(file: BinaryIO, errors: ErrorList) -> Iterator[bytes]:
    """The rest of the file in pieces that end at a line's end."""
    tail = b""
    while chunk := file.read(BLOCK_BYTES):
        cut = chunk.rfind(b"\n") + 1
        if cut:
            yield tail + chunk[:cut]
            tail = chunk[cut:]
        else:
            tail += chunk
        if len(tail) > BLOCK_BYTES:  # not a table: it would end up in memory as one line
            errors.add(None, None, tail[:80].decode(errors="replace"), _("A line is too long."))
            return
    if tail:
        yield tail


def _utf8(block: bytes, line: int, errors: ErrorList) -> bytes:
    try:
        block.decode("utf-8")
    except UnicodeDecodeError as bad:
        row = line + block.count(b"\n", 0, bad.start)
        rule = _("The file is not UTF-8. Save it as UTF-8.")
        errors.add(row, None, block[bad.start : bad.start + 1].hex(), rule)
        return block.decode("utf-8", errors="replace").encode()
    return block


def _parse(
    block: bytes, names: Sequence[str], separator: str, line: int, errors: ErrorList
) -> pl.DataFrame:
    quote: str | None = '"'
    if b'"' in block:
        for number, text in enumerate(block.split(b"\n"), start=line):
            if text.count(b'"') % 2:
                errors.add(number, None, text.decode()[:80], _("A quotation mark is not closed."))
                quote = None  # else the parser would swallow the lines that follow
    # A header of our own, one column too many: lines with more fields show up in the last one.
    header = separator.join([*names, EXTRA]).encode() + b"\n"
    frame = pl.read_csv(
        header + block,
        separator=separator,
        quote_char=quote,
        infer_schema=False,
        truncate_ragged_lines=True,
    ).with_row_index("row", offset=line)
    too_long = frame.filter(pl.col(EXTRA).is_not_null())
    for row, value in too_long.select("row", EXTRA).iter_rows():
        errors.add(row, None, value, _("The row has more fields than the header."))
    return _clean(frame.drop(EXTRA), names)


# --- Parquet ---


def _read_parquet(
    path: Path,
    required: Sequence[str],
    optional: Sequence[str],
    errors: ErrorList,
    progress: Progress | None,
) -> Iterator[pl.DataFrame]:
    if not path.stat().st_size:
        errors.add(None, None, "", _("The file is empty."))
        return
    try:
        scan = pl.scan_parquet(path)
        names = scan.collect_schema().names()
    except pl.exceptions.ComputeError as bad:
        errors.add(None, None, str(bad).splitlines()[0], _("The file is not a Parquet file."))
        return
    if not _columns_fit(names, required, optional, errors):
        return
    total = scan.select(pl.len()).collect().item()
    if not total:
        errors.add(None, None, "", _("The file has no rows."))
    for start in range(0, total, PARQUET_ROWS):
        frame = scan.slice(start, PARQUET_ROWS).collect().cast(pl.String)
        frame = frame.with_row_index("row", offset=start + 1)
        yield _clean(frame, names)
        if progress:
            progress(min(start + PARQUET_ROWS, total), total)
