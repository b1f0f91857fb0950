"""The extraction costs no more calls and memory than its bounds allow: a gate that no busy machine can close."""

import gc

from agents.extract.engine import shared_engine
from tests.bench import cost


def test_an_article_takes_no_more_calls_and_memory_than_allowed() -> None:
    found = cost.costs()
    over = {name: round(value) for name, value in found.items() if value > cost.BOUNDS[name]}
    assert not over, (
        f"{over} is above {cost.BOUNDS}. Find what grew with `python -m tests.bench.cost`; where it must grow, "
        "raise the bound in tests/bench/bounds.toml and say why in the commit."
    )
    assert all(value > cost.BOUNDS[name] / 10 for name, value in found.items()), f"{found}: the work was not counted"


def test_an_article_leaves_nothing_to_the_garbage_collector() -> None:
    engine, made = shared_engine(), cost.articles()
    told = sum(len(engine.extract(article).events) for article in made)  # fills what a worker keeps
    gc.collect()
    gc.disable()
    try:
        for article in made:
            engine.extract(article)
        left = gc.collect()
    finally:
        gc.enable()
    assert told > len(made), "the articles must tell acts"
    assert left == 0, (
        f"{left} objects were left in cycles, which the collector walks at a third of an article's cost: "
        "find what points back at its owner (a method or lambda kept in an attribute, a memo)."
    )
