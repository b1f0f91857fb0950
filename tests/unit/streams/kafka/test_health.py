"""What probes and the watchdog are told."""

from streams.kafka.health import Health

PLACE = ("articles.raw", 0)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def health(clock: Clock) -> Health:
    made = Health(60, clock)
    made.connected = made.settled = True
    return made


def test_all_is_well_at_first() -> None:
    made = health(Clock())
    assert made.stalled() is None
    assert made.unready() is None


def test_lag_without_progress_is_a_stall() -> None:
    clock = Clock()
    made = health(clock)
    for _ in range(5):
        clock.now += 15
        made.turned()
        made.progress({PLACE: 3}, {PLACE: 7})
    assert made.stalled() is None, "it is 60 s since it was first seen"
    clock.now += 15
    made.turned()
    made.progress({PLACE: 3}, {PLACE: 7})
    assert made.stalled() == "articles.raw/0 has lag and no progress for 75 s"
    assert made.unready() == made.stalled()


def test_progress_or_no_lag_or_losing_the_partition_is_none() -> None:
    for lag, finished in (({PLACE: 3}, {PLACE: 8}), ({PLACE: 0}, {PLACE: 7}), ({}, {})):
        clock = Clock()
        made = health(clock)
        made.progress({PLACE: 3}, {PLACE: 7})
        clock.now += 59
        made.turned()
        made.progress(lag, finished)
        clock.now += 2
        assert made.stalled() is None


def test_a_partition_may_wait_for_its_turn_while_others_go_on_but_not_for_ever() -> None:
    clock, other = Clock(), ("articles.raw", 1)
    made = health(clock)
    for step in range(21):
        made.turned()
        made.progress({PLACE: 3, other: 100}, {PLACE: 7, other: step})
        assert made.stalled() is None, f"{made.idle_seconds(PLACE)} s, and the other goes on"
        clock.now += 15
    made.turned()
    made.progress({PLACE: 3, other: 100}, {PLACE: 7, other: 21})
    assert made.stalled() == "articles.raw/0 has lag and no progress for 315 s"


def test_when_the_others_stop_too_a_partition_is_stalled_after_one_timeout() -> None:
    clock, other = Clock(), ("articles.raw", 1)
    made = health(clock)
    for step in range(6):
        made.progress({PLACE: 3, other: 1}, {PLACE: 7, other: step})
        clock.now += 15
    clock.now += 44  # the last progress was seen 59 s ago, this partition's 134 s
    made.turned()
    made.progress({PLACE: 3, other: 0}, {PLACE: 7, other: 5})
    assert made.stalled() is None
    clock.now += 2
    made.turned()
    made.progress({PLACE: 3, other: 0}, {PLACE: 7, other: 5})
    assert made.stalled() == "articles.raw/0 has lag and no progress for 136 s"


def test_a_loop_that_does_not_turn_is_a_stall() -> None:
    clock = Clock()
    made = health(clock)
    clock.now += 61
    assert made.stalled() == "the event loop has not turned for 61 s"


def test_readiness_says_what_is_missing() -> None:
    made = Health(60, Clock())
    assert made.unready() == "waiting for Kafka"
    made.connected = True
    assert made.unready() == "waiting for partitions and their state"
    made.settled = True
    assert made.unready() is None
    made.draining = True
    assert made.unready() == "draining"


def test_while_kafka_is_away_for_everyone_a_worker_lives_and_is_not_ready() -> None:
    clock = Clock()
    made = health(clock)
    made.progress({PLACE: 3}, {PLACE: 7})
    for _ in range(10):
        clock.now += 15
        made.turned()
        assert made.is_idle(10)
        made.excuse()
    assert made.stalled() is None
    assert made.unready() == "waiting for Kafka"
    clock.now += 59
    made.turned()
    assert made.stalled() is None
    assert made.idle_seconds(PLACE) == 59
