"""One fault, warning or repair as people read it: where, what is wrong with the value, and what to try."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from matcher.domain.tables import column_of
from matcher.domain.values import CHOICES
from matcher.errors import Issue
from matcher.words.catalog import Lang, Sentence, shown
from matcher.words.headings import cell_text, choice_words, column_heading, heading_of, sheet_name
from matcher.words.issue_data import ISSUES
from matcher.words.issue_words import IssueWords

_TRY = Sentence("対処：", "Try: ")
_OR_BLANK = Sentence("（分からない場合は空欄で構いません）", ", or leave the cell blank if it is not known")
_UNIT = Sentence("（{unit}）", " ({unit})")
_COLON = Sentence("：", ": ")
_JOIN = Sentence("、", ", ")
_OR = Sentence("か", " or ")
_TABLE = Sentence("「{name}」", "{name}")
_BOTH = Sentence("{ja}（{en}）", "{en} ({ja})")
_SHEET = Sentence("シート「{sheet}」", "sheet {sheet}")
_ROW = Sentence("{row}行目", "row {row}")
_COLUMN = Sentence("列「{column}」", "column {column}")
_LINE = Sentence("{row}行目{at}文字目", "line {row}, column {at}")
_KIND_NOTE = Sentence("（中身は {kind} です）", " (the content is {kind})")
_RATED = Sentence("「{rated}」の", " of {rated}")
_KINDS = {
    "xlsx": Sentence("新しい形式の Excel ブックか zip", "a workbook of the newer kind, or a zip"),
    "xls": Sentence("古い形式の Excel ブック", "a workbook of the older kind"),
    "xlsb": Sentence("バイナリ形式の Excel ブック（.xlsb）", "a binary workbook (.xlsb)"),
    "ods": Sentence("OpenDocument の表計算（.ods）", "an OpenDocument spreadsheet (.ods)"),
    "text": Sentence("文字のファイル（CSV など）", "a text file such as CSV"),
    "other": Sentence("Excel ブックではないもの", "no Excel workbook"),
}


def issue_text(issue: Issue, lang: Lang) -> str:
    """Return an issue as two lines: where and what is wrong, then what to try.

    Raises
    ------
    LookupError
        If its rule has no sentence.
    """
    return f"{where_text(issue, lang)}{what_text(issue, lang)}\n{hint_text(issue, lang)}"


def where_text(issue: Issue, lang: Lang) -> str:
    """Return the place of an issue with a colon behind it, or an empty text if it has none."""
    parts = [issue.file] if issue.file else []
    if issue.sheet:
        parts.append(_SHEET.fill(lang, sheet=issue.sheet))
    at = issue.params.get("yaml_column")
    if at is not None:
        if issue.row:
            parts.append(_LINE.fill(lang, row=issue.row, at=at))
        parts += [issue.column] if issue.column else []
    else:
        parts += [_ROW.fill(lang, row=issue.row)] if issue.row else []
        parts += [_COLUMN.fill(lang, column=issue.column)] if issue.column else []
    return _JOIN.fill(lang).join(parts) + _COLON.fill(lang) if parts else ""


def what_text(issue: Issue, lang: Lang) -> str:
    """Return what is wrong, without the place."""
    return _words(issue).text.fill(lang, **_params(issue, lang))


def hint_text(issue: Issue, lang: Lang) -> str:
    """Return what to try, behind “Try:”."""
    return _TRY.fill(lang) + mend_text(issue, lang)


def mend_text(issue: Issue, lang: Lang) -> str:
    """Return what to try."""
    words = _words(issue)
    hint = words.hint_near if words.hint_near is not None and issue.params.get("near") else words.hint
    return hint.fill(lang, **_params(issue, lang))


def _words(issue: Issue) -> IssueWords:
    if issue.rule not in ISSUES:
        raise LookupError(f"Rule {issue.rule!r} has no sentence in matcher.words.issue_data.")
    return ISSUES[issue.rule]


def _params(issue: Issue, lang: Lang) -> dict[str, object]:
    given = dict(issue.params)
    table, field = str(given.get("table", "")), str(given.get("field", ""))
    filled: dict[str, object] = {
        "value": issue.value or "",
        "column": issue.column or "",
        "key": (issue.column or "").rpartition(".")[2],
        "table_name": sheet_name(table, lang) if table else "",
        "heading": column_heading(table, field, lang) if table and field else "",
        "unit": _unit(table, field, lang),
        "or_blank": _or_blank(table, field, lang),
        "kind_name": _KINDS.get(str(given.get("kind")), Sentence("", "")),
        "kind_note": _KIND_NOTE.fill(lang, kind=given["kind"]) if given.get("kind") else "",
        "place": given.get("place", ""),
        "rated": _RATED.fill(lang, rated=cell_text("ratings", "field", given["rated"], lang))
        if "rated" in given
        else "",
    }
    filled |= {name: value for name, value in given.items() if name not in filled}
    for name in ("owner", "subject"):
        if name in given:
            filled[f"{name}_name"] = sheet_name(str(given[name]), lang)
    if table and field and column_of(table, field).kind == "choice":
        filled["allowed"] = choice_words(column_of(table, field).choices, lang)
    if given.get("choices") in CHOICES:
        filled["allowed"] = choice_words(str(given["choices"]), lang)
    if "failed" in given:
        filled |= _failures(given, lang)
    for name in ("ids", "first_ids"):
        if name in given and table:
            filled[name] = _ids(given[name], given, table, lang)
    return filled | _names(given, table, lang)


def _names(given: dict[str, object], table: str, lang: Lang) -> dict[str, object]:
    """Names of tables and columns that stand in lists."""
    names: dict[str, object] = {}
    if "refers" in given:
        refers = (_TABLE.fill(lang, name=sheet_name(name, lang)) for name in _texts(given["refers"]))
        names["refers"] = _OR.fill(lang).join(refers)
    # A file may be called either way, so both names are shown.
    both: dict[str, object] = {
        key: [_BOTH.fill(lang, ja=sheet_name(name, "ja"), en=name) for name in _texts(given[key])]
        for key in ("near_tables", "known_tables")
        if key in given
    }
    if "near_tables" in both:
        near = (_TABLE.fill(lang, name=name) for name in _texts(both["near_tables"]))
        both["near_tables"] = _OR.fill(lang).join(near)
    names |= both
    for key in ("fields", "near_fields", "known_fields"):
        if key in given:
            names[key] = tuple(column_heading(table, name, lang) for name in _texts(given[key]))
    return names


def _failures(given: dict[str, object], lang: Lang) -> dict[str, object]:
    from matcher.words.unserved import failure_line, rule_name

    rules = _texts(given["failed"])
    amounts: Any = given.get("amounts", {})  # Any: rule → (offered, wanted)
    measures: Any = given.get("measures", {})  # Any: rule → what the amounts measure
    skills = _texts(given.get("missing_skills"))
    lines = [
        failure_line(
            rule,
            lang,
            amount=amounts.get(rule),
            measure=measures.get(rule, ""),
            missing_skills=skills if rule == "has_must_skills" else (),
        )
        for rule in rules
    ]
    return {"failures": lines, "failed": tuple(rule_name(rule, lang) for rule in rules)}


def _ids(values: Any, given: dict[str, object], table: str, lang: Lang) -> str:
    # Any: the key's values, of whatever type they have
    fields = _texts(given.get("fields", ()))
    if not fields:
        return shown(values, lang)
    return shown([cell_text(table, name, value, lang) for name, value in zip(fields, values, strict=False)], lang)


def _texts(names: object) -> tuple[str, ...]:
    return tuple(str(name) for name in names) if isinstance(names, Iterable) and not isinstance(names, str) else ()


def _unit(table: str, field: str, lang: Lang) -> str:
    unit = heading_of(table, field).unit.fill(lang) if table and field else ""
    return _UNIT.fill(lang, unit=unit) if unit else ""


def _or_blank(table: str, field: str, lang: Lang) -> str:
    if not table or not field:
        return ""
    column = column_of(table, field)
    return "" if column.is_required or column.default is not None else _OR_BLANK.fill(lang)
