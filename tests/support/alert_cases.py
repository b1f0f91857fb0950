"""For every alert what makes it fire and what does not; `tests.support.alerts` makes them tests for promtool.

Series are a sample a minute, in Prometheus' notation: `0+6x30` counts up by 6 thirty times, `_` is no sample. Time
begins at 0, so a series `0+60x30` holds its own time in seconds.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

Series = dict[str, str]

JOB: Final = "frontwire"
INSTANCE: Final = "10.0.0.1:9464"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One alert at one moment.

    Args:
        alert: its name.
        about: the case in a few words.
        series: what was scraped.
        at: minutes from the beginning.
        windows: of the rules with this name, those that fire, by their label `window`; an alert without windows has
            the window "". None fires: ().
        labels: of the alert that fires, besides job, severity and window.
        description: of the alert that fires; `WINDOW` stands for its window.
    """

    alert: str
    about: str
    series: Series
    at: int
    windows: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    description: str = ""


def series(name: str, samples: str, **labels: str) -> Series:
    """One series of the worker at INSTANCE, or of `instance`."""
    matchers = ", ".join(f'{label}="{value}"' for label, value in ({"job": JOB, "instance": INSTANCE} | labels).items())
    return {f"{name}{{{matchers}}}": samples}


def _pair(alert: str, at: int, fires: Series, quiet: Series, description: str, **labels: str) -> Iterator[Case]:
    """The two cases of an alert without windows."""
    yield Case(alert=alert, about="fires", series=fires, at=at, windows=("",), labels=labels, description=description)
    yield Case(alert=alert, about="is quiet", series=quiet, at=at)


_LIVE: Final = "0+60x500"
"""A timestamp that is now at each sample."""

_BUILD: Final = series("frontwire_build_info", "1x500", stage="extract", version="0.1.0")


def _line() -> Iterator[Case]:
    def beat(stage: str, samples: str) -> Series:
        return series("frontwire_heartbeat_timestamp_seconds", samples, stage=stage, partition="3")

    def lag(topic: str, finished: str) -> Series:
        return series("frontwire_consumer_finished_timestamp_seconds", finished, topic=topic, partition="1") | series(
            "frontwire_consumer_lag_messages", "5x500", topic=topic, partition="1"
        )

    def dead(each: str) -> Series:
        letters = series("frontwire_dead_letters_total", f"0+{each}x500", stage="extract", reason="stage_error")
        return letters | series("frontwire_articles_in_total", "0+100x500", stage="extract")

    late = (
        "The newest heartbeat of partition 3 of articles.raw that came through the whole line is older than 5 minutes, "
        "or there is none. Articles of its languages stand still."
    )
    yield from _pair("FrontwireHeartbeatLate", 20, beat("total", "0x500"), beat("total", _LIVE), late, partition="3")
    yield Case(
        alert="FrontwireHeartbeatLate",
        about="fires where none ever came through",
        series=beat("poll", _LIVE),
        at=20,
        windows=("",),
        labels={"partition": "3"},
        description=late,
    )
    yield from _pair(
        "FrontwireHeartbeatMissing",
        30,
        _BUILD,
        _BUILD | beat("poll", _LIVE),
        "No worker of frontwire has sent a heartbeat article for 10 minutes; a standstill would be seen late.",
    )
    yield Case(
        alert="FrontwireHeartbeatMissing",
        about="is quiet where heartbeats are off",
        series=_BUILD | series("frontwire_heartbeat_interval_seconds", "0x500"),
        at=30,
        windows=(),
    )
    waiting = series("frontwire_consumer_lag_messages", "50x500", topic="articles.unique", partition="1")
    yield from _pair(
        "FrontwireStageStalled",
        20,
        waiting | series("frontwire_articles_in_total", "900x500", stage="extract"),
        waiting | series("frontwire_articles_in_total", "0+1x500", stage="extract"),
        f"50 messages wait for {INSTANCE}, which has finished none for 10 minutes.",
        instance=INSTANCE,
    )
    yield from _pair(
        "FrontwireConsumerLag",
        30,
        lag("articles.raw", "0x500"),
        lag("articles.raw", _LIVE) | lag("articles.extracted", "0x500"),
        "The oldest unfinished message of articles.raw is 30m 0s old.",
        topic="articles.raw",
    )
    yield from _pair(
        "FrontwireTotalsLag",
        30,
        lag("articles.extracted", "0x500"),
        lag("articles.extracted", _LIVE) | lag("articles.raw", "0x500"),
        "The oldest article that stories and totals do not hold yet is 30m 0s old.",
        topic="articles.extracted",
    )
    yield from _pair(
        "FrontwireDeadLetters",
        40,
        dead("2"),
        dead("0.5"),
        "2% of the messages that extract finished in the last 30 minutes became dead letters.",
        stage="extract",
    )


def _feeds() -> Iterator[Case]:
    def by_status(backoff: int, gone: int = 0) -> Series:
        told = {"ok": 10 - backoff, "backoff": backoff, "gone": gone, "disabled": 40}
        return {
            k: v for status, n in told.items() for k, v in series("frontwire_feeds", f"{n}x500", status=status).items()
        }

    def by_outcome(refused: int) -> Series:
        told = {"read": 10 - refused, "forbidden": refused}
        name = "frontwire_feeds_by_outcome"
        return {k: v for outcome, n in told.items() for k, v in series(name, f"{n}x500", outcome=outcome).items()}

    def delays(bound: str) -> Series:
        name, bounds = "frontwire_poll_delay_seconds_bucket", ("0.5", "300.0", "600.0", "+Inf")
        counts = {le: "0+5x500" if bounds.index(le) >= bounds.index(bound) else "0x500" for le in bounds}
        return {k: v for le, count in counts.items() for k, v in series(name, count, le=le).items()}

    yield from _pair(
        "FrontwireFeedsFailing",
        40,
        by_status(3),
        by_status(2),
        "30% of the feeds of frontwire are in backoff.",
        status="backoff",
    )
    yield from _pair(
        "FrontwireFeedsRefused",
        70,
        by_outcome(2),
        by_outcome(1),
        "20% of the feeds of frontwire answer with a refusal, a challenge or a limit.",
    )
    yield from _pair(
        "FrontwireFeedsGone",
        370,
        by_status(0, gone=1),
        by_status(0),
        "1 feeds of frontwire are gone, their servers say; they are asked once a week.",
    )
    yield from _pair(
        "FrontwirePollsLate", 40, delays("600.0"), delays("0.5"), "One poll of twenty begins 9m 45s late, or more."
    )
    polls = series("frontwire_polls_total", "0+2x500", outcome="not_modified")
    yield from _pair(
        "FrontwireNoNews",
        400,
        polls | series("frontwire_entries_total", "7x500", kind="new"),
        polls | series("frontwire_entries_total", "0+1x500", kind="new"),
        "720 polls of the last 6 hours brought no entry.",
    )


def _workers() -> Iterator[Case]:
    def ready(value: int) -> Series:
        return series("frontwire_ready", f"{value}x500", stage="extract")

    gone = series("frontwire_build_info", "1x5 _x60", stage="extract", version="0.1.0")
    others = series("frontwire_build_info", "1x500", stage="poll", version="0.1.0", instance="10.0.0.2:9464")
    yield from _pair(
        "FrontwireWorkerDown",
        20,
        series("up", "1x5 0x60") | gone,
        series("up", "1x60") | _BUILD,
        f"{INSTANCE} has not answered Prometheus for 5 minutes.",
        instance=INSTANCE,
    )
    yield from _pair(
        "FrontwireRoleMissing",
        20,
        gone | others,
        _BUILD | others,
        "frontwire had a worker of extract within the last day and has none now.",
        stage="extract",
    )
    yield from _pair(
        "FrontwireWorkerNotReady",
        20,
        ready(0),
        ready(1),
        f"extract on {INSTANCE} runs, and has not been ready for 15 minutes.",
        instance=INSTANCE,
        stage="extract",
    )
    yield from _pair(
        "FrontwireWorkerRestarts",
        25,
        _BUILD | series("process_start_time_seconds", "0x4 300x4 600x4 900x4 1200x60"),
        _BUILD | series("process_start_time_seconds", "0x9 600x60"),
        "Workers of extract started 4 times in the last 30 minutes.",
        stage="extract",
    )
    yield from _pair(
        "FrontwirePartitionsUnowned",
        40,
        series("frontwire_partitions_assigned", "12x20 8x60", topic="articles.unique"),
        series("frontwire_partitions_assigned", "8x10 12x20 18 12x30", topic="articles.unique"),
        "Only 8 partitions of articles.unique have an owner, fewer than within the last day.",
        topic="articles.unique",
    )
    restoring = series("frontwire_state_restored_records_total", "0+9000x500", topic="deduplicate.state")
    yield from _pair(
        "FrontwireStateRestoreSlow",
        20,
        restoring | ready(0),
        restoring | ready(1),
        f"{INSTANCE} has read its state topic for 10 minutes and is not done.",
        instance=INSTANCE,
    )
    yield from _pair(
        "FrontwireStateElsewhere",
        10,
        series("frontwire_state_elsewhere", "2x60", topic="deduplicate.state"),
        series("frontwire_state_elsewhere", "0x60", topic="deduplicate.state"),
        f"{INSTANCE} keeps the state of 2 partitions of deduplicate.state outside its state folder, which cannot be "
        "written or has no room.",
        instance=INSTANCE,
        topic="deduplicate.state",
    )


def _kafka() -> Iterator[Case]:
    finished = series("frontwire_articles_in_total", "0+10x500", stage="extract")
    yield from _pair(
        "FrontwireRebalancesOften",
        40,
        series("frontwire_rebalances_total", "0+1x500"),
        series("frontwire_rebalances_total", "0+0.2x500"),
        f"The partitions of {INSTANCE} were given out anew 30 times in 30 minutes.",
        instance=INSTANCE,
    )
    yield from _pair(
        "FrontwireSendsRetried",
        30,
        series("frontwire_send_retries_total", "0+6x500"),
        series("frontwire_send_retries_total", "0x5 60x60"),
        "For 15 minutes, 0.10 records a second have had to be sent again.",
    )
    yield from _pair(
        "FrontwireCommitsMissing",
        30,
        finished,
        finished | series("frontwire_commit_seconds_count", "0+60x500"),
        f"{INSTANCE} has committed nothing for 10 minutes; after a restart it does its work again.",
        instance=INSTANCE,
    )


def _late(metric: str, bound: str) -> Callable[[float], Series]:
    """Series of a histogram of which a share (in percent) lies above a bound."""

    def made(percent: float) -> Series:
        timely = series(f"{metric}_bucket", f"0+{100 - percent:g}x500", le=bound)
        return timely | series(f"{metric}_count", "0+100x500")

    return made


def _beats(percent: float) -> Series:
    sent = series("frontwire_heartbeats_total", "0+100x500", stage="poll", outcome="passed")
    came = f"0+{100 - percent:g}x500"
    return sent | series("frontwire_heartbeat_seconds_bucket", came, stage="total", le="30.0")


def _letters(percent: float) -> Series:
    finished = series("frontwire_articles_in_total", "0+100x500", stage="extract")
    dead = series("frontwire_dead_letters_total", f"0+{percent:g}x500", stage="extract", reason="stage_error")
    return finished | dead


_ALL: Final = ("1h", "6h", "3d")


def _burns() -> Iterator[Case]:
    """Percentages of errors that burn a budget at four speeds: past each rule's factor in turn, and past none."""
    fresh = _late("frontwire_fetched_to_extracted_seconds", "60.0")
    timely = _late("frontwire_published_to_extracted_seconds", "14400.0")
    slow = "of the last WINDOW's articles took longer than 60 s; 1 % may."
    yield from _speeds("FrontwireFreshnessBurn", fresh, (50, 10, 2, 0.5), slow)
    through = (
        "of the heartbeats sent in the last WINDOW did not come through the whole line within 30 s; 0.5 % may not."
    )
    yield from _speeds("FrontwireAvailabilityBurn", _beats, (50, 5, 1, 0.2), through)
    dead = "of the last WINDOW's messages became dead letters; 0.1 % may."
    yield from _speeds("FrontwireCompletenessBurn", _letters, (5, 1, 0.2, 0.05), dead)
    old = "of the last WINDOW's articles were older than 4 h when their records were out; 5 % may be."
    yield _burn("FrontwireTimelinessBurn", timely(50), ("3d",), f"50% {old}")
    yield _burn("FrontwireTimelinessBurn", timely(2), (), "")
    silent = series("frontwire_heartbeats_total", "0+100x500", stage="poll", outcome="passed")
    yield _burn("FrontwireAvailabilityBurn", silent, _ALL, f"100% {through}")
    few = {name: samples.replace("+100x", "+0.01x").replace("+50x", "+0.005x") for name, samples in fresh(50).items()}
    yield _burn("FrontwireFreshnessBurn", few, (), "")


def _speeds(alert: str, made: Callable[[float], Series], percents: tuple[float, ...], what: str) -> Iterator[Case]:
    for place, percent in enumerate(percents):
        yield _burn(alert, made(percent), _ALL[place:], f"{percent:g}% {what}")


def _burn(alert: str, made: Series, windows: tuple[str, ...], description: str) -> Case:
    about = f"fires over {', '.join(windows)}" if windows else "is quiet"
    return Case(alert=alert, about=about, series=made, at=60, windows=windows, description=description)


CASES: Final = (*_line(), *_feeds(), *_workers(), *_kafka(), *_burns())
