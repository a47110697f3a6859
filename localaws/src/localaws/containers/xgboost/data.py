"""Reads the files of a channel: CSV with the label first, and libsvm.

Input: a channel. Output: a `Table`. Source: "Input/Output Interface for the XGBoost Algorithm" in the SageMaker guide.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from localaws.containers.xgboost.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from localaws.containers.xgboost.contract import Channel

_CSV, _LIBSVM = ("csv", "text/csv"), ("libsvm", "text/libsvm", "text/x-libsvm")
_ELSEWHERE = ("parquet", "recordio-protobuf", "application/x-parquet", "application/x-recordio-protobuf")
"""Content types of AWS's container that this program does not read."""
_DELIMITERS = ",;\t| "
_SNIPPET = 50


@dataclass(frozen=True)
class Table:
    """Rows of a channel."""

    features: Any
    """A matrix: of numpy for CSV, of scipy for libsvm."""
    labels: Any
    weights: Any = None
    """A weight for each row, where the data has them."""
    groups: Any = None
    """The query of each row, where the data has them, for ranking."""


def read_channel(channel: Channel, *, csv_weights: bool) -> Table | None:
    """The rows of a channel; None where it has no file with any.

    Args:
        channel: the channel.
        csv_weights: whether the second column of CSV has weights.

    Raises:
        UserError: the content type or the input mode is not supported, or a file is of another format.
    """
    read = _read_csv if _content_type(channel.content_type) in _CSV else _read_libsvm
    if channel.input_mode == "Pipe":
        raise UserError(
            "Pipe mode for CSV is no longer supported. Please use Fast File mode (default) instead."
            if read is _read_csv
            else "Pipe mode not supported for LibSVM."
        )
    files = list(_data_files(channel.path)) if channel.path.is_dir() else []
    return read(files, csv_weights=csv_weights) if any(each.stat().st_size for each in files) else None


def widened(table: Table, columns: int) -> Table:
    """The same rows with empty columns at their end: libsvm leaves out what a file has no value of."""
    missing = columns - table.features.shape[1]
    if missing <= 0 or isinstance(table.features, np.ndarray):
        return table
    features = table.features.copy()
    features.resize((table.features.shape[0], columns))
    return Table(features, table.labels, table.weights, table.groups)


def _content_type(given: str | None) -> str:
    if given is None:
        return _LIBSVM[0]
    kind, *parameters = (part.strip() for part in given.lower().split(";"))
    if kind in _CSV and any(each.startswith("label_size=") and each != "label_size=1" for each in parameters):
        raise UserError(f"{given} is not an accepted csv ContentType. Optional parameter label_size must be equal to 1")
    if kind in _ELSEWHERE:
        raise UserError(f"{given} is not read here: convert the data to text/csv or text/libsvm")
    if kind not in (*_CSV, *_LIBSVM):
        raise UserError(f"{given} is not an accepted ContentType: {', '.join((*_CSV, *_LIBSVM, *_ELSEWHERE))}.")
    return kind


def _data_files(folder: Path) -> Iterator[Path]:
    """The files below a folder, sorted, without those that begin with a dot or an underscore."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith((".", "_")):
            yield path


def _read_csv(files: list[Path], *, csv_weights: bool) -> Table:
    blocks = [_csv_block(file) for file in files if file.stat().st_size]
    widths = {block.shape[1] for block in blocks}
    if len(widths) > 1:
        raise UserError(f"Failed to load csv data with exception:\nfiles have {sorted(widths)} columns")
    rows = np.vstack(blocks)
    first = 2 if csv_weights else 1
    return Table(rows[:, first:], rows[:, 0], rows[:, 1] if csv_weights else None)


def _csv_block(file: Path) -> Any:
    with file.open(newline="") as lines:
        line = lines.readline()
    try:
        delimiter = csv.Sniffer().sniff(line, _DELIMITERS).delimiter
    except csv.Error as error:
        raise UserError(f"Could not determine delimiter on line {line[:_SNIPPET]}:\n{error}") from None
    try:
        return np.loadtxt(file, dtype=np.float32, delimiter=delimiter, ndmin=2, comments=None)
    except ValueError:  # an empty field, which is a missing value, or a word
        return np.array(list(_csv_rows(file, delimiter)), dtype=np.float32)


def _csv_rows(file: Path, delimiter: str) -> Iterator[list[float]]:
    width = 0
    with file.open(newline="") as lines:
        for number, row in enumerate(csv.reader(lines, delimiter=delimiter), start=1):
            width = width or len(row)
            if len(row) not in {0, width}:
                raise UserError(
                    f"Failed to load csv data with exception:\n{file.name}, line {number}: got {len(row)} columns, "
                    f"expected {width}"
                )
            if row:
                yield [_number(field, file, number) for field in row]


def _number(field: str, file: Path, line: int) -> float:
    try:
        return float(field) if field.strip() else float("nan")
    except ValueError:
        header = " (a header is not allowed)" if line == 1 else ""
        raise UserError(
            f"Failed to load csv data with exception:\n{file.name}, line {line}: got {field[:_SNIPPET]!r}, expected a "
            f"number{header}"
        ) from None


def _read_libsvm(files: list[Path], *, csv_weights: bool) -> Table:
    from scipy.sparse import csr_matrix  # noqa: PLC0415  XGBoost brings it, and CSV needs none of it

    del csv_weights
    labels: list[float] = []
    weights: list[float] = []
    groups: list[int] = []
    values: list[float] = []
    columns: list[int] = []
    ends = [0]
    for file in files:
        for line in file.read_text(errors="ignore").splitlines():
            words = line.partition("#")[0].split()
            if not words:
                continue
            try:
                label, _, weight = words[0].partition(":")
                labels.append(float(label))
                weights.append(float(weight or 1))
                for name, value in (word.split(":") for word in words[1:]):
                    if name == "qid":
                        groups.append(int(value))
                    else:
                        columns.append(int(name))
                        values.append(float(value))
            except ValueError:
                raise UserError(
                    f"First line '{line[:_SNIPPET]}...' of file '{file.name}' is not 'LIBSVM' format. "
                    "Please ensure the file is in 'LIBSVM' format."
                ) from None
            ends.append(len(values))
    shape = (len(labels), max(columns, default=0) + 1)
    features = csr_matrix((np.array(values, np.float32), np.array(columns), np.array(ends)), shape=shape)
    weighted = np.array(weights, np.float32) if set(weights) - {1.0} else None
    return Table(features, np.array(labels, np.float32), weighted, np.array(groups) if groups else None)
