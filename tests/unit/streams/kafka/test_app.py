"""What the app is told of Kafka."""

import inspect
from pathlib import Path

from aiokafka.consumer.group_coordinator import GroupCoordinator

from streams.kafka.app import create_app
from streams.kafka.roles import ROLES
from streams.settings import load
from streams.vocabulary import Stage


def test_a_worker_that_waits_without_partitions_stays_in_its_group(tmp_path: Path) -> None:
    beats = inspect.getsource(GroupCoordinator._heartbeat_routine)
    assert "if idle_time < self._max_poll_interval" in beats, "else it leaves, and nothing makes it join again"
    app = create_app(ROLES[Stage.TOTAL], load({"FRONTWIRE_STATE_FOLDER": str(tmp_path)}))
    assert app.conf.broker_max_poll_interval > 365 * 86_400
    assert app.conf.broker_rebalance_timeout < app.conf.broker_request_timeout <= 30
