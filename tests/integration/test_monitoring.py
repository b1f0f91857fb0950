"""The dashboards tell the truth: a real Prometheus over real workers under load, every panel, every rule."""

from pathlib import Path

import pytest

from deploy.monitoring.generated import BOARDS
from tests.monitoring import Load, answered, under_load
from tests.support.prometheus import ABSENT, Prometheus, program
from tests.support.waiting import eventually

pytestmark = pytest.mark.skipif(program("prometheus") is None, reason=ABSENT)


@pytest.mark.kafka
@pytest.mark.slow
@pytest.mark.timeout(600)  # a minute on a quiet machine
def test_every_panel_has_data_under_load_and_it_is_true(kafka: str, topic_prefix: str, tmp_path: Path) -> None:
    with under_load(kafka, topic_prefix, tmp_path) as (prometheus, load):
        answers = answered(prometheus, load)
        assert {answer.panel for answer in answers} == {panel for board in BOARDS for panel in board.panels}
        unwell = [rule["name"] for rule in prometheus.rules() if rule["health"] != "ok"]
        assert not unwell
        eventually(lambda: all(told == sent > 0 for told, sent in _counted(prometheus, load)), within=60, what="counts")
        eventually(lambda: _alarmed(prometheus, load), within=90, what="an alert on one bad message in twelve")


def _counted(prometheus: Prometheus, load: Load) -> list[tuple[float, int]]:
    """How many records each topic of claims got by what Prometheus scraped, and how many there are."""
    pairs = []
    for topic in ("conflict.events", "evacuation.counts"):
        samples = prometheus.query(f'sum(frontwire_articles_out_total{{stage="extract", topic="{topic}"}})')
        pairs.append((samples[0].value if samples else 0, len(load.topics.messages(topic))))
    return pairs


def _alarmed(prometheus: Prometheus, load: Load) -> bool:
    """Whether the budget of dead letters is seen to burn; there is more load until it is."""
    load.go_on(prometheus)
    return any(r["name"] == "FrontwireCompletenessBurn" and r["state"] != "inactive" for r in prometheus.rules())
