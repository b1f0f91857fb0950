"""Rules, runbook and dashboards: complete, consistent with the table of metrics, and understood by promtool."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.monitoring.generated import BOARDS, FOLDER
from deploy.monitoring.panels import WIDTH, Board, Panel, Row
from streams.kafka.metrics import METRICS, Kind
from tests.support.alert_cases import CASES
from tests.support.alerts import alerts, promtool_tests, rule_paths, rules
from tests.support.prometheus import ABSENT, program, promtool

needs_promtool = pytest.mark.skipif(program("promtool") is None, reason=ABSENT)

_SUFFIXES = {Kind.HISTOGRAM: ("_bucket", "_sum", "_count"), Kind.COUNTER: ("",), Kind.GAUGE: ("",)}
_OURS = {metric.full_name + suffix for metric in METRICS for suffix in _SUFFIXES[metric.kind]}
_OF_THE_PROCESS = {
    f"process_{name}"
    for name in ("cpu_seconds_total", "resident_memory_bytes", "start_time_seconds", "open_fds", "max_fds")
}
_OF_PROMETHEUS = {"up", "ALERTS"}
_RECORDED = {rule["record"] for rule in rules() if "record" in rule}
_NAME = re.compile(r"(?<![\w:\"$.])(?:frontwire_|process_|job\w*:)[\w:]+|\b(?:up|ALERTS)\b(?=\s*[{=])")

EXPRESSIONS = [
    *((rule.get("alert") or rule["record"], rule["expr"]) for rule in rules()),
    *((f"{b.name}: {p.title}", q.text) for b in BOARDS for p in b.panels for q in p.queries),
]


# --- rules


@needs_promtool
def test_promtool_understands_the_rules() -> None:
    found = promtool("check", "rules", "--lint=all", "--lint-fatal", *rule_paths())
    assert found.returncode == 0, found.stdout + found.stderr


@needs_promtool
@pytest.mark.slow
def test_every_alert_fires_when_it_should_and_only_then(tmp_path: Path) -> None:
    path = tmp_path / "cases.yml"
    path.write_text(yaml.safe_dump(promtool_tests()))
    found = promtool("test", "rules", path)
    assert found.returncode == 0, found.stdout + found.stderr


@needs_promtool
def test_a_case_that_is_wrong_is_told(tmp_path: Path) -> None:
    case = next(case for case in CASES if case.alert == "FrontwireWorkerNotReady" and not case.windows)
    wrong = promtool_tests((case,))
    series = wrong["tests"][0]["input_series"][0]
    series["values"] = series["values"].replace("1x", "0x")  # it is not ready any more
    path = tmp_path / "cases.yml"
    path.write_text(yaml.safe_dump(wrong))
    assert promtool("test", "rules", path).returncode != 0


def test_every_alert_has_a_case_that_fires_and_one_that_does_not() -> None:
    firing = {(case.alert, window) for case in CASES for window in case.windows}
    quiet = {key for case in CASES for key in alerts() if key[0] == case.alert and key[1] not in case.windows}
    assert firing == set(alerts())
    assert quiet == set(alerts())


@pytest.mark.parametrize("rule", alerts().values(), ids=lambda rule: rule["alert"])
def test_an_alert_tells_what_to_do(rule: dict[str, Any]) -> None:
    name, told = rule["alert"], rule["annotations"]
    assert re.fullmatch(r"Frontwire([A-Z][a-z]+)+", name)
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert set(told) == {"summary", "description", "runbook_url"}
    assert told["summary"] and not told["summary"].endswith(".") and "{{" not in told["summary"]
    assert told["description"].endswith(".")
    assert told["runbook_url"] == f"deploy/monitoring/RUNBOOK.md#{name.lower()}"
    assert "for" in rule


def test_the_runbook_has_one_section_for_each_alert() -> None:
    sections = re.split(r"^### ", (FOLDER / "RUNBOOK.md").read_text(), flags=re.MULTILINE)[1:]
    titles = [section.partition("\n")[0] for section in sections]
    assert sorted(titles) == sorted({name for name, _ in alerts()})
    for section in sections:
        assert all(part in section for part in ("**Meaning.**", "**Impact.**", "**Check", "o.**")), section


def test_the_runbook_names_commands_settings_and_panels_that_exist() -> None:
    text = (FOLDER / "RUNBOOK.md").read_text()
    readme = "".join((FOLDER.parents[1] / path).read_text() for path in ("README.md", "streams/REFERENCE.md"))
    assert {name for name in re.findall(r"FRONTWIRE_[A-Z_]+", text) if f"`{name}`" not in readme} == set()
    assert {name for name in re.findall(r"`frontwire ([a-z-]+)", text) if f"`{name}" not in readme} == set()
    titles = {panel.title for board in BOARDS for panel in board.panels}
    named = {
        title
        for line in re.findall(r"\*(?:Overview|Feeds|Workers|Kafka)\*, ([^*]*)", text)
        for title in re.findall(r'^"([^"]+)"', line)
    }
    assert named and named <= titles


def test_recorded_series_are_named_by_level_metric_and_operation() -> None:
    for rule in rules():
        if "record" in rule:
            assert re.fullmatch(r"job(_[a-z]+)?:frontwire_[a-z_]+:[a-z0-9_]+", rule["record"]), rule["record"]


# --- expressions


@pytest.mark.parametrize(("where", "expression"), EXPRESSIONS, ids=[where for where, _ in EXPRESSIONS])
def test_an_expression_names_what_exists(where: str, expression: str) -> None:
    names = set(_NAME.findall(expression))
    assert names
    assert names <= _OURS | _OF_THE_PROCESS | _OF_PROMETHEUS | _RECORDED


@pytest.mark.parametrize(("where", "expression"), EXPRESSIONS, ids=[where for where, _ in EXPRESSIONS])
def test_matchers_name_labels_and_values_that_exist(where: str, expression: str) -> None:
    for name, matchers in re.findall(r"(frontwire_\w+)\{([^}]*)\}", expression):
        if name not in _OURS:
            continue  # recorded: its labels are those of its rule
        metric = next(m for m in METRICS if name in {m.full_name + suffix for suffix in _SUFFIXES[m.kind]})
        for label, operator, value in re.findall(r'(\w+)(=~|!=|=)"([^"]*)"', matchers):
            if label in {"job", "instance"}:
                continue
            values = set(map(str, metric.buckets)) if label == "le" else set(metric.labels[label] or ())
            assert set(value.split("|")) <= values, (name, label, operator, value)


@needs_promtool
def test_promtool_understands_every_panel(tmp_path: Path) -> None:
    text = (
        query.text.replace("$__rate_interval", "1m") for board in BOARDS for p in board.panels for query in p.queries
    )
    rules_ = [{"record": f"job:panel:{number}", "expr": expression} for number, expression in enumerate(text)]
    path = tmp_path / "panels.yml"
    path.write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": rules_}]}))
    found = promtool("check", "rules", path)
    assert found.returncode == 0, found.stdout + found.stderr
    assert f"{len(rules_)} rules found" in found.stdout


# --- dashboards


def _lines(row: Row) -> Iterator[list[Panel]]:
    """The panels of a row as Grafana's grid breaks them."""
    line: list[Panel] = []
    for panel in row.panels:
        line.append(panel)
        if sum(each.width for each in line) >= WIDTH:
            yield line
            line = []
    if line:
        yield line


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.name)
def test_panels_fill_their_lines(board: Board) -> None:
    for row in board.rows:
        for line in _lines(row):
            assert sum(panel.width for panel in line) == WIDTH, [panel.title for panel in line]
            assert len({panel.height for panel in line}) == 1, [panel.title for panel in line]


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.name)
def test_panels_do_not_overlap(board: Board) -> None:
    made = json.loads((FOLDER / "dashboards" / f"{board.name}.json").read_text())
    taken: set[tuple[int, int]] = set()
    for panel in made["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not cells & taken, panel["title"]
        assert at["x"] + at["w"] <= WIDTH
        taken |= cells
    assert len({panel["id"] for panel in made["panels"]}) == len(made["panels"])


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.name)
def test_a_dashboard_is_as_its_readers_expect(board: Board) -> None:
    made = json.loads((FOLDER / "dashboards" / f"{board.name}.json").read_text())
    assert made["editable"] is False
    assert made["uid"] == f"frontwire-{board.name}"
    assert [variable["name"] for variable in made["templating"]["list"]] == ["datasource", "job", "instance"]
    panels = [panel for panel in made["panels"] if panel["type"] != "row"]
    assert len({panel["title"] for panel in panels}) == len(panels) == len(list(board.panels))
    for panel in panels:
        assert len(panel["description"]) > 30 and panel["description"].endswith("."), panel["title"]
        assert panel["fieldConfig"]["defaults"]["unit"]
        assert panel["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
        for target in panel["targets"]:
            assert "$job" in target["expr"]
            assert "$scope" not in target["expr"] and "$jobs" not in target["expr"]
            assert "rate(" not in target["expr"] or re.search(r"\[(\$__rate_interval|1h)\]", target["expr"])
            assert target["legendFormat"]


def test_no_dashboard_is_left_over() -> None:
    assert {path.stem for path in (FOLDER / "dashboards").iterdir()} == {board.name for board in BOARDS}
