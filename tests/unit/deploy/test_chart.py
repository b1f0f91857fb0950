"""The chart follows the code's tables; what its templates make is in test_chart_rendered.py."""

import json
from dataclasses import fields
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from streams.settings import Settings, load
from streams.vocabulary import Stage
from tests.support.chart import CHART, free_variables, own_variables, schema
from tests.support.sizing import Costs, measured, size

VARIABLES = {setting.metadata["variable"] for setting in fields(Settings)}
SECRETS = {setting.metadata["variable"] for setting in fields(Settings) if not setting.repr}


def values(name: str) -> dict[str, Any]:
    found = yaml.safe_load((CHART / name).read_text("utf-8"))
    assert isinstance(found, dict)
    return found


def test_every_setting_is_the_charts_own_or_free_or_a_secret() -> None:
    files = {name for name in VARIABLES if name.endswith("_PASSWORD_FILE")}
    assert own_variables() <= VARIABLES
    assert own_variables() | set(free_variables()) | SECRETS | files == VARIABLES
    assert not own_variables() & set(free_variables())
    assert not SECRETS & (own_variables() | set(free_variables()))


@pytest.mark.parametrize("name", ["values.yaml", "values-small.yaml", "values-large.yaml"])
def test_our_own_values_obey_the_schema(name: str) -> None:
    Draft202012Validator.check_schema(schema())
    assert list(Draft202012Validator(schema()).iter_errors(values(name))) == []


def test_the_schema_knows_no_key_that_the_values_lack() -> None:
    """A key without a default would be one that no template reads."""
    told, allowed = values("values.yaml"), schema()

    def missing(node: dict[str, Any], told: Any, path: str = "") -> list[str]:
        if not told or not isinstance(told, dict) or "properties" not in node:
            return []  # an empty map says that all below may be left out
        names = set(node["properties"]) - {"global"}
        below = [missing(node["properties"][name], told[name], f"{path}.{name}") for name in names & set(told)]
        return [f"{path}.{name}" for name in names - set(told)] + [one for found in below for one in found]

    assert missing(allowed, told) == []


COSTS = Costs(seconds=dict.fromkeys(Stage, 0.01), resident=1000, on_disk=1000, opening=1e-5)


def test_sizes_grow_with_the_rate_up_to_the_partitions() -> None:
    assert [size(Stage.EXTRACT, rate, COSTS).pods for rate in (1, 10, 100, 500, 5000)] == [1, 2, 2, 10, 12]
    assert size(Stage.TOTAL, 1000, COSTS).pods == 1
    one, ten = (size(Stage.DEDUPLICATE, rate, COSTS).memory for rate in (1, 10))
    window = 10 * load({}).duplicate_window * 0.5 * 1000 / 1024 / 1024
    assert one < ten
    assert 256 + window <= ten <= 256 + window + 128


def test_figures_that_the_readme_lacks_are_named() -> None:
    with pytest.raises(ValueError, match="processor time"):
        measured("| nothing | 1 |")
    assert all(0 < seconds < 1 for seconds in measured().seconds.values())


def _mib(quantity: str) -> float:
    return float(quantity[:-2]) * {"Mi": 1, "Gi": 1024}[quantity[-2:]]


def _cores(quantity: str) -> float:
    return float(quantity[:-1]) / 1000 if quantity.endswith("m") else float(quantity)


@pytest.mark.parametrize(("name", "rate"), [("values-small.yaml", 1), ("values-large.yaml", 50)])
@pytest.mark.parametrize("stage", Stage)
def test_the_worked_examples_are_as_large_as_the_figures_ask(name: str, rate: float, stage: Stage) -> None:
    base, given = values("values.yaml")["workers"][stage.value], values(name)["workers"].get(stage.value, {})
    worker = base | given
    needs = size(stage, rate, measured())
    pods = (
        worker["scaling"]["min"] if name == "values-large.yaml" and "scaling" in worker else worker.get("replicas", 1)
    )
    assert pods >= needs.pods
    assert _mib(worker["resources"]["limits"]["memory"]) >= needs.memory
    assert _cores(worker["resources"]["requests"]["cpu"]) * pods >= needs.cores
    if stage is Stage.DEDUPLICATE:
        assert _mib((base["persistence"] | given["persistence"])["size"]) >= needs.disk


def test_the_generated_tables_are_json_that_helm_reads_as_it_is() -> None:
    found = json.loads((CHART / "files" / "tables.json").read_text("utf-8"))
    assert set(found) == {"topics", "roles", "users"}
    assert set(found["roles"]) == {stage.value for stage in Stage}
