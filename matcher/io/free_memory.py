"""How much memory this process may still take: of the machine, and of the group that a container puts it in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

_FILES = {
    "v1": ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
    "v2": ("memory.max", "memory.current", "inactive_file"),
}
"""Of a control group: its limit, what it uses, and how much of that is file cache that is given back on demand."""


def free_bytes(root: Path = Path("/")) -> int | None:
    """Bytes that are free, None where the system does not tell (other systems than Linux).

    Parameters
    ----------
    root : where `proc` and `sys` are
    """
    found = [*_of_machine(root), *_of_groups(root)]
    return max(0, min(found)) if found else None


def _of_machine(root: Path) -> Iterator[int]:
    for line in _text(root / "proc/meminfo").splitlines():
        name, _, amount = line.partition(":")
        if name == "MemAvailable":
            yield int(amount.split()[0]) * 1024


def _of_groups(root: Path) -> Iterator[int]:
    """What each group above this process has left: the limit of any of them holds."""
    for line in _text(root / "proc/self/cgroup").splitlines():
        _, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if controllers == "":
            kind, base = "v2", root / "sys/fs/cgroup"
        elif "memory" in controllers.split(","):
            kind, base = "v1", root / "sys/fs/cgroup/memory"
        else:
            continue
        place = PurePosixPath(path.lstrip("/"))
        for group in dict.fromkeys((place, *place.parents)):
            yield from _left_in(base / group, kind)


def _left_in(folder: Path, kind: str) -> Iterator[int]:
    limit_file, usage_file, cache = _FILES[kind]
    limit, usage = _text(folder / limit_file).strip(), _text(folder / usage_file).strip()
    if not (limit.isdigit() and usage.isdigit()):  # no such group in this container, or “max”
        return
    stated = (line.split() for line in _text(folder / "memory.stat").splitlines())
    given_back = sum(int(words[1]) for words in stated if len(words) == 2 and words[0] == cache)
    yield int(limit) - int(usage) + given_back


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
