"""The feeds: how they do, what polling them brings and costs."""

from typing import Final

from deploy.monitoring.panels import Board, Look, Panel, Query, Row, quantiles

_HEALTH: Final = Row(
    "Health",
    (
        Panel(
            title="Feeds that are well",
            description="Share of the feeds that are to be polled whose status is ok.",
            unit="percentunit",
            look=Look.STAT,
            width=6,
            queries=(
                Query(
                    'sum(frontwire_feeds{status="ok", $scope}) / sum(frontwire_feeds{status!="disabled", $scope})', "ok"
                ),
            ),
        ),
        Panel(
            title="Feeds",
            description="Feeds that the pollers own, disabled ones included.",
            unit="short",
            look=Look.STAT,
            width=6,
            queries=(Query("sum(frontwire_feeds{$scope})", "feeds"),),
        ),
        Panel(
            title="Polls answered",
            description="Share of the polls that brought a feed, or the word that it has not changed.",
            unit="percentunit",
            look=Look.STAT,
            width=6,
            queries=(
                Query(
                    'sum(rate(frontwire_polls_total{outcome=~"read|not_modified|unchanged|empty", $scope}'
                    "[$__rate_interval])) / sum(rate(frontwire_polls_total{$scope}[$__rate_interval]))",
                    "answered",
                ),
            ),
        ),
        Panel(
            title="Bytes saved",
            description="Share of the body bytes that conditional requests (304) spared us.",
            unit="percentunit",
            look=Look.STAT,
            width=6,
            queries=(
                Query(
                    "sum(rate(frontwire_saved_bytes_total{$scope}[$__rate_interval])) / "
                    "(sum(rate(frontwire_saved_bytes_total{$scope}[$__rate_interval])) + "
                    "sum(rate(frontwire_fetched_bytes_total{$scope}[$__rate_interval])))",
                    "saved",
                ),
            ),
        ),
        Panel(
            title="Feeds by status",
            description="Feeds by how they do. Backoff: asked ever less often, as they fail. Gone: the server says so; "
            "looked at again once a week.",
            unit="short",
            look=Look.STACK,
            width=12,
            queries=(Query("sum by (status) (frontwire_feeds{$scope})", "{{status}}"),),
        ),
        Panel(
            title="Feeds by what their last poll came to",
            description="Feeds by the outcome of their last poll, which tells why a class of them fails.",
            unit="short",
            look=Look.STACK,
            width=12,
            queries=(Query("sum by (outcome) (frontwire_feeds_by_outcome{$scope}) > 0", "{{outcome}}"),),
        ),
    ),
)

_POLLS: Final = Row(
    "Polls",
    (
        Panel(
            title="Polls by outcome",
            description="Polls a second by what came of them.",
            unit="reqps",
            look=Look.STACK,
            queries=(Query("sum by (outcome) (rate(frontwire_polls_total{$scope}[$__rate_interval]))", "{{outcome}}"),),
        ),
        Panel(
            title="Time of a poll",
            description="From the request to the entries published.",
            unit="s",
            queries=quantiles("frontwire_poll_seconds", "$scope", "", "", 0.5, 0.95),
        ),
        Panel(
            title="Behind schedule",
            description="From the time a poll was due to its start. Minutes mean that pollers are too few, or that "
            "hosts are asked as often as they may be.",
            unit="s",
            queries=quantiles("frontwire_poll_delay_seconds", "$scope", "", "", 0.5, 0.95),
        ),
        Panel(
            title="Polls under way",
            description="Fetches and what follows them, at most FRONTWIRE_POLL_CONCURRENCY a worker.",
            unit="short",
            queries=(
                Query('sum by (instance) (frontwire_messages_in_progress{stage="poll", $scope})', "{{instance}}"),
            ),
        ),
        Panel(
            title="Body bytes",
            description="Body bytes a second as they came over the wire, and those that 304 answers spared.",
            unit="Bps",
            queries=(
                Query("sum(rate(frontwire_fetched_bytes_total{$scope}[$__rate_interval]))", "fetched"),
                Query("sum(rate(frontwire_saved_bytes_total{$scope}[$__rate_interval]))", "saved"),
            ),
        ),
        Panel(
            title="Entries",
            description="Entries a second that were published to articles.raw: new ones, and revisions of old ones.",
            unit="reqps",
            queries=(Query("sum by (kind) (rate(frontwire_entries_total{$scope}[$__rate_interval]))", "{{kind}}"),),
        ),
        Panel(
            title="Full texts",
            description="Pages a second that were asked for the full text of an entry, by what was used in the end: "
            "the page's text, or the feed's own where the page gave none. Only feeds with `full_text` ask.",
            unit="reqps",
            width=24,
            queries=(Query("sum by (used) (rate(frontwire_full_texts_total{$scope}[$__rate_interval]))", "{{used}}"),),
        ),
    ),
)

BOARD: Final = Board(
    name="feeds",
    title="Frontwire: feeds",
    description="The feeds: how they do, what polling brings and costs. `frontwire feeds health` tells of each one.",
    rows=(_HEALTH, _POLLS),
)
