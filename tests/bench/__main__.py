"""All benches, one report: `python -m tests.bench [PART ...] [--size quick|middle|full] [--plain]`.

Parts run one after another on one machine, and what is compared is compared within one run, because machines drift.
The report, `tests/bench/figures/report.md` and `.json`, is written after each part; one that fails is told there, and
the others go on. Workers run the compiled build where it can be made, but in `plain`. Nothing else should run beside;
`middle` then takes about 25 minutes.
"""

import argparse
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy.local.compiled import CompileError, compiled
from deploy.local.jars import ROOT
from streams.vocabulary import Stage
from tests.bench import alike, extract, latency, lexicon, line, overhead, replay, window
from tests.bench.report import Report, Section
from tests.bench.stand import KAFKA, Stand
from tests.quality import corpus


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much of everything: articles, messages, seconds at each rate. A run of the line ends after `minutes`."""

    line: int
    plain: int
    minutes: float
    workers: int
    passed: int
    extracted: int
    seconds: float
    window: tuple[int, ...]
    alike: int


SIZES: Final = {
    "quick": Size(
        line=2_000,
        plain=1_000,
        minutes=3,
        workers=1_000,
        passed=5_000,
        extracted=1_500,
        seconds=15,
        window=(10_000,),
        alike=3_000,
    ),
    "middle": Size(
        line=40_000,
        plain=6_000,
        minutes=4,
        workers=5_000,
        passed=20_000,
        extracted=2_000,
        seconds=30,
        window=(10_000, 100_000),
        alike=20_000,
    ),
    "full": Size(
        line=200_000,
        plain=60_000,
        minutes=30,
        workers=30_000,
        passed=100_000,
        extracted=10_000,
        seconds=60,
        window=(10_000, 100_000, 1_000_000),
        alike=200_000,
    ),
}


_PASS_ONLY: Final = ("fast_stream",)
"""Engines that wait for each record's answer: passing on tells all that there is to tell of them."""


def whole_line(size: Size, root: Path) -> Section:
    """Articles a second, and what each role takes."""
    run = line.generated(size.line, root=root, minutes=size.minutes)
    return _line("The whole line, HTTP feeds to records, with its Kafka" + _build(root), run)


def plain_line(size: Size, root: Path) -> Section:
    """The same with the sources as they are."""
    run = line.generated(size.plain, minutes=size.minutes)
    return _line("The whole line, interpreted", run)


def _build(root: Path) -> str:
    return "" if root == ROOT else ", compiled"


def _line(title: str, run: line.Run) -> Section:
    rows = [
        (
            name,
            f"{run.per_thousand(name):.2f}",
            f"{run.megabytes[name]:.0f}",
            f"{run.start_seconds[name]:.1f}" if name in run.start_seconds else "",
        )
        for name in run.cpu
    ]
    all_of_it = sum(map(run.per_thousand, run.cpu))
    most = max(each for name, each in run.megabytes.items() if name != KAFKA)
    told = f"{run.articles} articles of twelve languages in {run.seconds:.0f} s ({run.done[Stage.POLL]:.0f} polled), "
    found = f"{run.unique} unique, {run.repeats} repeats, {run.events} events, {run.counts} counts, "
    return Section(
        title=title,
        columns=("role", "CPU s per 1,000 articles", "most memory, MB", "ready after, s"),
        rows=[*rows, ("all", f"{all_of_it:.2f}", "", "")],
        notes=(f"{told}{found}{run.dead_letters} dead letters.",),
        goals=(
            (f"{title}: articles a second", f"{run.rate:.0f}", "278, goal 555"),
            (f"{title}: memory of the largest worker, with its helpers", f"{most:.0f} MB", "400 MB"),
        ),
    )


def workers(size: Size, root: Path) -> Section:
    """One and two workers of `extract`, where most of the work is."""
    runs = {
        number: line.generated(size.workers, extractors=number, root=root, minutes=size.minutes) for number in (1, 2)
    }
    rows = [(number, f"{run.rate:.0f}", f"{sum(map(run.per_thousand, run.cpu)):.2f}") for number, run in runs.items()]
    return Section(
        title="From one worker of `extract` to two, on the same cores" + _build(root),
        columns=("workers", "articles/s, whole line", "CPU s per 1,000 articles, all roles and Kafka"),
        rows=rows,
    )


def engines(size: Size, root: Path) -> Section:
    """Our worker beside other ways to run the same stages."""
    names = [engine for engine in overhead.PROMISES if overhead.installed(engine)]
    with Stand() as stand:
        paces = overhead.measure(names, "pass", stand, size.passed)
        paces += overhead.measure([name for name in names if name not in _PASS_ONLY], "extract", stand, size.extracted)
    plain = {pace.core: pace for pace in paces if pace.engine == "plain"}
    ours = {pace.core: pace for pace in paces if pace.engine == "ours"}
    rows = [
        (
            pace.core,
            pace.engine,
            f"{pace.rate:.0f}",
            f"{pace.cpu_ms:.3f}",
            f"{pace.rate / plain[pace.core].rate:.2f}",
            overhead.PROMISES[pace.engine],
        )
        for pace in paces
    ]
    wanted = {"pass": "0.30", "extract": "0.90"}
    return Section(
        title="The same stages in other engines",
        columns=("stage", "engine", "messages/s", "CPU ms a message", "against the plain loop", "promise"),
        rows=rows,
        goals=tuple(
            (f"our worker against the plain loop, {core}", f"{ours[core].rate / plain[core].rate:.2f}", wanted[core])
            for core in wanted
        ),
    )


def latencies(size: Size, root: Path) -> Section:
    """HTTP body to event."""
    found = latency.measure(seconds=size.seconds, root=root)
    rows = [
        (
            one.rate,
            f"{one.served:.0f}",
            one.articles,
            *(f"{1000 * each:.0f}" for each in (one.p50, one.p95, one.p99)),
        )
        for one in found
    ]
    at_50 = next(one for one in found if one.rate == 50)
    return Section(
        title="From a feed's body to the first record of an article" + _build(root),
        columns=("articles/s", "served", "articles with records", "p50, ms", "p95, ms", "p99, ms"),
        rows=rows,
        goals=(("HTTP body to event at 50 articles/s, p99", f"{1000 * at_50.p99:.0f} ms", "500 ms"),),
    )


def growth(size: Size, root: Path) -> Section:
    """The window of the duplicate check, and the lexicons."""
    found = [(number, *window.at(number)) for number in size.window]
    rows: list[tuple[object, ...]] = [
        (
            f"{number} articles in the window",
            f"{1000 / rate:.3f} ms",
            f"{held:.0f} B",
            f"{disk:.0f} B",
            f"{opened:.1f} s",
        )
        for number, rate, held, disk, opened in found
    ]
    for language in lexicon.LANGUAGES:
        once, four = lexicon.milliseconds(language)
        rows.append((f"{language}, lexicon ×1; ×4", f"{once:.2f} ms; {four:.2f} ms", "", "", ""))
    times = found[0][1] / found[-1][1]
    span = f"{found[0][0]} to {found[-1][0]}"
    goal = (f"cost of the duplicate check from {span} articles", f"{times:.2f} times", "1.3 times")
    return Section(
        title="Cost of an article as things grow",
        columns=("what", "CPU time an article", "resident an article", "on disk an article", "opened again in"),
        rows=rows,
        goals=(goal,) if len(found) > 1 else (),
    )


def extraction(size: Size, root: Path) -> Section:
    """The extraction beside the bare scan of its matcher, an Aho-Corasick automaton and natasha."""
    found = [extract.row(language) for language in corpus.languages()]
    columns = ("language", "extraction", "bare scan", "times", "Aho-Corasick", "natasha")
    rows = [[one["language"], *(f"{one[name]:.2f}" if name in one else "" for name in columns[1:])] for one in found]
    times = sum(one["extraction"] for one in found) / sum(one["bare scan"] for one in found)
    return Section(
        title="The extraction alone, ms an article of 300 words, event after event",
        columns=columns,
        rows=rows,
        goals=(("extraction against the bare scan", f"{times:.1f} times", "8 times"),),
    )


def load(size: Size, root: Path) -> Section:
    """Whether the articles of these benches are different from one another."""
    found = alike.measure(size.alike)
    return Section(
        title="The load",
        columns=("articles", "repeats by chance", "repeats meant", "of them found"),
        rows=[(found.articles, found.unintended, found.meant, found.found)],
        goals=(("near duplicates that nobody meant", f"{found.share:.3%}", f"{alike.GOAL:.1%}"),),
    )


def cores(size: Size, root: Path) -> Section:
    """What the stages' pure cores take of all that."""
    found = replay.measure(size.extracted)
    return Section(
        title="The stages' pure cores without Kafka, interpreted",
        columns=("stage", "CPU ms an article of the feeds", "digest of what it says"),
        rows=[(one.name, f"{one.cpu_ms:.2f}", one.digest) for one in found],
    )


PARTS: Final[dict[str, Callable[[Size, Path], Section]]] = {
    "line": whole_line,
    "plain": plain_line,
    "latency": latencies,
    "workers": workers,
    "engines": engines,
    "cores": cores,
    "growth": growth,
    "extraction": extraction,
    "load": load,
}


def _root(*, plain: bool) -> Path:
    """The code that the workers run: compiled, or as it is where that was asked for or cannot be made."""
    if plain:
        return ROOT
    try:
        return compiled()
    except CompileError as error:
        print(f"The workers run the sources as they are. {error}", flush=True)
        return ROOT


def _run(name: str, size: Size, root: Path) -> tuple[Section, bool]:
    """A part's section, and whether it was measured: one that fails must not take the others along."""
    try:
        return PARTS[name](size, root), True
    except (Exception, SystemExit) as error:
        traceback.print_exc()
        return Section(title=f"Not measured: {name}", columns=("why",), rows=[(" ".join(f"{error!r}".split()),)]), False


def main() -> int:
    """Run the parts and write the report; 1 if one of them failed."""
    parser = argparse.ArgumentParser(description="All benches, one report.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)} (default: all)")
    parser.add_argument("--size", choices=list(SIZES), default="middle")
    parser.add_argument("--plain", action="store_true", help="let the workers run the sources as they are everywhere")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    report, failed, root = Report.begun(), False, _root(plain=options.plain)
    for name in options.parts or PARTS:
        began = time.monotonic()
        print(f"== {name}", flush=True)
        section, measured = _run(name, SIZES[options.size], root)
        failed |= not measured
        report.add(name, section)
        print(f"== {name}: {time.monotonic() - began:.0f} s", flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
