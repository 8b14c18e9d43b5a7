"""Tables as CSV that a spreadsheet opens with one click and runs nothing of."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

# A cell that begins so is run as a formula. Source: OWASP, CSV Injection.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads UTF-8 as Windows-1250


def csv_text(headings: Sequence[object], rows: Iterable[Sequence[object]]) -> str:
    """The table with semicolons, as Polish spreadsheets read it; numbers stay numbers."""
    out = StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([_safe(cell) for cell in headings])
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    return BYTE_ORDER_MARK + out.getvalue()


def _safe(cell: object) -> object:
    if cell is None or isinstance(cell, int | float):
        return cell
    text = str(cell)
    # The apostrophe says "this is text"; spreadsheets hide it.
    is_formula = text.lstrip(" ").startswith(FORMULA_SIGNS)
    return f"'{text}" if is_formula else text
