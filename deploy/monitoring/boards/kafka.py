"""Kafka as the workers see it: what waits for them, how it answers. The brokers' own metrics are their operator's."""

from typing import Final

from deploy.monitoring.panels import Board, Panel, Query, Row, quantiles

_WAITING: Final = Row(
    "What waits",
    (
        Panel(
            title="Lag in messages",
            description="Messages of each topic that are not finished.",
            unit="short",
            queries=(Query("sum by (topic) (frontwire_consumer_lag_messages{$scope})", "{{topic}}"),),
        ),
        Panel(
            title="Lag in seconds",
            description="Age of each topic's oldest unfinished message, by the time of its article's first record.",
            unit="s",
            queries=(
                Query("time() - min by (topic) (frontwire_consumer_finished_timestamp_seconds{$scope})", "{{topic}}"),
            ),
        ),
        Panel(
            title="Partitions with the most lag",
            description="The ten partitions with the most unfinished messages. articles.raw has a partition a "
            "language, and each takes its whole load.",
            unit="short",
            queries=(
                Query(
                    "topk(10, sum by (topic, partition) (frontwire_consumer_lag_messages{$scope}))",
                    "{{topic}} {{partition}}",
                ),
            ),
        ),
        Panel(
            title="Time to catch up",
            description="Unfinished messages by those finished a second, were nothing to come: how long until the lag "
            "is gone.",
            unit="s",
            queries=(
                Query(
                    "sum by (instance) (frontwire_consumer_lag_messages{$scope}) / "
                    "sum by (instance) (rate(frontwire_articles_in_total{$scope}[$__rate_interval])) < Inf",
                    "{{instance}}",
                ),
            ),
        ),
        Panel(
            title="Partitions owned",
            description="Partitions of each topic that each worker owns; how evenly they are shared.",
            unit="short",
            queries=(
                Query("sum by (topic, instance) (frontwire_partitions_assigned{$scope})", "{{topic}} {{instance}}"),
            ),
        ),
        Panel(
            title="Rebalances",
            description="Rebalances a second of each worker.",
            unit="reqps",
            queries=(Query("rate(frontwire_rebalances_total{$scope}[$__rate_interval])", "{{instance}}"),),
        ),
    ),
)

_ANSWERS: Final = Row(
    "How it answers",
    (
        Panel(
            title="Time of a send",
            description="From handing records that belong together to the producer to the acknowledgement of the "
            "last by all in-sync replicas, retries included. It grows before anything else when brokers are slow.",
            unit="s",
            queries=quantiles("frontwire_send_seconds", "$scope", "", "", 0.5, 0.95, 0.99),
        ),
        Panel(
            title="Time of a send by worker",
            description="The same, what 95 % stay below on each worker: one alone is slow for its own reasons.",
            unit="s",
            queries=quantiles("frontwire_send_seconds", "$scope", "instance", "{{instance}}", 0.95),
        ),
        Panel(
            title="Records sent again",
            description="Records a second that were sent again after a transient failure: a broker that leaves, too "
            "few in-sync replicas. Zero is well.",
            unit="reqps",
            queries=(Query("rate(frontwire_send_retries_total{$scope}[$__rate_interval])", "{{instance}}"),),
        ),
        Panel(
            title="Time of a commit",
            description="How long a commit of offsets took that succeeded.",
            unit="s",
            queries=quantiles("frontwire_commit_seconds", "$scope", "", "", 0.5, 0.95, 0.99),
        ),
        Panel(
            title="Commits",
            description="Commits a second of each worker. poll commits nothing.",
            unit="reqps",
            queries=(Query("rate(frontwire_commit_seconds_count{$scope}[$__rate_interval])", "{{instance}}"),),
        ),
        Panel(
            title="Records sent",
            description="Records a second that the brokers acknowledged, by stage.",
            unit="reqps",
            queries=(
                Query("sum by (stage) (rate(frontwire_articles_out_total{$scope}[$__rate_interval]))", "{{stage}}"),
            ),
        ),
    ),
)

BOARD: Final = Board(
    name="kafka",
    title="Frontwire: Kafka",
    description="Kafka as the workers see it: what waits for them, how it answers. The brokers' own metrics are their "
    "operator's.",
    rows=(_WAITING, _ANSWERS),
)
