"""The pipeline at a glance: is it well, how fresh, how much, what was found, what waits or failed."""

from typing import Final

from deploy.monitoring.panels import Board, Look, Panel, Query, Row, quantiles

_WELL: Final = Row(
    "Is it well?",
    (
        Panel(
            title="Oldest heartbeat",
            description="Age of the newest heartbeat article that came through the whole line, of the partition of "
            "articles.raw where it is oldest. Some 30 s is well (FRONTWIRE_HEARTBEAT_INTERVAL); minutes mean that "
            "articles stand still somewhere.",
            unit="s",
            look=Look.STAT,
            width=4,
            queries=(Query("time() - min(job_partition:frontwire_heartbeat_timestamp_seconds:max{$jobs})", "age"),),
        ),
        Panel(
            title="Fresh articles, last hour",
            description="Share of articles whose extracted records were on their topics within 60 s of the fetch.",
            unit="percentunit",
            look=Look.STAT,
            width=4,
            queries=(Query("1 - max(job:frontwire_freshness_errors:ratio_rate1h{$jobs})", "fresh"),),
        ),
        Panel(
            title="Heartbeats through, last hour",
            description="Share of the heartbeat articles sent that came through the whole line within 30 s.",
            unit="percentunit",
            look=Look.STAT,
            width=4,
            queries=(Query("1 - max(job:frontwire_availability_errors:ratio_rate1h{$jobs})", "through"),),
        ),
        Panel(
            title="Complete, last hour",
            description="Share of messages that led to their records instead of a dead letter.",
            unit="percentunit",
            look=Look.STAT,
            width=4,
            queries=(Query("1 - max(job:frontwire_completeness_errors:ratio_rate1h{$jobs})", "complete"),),
        ),
        Panel(
            title="Workers ready",
            description="Workers whose /readyz says yes: partitions owned and restored, producer up, not draining.",
            unit="short",
            look=Look.STAT,
            width=4,
            queries=(Query("sum by (stage) (frontwire_ready{$scope})", "{{stage}}"),),
        ),
        Panel(
            title="Alerts firing",
            description="Alerts of this dashboard's rules that fire now; deploy/monitoring/RUNBOOK.md says what to do.",
            unit="short",
            look=Look.STAT,
            width=4,
            queries=(
                Query('count(ALERTS{alertname=~"Frontwire.+", alertstate="firing", $jobs}) or vector(0)', "firing"),
            ),
        ),
    ),
)

_FRESHNESS: Final = Row(
    "Freshness",
    (
        Panel(
            title="Fetched to extracted",
            description="From the fetch of an article to its events and counts on their topics: our own share of the "
            "way.",
            unit="s",
            width=6,
            queries=quantiles("frontwire_fetched_to_extracted_seconds", "$scope", "", "", 0.5, 0.95, 0.99),
        ),
        Panel(
            title="Fetched to told",
            description="From the fetch of an article to its story and totals on their topics.",
            unit="s",
            width=6,
            queries=quantiles("frontwire_fetched_to_told_seconds", "$scope", "", "", 0.5, 0.95, 0.99),
        ),
        Panel(
            title="Published to extracted",
            description="From the publication to the events and counts. Polling intervals and late feeds are in it; a "
            "new feed's old entries make it long for a while.",
            unit="s",
            width=6,
            queries=quantiles("frontwire_published_to_extracted_seconds", "$scope", "", "", 0.5, 0.95),
        ),
        Panel(
            title="Heartbeats",
            description="From the sending of a heartbeat article to the end of its work at each stage.",
            unit="s",
            width=6,
            queries=quantiles("frontwire_heartbeat_seconds", "$scope", "stage", "{{stage}}", 0.95),
        ),
    ),
)

_THROUGHPUT: Final = Row(
    "Throughput",
    (
        Panel(
            title="Messages finished",
            description="Messages a second that each stage has finished, dead ones and replays included.",
            unit="reqps",
            queries=(
                Query("sum by (stage) (rate(frontwire_articles_in_total{$scope}[$__rate_interval]))", "{{stage}}"),
            ),
        ),
        Panel(
            title="Records sent",
            description="Records a second that the brokers acknowledged, by topic.",
            unit="reqps",
            queries=(
                Query("sum by (topic) (rate(frontwire_articles_out_total{$scope}[$__rate_interval]))", "{{topic}}"),
            ),
        ),
        Panel(
            title="Duplicates",
            description="Articles a second that repeat another, by how it was seen.",
            unit="reqps",
            look=Look.STACK,
            queries=(Query("sum by (kind) (rate(frontwire_duplicates_total{$scope}[$__rate_interval]))", "{{kind}}"),),
        ),
    ),
)

_FOUND: Final = Row(
    "What was found",
    (
        Panel(
            title="Events by type",
            description="Conflict events a second, the ten most frequent of ACLED's sub-event types.",
            unit="reqps",
            look=Look.STACK,
            width=6,
            queries=(
                Query(
                    "topk(10, sum by (sub_event_type) (rate(frontwire_events_total{$scope}[$__rate_interval])))",
                    "{{sub_event_type}}",
                ),
            ),
        ),
        Panel(
            title="Events by modality",
            description="Conflict events a second by how they are told: asserted, negated, hypothetical, planned.",
            unit="reqps",
            look=Look.STACK,
            width=6,
            queries=(
                Query("sum by (modality) (rate(frontwire_events_total{$scope}[$__rate_interval]))", "{{modality}}"),
            ),
        ),
        Panel(
            title="Events by country",
            description="Conflict events a second, the ten most frequent countries of the act (ISO 3166-1 alpha-3); "
            "unknown where neither place nor setting tells one.",
            unit="reqps",
            look=Look.STACK,
            width=6,
            queries=(
                Query(
                    "topk(10, sum by (country) (rate(frontwire_events_by_country_total{$scope}[$__rate_interval])))",
                    "{{country}}",
                ),
            ),
        ),
        Panel(
            title="Evacuation counts",
            description="Figures of people or households a second, by what happened to them (IDMC's terms). It counts "
            "figures, not people.",
            unit="reqps",
            look=Look.STACK,
            width=6,
            queries=(Query("sum by (term) (rate(frontwire_counts_total{$scope}[$__rate_interval]))", "{{term}}"),),
        ),
    ),
)

_WAITING: Final = Row(
    "What waits, what failed",
    (
        Panel(
            title="Lag in seconds",
            description="Age of each topic's oldest unfinished message, by the time of its article's first record.",
            unit="s",
            queries=(Query("max by (topic) (job_topic:frontwire_consumer_lag_seconds:max{$jobs})", "{{topic}}"),),
        ),
        Panel(
            title="In progress",
            description="Messages taken and not finished; of poll, polls under way.",
            unit="short",
            queries=(Query("sum by (stage) (frontwire_messages_in_progress{$scope})", "{{stage}}"),),
        ),
        Panel(
            title="Dead letters",
            description="Messages a second that could not be processed. `frontwire dead-letters list` tells which.",
            unit="reqps",
            look=Look.STACK,
            queries=(
                Query(
                    "sum by (stage, reason) (rate(frontwire_dead_letters_total{$scope}[$__rate_interval]))",
                    "{{stage}}: {{reason}}",
                ),
            ),
        ),
    ),
)

BOARD: Final = Board(
    name="overview",
    title="Frontwire: overview",
    description="The pipeline at a glance: is it well, how fresh, how much, what was found, what waits or failed.",
    rows=(_WELL, _FRESHNESS, _THROUGHPUT, _FOUND, _WAITING),
)
