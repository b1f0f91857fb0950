"""The parts of the tree made from the code's tables: documents' tables, schemas, AsyncAPI, the chart's, dashboards."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from deploy.monitoring import generated as monitoring
from streams import settings
from streams.kafka.metrics import METRICS
from streams.schemas import schema_files
from streams.topics import TOPICS, Topic
from tests.support import chart, contract, sizing

ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end of table -->)", re.DOTALL)


def _markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def _kept(topic: Topic) -> str:
    policy = topic.policy.value.replace(",", ", ")
    return policy if topic.retention_days is None else f"{policy}, {topic.retention_days} d"


def _topics() -> str:
    rows = [
        (
            f"`{t.name}`" + (" (internal)" if t.internal else ""),
            ", ".join(t.records),
            t.key,
            str(t.partitions),
            _kept(t),
            t.purpose,
        )
        for t in TOPICS
    ]
    return _markdown(("topic", "record", "key", "partitions", "kept", "what for"), rows)


def _settings() -> str:
    rows = [(f"`{name}`", f"`{default}`" if default else "", meaning) for name, default, meaning in settings.describe()]
    return _markdown(("variable", "default", "meaning"), rows)


def _metrics() -> str:
    rows = [(f"`{m.full_name}`", m.kind, ", ".join(m.labels), m.help) for m in METRICS]
    return _markdown(("metric", "type", "labels", "meaning"), rows)


TABLES = {"topics": _topics}
REFERENCE_TABLES = {"settings": _settings, "metrics": _metrics}
CHART_TABLES = {"sizes": lambda: _markdown_of(sizing.table()), "limits": lambda: _markdown_of(sizing.limits())}


def _markdown_of(rows: Iterator[tuple[str, ...]]) -> str:
    return _markdown(next(rows), rows)


DOCUMENTS = {
    ROOT / "README.md": TABLES,
    ROOT / "streams" / "REFERENCE.md": REFERENCE_TABLES,
    chart.CHART / "README.md": CHART_TABLES,
}


def document(text: str, tables: Mapping[str, Callable[[], str]]) -> str:
    """A document with its tables made anew."""
    return _BLOCK.sub(lambda block: block[1] + tables[block[2]]() + block[3], text)


def files() -> Iterator[tuple[Path, bytes]]:
    """Every generated file with what it should hold."""
    for path, tables in DOCUMENTS.items():
        yield path, document(path.read_text("utf-8"), tables).encode()
    for name, data in schema_files().items():
        yield ROOT / "streams" / "schemas" / name, data
    yield from monitoring.files()
    yield from chart.files()
    yield from contract.files()
