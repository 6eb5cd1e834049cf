"""Which encoding a text is in: told by the bytes themselves, or asked of the user, never guessed from frequencies."""

from __future__ import annotations

import codecs
import re
from typing import Final

from matcher.errors import Issue
from matcher.io.faults import FaultLog

_BINARY_STARTS: Final = (
    (b"PK\x03\x04", "Excel/zip"),
    (b"\xd0\xcf\x11\xe0", "Excel/OLE"),
    (b"PAR1", "Parquet"),
    (b"%PDF", "PDF"),
)
# Characters no text file holds; a file with one of them is not text whatever an encoding makes of it.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_ESCAPES: Final = (b"\x1b$B", b"\x1b$@", b"\x1b(J")  # what ISO-2022-JP begins Japanese text with
_N_AROUND = 1 << 15
_N_WHOLE_PER_BROKEN = 3  # a text with so many whole UTF-8 signs for each broken one is damaged UTF-8


def decode(content: bytes, log: FaultLog, *, shown: str, encoding: str | None = None) -> str | None:
    """Return the text of a file, or None after a fault that says what to type.

    UTF-16 by its mark, UTF-8 with or without one, then cp932; another one only where the user names it.

    Parameters
    ----------
    encoding : one of `ENCODINGS`, for a file that does not tell its own: one that is no UTF-8 and has no mark

    Notes
    -----
    Statistical detectors misread cp932 with ㈱ ① ～. What is valid in two encodings, or may be UTF-8 with a broken
    place, is a question to the user.
    """
    for start, kind in _BINARY_STARTS:
        if content.startswith(start):
            log.fault(Issue("not_text", shown, params={"kind": kind}))
            return None
    is_utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    told = "utf-16" if is_utf16 else "utf-8-sig"
    text = _text(content, told)
    if encoding is not None and (text is None or (not is_utf16 and _question_of_ascii(content) is not None)):
        return _decode_as(encoding, content, log, shown)
    question: tuple[str, dict[str, object]] | None = None
    if not is_utf16:
        question = _question_of_ascii(content) if text is not None else _question(content)
        text = text if text is not None or question is not None else _text(content, "cp932")
    if question is not None or text is None:
        rule, params = question or ("encoding_unknown", {})
        log.fault(Issue(rule, shown, params=params))
        return None
    if _CONTROL.search(text):
        log.fault(Issue("not_text", shown, params={"kind": ""}))
        return None
    return text.lstrip("\ufeff")  # programs that save a file twice may mark it twice


def _decode_as(encoding: str, content: bytes, log: FaultLog, shown: str) -> str | None:
    """The text in the encoding that the user named."""
    try:
        text = content.decode(encoding)
    except UnicodeError:
        log.fault(Issue("encoding_not_that", shown, params={"encoding": encoding}))
        return None
    if _CONTROL.search(text):
        log.fault(Issue("encoding_not_that", shown, params={"encoding": encoding}))
        return None
    return text.lstrip("\ufeff")


def _question_of_ascii(content: bytes) -> tuple[str, dict[str, object]] | None:
    """What has to be asked about bytes that are valid UTF-8, because another encoding hides in ASCII; or None."""
    if any(escape in content for escape in _ESCAPES):
        return "encoding_to_name", {"encoding": "iso-2022-jp"}
    wide = _unmarked_utf16(content) if b"\0" in content else None
    return None if wide is None else ("encoding_to_name", {"encoding": wide})


def _question(content: bytes) -> tuple[str, dict[str, object]] | None:
    """What has to be asked about bytes that are no UTF-8; None where they can only be cp932, or nothing known."""
    broken = _broken_place(content)
    if broken is not None:
        return "encoding_damaged", {"line": broken}
    wide = _unmarked_utf16(content) if b"\0" in content else None
    if wide is not None:
        return "encoding_to_name", {"encoding": wide}
    if _text(content, "euc-jp") is None:
        return None
    if _text(content, "cp932") is None:
        return "encoding_to_name", {"encoding": "euc-jp"}
    return "encoding_of_two", {"first": "cp932", "encoding": "euc-jp"}


def _unmarked_utf16(content: bytes) -> str | None:
    """The byte order in which a text without a mark is UTF-16 with lines and commas or tabs, if it is so in one."""
    found = []
    for name in ("utf-16-le", "utf-16-be"):
        text = _text(content, name)
        if text is not None and not _CONTROL.search(text) and "\n" in text and re.search("[,\t]", text):
            found.append(name)
    return found[0] if len(found) == 1 else None


def _broken_place(content: bytes) -> int | None:
    """The line of the first broken place of a text that is UTF-8 but for a few places; None for any other."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        at = error.start
        # Around the place: replacing all of a large file in another encoding would take minutes.
        text = content[max(0, at - _N_AROUND) : at + _N_AROUND].decode("utf-8", "replace")
        n_broken = text.count("\ufffd")
        n_whole = sum(len(run) for run in re.findall(r"[^\x00-\x7f\ufffd]+", text))
        if n_whole >= _N_WHOLE_PER_BROKEN * n_broken:
            return content.count(b"\n", 0, at) + 1
    return None


def _text(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeError:
        return None
