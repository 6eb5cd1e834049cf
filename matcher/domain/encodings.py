"""The names of text encodings that a user may give for a file that is no UTF-8 and has no mark."""

from __future__ import annotations

from typing import Final, Literal, get_args

Encoding = Literal["cp932", "euc-jp", "iso-2022-jp", "utf-16-le", "utf-16-be"]
"""cp932 is what Excel in Japan calls Shift_JIS."""

ENCODINGS: Final[tuple[str, ...]] = get_args(Encoding)

ALSO_CALLED: Final = {
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "windows-31j", "ms932"), "cp932"),
    **dict.fromkeys(("euc_jp", "eucjp"), "euc-jp"),
    **dict.fromkeys(("jis", "iso2022-jp"), "iso-2022-jp"),
}
"""Other names that people and programs have for them."""
