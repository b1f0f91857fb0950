"""What a dashboard is made of here, and its Grafana JSON (classic model, by Grafana's own library).

A `Board` is rows of panels; a panel is queries with a legend, a unit and a description. In an expression `$scope`
stands for the label matchers of the chosen job and instances, `$jobs` for those of the job alone (recorded series have
no instance).
"""

import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from grafana_foundation_sdk.builders import common, dashboard, prometheus, stat, table, timeseries
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models import common as choices
from grafana_foundation_sdk.models import dashboard as models
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

WIDTH: Final = 24
"""Columns of Grafana's grid."""

ANCHOR: Final = "frontwire_build_info"
"""The series that the variables read jobs and instances from: every worker has it from its first second."""

_HEIGHTS: Final = {"stat": 4, "else": 8}
_SOURCE: Final = models.DataSourceRef(type_val="prometheus", uid="${datasource}")
_JOBS: Final = 'job=~"$job"'
_SCOPE: Final = _JOBS + ', instance=~"$instance"'

_AnyPanel = timeseries.Panel | stat.Panel | table.Panel


class Look(Enum):
    """How a panel shows its queries."""

    LINES = "lines"
    STACK = "stack"
    STAT = "stat"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Query:
    """One PromQL expression; `legend` names its series, `{{label}}` stands for a label's value."""

    expression: str
    legend: str

    @property
    def text(self) -> str:
        """The expression as Grafana gets it, with its variables."""
        return self.expression.replace("$scope", _SCOPE).replace("$jobs", _JOBS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One panel.

    `unit` is one of Grafana's: `s`, `bytes`, `Bps`, `percentunit`, `reqps` (things per second), `short` (a number).
    `width` counts columns of 24.
    """

    title: str
    description: str
    unit: str
    queries: tuple[Query, ...]
    look: Look = Look.LINES
    width: int = 8

    @property
    def height(self) -> int:
        """Grid rows."""
        return _HEIGHTS["stat" if self.look is Look.STAT else "else"]


@dataclass(frozen=True, slots=True)
class Row:
    """Panels under a heading. Their widths fill whole lines."""

    title: str
    panels: tuple[Panel, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """One dashboard; `name` is its file and, with a prefix, its address in Grafana."""

    name: str
    title: str
    description: str
    rows: tuple[Row, ...]

    @property
    def panels(self) -> Iterator[Panel]:
        """All panels in their order."""
        for row in self.rows:
            yield from row.panels


def quantiles(metric: str, matchers: str, by: str, legend: str, *shares: float) -> tuple[Query, ...]:
    """A query for each share (0.95 is what 95 % stay below) of a histogram; `by` are labels to keep, or nothing."""
    kept = f"{by}, le" if by else "le"
    rate = f"sum by ({kept}) (rate({metric}_bucket{{{matchers}}}[$__rate_interval]))"
    return tuple(
        Query(f"histogram_quantile({share:g}, {rate})", f"{legend} p{share * 100:g}".strip()) for share in shares
    )


def render(board: Board) -> bytes:
    """The dashboard's JSON, the same for the same board."""
    made = (
        dashboard.Dashboard(board.title)
        .uid(f"frontwire-{board.name}")
        .description(board.description)
        .tags(["frontwire"])
        .readonly()
        .tooltip(models.DashboardCursorSync.CROSSHAIR)
        .refresh("30s")
        .time("now-3h", "now")
        .timezone("browser")
        .variables(_variables())
        .link(dashboard.DashboardLink("Frontwire").type(models.DashboardLinkType.DASHBOARDS).tags(["frontwire"])
              .as_dropdown(True).include_vars(True).keep_time(True))
    )  # fmt: skip
    numbers = itertools.count(1)
    for row in board.rows:
        made.with_row(dashboard.Row(row.title).id(next(numbers)))
        for panel in row.panels:
            made.with_panel(_panel(panel, next(numbers)))
    return json.dumps(made.build(), cls=JSONEncoder, indent=2, sort_keys=True, ensure_ascii=False).encode() + b"\n"


def _variables() -> list[Builder[models.VariableModel]]:
    return [
        dashboard.DatasourceVariable("datasource").label("Data source").type("prometheus"),
        _label_values("job", f"label_values({ANCHOR}, job)").label("Job"),
        _label_values("instance", f"label_values({ANCHOR}{{{_JOBS}}}, instance)").label("Instance"),
    ]


def _label_values(name: str, query: str) -> dashboard.QueryVariable:
    return (
        dashboard.QueryVariable(name)
        .datasource(_SOURCE)
        .query(query)
        .refresh(models.VariableRefresh.ON_TIME_RANGE_CHANGED)
        .sort(models.VariableSort.ALPHABETICAL_ASC)
        .multi(True)
        .include_all(True)
        .all_value(".+")
        .current(models.VariableOption(selected=True, text="All", value="$__all"))
    )


def _panel(panel: Panel, number: int) -> _AnyPanel:
    made = _LOOKS[panel.look]()
    made.id(number).title(panel.title).description(panel.description).datasource(_SOURCE)
    made.unit(panel.unit).span(panel.width).height(panel.height)
    for place, query in enumerate(panel.queries):
        made.with_target(_target(query, chr(ord("A") + place), panel.look))
    return made


def _target(query: Query, ref: str, look: Look) -> prometheus.Dataquery:
    made = prometheus.Dataquery().expr(query.text).legend_format(query.legend).ref_id(ref).datasource(_SOURCE)
    if look is Look.TABLE:
        return made.instant().format(PromQueryFormat.TABLE)
    return made.range()


def _lines() -> timeseries.Panel:
    legend = common.VizLegendOptions().show_legend(True).display_mode(choices.LegendDisplayMode.LIST)
    return (
        timeseries.Panel()
        .legend(legend.placement(choices.LegendPlacement.BOTTOM).calcs([]))
        .tooltip(common.VizTooltipOptions().mode(choices.TooltipDisplayMode.MULTI).sort(choices.SortOrder.DESCENDING))
        .axis_soft_min(0)
        .show_points(choices.VisibilityMode.NEVER)
    )


def _stack() -> timeseries.Panel:
    stacked = common.StackingConfig().mode(choices.StackingMode.NORMAL).group("A")
    return _lines().fill_opacity(40).line_width(0).stacking(stacked)


def _stat() -> stat.Panel:
    last = common.ReduceDataOptions().calcs(["lastNotNull"])
    return stat.Panel().reduce_options(last).graph_mode(choices.BigValueGraphMode.AREA)


_LOOKS: Final[Mapping[Look, Callable[[], _AnyPanel]]] = {
    Look.LINES: _lines,
    Look.STACK: _stack,
    Look.STAT: _stat,
    Look.TABLE: table.Panel,
}
