from random import Random

import numpy as np

from agents.deduplicate.index import Index


def _articles(number: int) -> list[list[int]]:
    random = Random(7)
    return [[random.randrange(1, 400) for _ in range(random.randrange(1, 9))] for _ in range(number)]


def _found(index: Index, key: int) -> list[int]:
    few = [hit.offset for hit in index.find_few([key])]
    assert few == index.find(np.array([key], np.uint32))
    return few


def test_articles_noted_one_by_one_and_at_once_are_found_alike() -> None:
    told = _articles(2500)  # more than the first table holds, and more of a bucket than its slots
    few, many = Index(8), Index(8)
    for offset, keys in enumerate(told):
        few.add_few(offset, [keys], offset)
    owners = np.repeat(np.arange(len(told)), [len(keys) for keys in told])
    many.add(list(range(len(told))), owners, np.array([key for keys in told for key in keys], np.uint32), len(told))
    assert any(_found(few, key) for key in range(1, 400))
    assert all(_found(few, key) == _found(many, key) for key in range(1, 400))


def test_what_is_taken_back_was_never_there() -> None:
    told = _articles(1200)
    index = Index(8)
    for offset, keys in enumerate(told[:1000]):
        index.add_few(offset, [keys], offset)
    before = [_found(index, key) for key in range(1, 400)]
    added = [index.add_few(1000 + place, [keys, keys], 1000 + place) for place, keys in enumerate(told[1000:])]
    assert [_found(index, key) for key in range(1, 400)] != before
    for one in reversed(added):
        index.undo(one)
    assert [_found(index, key) for key in range(1, 400)] == before


def test_a_table_that_grew_knows_what_it_knew() -> None:
    random = Random(3)
    index = Index(8)
    told = [[random.randrange(1, 1 << 32) for _ in range(4)] for _ in range(5000)]  # of few keys none is pushed out
    for offset, keys in enumerate(told):
        index.add_few(offset, [keys], offset)
    assert len(index._tables) == 1
    assert all(offset in _found(index, key) for offset, keys in enumerate(told) for key in keys)
