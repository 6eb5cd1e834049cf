"""What is said of the memory that a run will take."""

from __future__ import annotations

from typing import Final

from matcher.words.catalog import Sentence

_JA = (
    "対処：candidates.keep_per_company で企業・自治体ごとの候補を絞る、candidates.search: bounded を試す、"
    "ほかのプログラムを終了する、またはメモリーの多い機械で実行してください。"
    "データを Parquet にし、--formats none にすると、読み書きのメモリーも減ります。"
)
_EN = (
    "Try: fewer candidates with candidates.keep_per_company, candidates.search: bounded, closing other programs, or a "
    "machine with more memory. Parquet data and --formats none save memory in reading and writing."
)

ERRORS: Final = {
    "too_little_memory": Sentence(
        f"メモリーが足りません。候補 {{n_pairs}} 組に約 {{need_gb}} GB が必要ですが、空きは {{free_gb}} GB です。\n"
        f"{_JA}",
        f"There is not enough memory: {{n_pairs}} candidate pairs need about {{need_gb}} GB, and {{free_gb}} GB are "
        f"free.\n{_EN}",
    ),
    "too_little_memory_to_check": Sentence(
        "メモリーが足りません。計画を確かめるときは、すべての組を採点します。"
        "候補 {n_pairs} 組に約 {need_gb} GB が必要ですが、空きは {free_gb} GB です。\n"
        "対処：ほかのプログラムを終了するか、メモリーの多い機械で実行してください。",
        "There is not enough memory: checking and explaining a plan scores every pair. {n_pairs} candidate pairs need "
        "about {need_gb} GB, and {free_gb} GB are free.\nTry: closing other programs, or a machine with more memory.",
    ),
}

MEMORY: Final = {
    "near": Sentence(
        ja=f"メモリーが足りなくなるおそれがあります。必要な量は多くて約 {{need_gb}} GB、空きは {{free_gb}} GB です。\n"
        f"{_JA}",
        en=f"Memory may run short: up to about {{need_gb}} GB are needed, and {{free_gb}} GB are free.\n{_EN}",
    ),
    "needs": Sentence(
        ja="計算には、多くて約 {need_gb} GB のメモリーが必要です（この機械の空き：{free_gb} GB）。",
        en="A run needs up to about {need_gb} GB of memory ({free_gb} GB are free here).",
    ),
    "needs_only": Sentence(
        ja="計算には、多くて約 {need_gb} GB のメモリーが必要です。",
        en="A run needs up to about {need_gb} GB of memory.",
    ),
}
