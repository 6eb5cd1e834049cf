"""What is said of results that are kept while an output is not whole."""

from __future__ import annotations

from typing import Final

from matcher.words.catalog import Sentence

KEEPING: Final = {
    "note": Sentence(
        ja="途中で止まった matcher の計算のうち、終わった分です。同じコマンド"
        "(matcher run は --resume を付けて)で続きから計算し、終われば、このフォルダーは消えます。"
        "要らなければ消してかまいません。",
        en="Finished parts of a matcher command that was interrupted. The same command (matcher run: with --resume) "
        "goes on from here and takes "
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
    "resumed": Sentence(
        ja="中断した計算から、解き終えていた {n} 段階を引き継ぎました。",
        en="{n:step|steps} taken from the interrupted run.",
    ),
    "nothing_to_resume": Sentence(
        ja="引き継げる計算は {path} にありませんでした。最初から解きました。",
        en="There was nothing in {path} to go on from; all was solved anew.",
    ),
    "could_resume": Sentence(
        ja="中断した計算の途中結果が {path} にあります。--resume を付けると、続きから計算します。今回は使いません。",
        en="An interrupted run left its steps in {path}. --resume goes on from there; this run does not use them.",
    ),
    "damaged": Sentence(
        ja="途中結果の {n} 番目は壊れているか、別の計算のものなので使いません。解き直します。",
        en="Step {n} that was kept is damaged or of another run; it is solved again.",
    ),
    "run_kept": Sentence(
        ja="解き終えた段階は {path} にあります。同じコマンドに --resume を付けると、続きから計算します。",
        en="The steps that were solved are in {path}. The same command with --resume goes on from there.",
    ),
}
