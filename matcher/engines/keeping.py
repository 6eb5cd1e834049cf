"""Results kept beside an output folder while it is not whole, so that the same command goes on where it was ended.

`out/x` has `out/x.unfinished` beside it: one file a result, named after all that the result depends on (data, policy,
change, seed, versions), written aside and renamed. A file holds its own SHA-256, and what it says is checked against
the item it is taken for; what is damaged, or of anything else, is computed again. Once the output is whole, the folder
goes.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from matcher.errors import OutputError
from matcher.io.outputs import aside_of, resolved_folder
from matcher.whatif.engine import Engine, Item, Lost, Result, Work
from matcher.words.catalog import LANGUAGES
from matcher.words.keeping import KEEPING

NOTE = "README.txt"
_OWN = re.compile(r"[0-9a-f]{64}\.json|\.[0-9a-f]{64}\.json\.[0-9a-f]{8}\.part")


@dataclass(frozen=True)
class Unfinished:
    """The folder of what is finished of an output that is not whole.

    Raises
    ------
    OutputError : ``out_is_file`` where a file stands in its place
    """

    folder: Path

    def __post_init__(self) -> None:
        if self.folder.exists() and not self.folder.is_dir():
            raise OutputError("out_is_file", path=str(self.folder))

    def has(self, key: str) -> bool:
        """Whether something was kept under a key, be it damaged."""
        return self._path(key).exists()

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was kept."""
        return not any(_OWN.fullmatch(path.name) for path in self.folder.glob("*.json"))

    def read(self, key: str) -> str | None:
        """The text that was kept under a key; None where there is none, or it is damaged."""
        try:
            content = self._path(key).read_bytes()
        except OSError:
            return None
        digest, _, text = content.partition(b"\n")
        return text.decode() if digest.decode("ascii", "replace") == hashlib.sha256(text).hexdigest() else None

    def write(self, key: str, text: str) -> None:
        """Keep a text under a key: whole, or not at all."""
        note = self.folder / NOTE
        if not note.exists():
            with aside_of(note) as aside:
                lines = [KEEPING["note"].fill(lang) for lang in LANGUAGES]
                aside.write_text("\n\n".join(lines) + "\n", encoding="utf-8")
        content = text.encode()
        with aside_of(self._path(key)) as aside:
            aside.write_bytes(hashlib.sha256(content).hexdigest().encode() + b"\n" + content)

    def remove(self) -> None:
        """The output is whole: take away what was kept, and the folder, unless somebody put something else there."""
        if not self.folder.is_dir():
            return
        for path in self.folder.iterdir():
            if path.name == NOTE or _OWN.fullmatch(path.name):
                path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            self.folder.rmdir()

    def _path(self, key: str) -> Path:
        return self.folder / f"{hashlib.sha256(key.encode()).hexdigest()}.json"


def unfinished_of(out: Path) -> Unfinished:
    """What is kept of an output folder."""
    folder = resolved_folder(out)
    return Unfinished(folder.with_name(f"{folder.name}.unfinished"))


@dataclass(frozen=True)
class Resuming:
    """Another engine, that is given only what is not kept yet.

    `on_taken` is called with the number of results taken and of all, where there are any, before anything is run.
    """

    engine: Engine
    unfinished: Unfinished
    on_taken: Callable[[int, int], None]

    def run(
        self, work: Work[Item, Result], items: Sequence[Item], *, stop: threading.Event
    ) -> Iterator[tuple[int, Result | Lost]]:
        keys = [work.key(item) for item in items]
        taken: dict[int, Result] = {}
        for at, (item, key) in enumerate(zip(items, keys, strict=True)):
            text = self.unfinished.read(key)
            restored = None if text is None else work.restored(item, text)
            if restored is not None:
                taken[at] = restored
        if taken:
            self.on_taken(sum(work.size(items[at]) for at in taken), sum(map(work.size, items)))
        yield from taken.items()
        places = [at for at in range(len(items)) if at not in taken]
        for number, result in self.engine.run(work, [items[at] for at in places], stop=stop):
            # What comes after a stop may have been cut short.
            text = None if isinstance(result, Lost) or stop.is_set() else work.kept(result)
            if text is not None:
                self.unfinished.write(keys[places[number]], text)
            yield places[number], result
