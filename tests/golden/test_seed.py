"""The seed article: the extraction alone must find each labelled record, and no other."""

import pytest

from tests.quality.run import gold, tally


def test_the_labelled_records_of_the_seed_are_all_found_and_no_others() -> None:
    labelled = gold("seed")
    if not labelled:
        pytest.skip("../shared/gold/dev/seed.jsonl is not here: the seed's labels cannot be compared")
    events, counts = tally(labelled)
    assert (events.f1, counts.f1) == (1.0, 1.0), (events.missed, events.wrong, counts.missed, counts.wrong)
