"""The installed command at work in a process of its own, for tests that watch it, stop it or kill it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

MATCHER = str(Path(sys.executable).with_name("matcher"))


def begun(
    *words: str, cwd: Path, env: dict[str, str] | None = None, before: Callable[[], None] | None = None
) -> subprocess.Popen[str]:
    """`matcher words…` begun in `cwd`, in English unless `env` says otherwise; use it in `with`, or communicate."""
    return subprocess.Popen(
        [MATCHER, *words],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "MATCHER_LANG": "en", **(env or {})},
        preexec_fn=before,
    )
