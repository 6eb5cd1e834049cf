"""What is said of results that are kept while an output is not whole."""

from __future__ import annotations

from typing import Final

from matcher.words.catalog import Sentence

KEEPING: Final = {
    "note": Sentence(
        ja="途中で止まった matcher の計算のうち、終わった分です。同じコマンドで続きから計算し、"
        "終われば、このフォルダーは消えます。要らなければ消してかまいません。",
        en="Finished parts of a matcher command that was interrupted. The same command goes on from here and takes "
        "this folder away once it is done. It may be deleted.",
    ),
    "taken": Sentence(
        ja="{of} 件のうち {n} 件は、中断した計算から引き継ぎました。",
        en="{n} of {of} taken from the interrupted run.",
    ),
    "kept": Sentence(
        ja="終わっていた分は {path} にあります。同じコマンドで、続きから計算します。",
        en="What had been finished is in {path}. The same command goes on from there.",
    ),
}
