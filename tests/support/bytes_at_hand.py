"""A file of any size that needs no memory: its content is made while it is read."""

from __future__ import annotations

import hashlib
import io

_PATTERN = bytes(range(256)) * 4096


class BytesAtHand(io.RawIOBase):
    """A file of `size` bytes, which are made when they are read."""

    def __init__(self, size):
        super().__init__()
        self.size = size
        self._position = 0

    def readable(self):
        return True

    def seekable(self):
        return True

    def seek(self, offset, whence=io.SEEK_SET):
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self.size}
        self._position = base[whence] + offset
        return self._position

    def readinto(self, buffer):
        count = max(0, min(len(buffer), self.size - self._position, len(_PATTERN) // 2))
        start = self._position % (len(_PATTERN) // 2)
        buffer[:count] = memoryview(_PATTERN)[start : start + count]
        self._position += count
        return count


def digest(file):
    """A digest of the content, read in blocks."""
    digest = hashlib.blake2b()
    while block := file.read(1 << 18):
        digest.update(block)
    return digest.hexdigest()
