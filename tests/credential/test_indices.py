from __future__ import annotations

import itertools

import pytest

from resume.credential.indices import SHARD_SIZE, shard_index, shard_indices

SECRET = bytes(range(32))


@pytest.mark.parametrize("shard", [0, 1, 7])
def test_a_shard_is_filled_once_each(shard):
    start = shard * SHARD_SIZE
    places = shard_indices(range(start, start + SHARD_SIZE), SECRET)
    assert {shard_of for shard_of, _ in places} == {shard}
    assert {index for _, index in places} == set(range(SHARD_SIZE))


def test_indices_of_neighbours_look_drawn_at_random():
    indices = [index for _, index in shard_indices(range(20_000), SECRET)]
    halves = SHARD_SIZE // 2
    assert 9_500 < sum(index < halves for index in indices) < 10_500
    rising = sum(first < second for first, second in itertools.pairwise(indices))
    assert 9_500 < rising < 10_500
    near = sum(abs(first - second) < 64 for first, second in itertools.pairwise(indices))
    assert near < 60  # about 20 expected
    for bit in range(17):
        assert 9_400 < sum(index >> bit & 1 for index in indices) < 10_600


def test_secret_and_shard_decide_the_order():
    ours = [index for _, index in shard_indices(range(100), SECRET)]
    assert ours == [index for _, index in shard_indices(range(100), SECRET)]
    assert ours != [index for _, index in shard_indices(range(100), bytes(32))]
    assert ours != [index for _, index in shard_indices(range(SHARD_SIZE, SHARD_SIZE + 100), SECRET)]


@pytest.mark.parametrize(("serial", "secret"), [(-1, SECRET), (0, b"short"), (0, bytes(65))])
def test_impossible_arguments(serial, secret):
    with pytest.raises(ValueError):
        shard_index(serial, secret)
