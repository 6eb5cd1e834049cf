"""Which rows of a grid are its header: below titles, and of two rows where headings are merged over several columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matcher.domain.values import is_blank, parse_text
from matcher.io.faults import as_typed
from matcher.io.mapping import TableTerms

N_TITLE_ROWS = 20  # titles above the header are looked through this far

Rows = Sequence[Sequence[object]]


@dataclass(frozen=True, slots=True)
class Header:
    """The heading of each column. `last` is the row (from 0) that the data begin after; `joined` the positions of
    headings that were put together from two rows.
    """

    last: int
    texts: list[str]
    joined: tuple[int, ...] = ()


def find_header(terms: TableTerms, rows: Rows) -> Header | None:
    """Return the header of a grid, or None if all rows are blank. What the user calls a column is a known heading.

    Its row is the first one in which two headings are known, alone or because the user's mapping names two rows of
    them as one, else the first row with anything in it. The row above or below belongs to it where headings then become
    known that are not known alone, or that the mapping names.
    """
    first = None
    for idx, row in enumerate(rows[:N_TITLE_ROWS]):
        texts = [parse_text(cell) for cell in row if not is_blank(cell)]
        if texts and first is None:
            first = idx
        if len(_known(terms, texts)) >= 2 or _n_said_of_two(terms, rows, idx) >= 2:
            first = idx
            break
    if first is None:
        first = next((i for i, row in enumerate(rows) if any(not is_blank(cell) for cell in row)), None)
    if first is None:
        return None
    texts = [_text(cell) for cell in rows[first]]
    below = _with_row_below(terms, rows, first, texts)
    return below or _with_row_above(terms, rows, first, texts)


def _with_row_below(terms: TableTerms, rows: Rows, at: int, texts: list[str]) -> Header | None:
    """The header of this row and the next, where this one has merged cells and the next their parts."""
    if at + 1 >= len(rows):
        return None
    parts = [_text(cell) for cell in rows[at + 1]]
    parts += [""] * (len(texts) - len(parts))
    over = _spread(texts, len(parts))
    own = [text and terms.column(text) for text in [*texts, *[""] * (len(parts) - len(texts))]]
    if any(
        part and name and not _is_heading(terms, top, part) for part, name, top in zip(parts, own, over, strict=True)
    ):
        return None  # something stands below a heading that is known: a row of data
    joined = [_joined(terms, top, part) if part else top for top, part in zip(over, parts, strict=True)]
    gained = _known(terms, joined) - _known(terms, texts)
    if not gained and not any(part and _is_said(terms, top, part) for top, part in zip(over, parts, strict=True)):
        return None
    whole = [text if part else own for text, part, own in zip(joined, parts, _padded(texts, len(parts)), strict=True)]
    return Header(at + 1, whole, tuple(i for i, part in enumerate(parts) if part))


def _is_heading(terms: TableTerms, top: str, part: str) -> bool:
    """Whether a cell below a heading is one itself, alone or together: 拠点 over 都道府県."""
    return _is_said(terms, top, part) or (terms.column(f"{top}{part}") or terms.column(part)) is not None


def _is_said(terms: TableTerms, top: str, part: str) -> bool:
    """Whether the user's mapping names two cells as one heading, as a field or as one that is not read."""
    return bool(top) and terms.says(f"{top} {part}")


def _n_said_of_two(terms: TableTerms, rows: Rows, at: int) -> int:
    """How many headings of this row and the next the user's mapping names as one."""
    if not terms.headers or at + 1 >= len(rows):
        return 0
    parts = [_text(cell) for cell in rows[at + 1]]
    over = _spread([_text(cell) for cell in rows[at]], len(parts))
    return sum(bool(part) and _is_said(terms, top, part) for top, part in zip(over, parts, strict=False))


def _with_row_above(terms: TableTerms, rows: Rows, at: int, texts: list[str]) -> Header:
    """The header of this row, with what the row above says over those that are not known alone."""
    if at == 0:
        return Header(at, texts)
    over = _spread([_text(cell) for cell in rows[at - 1]], len(texts))
    taken = _known(terms, texts)
    found: dict[int, str] = {}
    for i, (top, text) in enumerate(zip(over, texts, strict=False)):
        if text and _is_said(terms, top, text):
            found[i] = f"{top} {text}"
            continue
        if not top or (text and terms.column(text)):
            continue
        whole = f"{top} {text}" if text else top
        name = terms.column(whole)
        if name and name not in taken:
            taken.add(name)
            found[i] = whole
    return Header(at, [found.get(i, text) for i, text in enumerate(texts)], tuple(found))


def _joined(terms: TableTerms, top: str, part: str) -> str:
    """The heading of two cells: both where that is known or the part alone is not, else the part."""
    whole = f"{top} {part}".strip()
    if terms.column(whole) or _is_said(terms, top, part) or not terms.column(part):
        return whole
    return part


def _spread(texts: list[str], width: int) -> list[str]:
    """The texts, each also over the blank cells behind it, as a merged cell stands over several columns."""
    spread, last = [], ""
    for text in _padded(texts, width):
        last = text or last
        spread.append(last)
    return spread


def _padded(texts: list[str], width: int) -> list[str]:
    return [*texts, *[""] * (width - len(texts))]


def _known(terms: TableTerms, texts: Sequence[str]) -> set[str]:
    return {name for text in texts if text and (name := terms.column(text))}


def _text(cell: object) -> str:
    return "" if is_blank(cell) else " ".join(as_typed(cell).split())
