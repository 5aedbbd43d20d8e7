"""What one person was handed as CSV (RFC 4180, UTF-8): a line a drop, most urgent first, safe in a spreadsheet."""

from dataclasses import astuple, fields

from store.evidence.population import line, text
from store.incident.sheet import Row, Sheet

COLUMNS = tuple(field.name for field in fields(Row))


def of(sheet: Sheet) -> bytes:
    """The whole file."""
    lines = [line(COLUMNS), *(line([_cell(name, value) for name, value in _values(row)]) for row in sheet.rows)]
    return b"".join(lines)


def _values(row: Row) -> list[tuple[str, str]]:
    return list(zip(COLUMNS, astuple(row), strict=True))


def _cell(name: str, value: str) -> str:
    # Our own times are no text that anybody chose, and are to be sorted as times.
    return value if name.endswith(("_at", "_by")) and name != "rotate_at" else text(value)
