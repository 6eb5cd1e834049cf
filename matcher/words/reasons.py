"""Why the system refused to read or write, in the reader's language; the system itself speaks English, or its own."""

from __future__ import annotations

import errno
from typing import Final

from matcher.words.catalog import Sentence

_REASONS: Final = {
    errno.EACCES: Sentence("権限がありません", "permission denied"),
    errno.EPERM: Sentence("権限がありません", "permission denied"),
    errno.ENOSPC: Sentence("空き容量がありません", "no space is left"),
    errno.EDQUOT: Sentence("容量の割当を使い切っています", "the quota of space is used up"),
    errno.EFBIG: Sentence("ファイルの大きさの上限を超えます", "the file would be larger than allowed"),
    errno.EROFS: Sentence("読み取り専用の場所です", "the place is read-only"),
    errno.ENOENT: Sentence("場所がありません", "there is no such place"),
    errno.EEXIST: Sentence("フォルダーであるべき名前のファイルがあります", "a file stands where a folder should be"),
    errno.ENOTDIR: Sentence("フォルダーであるべき名前のファイルがあります", "a file stands where a folder should be"),
    errno.EISDIR: Sentence("ファイルではなくフォルダーです", "it is a folder, not a file"),
    errno.ENAMETOOLONG: Sentence("名前が長すぎます", "the name is too long"),
    errno.ELOOP: Sentence("リンクが循環しています", "its links go in a circle"),
    errno.EIO: Sentence("ディスクの読み書きに失敗しました", "the disk failed"),
    errno.EPIPE: Sentence("出力先が閉じられました", "what reads the output has closed"),
    errno.EBUSY: Sentence("ほかのプログラムが使っています", "another program is using it"),
    errno.ENOTEMPTY: Sentence("空ではないフォルダーがあります", "a folder that is not empty is in the way"),
}


def reason_of(error: OSError) -> Sentence:
    """Return why the system refused; a rarer reason stays in the system's own words."""
    own = error.strerror or type(error).__name__
    return _REASONS.get(error.errno or 0, Sentence(own, own))
