"""Letters to companies: a text or Word template filled once a company, and a list of what was written."""

from __future__ import annotations

import csv
import difflib
import hashlib
import io
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, meta, nodes
from jinja2.exceptions import TemplateError
from jinja2.sandbox import SandboxedEnvironment

from matcher.errors import OutputError, UsageError
from matcher.io.csv_out import plain_cell
from matcher.io.outputs import folder_aside, refuse_occupied, resolved_folder
from matcher.pairing.columns import build_columns
from matcher.plan.plan import Plan
from matcher.words.catalog import Lang
from matcher.words.company_letters import FIELDS, LINES, TEMPLATE, letters_of

KINDS = (".txt", ".md", ".docx")
INDEX = "index.csv"
_HEAD = ("file", "company_id", "company", "state", "director")

Fields = Mapping[str, object]
Fill = Callable[[Fields], bytes]


def refuse_letters(folder: Path, run_folder: Path, *, force: bool) -> None:
    """Raise OutputError where writing `folder` would replace something: letters only with `force`, else nothing."""
    names = frozenset(path.name for path in folder.iterdir()) if folder.is_dir() else frozenset[str]()
    head = ",".join(_HEAD)
    is_own = INDEX in names and (folder / INDEX).read_text(encoding="utf-8-sig", errors="replace").startswith(head)
    if is_own and not force:
        raise OutputError("letters_there", path=str(folder))
    written = _written(folder) if is_own else frozenset[str]()
    refuse_occupied(folder, source=run_folder, own_files=written, earlier=lambda _: is_own or None)


def _written(folder: Path) -> frozenset[str]:
    """The names that a folder's own list holds."""
    with (folder / INDEX).open(encoding="utf-8-sig", newline="") as file:
        return frozenset({INDEX, *(row[0] for row in csv.reader(file) if row)})


def write_letters(plan: Plan, folder: Path, *, template: Path | None, lang: Lang) -> int:
    """Write one letter a company and `INDEX`; returns how many. The folder appears whole or not at all.

    Raises
    ------
    UsageError : there is no such template, it is of another kind, is wrong, or names an unknown field
    """
    fill, suffix = _filler(template, lang)
    letters = letters_of(plan, build_columns(plan.problem), lang)
    names = {key: f"{_safe(key)}{suffix}" for key in letters}
    rows = []
    with folder_aside(resolved_folder(folder)) as aside:
        for key, fields in letters.items():
            (aside / names[key]).write_bytes(fill(fields))
            state = LINES["served" if fields["is_served"] else "unserved"].fill(lang)
            rows.append([names[key], key, fields["company"], state, fields["director"]])
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(_HEAD)
        writer.writerows([plain_cell(str(cell)) for cell in row] for row in rows)
        (aside / INDEX).write_bytes(text.getvalue().encode("utf-8-sig"))
    return len(letters)


def _safe(key: str) -> str:
    """A file name for an id, another for every id; one that had to be changed, or may clash, carries a digest."""
    plain = re.sub(r"[^0-9A-Za-z_-]", "_", key)[:60]
    is_same = plain == key and re.fullmatch(r"[A-Z0-9][A-Z0-9_-]*", key) and not re.fullmatch(_DEVICES, key)
    return plain if is_same else f"letter-{plain}-{hashlib.sha256(key.encode()).hexdigest()[:8]}"


_DEVICES = r"CON|PRN|AUX|NUL|COM[0-9]|LPT[0-9]"  # names that Windows keeps for itself


def _filler(template: Path | None, lang: Lang) -> tuple[Fill, str]:
    if template is None:
        return _text_filler(TEMPLATE.ja if lang == "ja" else TEMPLATE.en, "default"), ".txt"
    if not template.is_file():
        raise UsageError("letter_template_not_found", path=str(template))
    suffix = template.suffix.lower()
    if suffix not in KINDS:
        raise UsageError("letter_template_kind", path=str(template), known=KINDS)
    if suffix == ".docx":
        return _word_filler(template), suffix
    try:
        text = template.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError("letter_template_wrong", path=str(template), line=1, reason="UTF-8") from None
    return _text_filler(text, str(template)), suffix


def _environment(*, is_xml: bool) -> SandboxedEnvironment:
    return SandboxedEnvironment(undefined=StrictUndefined, autoescape=is_xml, keep_trailing_newline=True)


def _text_filler(text: str, path: str) -> Fill:
    environment = _environment(is_xml=False)
    _refuse_unknown(environment, text, path)
    compiled = environment.from_string(text)
    return lambda fields: _guarded(lambda: compiled.render(fields).encode("utf-8"), path)


def _word_filler(template: Path) -> Fill:
    from docxtpl import DocxTemplate

    content, path = template.read_bytes(), str(template)

    def opened() -> Any:  # docxtpl ships no types
        try:
            document = DocxTemplate(io.BytesIO(content))
            document.init_docx()
        except Exception as error:  # the library raises whatever a damaged archive makes it raise
            raise UsageError("letter_template_wrong", path=path, line=1, reason=type(error).__name__) from None
        return document

    document = opened()
    environment = _environment(is_xml=True)
    _refuse_unknown(environment, document.patch_xml(document.get_xml()), path)

    def fill(fields: Fields) -> bytes:
        one, buffer = opened(), io.BytesIO()
        one.render(dict(fields), _environment(is_xml=True), autoescape=True)
        one.save(buffer)
        return buffer.getvalue()

    return lambda fields: _guarded(lambda: fill(fields), path)


def _refuse_unknown(environment: SandboxedEnvironment, text: str, path: str) -> None:
    """Raise UsageError at the first name that is no field, with its line and the nearest one that is."""
    try:
        tree = environment.parse(text)
        unknown = meta.find_undeclared_variables(tree) - FIELDS.keys() - set(environment.globals)
    except TemplateSyntaxError as error:
        raise UsageError("letter_template_wrong", path=path, line=error.lineno, reason=str(error.message)) from None
    for name in tree.find_all(nodes.Name):
        if name.name in unknown:
            near = difflib.get_close_matches(name.name, FIELDS, n=1, cutoff=0.0)[0]
            known = tuple(FIELDS)
            raise UsageError(
                "letter_field_unknown", path=path, line=name.lineno, given=name.name, known=known, near=near
            )


def _guarded(render: Callable[[], bytes], path: str) -> bytes:
    try:
        return render()
    except (TemplateError, TypeError, ArithmeticError, ValueError) as error:
        raise UsageError("letter_template_wrong", path=path, line=1, reason=str(error)) from None
