"""The alerting rules, and the cases of `tests.support.alert_cases` as a file for `promtool test rules`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from deploy.monitoring.generated import FOLDER
from tests.support.alert_cases import CASES, JOB, Case


def rules() -> list[dict[str, Any]]:
    """All rules of the rule files."""
    return [rule for group in _groups_of(rule_paths()) for rule in group["rules"]]


def alerts() -> dict[tuple[str, str], dict[str, Any]]:
    """The alerting rules by name and window."""
    return {(rule["alert"], rule["labels"].get("window", "")): rule for rule in rules() if "alert" in rule}


def promtool_tests(cases: tuple[Case, ...] = CASES) -> dict[str, Any]:
    """The cases as a file for `promtool test rules`."""
    return {
        "rule_files": [str(path) for path in rule_paths()],
        "evaluation_interval": "2m",
        "group_eval_order": _group_names(),
        "tests": [_test(case, alerts()) for case in cases],
    }


def rule_paths() -> list[Path]:
    """The rule files."""
    return sorted((FOLDER / "rules").glob("*.yml"))


def _groups_of(paths: list[Path]) -> list[dict[str, Any]]:
    return [group for path in paths for group in yaml.safe_load(path.read_text())["groups"]]


def _group_names() -> list[str]:
    """What is recorded first: else an alert sees what was recorded at the evaluation before."""
    groups = _groups_of(rule_paths())
    return [group["name"] for group in sorted(groups, key=lambda group: "alert" in group["rules"][0])]


def _test(case: Case, known: Mapping[tuple[str, str], dict[str, Any]]) -> dict[str, Any]:
    expected = [_expected(case, window, known[case.alert, window]) for window in case.windows]
    return {
        "name": f"{case.alert} {case.about}",
        "interval": "1m",
        "input_series": [{"series": name, "values": samples} for name, samples in case.series.items()],
        "alert_rule_test": [{"alertname": case.alert, "eval_time": f"{case.at}m", "exp_alerts": expected}],
    }


def _expected(case: Case, window: str, rule: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "exp_labels": {"job": JOB, **case.labels, **rule["labels"]},
        "exp_annotations": {**rule["annotations"], "description": case.description.replace("WINDOW", window)},
    }
