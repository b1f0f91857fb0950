"""The compose file names only what there is: commands, settings, files, ports, images' own conventions."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from agents.__main__ import parser
from deploy.image.linted import compose
from deploy.image.prove import CACHE, DOCKERFILE
from deploy.local.jars import kafka_version
from streams.settings import load
from streams.vocabulary import Stage

FOLDER = Path(__file__).parents[3] / "deploy" / "compose"
SCHEMA = CACHE / "compose.schema.json"
COMPOSE: dict[str, Any] = yaml.safe_load((FOLDER / "compose.yaml").read_bytes())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}


def default(text: str) -> str:
    """`${NAME:-value}` as it is when NAME is not set."""
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", text)


@pytest.mark.skipif(not SCHEMA.exists(), reason="the schema is not fetched: deploy/image/prove --lint fetches it")
def test_it_is_of_the_compose_specification() -> None:
    assert compose(FOLDER, CACHE).startswith("compose.yaml by")


@pytest.mark.parametrize("name", OURS)
def test_every_command_is_one_of_ours(name: str) -> None:
    parser().parse_args(OURS[name]["command"])  # ends the process where it is none


@pytest.mark.parametrize("name", OURS)
def test_every_setting_is_one_of_ours(name: str) -> None:
    given = OURS[name]["environment"]
    load(given)
    known = (FOLDER.parents[1] / "streams" / "settings.py").read_text("utf-8")
    assert [variable for variable in given if f'"{variable}"' not in known] == []


@pytest.mark.parametrize("name", OURS)
def test_our_containers_may_do_little(name: str) -> None:
    service = OURS[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "user" not in service  # the image's own
    assert "privileged" not in service


def test_every_role_runs_and_starts_after_the_topics() -> None:
    roles = [service["command"][1] for service in OURS.values() if service["command"][0] == "worker"]
    assert sorted(roles) == sorted(stage.value for stage in Stage)
    for service in OURS.values():
        before = {"kafka": "service_healthy"} if service["command"] == ["topics", "create"] else None
        expected = before or {"topics": "service_completed_successfully"}
        assert {name: on["condition"] for name, on in service["depends_on"].items()} == expected


def test_a_worker_has_time_to_drain_before_it_is_killed() -> None:
    for name in ("poll", "deduplicate", "extract", "total"):
        seconds = int(SERVICES[name]["stop_grace_period"].removesuffix("s"))
        assert seconds > load(SERVICES[name]["environment"]).drain_timeout + 10


def test_nothing_is_published_beyond_this_machine() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", ())]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_every_folder_that_is_mounted_exists() -> None:
    sources = [default(volume).split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", ())]
    own = [source for source in sources if source.startswith(".")]
    assert {"../monitoring/rules", "../monitoring/dashboards"} <= set(own)
    assert [source for source in own if not (FOLDER / source).exists()] == []
    named = {source for source in sources if source[0] not in "./"}
    assert named == set(COMPOSE["volumes"])


def test_the_image_is_built_from_our_dockerfile() -> None:
    for service in OURS.values():
        context = (FOLDER / service["build"]["context"]).resolve()
        assert context / service["build"]["dockerfile"] == DOCKERFILE


def test_kafka_is_the_version_that_the_tests_run() -> None:
    assert default(SERVICES["kafka"]["image"]).endswith(f":{kafka_version()}")


@pytest.mark.skipif(not shutil.which("promtool"), reason="promtool is not installed (Debian: prometheus)")
def test_prometheus_takes_its_configuration_and_every_rule(tmp_path: Path) -> None:
    text = (FOLDER / "prometheus.yml").read_text("utf-8")
    config = tmp_path / "prometheus.yml"
    config.write_text(text.replace("/etc/prometheus/rules", str(FOLDER.parent / "monitoring" / "rules")))
    done = subprocess.run(["promtool", "check", "config", str(config)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "rules found" in done.stdout


def test_prometheus_asks_every_worker() -> None:
    [job] = yaml.safe_load((FOLDER / "prometheus.yml").read_bytes())["scrape_configs"]
    [found] = job["dns_sd_configs"]
    assert set(found["names"]) == {stage.value for stage in Stage}
    assert found["port"] == load({}).http_port


def test_grafana_has_our_dashboards_and_where_they_ask() -> None:
    grafana = SERVICES["grafana"]
    mounted = dict(volume.split(":")[1::-1] for volume in grafana["volumes"])
    [provider] = yaml.safe_load((FOLDER / "grafana/dashboards/frontwire.yaml").read_bytes())["providers"]
    home = Path(grafana["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"])
    assert provider["options"]["path"] == home.parent.as_posix()
    assert (FOLDER / mounted[home.parent.as_posix()] / home.name).exists()
    [source] = yaml.safe_load((FOLDER / "grafana/datasources/prometheus.yaml").read_bytes())["datasources"]
    assert source["type"] == "prometheus"
    assert source["url"] == "http://prometheus:9090"
