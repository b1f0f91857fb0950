"""Every panel of the dashboards and every alert under load: real workers on a real Kafka, scraped by a real Prometheus.

    .venv/bin/python -m tests.monitoring

prints what each panel's queries give and how each alert stands, and writes it into deploy/monitoring/PANELS.md. The
load is made to move every metric: feeds with new and changed entries, full texts, repeats, messages that cannot be
processed, a worker that is killed and restores its state.
"""

import math
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from agents.poll.admin import add_feeds
from deploy.local.kafka import LocalKafka
from deploy.monitoring.generated import BOARDS, FOLDER
from deploy.monitoring.panels import Board, Panel, Query
from seeds import rss
from seeds.rss import SeedArticle
from seeds.server import Document, FeedServer
from streams.instants import stamp
from streams.records import Feed, RawArticle
from streams.vocabulary import Stage
from tests.support.alert_cases import CASES
from tests.support.load import raw_articles, repeat_of
from tests.support.prometheus import ABSENT, Prometheus, Sample, program
from tests.support.shell import Line, line_on
from tests.support.topics import Topics
from tests.support.waiting import eventually
from tests.support.workers import Worker

RULES: Final = tuple(sorted((FOLDER / "rules").glob("*.yml")))
REPORT: Final = FOLDER / "PANELS.md"

_PATIENCE: Final = 180.0
_AT_ONCE: Final = 10
_MOST_WAITING: Final = 50
"""With more unfinished messages in the line no more are given: on a busy machine, too, work must be seen to end."""
_OFTEN_ZERO: Final = frozenset(
    (
        *("Alerts firing", "Rebalances", "State repaired", "State outside its folder", "Records sent again"),
        *("In progress", "Polls under way", "Lag in messages", "Partitions with the most lag", "Time to catch up"),
    )
)
"""Panels that show zero where all is well or quick. Of all others the load must make a query show something else."""
_ALERTS: Final = """\
Each fires and is quiet when it should: `tests/unit/deploy/test_monitoring.py` runs the cases of
`tests/support/alert_cases.py` with `promtool test rules`. The last column is how it stood here, where one message in
twelve is bad and a worker was killed.\
"""
_QUICK: Final = {
    "FRONTWIRE_ALLOWED_ADDRESSES": "127.0.0.0/8",
    "FRONTWIRE_POLL_INTERVAL_MIN": "1",
    "FRONTWIRE_POLL_INTERVAL_MAX": "2",
    "FRONTWIRE_POLL_HOST_RATE": "600",
    "FRONTWIRE_HEARTBEAT_INTERVAL": "2",
    "FRONTWIRE_SESSION_TIMEOUT": "6",
}
_CLAIM: Final = "Ukrainian forces shelled Donetsk on Monday, killing {} civilians, the defence ministry said."


@dataclass(frozen=True, slots=True)
class Answer:
    """What one query of a panel gives."""

    board: Board
    panel: Panel
    query: Query
    samples: Sequence[Sample]

    @property
    def name(self) -> str:
        """The query in a few words."""
        return f"{self.board.name} / {self.panel.title} / {self.query.legend}"

    @property
    def tells(self) -> bool:
        """Whether it shows something: a number, and, but for some panels, one besides zero."""
        return any(sample.value or self.panel.title in _OFTEN_ZERO for sample in self.samples)


def ask(prometheus: Prometheus) -> list[Answer]:
    """The answers to all panels' queries now; what is no number is left out."""
    return [
        Answer(board, panel, query, _numbers(prometheus.query(_concrete(query.text))))
        for board in BOARDS
        for panel in board.panels
        for query in panel.queries
    ]


def _concrete(expression: str) -> str:
    """The expression as Grafana sends it with all jobs and instances chosen, and seconds between scrapes."""
    values = {"$job": ".+", "$instance": ".+", "$__rate_interval": "15s"}
    for name, value in values.items():
        expression = expression.replace(name, value)
    return expression


def _numbers(samples: Sequence[Sample]) -> list[Sample]:
    return [sample for sample in samples if not math.isnan(sample.value)]


@dataclass(slots=True)
class Load:
    """What the line is given: more of it at each call of `more`."""

    line: Line
    server: FeedServer
    topics: Topics
    rounds: int = 0
    told: dict[str, list[SeedArticle]] = field(default_factory=lambda: {"plain": [], "full": []})

    def begin(self) -> None:
        """Tell the poller of its feeds: one with the articles' text, one whose pages are fetched, one that is still."""
        self._renew_feeds()
        self._serve("still", [self._entry("still")])
        feeds = [
            Feed(feed_id=name, url=self.server.url(f"/{name}.xml"), name=name, full_text=name == "full")
            for name in (*self.told, "still")
        ]
        add_feeds(self.line.settings(), feeds)

    def more(self) -> None:
        """New articles, repeats of some, one message that is none, new and changed entries."""
        self.rounds += 1
        now = stamp(datetime.now(UTC))
        made = [self._with_claim(raw) for raw in raw_articles(_AT_ONCE, run=f"direct-{self.rounds}", fetched=now)]
        self.topics.put_raw([replace(raw, published=now) for raw in made] + [repeat_of(made[0], 1)])
        self.line.produce([b"no article"], topic="articles.raw")
        self._renew_feeds()

    def go_on(self, prometheus: Prometheus) -> None:
        """More, unless much still waits."""
        if sum(sample.value for sample in prometheus.query("frontwire_consumer_lag_messages")) < _MOST_WAITING:
            self.more()

    def _renew_feeds(self) -> None:
        for name, told in self.told.items():
            if told:
                told[-1] = replace(told[-1], body=told[-1].body + f"\nUpdate {self.rounds}.")
            told.append(self._entry(f"{name}-{self.rounds}"))
            self._serve(name, told[-20:])

    def _entry(self, run: str) -> SeedArticle:
        raw = self._with_claim(next(raw_articles(1, run=run)))
        path = f"/{run}.html"
        paragraphs = "".join(f"<p>{escape(line)}</p>" for line in raw.body.split("\n"))
        page = f"<html><body><article><h1>{raw.title}</h1>{paragraphs}</article></body></html>"
        self.server.documents[path] = Document(page.encode(), "text/html; charset=utf-8")
        return SeedArticle(
            guid=run,
            url=self.server.url(path),
            language=raw.language,
            published=stamp(datetime.now(UTC)),
            title=raw.title,
            body=raw.body,
        )

    def _serve(self, name: str, told: Sequence[SeedArticle]) -> None:
        modified = int(datetime.now(UTC).timestamp())
        body = rss.render(name, self.server.url("/"), told)
        self.server.documents[f"/{name}.xml"] = Document(body, modified=modified)

    def _with_claim(self, raw: RawArticle) -> RawArticle:
        return replace(raw, body=f"{raw.body}\n{_CLAIM.format(self.rounds + 3)}")


@contextmanager
def under_load(kafka: str, prefix: str, folder: Path) -> Iterator[tuple[Prometheus, Load]]:
    """A whole line with a Prometheus, at work, one of its workers killed and started again."""
    with line_on(kafka, prefix, folder) as line, FeedServer({}) as server:
        line.make_topics()
        workers = {
            stage: line.start_role(stage, **_QUICK, FRONTWIRE_STATE_FOLDER=str(folder / "state" / stage))
            for stage in Stage
        }
        load = Load(line, server, Topics(line.settings()))
        load.begin()
        with Prometheus(folder / "prometheus", [worker.port for worker in workers.values()], RULES) as prometheus:
            for worker in workers.values():
                worker.wait_ready()
            load.more()
            eventually(lambda: load.topics.values("articles.unique"), what="the first unique articles")
            _forget(workers[Stage.DEDUPLICATE], folder / "state" / Stage.DEDUPLICATE)
            yield prometheus, load


def _forget(worker: Worker, state: Path) -> None:
    """Kill a worker and start it again without its state, which it has to restore from Kafka."""
    worker.kill()
    shutil.rmtree(state)
    worker.restart()


def answered(prometheus: Prometheus, load: Load) -> list[Answer]:
    """Go on with the load until every query has told something; the last such answer of each.

    Raises:
        AssertionError: some have none in time; the message names them.
    """
    found: dict[str, Answer] = {}

    def all_answered() -> bool:
        load.go_on(prometheus)
        answers = ask(prometheus)
        found.update({answer.name: answer for answer in answers if answer.tells or answer.name not in found})
        return all(answer.tells for answer in found.values())

    try:
        eventually(all_answered, within=_PATIENCE)
    except AssertionError as error:
        silent = [answer.name for answer in found.values() if not answer.tells]
        raise AssertionError(f"no data after {_PATIENCE:g} s:\n" + "\n".join(silent)) from error
    return list(found.values())


def report(answers: Sequence[Answer], rules: Sequence[dict[str, Any]]) -> str:
    """Markdown: every panel's queries with what they gave, and how the alerts stood."""
    day = datetime.now(UTC).date().isoformat()
    lines = [
        "# Panels and alerts under load",
        "",
        f"Written on {day} by `.venv/bin/python -m tests.monitoring`: four workers on a real Kafka, scraped each",
        "second by a real Prometheus, with the load that its documentation tells. For each query: how many series it",
        f"gave, and the largest value; the machine of {os.cpu_count()} cores had a load of {os.getloadavg()[1]:.0f}.",
    ]
    for board in BOARDS:
        lines += [
            "",
            f"## {board.title}",
            "",
            "| panel | query | series | largest value |",
            "| --- | --- | --- | --- |",
        ]
        lines += [_line(answer) for answer in answers if answer.board is board]
    lines += ["", "## Alerts", "", _ALERTS, ""]
    lines += ["| alert | severity | window | cases: fires, quiet | under load |", "| --- | --- | --- | --- | --- |"]
    lines += [_alert_line(rule) for rule in rules if rule["type"] == "alerting"]
    return "\n".join(lines) + "\n"


def _alert_line(rule: dict[str, Any]) -> str:
    name, severity, window = rule["name"], rule["labels"]["severity"], rule["labels"].get("window", "")
    fires = [window in case.windows for case in CASES if case.alert == name]
    return f"| {name} | {severity} | {window} | {sum(fires)}, {len(fires) - sum(fires)} | {rule['state']} |"


def _line(answer: Answer) -> str:
    value = f"{max(sample.value for sample in answer.samples):.4g} {answer.panel.unit}"
    expression = answer.query.expression.replace("|", "\\|")
    return f"| {answer.panel.title} | `{expression}` | {len(answer.samples)} | {value} |"


def main() -> None:
    """Run it once and write the report."""
    if program("prometheus") is None:
        raise SystemExit(f"It needs a Prometheus: {ABSENT}.")
    with TemporaryDirectory(prefix="frontwire-monitoring-") as temporary:
        folder = Path(temporary)
        with (
            LocalKafka(folder / "kafka") as kafka,
            under_load(kafka.bootstrap_servers, "", folder) as (prometheus, load),
        ):
            text = report(answered(prometheus, load), prometheus.rules())
    REPORT.write_text(text)
    print(text, end="")


if __name__ == "__main__":
    main()
