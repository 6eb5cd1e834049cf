"""How large a workbook is once unpacked, asked before anything is: a few kilobytes may unpack to gigabytes."""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass

N_BYTES_MOST = 1 << 30
"""All parts that are read together; a sheet of a million rows with ten columns has about half of it."""
N_BYTES_OF_PART = 1 << 26
"""One part that holds no cells: the list of sheets, the styles."""
N_BYTES_DENSE, MOST_DENSE = 200 << 20, 150
"""A part above the first that is packed more than so many times is no sheet that anybody typed: those are packed some
10 to 30 times."""
_DEFLATE_MOST = 1032  # what deflate packs at most
_CHUNK = 1 << 20
_CELLS = ("xl/worksheets/", "xl/sharedStrings.xml")
_UNREAD = ("xl/media/", "xl/drawings/", "xl/charts/", "docProps/", "customXml/")


@dataclass(frozen=True, slots=True)
class Bulk:
    """What makes a package too large: a part, and how large it or all are, in bytes."""

    part: str
    n_bytes: int


def bulk_of(content: bytes) -> Bulk | None:
    """Return what makes a zip package too large to be read, or None; None too for one that is no readable package.

    Raises
    ------
    zipfile.BadZipFile
        If a part unpacks to another size than it says.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = [part for part in package.infolist() if not part.filename.startswith(_UNREAD)]
            for part in parts:
                if _is_too_large(part):
                    return Bulk(part.filename, part.file_size)
            total = sum(part.file_size for part in parts)
            if total > N_BYTES_MOST:
                return Bulk("", total)
            for part in parts:
                _measure(package, part)
    except (NotImplementedError, ValueError, RuntimeError, EOFError, OSError, zlib.error):
        return None  # the library says what is wrong
    return None


def _is_too_large(part: zipfile.ZipInfo) -> bool:
    most = N_BYTES_MOST if part.filename.startswith(_CELLS) else N_BYTES_OF_PART
    is_dense = part.file_size > N_BYTES_DENSE and part.file_size > MOST_DENSE * max(part.compress_size, 1)
    return part.file_size > most or is_dense


def _measure(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Unpack a part that could be larger than all may be, to see that it is not: its checksum is wrong if it lies."""
    if part.compress_size * _DEFLATE_MOST < N_BYTES_MOST:
        return
    with package.open(part) as stream:
        while stream.read(_CHUNK):
            pass
