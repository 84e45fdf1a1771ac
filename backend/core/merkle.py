"""Merkle trees as in RFC 9162, section 2.1 (RFC 6962 before): SHA-256, 0x00 before leaves, 0x01 before nodes.

The prefixes keep a leaf from being taken for a node. Only Python is needed: no database, no network.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256

SIZE = 32
"""Bytes of a hash."""


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf that holds `data`."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over its two children's."""
    return sha256(b"\x01" + left + right).digest()


class Growing:
    """The root of leaves given one after the other, in memory that grows as the logarithm of their count."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []  # roots of complete subtrees, the largest first

    def add(self, leaf: bytes) -> None:
        """Take the hash of the next leaf."""
        self._peaks.append(leaf)
        self.size += 1
        merged = self.size
        while merged % 2 == 0:
            right = self._peaks.pop()
            self._peaks[-1] = node_hash(self._peaks[-1], right)
            merged //= 2

    def root(self) -> bytes:
        """The root now; of no leaf, the hash of nothing."""
        if not self._peaks:
            return sha256().digest()
        found = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            found = node_hash(peak, found)
        return found


def root(leaves: Iterable[bytes]) -> bytes:
    """The root over the hashes of leaves, in their order."""
    tree = Growing()
    for leaf in leaves:
        tree.add(leaf)
    return tree.root()


def path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """What shows that leaf `index` (from 0) is in the tree: the siblings on the way up, the lowest first.

    Raises IndexError when there is no such leaf.
    """
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    low, high = 0, len(leaves)
    siblings: list[bytes] = []
    while high - low > 1:
        middle = low + _half(high - low)
        if index < middle:
            siblings.append(root(leaves[middle:high]))
            high = middle
        else:
            siblings.append(root(leaves[low:middle]))
            low = middle
    return siblings[::-1]


def root_from(leaf: bytes, index: int, size: int, siblings: Sequence[bytes]) -> bytes | None:
    """The root that a path leads to (RFC 9162, 2.1.3.2); None when no tree of this size has such a path."""
    if not 0 <= index < size:
        return None
    found, at, last = leaf, index, size - 1
    for sibling in siblings:
        if last == 0 or len(sibling) != SIZE:
            return None
        if at % 2 or at == last:
            found = node_hash(sibling, found)
            while at % 2 == 0 and at:
                at, last = at // 2, last // 2
        else:
            found = node_hash(found, sibling)
        at, last = at // 2, last // 2
    return found if last == 0 else None


def _half(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)
