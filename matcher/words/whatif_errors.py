"""What the refusals of a what-if say, and the faults of its file."""

from __future__ import annotations

from typing import Final

from matcher.words.catalog import Sentence

ERRORS: Final = {
    "whatif_not_found": Sentence(
        "シナリオのファイル「{path}」がありません。\n対処：場所と名前を確かめてください。",
        "There is no scenario file {path}.\nTry: check the path and the spelling.",
    ),
    "whatif_has_faults": Sentence(
        "シナリオ「{source}」に誤りが{n}件あります。何も適用していません。\n対処：下の説明に沿って直してください。",
        "The scenario {source} has {n} fault(s); nothing was applied.\nTry: mend them as told below.",
    ),
}
