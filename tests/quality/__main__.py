"""`python -m tests.quality`: how good the extraction is, by language and on public data, and how fast.

usage: python -m tests.quality [--language CODE]... [--errors N] [--attribute NAME] [--public odd|even|all] [--no-speed]
"""

import argparse
from collections.abc import Sequence

from agents.extract.pack import load_packs
from tests.quality import public
from tests.quality.run import gold, sets, tally
from tests.quality.score import Record, Tally
from tests.quality.speed import rate

ALL = tuple(load_packs())
SETS = ("corpus", "press", "fresh", "gold")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--language", action="append", choices=ALL, help="only this language (may be repeated)")
    parser.add_argument("--set", choices=SETS, help="only this set")
    parser.add_argument("--errors", type=int, default=0, help="show so many misses and wrong records of each table row")
    parser.add_argument("--attribute", action="append", default=[], help="show every record where it differs")
    parser.add_argument("--public", choices=("odd", "even", "all"), help="measure on the public data, too")
    parser.add_argument("--no-speed", action="store_true", help="do not measure speed")
    options = parser.parse_args(arguments)
    languages = options.language or ALL
    names = (options.set,) if options.set else SETS
    for name in names:
        _table(name, languages, options.errors, options.attribute)
    if not options.language and "gold" in names:
        _seed()
    if options.public:
        for measure in (public.idmc, public.isi, public.muc):
            shown = ", ".join(f"{k} {v:.3f}" for k, v in measure(options.public).items())
            print(f"{measure.__name__} ({options.public} rows): {shown or 'absent'}")
    if not options.no_speed:
        _speed(languages)


def _table(name: str, languages: Sequence[str], errors: int, attributes: Sequence[str]) -> None:
    print(f"{name:9} texts  events  P     R     F1     counts  P     R     F1")
    both = (Tally.of_events(), Tally.of_counts())
    for language in languages:
        labelled = sets(language).get(name)
        if labelled:
            events, counts = tally(labelled)
            print(_row(language, len(labelled), events, counts))
            for whole, one in zip(both, (events, counts), strict=True):
                whole.merge(one)
            for one in (events, counts):
                _errors(one, errors)
                _slips(one, attributes)
    print(_row("all", 0, *both))
    for kind, whole in zip(("events", "counts"), both, strict=True):
        right = {n: f"{whole.right[n] / c:.2f}" for n, c in sorted(whole.filled.items())}
        invented = {n: f"{whole.invented[n] / c:.2f}" for n, c in sorted(whole.empty.items())}
        print(f"  {kind}: right {_shown(right)}; invented {_shown(invented)}")
    print()


def _shown(values: dict[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items())


def _row(name: str, texts: int, events: Tally, counts: Tally) -> str:
    columns = [f"{t.gold:6}  {t.precision:.3f} {t.recall:.3f} {t.f1:.3f}" for t in (events, counts)]
    return f"  {name:7} {texts or '':>5}  {'  '.join(columns)}"


def _errors(one: Tally, most: int) -> None:
    for what, records in (("missed", one.missed), ("wrong ", one.wrong)):
        for article_id, record in records[:most]:
            print(f"    {what} {article_id} {_key(one, record)} {record['quote']!r} {record.get('rule', '')}")


def _slips(one: Tally, attributes: Sequence[str]) -> None:
    """Each attribute that differs from its label, with the words it was read from."""
    for slip in one.slips:
        if slip.attribute in attributes:
            told, found = _plain(slip.label), _plain(slip.guess)
            print(f"    {slip.attribute} {slip.article_id} {_key(one, slip.record)} {told} <> {found}")
            print(f"        {slip.record['quote']!r}")


def _plain(value: object) -> str:
    """A value as one word or so, lists by what they hold."""
    if isinstance(value, list | tuple):
        return "; ".join(" ".join(str(v) for v in one.values() if v is not None) for one in value) or "None"
    return repr(value)


def _key(one: Tally, record: Record) -> str:
    return " ".join(str(record.get(name)) for name in one.key)


def _seed() -> None:
    labelled = gold("seed", "dev")
    if labelled:
        events, counts = tally(labelled)
        print(f"seed article: events F1 {events.f1:.3f}, counts F1 {counts.f1:.3f}\n")


def _speed(languages: Sequence[str]) -> None:
    print("articles a second on one core (300 words)")
    for language in languages:
        labelled = [one for name in ("gold", "corpus") for one in sets(language).get(name, [])]
        if labelled:
            print(f"  {language:7} {rate(labelled):8.0f}")


if __name__ == "__main__":
    main()
