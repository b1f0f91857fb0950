"""The workers: which run, what they take, how long their work lasts, how their state does."""

from typing import Final

from deploy.monitoring.panels import Board, Look, Panel, Query, Row, quantiles

_WITH_STAGE: Final = "* on (job, instance) group_left (stage) frontwire_build_info{$scope}"

_RUNNING: Final = Row(
    "Running",
    (
        Panel(
            title="Workers",
            description="Every worker with its stage and version. Two versions at once are a rolling upgrade.",
            unit="short",
            look=Look.TABLE,
            width=12,
            queries=(Query("max by (stage, instance, version) (frontwire_build_info{$scope})", "{{instance}}"),),
        ),
        Panel(
            title="Up for",
            description="Time since each worker started; short ones again and again are restarts.",
            unit="s",
            width=6,
            queries=(
                Query(f"(time() - process_start_time_seconds{{$scope}}) {_WITH_STAGE}", "{{stage}} {{instance}}"),
            ),
        ),
        Panel(
            title="Partitions owned",
            description="Partitions of each topic that the workers own together. Fewer than the topic has: some stand "
            "still.",
            unit="short",
            width=6,
            queries=(Query("sum by (topic) (frontwire_partitions_assigned{$scope})", "{{topic}}"),),
        ),
    ),
)

_TAKEN: Final = Row(
    "What they take",
    (
        Panel(
            title="Processor",
            description="Processor seconds a second, that is cores, of each worker. A worker has one core's worth at "
            "most, poll its parsers' besides.",
            unit="short",
            queries=(
                Query(
                    f"rate(process_cpu_seconds_total{{$scope}}[$__rate_interval]) {_WITH_STAGE}",
                    "{{stage}} {{instance}}",
                ),
            ),
        ),
        Panel(
            title="Memory",
            description="Resident memory of each worker.",
            unit="bytes",
            queries=(Query(f"process_resident_memory_bytes{{$scope}} {_WITH_STAGE}", "{{stage}} {{instance}}"),),
        ),
        Panel(
            title="Open files",
            description="Share of the file descriptors that each worker may have.",
            unit="percentunit",
            queries=(
                Query(
                    f"process_open_fds{{$scope}} / process_max_fds{{$scope}} {_WITH_STAGE}", "{{stage}} {{instance}}"
                ),
            ),
        ),
    ),
)

_WORK: Final = Row(
    "Work",
    (
        Panel(
            title="Time of a message",
            description="How long a stage's core works on one message. What takes FRONTWIRE_MESSAGE_TIMEOUT is a dead "
            "letter.",
            unit="s",
            queries=quantiles("frontwire_stage_seconds", "$scope", "stage", "{{stage}}", 0.5, 0.99),
        ),
        Panel(
            title="Time of a batch",
            description="From the first message of a batch to the last acknowledgement of what it led to.",
            unit="s",
            queries=quantiles("frontwire_batch_seconds", "$scope", "stage", "{{stage}}", 0.5, 0.99),
        ),
        Panel(
            title="Since the last message",
            description="Time since a stage last finished a message. It rises when news is quiet, too: look at the "
            "heartbeats beside it.",
            unit="s",
            queries=(
                Query("time() - max by (stage) (frontwire_last_processed_timestamp_seconds{$scope})", "{{stage}}"),
            ),
        ),
    ),
)

_STATE: Final = Row(
    "State",
    (
        Panel(
            title="Keys",
            description="Keys in the owned partitions' state when they were restored.",
            unit="short",
            width=6,
            queries=(Query("sum by (topic) (frontwire_state_keys{$scope})", "{{topic}}"),),
        ),
        Panel(
            title="Records read to restore",
            description="Records that workers have read from the state topics since they started, to take partitions "
            "over. Mostly that is before the first scrape, so no rate would show it.",
            unit="short",
            width=6,
            queries=(Query("sum by (topic) (frontwire_state_restored_records_total{$scope})", "{{topic}}"),),
        ),
        Panel(
            title="Time to restore",
            description="Mean time that restoring took since each worker started, whenever partitions were assigned.",
            unit="s",
            width=6,
            queries=(
                Query(
                    "frontwire_state_restore_seconds_sum{$scope} / frontwire_state_restore_seconds_count{$scope}",
                    "{{instance}}",
                ),
            ),
        ),
        Panel(
            title="Rebalances",
            description="Times in the last hour that a worker's partitions were given out anew. Each pauses its role.",
            unit="short",
            width=6,
            queries=(Query("increase(frontwire_rebalances_total{$scope}[1h])", "{{instance}}"),),
        ),
        Panel(
            title="State repaired",
            description="State records in the last hour that were written again because a former owner had overwritten "
            "them: the guard against zombies at work.",
            unit="short",
            width=12,
            queries=(Query("sum by (topic) (increase(frontwire_state_repairs_total{$scope}[1h]))", "{{topic}}"),),
        ),
        Panel(
            title="State outside its folder",
            description="Partitions whose state lies elsewhere, as the state folder cannot be written or has no room.",
            unit="short",
            width=12,
            queries=(Query("sum by (topic) (frontwire_state_elsewhere{$scope})", "{{topic}}"),),
        ),
    ),
)

BOARD: Final = Board(
    name="workers",
    title="Frontwire: workers",
    description="The workers: which run, what they take, how long their work lasts, how their state does.",
    rows=(_RUNNING, _TAKEN, _WORK, _STATE),
)
