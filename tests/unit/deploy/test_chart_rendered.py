"""What Helm makes of the chart: valid, hardened, complete, and the same as the code's tables say."""

import tarfile
from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from agents.__main__ import parser
from streams.kafka.rights import Pattern, User, group_name, rights
from streams.kafka.roles import ROLES
from streams.kafka.topics import config
from streams.settings import load
from streams.topics import TOPIC, TOPICS
from streams.vocabulary import Stage
from tests.support.chart import CHART
from tests.support.definitions import needs_definitions, problems
from tests.support.helm import (
    RELEASE,
    HelmError,
    Manifest,
    helm,
    named,
    needs_helm,
    of_kind,
    pods,
    render,
    workloads,
)

pytestmark = needs_helm

SMALL, LARGE = "values-small.yaml", "values-large.yaml"
FEEDS = {"files": {"feeds.toml": '[[feed]]\nurl = "https://example.org/rss"\n'}}
EVERYTHING = {
    "podMonitor": {"enabled": True},
    "rules": {"enabled": True},
    "dashboards": {"enabled": True},
}
VARIANTS: Mapping[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "default": ((), {}),
    "small": ((SMALL,), {}),
    "large": ((LARGE,), {}),
    "large without KEDA": ((LARGE,), {"keda": {"enabled": False}}),
    "large without Strimzi": ((LARGE,), {"strimzi": {"enabled": False}}),
    "large with TLS": ((LARGE,), {"kafka": {"protocol": "SSL"}, "strimzi": {"authentication": "tls"}}),
    "resources alone": ((LARGE,), {"workloads": {"enabled": False}}),
    "emptyDir": (
        (),
        {"workers": {name: {"persistence": {"enabled": False}} for name in ("poll", "deduplicate", "total")}},
    ),
    "everything": (
        (SMALL,),
        {
            "feeds": FEEDS,
            "monitoring": EVERYTHING,
            "keda": {"enabled": True},
            "kafka": {"topicPrefix": "trial.", "rotation": "2"},
            "settings": {"FRONTWIRE_MAX_MESSAGE_BYTES": 4194304, "FRONTWIRE_DRAIN_TIMEOUT": 40.5},
            "image": {"digest": "sha256:" + "a" * 64, "pullSecrets": ["pull"]},
            "networkPolicy": {"desk": {"from": [{"podSelector": {}}]}},
            "priorityClassName": "high",
            "nodeSelector": {"pool": "news"},
            "tolerations": [{"key": "news", "operator": "Exists"}],
            "podLabels": {"team": "news"},
            "podAnnotations": {"note": "1"},
            "workers": {"poll": {"scheduling": {"nodeSelector": {"egress": "true"}}}},
        },
    ),
}
BUILT_IN = ("v1", "apps/v1", "batch/v1", "policy/v1", "networking.k8s.io/v1")
PODS = ("poll", "deduplicate", "extract", "total")
every_variant = pytest.mark.parametrize("variant", VARIANTS)


def made(variant: str) -> list[Manifest]:
    files, more = VARIANTS[variant]
    return render(*files, **more)


def container(pod: Manifest) -> Manifest:
    (only,) = pod["spec"]["containers"]
    assert isinstance(only, dict)
    return only


def environment(pod: Manifest) -> dict[str, str]:
    """Its variables, those of the downward API with an address."""
    return {one["name"]: one.get("value", "10.0.0.7") for one in container(pod)["env"]}


# --- what holds for all


@every_variant
def test_built_in_resources_obey_their_schemas(variant: str) -> None:
    checked = [one for one in made(variant) if one["apiVersion"] in BUILT_IN]
    assert checked or variant == "resources alone"
    for one in checked:
        kubernetes_validate.validate(one, "1.37", strict=True)


@every_variant
def test_names_are_unique_and_no_namespace_is_told(variant: str) -> None:
    found = [(one["kind"], one["metadata"]["name"]) for one in made(variant)]
    assert len(found) == len(set(found))
    assert all(len(name) <= 63 or kind == "KafkaTopic" for kind, name in found)
    assert not any("namespace" in one["metadata"] for one in made(variant))


@needs_definitions
@every_variant
def test_custom_resources_obey_their_definitions(variant: str) -> None:
    custom = [one for one in made(variant) if one["apiVersion"] not in BUILT_IN]
    assert [problem for one in custom for problem in problems(one)] == []


@needs_definitions
def test_a_custom_resource_that_breaks_its_definition_is_seen() -> None:
    one = yaml.safe_load(yaml.safe_dump(named(made("everything"), "ScaledObject", "news-frontwire-extract")))
    one["spec"]["triggers"][0]["metdata"] = {}
    one["spec"]["maxReplicaCount"] = "12"
    assert len(list(problems(one))) == 2


def test_long_names_leave_room_for_what_kubernetes_adds() -> None:
    """The label controller-revision-hash is the StatefulSet's name and eleven characters more."""
    for one in render(LARGE, fullnameOverride="n" * 60):
        assert len(one["metadata"]["name"]) <= (52 if one["kind"] == "StatefulSet" else 63)


@every_variant
def test_all_carries_the_recommended_labels(variant: str) -> None:
    for one in made(variant):
        labels = one["metadata"]["labels"]
        assert labels["app.kubernetes.io/name"] == "frontwire"
        assert labels["app.kubernetes.io/instance"] == RELEASE
        assert {"app.kubernetes.io/version", "app.kubernetes.io/managed-by", "helm.sh/chart"} <= set(labels)


def breaches(pod: Manifest) -> Iterator[str]:
    """Where a pod breaks Pod Security `restricted` (kubernetes.io/docs/concepts/security/pod-security-standards)."""
    spec, one = pod["spec"], container(pod)
    own, inside = spec.get("securityContext", {}), one.get("securityContext", {})
    if any(spec.get(name) for name in ("hostNetwork", "hostPID", "hostIPC", "initContainers", "ephemeralContainers")):
        yield "host namespaces, or containers that are not looked at"
    if own.get("runAsNonRoot") is not True or own.get("runAsUser") == 0:
        yield "root"
    if own.get("seccompProfile", {}).get("type") != "RuntimeDefault":
        yield "seccomp"
    if inside.get("allowPrivilegeEscalation") is not False or inside.get("privileged"):
        yield "escalation"
    if inside.get("capabilities") != {"drop": ["ALL"]}:
        yield "capabilities"
    kinds = {kind for volume in spec.get("volumes", []) for kind in volume if kind != "name"}
    if kinds - {"configMap", "emptyDir", "projected", "secret", "persistentVolumeClaim"}:
        yield "volumes"


@every_variant
def test_every_pod_is_restricted_and_more(variant: str) -> None:
    for name, pod in pods(made(variant)):
        assert list(breaches(pod)) == [], name
        assert container(pod)["securityContext"]["readOnlyRootFilesystem"] is True
        assert pod["spec"]["automountServiceAccountToken"] is False
        assert {"name": "tmp", "mountPath": "/tmp"} in container(pod)["volumeMounts"]
        assert container(pod)["resources"]["limits"]["memory"] == container(pod)["resources"]["requests"]["memory"]
        # A Service named frontwire-desk would put FRONTWIRE_DESK_PORT=tcp://... into every pod of the namespace.
        assert pod["spec"]["enableServiceLinks"] is False


def test_a_pod_that_is_not_restricted_is_seen() -> None:
    (_, pod), *_ = pods(made("default"))
    loose = yaml.safe_load(yaml.safe_dump(pod))
    container(loose)["securityContext"] = {"capabilities": {"drop": ["ALL"], "add": ["NET_ADMIN"]}}
    loose["spec"]["securityContext"] = {"runAsUser": 0}
    loose["spec"]["volumes"].append({"name": "host", "hostPath": {"path": "/"}})
    assert list(breaches(loose)) == ["root", "seccomp", "escalation", "capabilities", "volumes"]


@every_variant
def test_every_pod_runs_a_command_of_ours_with_settings_of_ours(variant: str) -> None:
    for _, pod in pods(made(variant)):
        one = container(pod)
        names = [variable["name"] for variable in one["env"]]
        assert len(names) == len(set(names))
        load(environment(pod))
        assert one["command"] == ["frontwire"]
        assert parser().parse_args(one["args"]).command == one["args"][0]


@every_variant
def test_kubernetes_waits_longer_than_a_drain(variant: str) -> None:
    for _, pod in pods(made(variant)):
        drain = load(environment(pod)).drain_timeout
        assert pod["spec"]["terminationGracePeriodSeconds"] > drain + 15


@every_variant
def test_probes_differ(variant: str) -> None:
    for one in workloads(made(variant)):
        (port,) = container(one["spec"]["template"])["ports"]
        settings = load(environment(one["spec"]["template"]))
        assert port["containerPort"] == (settings.desk_port if one["metadata"]["name"].endswith("desk") else 9464)
        start, live, ready = (
            container(one["spec"]["template"])[f"{name}Probe"] for name in ("startup", "liveness", "readiness")
        )
        assert (start["httpGet"]["path"], live["httpGet"]["path"]) == ("/healthz", "/healthz")
        assert ready["httpGet"]["path"] == "/readyz"
        assert start["periodSeconds"] * start["failureThreshold"] >= 600
        assert live["periodSeconds"] * (live["failureThreshold"] - 1) > settings.stall_timeout
        assert ready["periodSeconds"] * ready["failureThreshold"] <= 10
        assert one["spec"]["minReadySeconds"] > 0


@every_variant
def test_every_workload_is_spread_and_has_its_own_budget(variant: str) -> None:
    manifests = made(variant)
    budgets = {one["metadata"]["name"]: one["spec"] for one in of_kind(manifests, "PodDisruptionBudget")}
    assert set(budgets) == {one["metadata"]["name"] for one in workloads(manifests)}
    for one in workloads(manifests):
        labels, selector = one["spec"]["template"]["metadata"]["labels"], one["spec"]["selector"]["matchLabels"]
        budget = budgets[one["metadata"]["name"]]
        assert selector.items() <= labels.items()
        assert budget["selector"]["matchLabels"] == selector
        assert (budget["maxUnavailable"], budget["unhealthyPodEvictionPolicy"]) == (1, "AlwaysAllow")
        spread = one["spec"]["template"]["spec"]["topologySpreadConstraints"]
        assert [each["topologyKey"] for each in spread] == ["topology.kubernetes.io/zone", "kubernetes.io/hostname"]
        assert all(each["labelSelector"]["matchLabels"] == selector for each in spread)
        assert all(each["nodeTaintsPolicy"] == "Honor" for each in spread)
    selectors = [tuple(sorted(one["spec"]["selector"]["matchLabels"].items())) for one in workloads(manifests)]
    assert len(selectors) == len(set(selectors))


@every_variant
def test_state_lies_where_the_role_writes_it(variant: str) -> None:
    for one in workloads(made(variant)):
        pod, name = one["spec"]["template"], one["metadata"]["name"].rsplit("-", 1)[1]
        mounts = {mount["name"]: mount["mountPath"] for mount in container(pod)["volumeMounts"]}
        volumes = {volume["name"] for volume in pod["spec"]["volumes"]}
        claims = {claim["metadata"]["name"] for claim in one["spec"].get("volumeClaimTemplates", [])}
        assert set(mounts) == volumes | claims
        assert not volumes & claims
        assert (one["kind"] == "StatefulSet") == (name in ("poll", "deduplicate", "total"))
        if name in PODS:
            assert mounts["state"] == environment(pod)["FRONTWIRE_STATE_FOLDER"]
            assert pod["spec"]["securityContext"]["fsGroup"] == 10001
        if one["kind"] == "StatefulSet":
            assert one["spec"]["podManagementPolicy"] == "Parallel"
            assert ("persistentVolumeClaimRetentionPolicy" in one["spec"]) == bool(claims)


def test_a_role_may_have_places_of_its_own() -> None:
    specs = {name.rsplit("-", 1)[1]: pod["spec"] for name, pod in pods(made("everything"))}
    assert specs["poll"]["nodeSelector"] == {"pool": "news", "egress": "true"}
    assert specs["extract"]["nodeSelector"] == {"pool": "news"}
    assert {spec["priorityClassName"] for spec in specs.values()} == {"high"}


def test_claims_are_for_the_roles_that_keep_their_partitions() -> None:
    with_claims = {
        one["metadata"]["name"] for one in workloads(made("default")) if "volumeClaimTemplates" in one["spec"]
    }
    assert with_claims == {"news-frontwire-poll", "news-frontwire-deduplicate", "news-frontwire-total"}
    assert not any("volumeClaimTemplates" in one["spec"] for one in workloads(made("emptyDir")))


# --- the network


def policies(manifests: list[Manifest], component: str) -> list[Manifest]:
    labels = {
        "app.kubernetes.io/name": "frontwire",
        "app.kubernetes.io/instance": RELEASE,
        "app.kubernetes.io/component": component,
    }
    found = [one["spec"] for one in of_kind(manifests, "NetworkPolicy")]
    return [one for one in found if one["podSelector"]["matchLabels"].items() <= labels.items()]


def reaches_internet(policy: Manifest) -> bool:
    return any("ipBlock" in peer for rule in policy.get("egress", []) for peer in rule.get("to", [{"ipBlock": 0}]))


@pytest.mark.parametrize("variant", ["default", "small", "large", "everything"])
def test_only_poll_reaches_the_internet(variant: str) -> None:
    manifests = made(variant)
    for component in (*PODS, "desk", "feeds", "topics", "test"):
        ours = policies(manifests, component)
        assert any(one["policyTypes"] == ["Ingress", "Egress"] and not {"ingress", "egress"} & set(one) for one in ours)
        assert any(reaches_internet(one) for one in ours) == (component == "poll")
    (block, six) = (
        peer["ipBlock"]
        for one in policies(manifests, "poll")
        if reaches_internet(one)
        for peer in one["egress"][0]["to"]
    )
    assert (block["cidr"], six["cidr"]) == ("0.0.0.0/0", "2000::/3")
    assert {"10.0.0.0/8", "169.254.0.0/16", "192.168.0.0/16"} <= set(block["except"])


def test_kafka_is_reached_on_its_port_and_the_metrics_from_monitoring_alone() -> None:
    manifests = made("large")
    (kafka,) = [one for one in policies(manifests, "extract") if "egress" in one]
    dns, brokers = kafka["egress"]
    assert {(port["protocol"], port["port"]) for port in dns["ports"]} == {("UDP", 53), ("TCP", 53)}
    assert brokers["ports"] == [{"protocol": "TCP", "port": 9093}]
    assert brokers["to"] == [{"namespaceSelector": {}, "podSelector": {"matchLabels": {"strimzi.io/cluster": "news"}}}]
    entries = [rule for one in policies(manifests, "extract") for rule in one.get("ingress", [])]
    assert entries == [
        {
            "from": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "monitoring"}}}],
            "ports": [{"protocol": "TCP", "port": 9464}],
        }
    ]


# --- scaling


def test_keda_scales_by_the_lag_of_the_roles_own_topic_up_to_its_partitions() -> None:
    manifests = made("everything")
    scaled = {one["metadata"]["name"].rsplit("-", 1)[1]: one["spec"] for one in of_kind(manifests, "ScaledObject")}
    assert set(scaled) == {"deduplicate", "extract"}
    for name, spec in scaled.items():
        role = ROLES[Stage(name)]
        (trigger,) = spec["triggers"]
        told = trigger["metadata"]
        assert told["topic"] == f"trial.{role.source}"
        assert told["consumerGroup"] == group_name(role.stage, "trial.")
        assert told["offsetResetPolicy"] == "earliest"
        assert told["limitToPartitionsWithLag"] == "true"
        assert spec["maxReplicaCount"] == TOPIC[role.source].partitions
        assert 1 <= spec["minReplicaCount"] <= spec["maxReplicaCount"]
        down = spec["advanced"]["horizontalPodAutoscalerConfig"]["behavior"]["scaleDown"]
        assert down["stabilizationWindowSeconds"] >= 600
        assert down["policies"] == [{"type": "Pods", "value": 1, "periodSeconds": 600}]
        target = named(manifests, spec["scaleTargetRef"]["kind"], spec["scaleTargetRef"]["name"])
        assert "replicas" not in target["spec"]


def test_a_topic_that_got_more_partitions_is_known_everywhere() -> None:
    manifests = render(LARGE, kafka={"partitions": {"deduplicate": 24, "poll": 10}}, workers={"poll": {"replicas": 10}})
    counts = {one["spec"]["topicName"]: one["spec"]["partitions"] for one in of_kind(manifests, "KafkaTopic")}
    more = {"articles.raw": 24, "deduplicate.state": 24, "feeds": 10, "feeds.state": 10}
    assert counts == {topic.name: topic.partitions for topic in TOPICS} | more
    most = {one["metadata"]["name"]: one["spec"]["maxReplicaCount"] for one in of_kind(manifests, "ScaledObject")}
    assert most == {"news-frontwire-deduplicate": 24, "news-frontwire-extract": 12}


def test_keda_logs_in_as_the_role() -> None:
    manifests = made("large")
    login = named(manifests, "TriggerAuthentication", "news-frontwire-extract")["spec"]
    assert login["secretTargetRef"] == [
        {"parameter": "ca", "name": "news-cluster-ca-cert", "key": "ca.crt"},
        {"parameter": "password", "name": "news-frontwire-extract", "key": "password"},
    ]
    worker = named(manifests, "Deployment", "news-frontwire-extract")["spec"]["template"]
    (user,) = login["env"]
    assert user["containerName"] == container(worker)["name"]
    assert environment(worker)[user["name"]] == "news-frontwire-extract"
    (trigger,) = named(manifests, "ScaledObject", "news-frontwire-extract")["spec"]["triggers"]
    assert (trigger["metadata"]["tls"], trigger["metadata"]["sasl"]) == ("enable", "scram_sha512")


@pytest.mark.parametrize("variant", ["default", "small", "large without KEDA"])
def test_without_keda_replicas_are_fixed(variant: str) -> None:
    manifests = made(variant)
    assert not of_kind(manifests, "ScaledObject", "TriggerAuthentication")
    assert all(one["spec"]["replicas"] >= 1 for one in workloads(manifests))


def test_there_is_one_total() -> None:
    assert all(
        named(made(v), "StatefulSet", "news-frontwire-total")["spec"]["replicas"] == 1 for v in ("default", "large")
    )


# --- Strimzi, or the job


@pytest.mark.parametrize(
    ("prefix", "replicas", "largest"),
    [("", 3, None), ("Trial_1.", 1, None), ("", 3, 4194304)],
    ids=["as is", "trial", "large"],
)
def test_topics_are_those_of_the_table(prefix: str, replicas: int, largest: int | None) -> None:
    more = {"settings": {"FRONTWIRE_MAX_MESSAGE_BYTES": largest}} if largest else {}
    manifests = render(LARGE, kafka={"topicPrefix": prefix, "replicationFactor": replicas}, **more)
    found = {one["spec"]["topicName"]: one for one in of_kind(manifests, "KafkaTopic")}
    settings = load(
        {"FRONTWIRE_REPLICATION_FACTOR": str(replicas)}
        | ({"FRONTWIRE_MAX_MESSAGE_BYTES": str(largest)} if largest else {})
    )
    assert set(found) == {prefix + topic.name for topic in TOPICS}
    for topic in TOPICS:
        one = found[prefix + topic.name]
        assert one["apiVersion"] == "kafka.strimzi.io/v1"
        assert one["spec"]["partitions"] == topic.partitions
        assert one["spec"]["replicas"] == replicas
        assert one["spec"]["config"] == config(topic, settings)
        assert one["metadata"]["annotations"]["helm.sh/resource-policy"] == "keep"
        assert one["metadata"]["labels"]["strimzi.io/cluster"] == "news"


@pytest.mark.parametrize("user", User)
def test_users_have_the_rights_of_the_table(user: User) -> None:
    manifests = render(LARGE, kafka={"topicPrefix": "trial."})
    one = named(manifests, "KafkaUser", f"news-frontwire-{user}")
    assert one["spec"]["authentication"] == {"type": "scram-sha-512"}
    told = {
        (acl["resource"]["type"], acl["resource"]["name"], acl["resource"]["patternType"], tuple(acl["operations"]))
        for acl in one["spec"]["authorization"]["acls"]
    }
    patterns = {Pattern.LITERAL: "literal", Pattern.PREFIX: "prefix"}
    wanted = {
        (right.resource.value, right.name, patterns[right.pattern], tuple(o.value for o in right.operations))
        for right in rights(user, "trial.")
    }
    assert told == wanted
    assert ("quotas" in one["spec"]) == (user is User.SUBSCRIBER)


def test_topics_come_from_strimzi_or_from_the_job_but_not_from_both() -> None:
    assert not of_kind(made("large"), "Job")
    (job,) = of_kind(made("large without Strimzi"), "Job")
    assert job["metadata"]["annotations"]["helm.sh/hook"] == "pre-install,pre-upgrade"
    # Hooks run before all else is there: an own service account, too.
    assert "serviceAccountName" not in job["spec"]["template"]["spec"]
    assert environment(job["spec"]["template"])["FRONTWIRE_KAFKA_USERNAME"] == "news-frontwire-operator"


# --- secrets


@pytest.mark.parametrize(
    ("variant", "files"),
    [("large", {"ca.crt", "password"}), ("large with TLS", {"ca.crt", "user.crt", "user.key"}), ("default", set())],
)
def test_secrets_are_files_by_reference(variant: str, files: set[str]) -> None:
    for one in workloads(made(variant)):
        pod = one["spec"]["template"]
        sources = [s["secret"] for v in pod["spec"]["volumes"] for s in v.get("projected", {}).get("sources", [])]
        assert {item["path"] for source in sources for item in source["items"]} == files
        assert {source["name"] for source in sources} <= {"news-cluster-ca-cert", one["metadata"]["name"]}
        given = {value for name, value in environment(pod).items() if name.endswith("_FILE")}
        assert given == {f"/etc/frontwire/kafka/{name}" for name in files}
    assert not of_kind(made(variant), "Secret")


def test_a_rotation_starts_pods_anew_and_a_feed_does_not() -> None:
    def templates(**more: Any) -> list[Manifest]:
        base = {"feeds": {"existingConfigMap": "", **FEEDS}}
        return [one["spec"]["template"] for one in workloads(render(LARGE, **(base | more)))]

    kafka = {"kafka": {"rotation": "2026-11"}}
    assert all(old != new for old, new in zip(templates(), templates(**kafka), strict=True))
    assert templates() == templates(feeds={"existingConfigMap": "", "files": {"feeds.toml": "# none"}})


def test_feeds_are_mounted_as_a_folder_that_kubelets_renew() -> None:
    manifests = made("everything")
    pod = named(manifests, "Deployment", "news-frontwire-feeds")["spec"]["template"]
    (mount,) = [one for one in container(pod)["volumeMounts"] if one["name"] == "feeds"]
    assert "subPath" not in mount
    assert container(pod)["args"][-1] == mount["mountPath"]
    (volume,) = [one for one in pod["spec"]["volumes"] if one["name"] == "feeds"]
    assert set(FEEDS["files"]) <= set(named(manifests, "ConfigMap", volume["configMap"]["name"])["data"])
    assert not of_kind(made("small"), "ConfigMap")


# --- monitoring


def test_rules_and_dashboards_are_those_beside_the_chart() -> None:
    folder = CHART.parent / "monitoring"
    manifests = made("everything")
    rules = [yaml.safe_load(path.read_text("utf-8")) for path in sorted((folder / "rules").glob("*.yml"))]
    assert rules
    found = [one["spec"] for one in of_kind(manifests, "PrometheusRule")]
    assert sorted(map(str, found)) == sorted(map(str, rules))
    boards = {
        name: text
        for one in of_kind(manifests, "ConfigMap")
        for name, text in one["data"].items()
        if name.endswith(".json")
    }
    assert boards == {path.name: path.read_text("utf-8") for path in (folder / "dashboards").glob("*.json")}
    assert boards


def test_every_pod_with_metrics_is_scraped() -> None:
    (monitor,) = of_kind(made("everything"), "PodMonitor")
    (one,) = monitor["spec"]["selector"]["matchExpressions"]
    workers = {w["metadata"]["name"].rsplit("-", 1)[1] for w in workloads(made("everything"))}
    assert set(one["values"]) == workers - {"desk"}
    (endpoint,) = monitor["spec"]["podMetricsEndpoints"]
    assert (endpoint["port"], endpoint["path"]) == ("http", "/metrics")


# --- Helm itself


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"kafka": {"bootstrapServers": "kafka"}}, "bootstrapServers"),
        ({"kafka": {"protocol": "SASL_PLAINTEXT"}}, "must be one of 'PLAINTEXT', 'SSL', 'SASL_SSL'"),
        ({"kafka": {"bootstrapServer": "kafka:9092"}}, "'bootstrapServer' not allowed"),
        ({"kafka": {"topicPrefix": "-trial."}}, "/kafka/topicPrefix"),
        ({"workers": {"poll": {"replicas": 9}}}, "workers.poll.replicas is 9, but feeds has 8 partitions"),
        ({"workers": {"total": {"replicas": 2}}}, "'replicas' not allowed"),
        ({"workers": {"extract": {"scaling": {"max": 13}}}}, "scaling.max is 13, but articles.unique has 12"),
        ({"kafka": {"partitions": {"extract": 11}}}, "minimum: got 11, want 12"),
        ({"workers": {"extract": {"scaling": {"min": 4, "max": 2}}}}, "max is 2, less than its min of 4"),
        ({"workers": {"extract": {"persistence": {"enabled": True}}}}, "'enabled' not allowed"),
        ({"settings": {"FRONTWIRE_POLL_INTERVALL_MIN": 60}}, "'FRONTWIRE_POLL_INTERVALL_MIN' not allowed"),
        ({"settings": {"FRONTWIRE_KAFKA_PASSWORD": "x"}}, "'FRONTWIRE_KAFKA_PASSWORD' not allowed"),
        ({"settings": {"FRONTWIRE_HTTP_PORT": 1}}, "'FRONTWIRE_HTTP_PORT' not allowed"),
        ({"image": {"tag": 1.0}}, "/image/tag"),
        ({"image": {"digest": "latest"}}, "/image/digest"),
        ({"strimzi": {"enabled": True}}, "strimzi.enabled needs strimzi.cluster"),
        ({"strimzi": {"enabled": True, "cluster": "news"}}, "kafka.protocol is PLAINTEXT"),
        ({"kafka": {"ca": {"existingSecret": "ca"}}}, "set SSL or SASL_SSL"),
        ({"feeds": {**FEEDS, "existingConfigMap": "mine"}}, "choose one"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_mistakes_are_refused_in_words(values: dict[str, Any], told: str) -> None:
    with pytest.raises(HelmError) as error:
        render(**values)
    assert told in str(error.value)


@pytest.mark.parametrize("files", [(), (SMALL,), (LARGE,)], ids=["default", "small", "large"])
def test_helm_finds_nothing_to_complain_of(files: tuple[str, ...]) -> None:
    told = helm("lint", "--strict", str(CHART), *(word for name in files for word in ("-f", str(CHART / name))))
    assert "0 chart(s) failed" in told


def test_the_package_holds_all_that_the_templates_read(tmp_path: Path) -> None:
    helm("package", str(CHART), "-d", str(tmp_path))
    (archive,) = tmp_path.glob("*.tgz")
    with tarfile.open(archive) as package:
        names = {name.removeprefix("frontwire/") for name in package.getnames()}
    files = [path for path in CHART.rglob("*") if path.is_file()]
    linked = [path for name in ("rules", "dashboards") for path in (CHART / "files" / name).iterdir()]
    assert linked
    assert names == {path.relative_to(CHART).as_posix() for path in (*files, *linked)}
    text = helm("template", RELEASE, str(archive), "--set", "monitoring.rules.enabled=true")
    assert of_kind([one for one in yaml.safe_load_all(StringIO(text)) if one], "PrometheusRule")
