"""The extraction costs no more calls and memory than its bounds allow: a gate that no busy machine can close."""

from tests.bench import cost


def test_an_article_takes_no_more_calls_and_memory_than_allowed() -> None:
    found = cost.costs()
    over = {name: round(value) for name, value in found.items() if value > cost.BOUNDS[name]}
    assert not over, (
        f"{over} is above {cost.BOUNDS}. Find what grew with `python -m tests.bench.cost`; where it must grow, "
        "raise the bound in tests/bench/bounds.toml and say why in the commit."
    )
    assert all(value > cost.BOUNDS[name] / 10 for name, value in found.items()), f"{found}: the work was not counted"
