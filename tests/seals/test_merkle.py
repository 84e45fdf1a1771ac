"""Merkle trees: known vectors, every inclusion in every tree up to 200 leaves, and what must fail."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core import merkle

# Leaves and roots of the tests of RFC 6962's reference implementation (certificate-transparency).
VECTORS = [
    ("", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
    ("00", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
    ("10", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
    ("2021", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"),
    ("3031", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"),
    ("40414243", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"),
    ("5051525354555657", "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"),
    ("606162636465666768696a6b6c6d6e6f", "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
]


def leaves(size: int) -> list[bytes]:
    return [merkle.leaf_hash(str(i).encode()) for i in range(size)]


def plain_root(nodes: list[bytes]) -> bytes:
    """The definition of section 2.1.1, as it is written."""
    if not nodes:
        return hashlib.sha256(b"").digest()
    if len(nodes) == 1:
        return nodes[0]
    half = 1
    while half * 2 < len(nodes):
        half *= 2
    return merkle.node_hash(plain_root(nodes[:half]), plain_root(nodes[half:]))


def test_the_roots_are_those_of_the_reference() -> None:
    tree = merkle.Growing()
    assert tree.root() == hashlib.sha256(b"").digest()
    for data, root in VECTORS:
        tree.add(merkle.leaf_hash(bytes.fromhex(data)))
        assert tree.root().hex() == root


@pytest.mark.parametrize("size", range(1, 201))
def test_every_leaf_of_every_tree_is_proven(size: int) -> None:
    nodes = leaves(size)
    root = merkle.root(nodes)
    assert root == plain_root(nodes)
    for index in range(size):
        path = merkle.path(nodes, index)
        assert merkle.root_from(nodes[index], index, size, path) == root
        assert merkle.root_from(nodes[index - 1], index, size, path) != root or size == 1
        if path:
            wrong = [*path]
            wrong[len(path) // 2] = nodes[index]
            assert merkle.root_from(nodes[index], index, size, wrong) != root
            assert merkle.root_from(nodes[index], index, size, path[:-1]) != root
            assert merkle.root_from(nodes[index], index, size, [*path, path[-1]]) is None
            assert (
                merkle.root_from(nodes[index], size - 1 - index, size, path) != root or 2 * index == size - 1
            )
        if len(set(path)) > 1:
            assert merkle.root_from(nodes[index], index, size, path[::-1]) != root


@given(st.integers(2, 300), st.data())
def test_exchanged_leaves_change_the_root(size: int, data: st.DataObject) -> None:
    nodes = leaves(size)
    a, b = data.draw(st.lists(st.integers(0, size - 1), min_size=2, max_size=2, unique=True))
    swapped = [*nodes]
    swapped[a], swapped[b] = swapped[b], swapped[a]
    assert merkle.root(swapped) != merkle.root(nodes)
    path = merkle.path(nodes, a)
    assert merkle.root_from(nodes[b], a, size, path) != merkle.root(nodes)


@given(
    st.binary(max_size=40),
    st.integers(-3, 40),
    st.integers(-3, 40),
    st.lists(st.binary(max_size=40), max_size=8),
)
def test_no_path_makes_it_fail(leaf: bytes, index: int, size: int, path: list[bytes]) -> None:
    assert merkle.root_from(leaf, index, size, path) != merkle.root(leaves(7))


def test_there_is_no_path_to_a_leaf_that_is_not_there() -> None:
    for index in (-1, 3):
        with pytest.raises(IndexError):
            merkle.path(leaves(3), index)


def test_a_leaf_is_not_a_node() -> None:
    left, right = leaves(2)
    assert merkle.leaf_hash(left + right) != merkle.node_hash(left, right)
