"""The table of metrics and the values in its registry."""

import re

import pytest

from agents.extract.countries import all_countries
from streams.kafka import metrics
from streams.kafka.metrics import CONSUMER_LAG, DEAD_LETTERS, EVENTS, METRICS, POLLS, STAGE_SECONDS, Kind, Metrics
from streams.vocabulary import COUNTRIES


def test_names_are_of_one_form_and_in_base_units() -> None:
    names = [metric.full_name for metric in METRICS]
    assert len(set(names)) == len(names)
    for metric in METRICS:
        assert re.fullmatch(r"frontwire_[a-z][a-z_]*", metric.full_name)
        assert not re.search(r"_(ms|millis|minutes|kb|mb|percent)(_|$)", metric.full_name)
        assert (metric.kind is Kind.HISTOGRAM) == bool(metric.buckets)
        assert not metric.name.endswith("_total")


def test_labels_are_bounded() -> None:
    unbounded = [metric.name for metric in METRICS if None in metric.labels.values()]
    assert unbounded == ["build_info"]
    for metric in METRICS:
        series = 1
        for label, values in metric.labels.items():
            # A worker has series of the partitions alone that it owns or hears from.
            series *= 1 if label == "partition" else len(values or (1,))
        assert series <= (260 if "country" in metric.labels else 150), metric.name


def test_every_country_of_the_gazetteer_can_be_counted() -> None:
    assert {country.alpha3 for country in all_countries().values()} == set(COUNTRIES)


def test_renewing_a_gauge_drops_what_it_held_before() -> None:
    values = Metrics()
    values.renew(CONSUMER_LAG, "partition", {"1": 5, "2": 7}, topic="articles.raw")
    values.renew(CONSUMER_LAG, "partition", {"2": 6, "3": 0}, topic="articles.raw")
    lag = {n: values.value("frontwire_consumer_lag_messages", {"topic": "articles.raw", "partition": n}) for n in "123"}
    assert lag == {"1": None, "2": 6, "3": 0}
    values.add(POLLS, outcome="gone")
    values.renew(CONSUMER_LAG, "partition", {}, topic="articles.raw")
    assert values.value("frontwire_polls_total", {"outcome": "gone"}) == 1


def test_the_process_tells_of_itself() -> None:
    assert (Metrics().value("process_resident_memory_bytes") or 0) > 1_000_000


def test_every_row_of_the_module_is_in_the_table() -> None:
    rows = {name for name, value in vars(metrics).items() if isinstance(value, metrics.Metric)}
    assert len(rows) == len(METRICS)


def test_values_are_exposed() -> None:
    values = Metrics()
    values.add(POLLS, outcome="gone")
    values.add(POLLS, 2, outcome="gone")
    values.observe(STAGE_SECONDS, 0.003, stage="extract")
    values.set(metrics.LAST_PROCESSED, 12, stage="total")
    assert values.value("frontwire_polls_total", {"outcome": "gone"}) == 3
    text = values.expose().decode()
    assert 'frontwire_stage_seconds_bucket{le="0.005",stage="extract"} 1.0' in text
    assert 'frontwire_last_processed_timestamp_seconds{stage="total"} 12.0' in text


def test_registries_are_apart() -> None:
    first, second = Metrics(), Metrics()
    first.add(POLLS, outcome="gone")
    assert second.value("frontwire_polls_total", {"outcome": "gone"}) is None


@pytest.mark.parametrize("labels", [{}, {"outcome": "no such"}, {"outcome": "gone", "more": "x"}, {"kind": "new"}])
def test_a_label_outside_the_table_is_refused(labels: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="frontwire_polls_total"):
        Metrics().add(POLLS, 1, **labels)


def test_the_order_of_labels_does_not_matter() -> None:
    values = Metrics()
    values.add(DEAD_LETTERS, stage="poll", reason="invalid")
    values.add(DEAD_LETTERS, reason="invalid", stage="poll")
    values.add(EVENTS, sub_event_type="attack", modality="negated")
    assert values.value("frontwire_dead_letters_total", {"stage": "poll", "reason": "invalid"}) == 2
