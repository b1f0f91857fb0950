"""What we promise over time, and the alerts on how fast a promise's error budget burns.

The windows and factors are those of Google's SRE Workbook, chapter 5 ("multiwindow, multi-burn-rate alerts"): 14.4
times the budget's even rate spends 2 % of thirty days' budget in an hour, 6 times spends 5 % in six hours, 1 time
spends 10 % in three days; the short window lets an alert end soon after its cause.
"""

from dataclasses import dataclass
from typing import Any, Final

import yaml

RUNBOOK: Final = "deploy/monitoring/RUNBOOK.md"
"""Where `runbook_url` points, from the root of the project; who installs the rules may put an address before it."""


@dataclass(frozen=True, slots=True)
class Burn:
    """One alert on a budget: in both windows errors come `factor` times as fast as the budget allows."""

    factor: float
    long: str
    short: str
    severity: str
    wait: str


PAGES: Final = (Burn(14.4, "1h", "5m", "page", "2m"), Burn(6, "6h", "30m", "page", "5m"))
TICKET: Final = Burn(1, "3d", "6h", "ticket", "30m")


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """A share of good outcomes that is promised over thirty days.

    Args:
        name: first in lower case in recorded series, then in the alert's name.
        target: the share, 0 to 1.
        errors: PromQL of the share of bad outcomes by job; `WINDOW` stands for the time it is taken over.
        volume: PromQL of how many outcomes there were in `WINDOW` by job; with fewer than `least` no alert is made.
        summary, description: of the alert; `{window}` is the long window.
    """

    name: str
    target: float
    errors: str
    volume: str
    least: int
    summary: str
    description: str
    burns: tuple[Burn, ...] = (*PAGES, TICKET)

    @property
    def alert(self) -> str:
        """The name of its alerts; they differ by the label `window`."""
        return f"Frontwire{self.name.capitalize()}Burn"

    def recorded(self, window: str) -> str:
        """The recorded share of bad outcomes over a window."""
        return f"job:frontwire_{self.name}_errors:ratio_rate{window}"


def _late(metric: str, bound: str) -> str:
    """The share of a histogram's values above one of its bounds."""
    return (
        f'1 - sum by (job) (rate({metric}_bucket{{le="{bound}"}}[WINDOW]))\n'
        f"  / (sum by (job) (rate({metric}_count[WINDOW])) > 0)"
    )


OBJECTIVES: Final = (
    Objective(
        name="freshness",
        target=0.99,
        errors=_late("frontwire_fetched_to_extracted_seconds", "60.0"),
        volume="sum by (job) (increase(frontwire_fetched_to_extracted_seconds_count[WINDOW]))",
        least=20,
        summary="Articles take longer than a minute from the fetch to their records",
        description="{{ $value | humanizePercentage }} of the last {window}'s articles took longer than 60 s; 1 % may.",
    ),
    Objective(
        name="timeliness",
        target=0.95,
        errors=_late("frontwire_published_to_extracted_seconds", "14400.0"),
        volume="sum by (job) (increase(frontwire_published_to_extracted_seconds_count[WINDOW]))",
        least=20,
        summary="Articles are told hours after their publication",
        description="{{ $value | humanizePercentage }} of the last {window}'s articles were older than 4 h when their "
        "records were out; 5 % may be.",
        burns=(TICKET,),  # a feed that is added brings old entries at once: nobody is woken for it
    ),
    Objective(
        name="availability",
        target=0.995,
        errors="clamp_min(1 - (\n"
        '  sum by (job) (rate(frontwire_heartbeat_seconds_bucket{stage="total", le="30.0"}[WINDOW]))\n'
        '  or 0 * sum by (job) (rate(frontwire_heartbeats_total{stage="poll"}[WINDOW]))\n'
        ') / (sum by (job) (rate(frontwire_heartbeats_total{stage="poll"}[WINDOW])) > 0), 0)',
        volume='sum by (job) (increase(frontwire_heartbeats_total{stage="poll"}[WINDOW]))',
        least=20,
        summary="Heartbeat articles do not come through the line, or late",
        description="{{ $value | humanizePercentage }} of the heartbeats sent in the last {window} did not come "
        "through the whole line within 30 s; 0.5 % may not.",
    ),
    Objective(
        name="completeness",
        target=0.999,
        errors="(\n"
        "  sum by (job) (rate(frontwire_dead_letters_total[WINDOW]))\n"
        "  or 0 * sum by (job) (rate(frontwire_articles_in_total[WINDOW]))\n"
        ") / (sum by (job) (rate(frontwire_articles_in_total[WINDOW])) > 0)",
        volume="sum by (job) (increase(frontwire_articles_in_total[WINDOW]))",
        least=100,
        summary="Messages become dead letters",
        description="{{ $value | humanizePercentage }} of the last {window}'s messages became dead letters; 0.1 % may.",
    ),
)


def rule_file() -> bytes:
    """The Prometheus rule file of all objectives."""
    groups = [_recordings(objective) for objective in OBJECTIVES] + [_alerts(objective) for objective in OBJECTIVES]
    head = "# Made by tests/generate from deploy/monitoring/objectives.py.\n"
    return (
        head + yaml.dump({"groups": groups}, Dumper=_Dumper, sort_keys=False, width=120, allow_unicode=True)
    ).encode()


def _recordings(objective: Objective) -> dict[str, Any]:
    windows = dict.fromkeys(window for burn in objective.burns for window in (burn.short, burn.long))
    rules = [
        {"record": objective.recorded(window), "expr": objective.errors.replace("WINDOW", window)} for window in windows
    ]
    return {"name": f"frontwire-{objective.name}-errors", "rules": rules}


def _alerts(objective: Objective) -> dict[str, Any]:
    return {
        "name": f"frontwire-{objective.name}-burn",
        "rules": [_alert(objective, burn) for burn in objective.burns],
    }


def _alert(objective: Objective, burn: Burn) -> dict[str, Any]:
    most = f"{burn.factor:g} * {1 - objective.target:.4g}"
    return {
        "alert": objective.alert,
        "expr": f"{objective.recorded(burn.long)} > {most}\n"
        f"and {objective.recorded(burn.short)} > {most}\n"
        f"and {objective.volume.replace('WINDOW', burn.long)} >= {objective.least}",
        "for": burn.wait,
        "labels": {"severity": burn.severity, "window": burn.long},
        "annotations": {
            "summary": objective.summary,
            "description": objective.description.replace("{window}", burn.long),
            "runbook_url": f"{RUNBOOK}#{objective.alert.lower()}",
        },
    }


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as blocks, as one reads PromQL."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)
