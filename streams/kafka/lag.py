"""How far a worker is behind, as its metrics tell it."""

import time
from collections.abc import Mapping

from faust.types import TP

from streams.kafka.metrics import CONSUMER_LAG, FINISHED_UP_TO, IN_PROGRESS, Metrics
from streams.kafka.roles import Role


def tell_lag(metrics: Metrics, role: Role, lag: Mapping[TP, int]) -> None:
    """Tell how many messages of each owned partition are not finished; those of other partitions are told no more."""
    metrics.renew(CONSUMER_LAG, "partition", {str(tp.partition): n for tp, n in lag.items()}, topic=role.source)


def tell_progress(
    metrics: Metrics, role: Role, lag: Mapping[TP, int], times: Mapping[int, float], in_flight: int
) -> None:
    """Tell what a stage has in hand, and up to when each owned partition is finished.

    Args:
        times: of each partition the time of the message last finished or under way, in seconds since 1970.
        in_flight: messages taken and not finished.
    """
    now = time.time()
    ends = {tp.partition: times.get(tp.partition) if waiting else now for tp, waiting in lag.items()}
    known = {str(partition): end for partition, end in ends.items() if end is not None}
    metrics.renew(FINISHED_UP_TO, "partition", known, topic=role.source)
    metrics.set(IN_PROGRESS, in_flight, stage=role.stage)
