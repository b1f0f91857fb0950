"""`frontwire dead-letters list | show | replay | drop`."""

import argparse
import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final

import orjson
from rich.console import Console
from rich.table import Table

from agents.commands.common import Command, CommandError, instant_ms, talking_to_kafka
from agents.show import plain
from streams.kafka import letterbox
from streams.kafka.ending import run_loop
from streams.kafka.letterbox import Filed, Filter
from streams.records import DeadLetter
from streams.settings import Settings, load
from streams.vocabulary import DeadReason, Stage


def _arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="the letters that are neither replayed nor dropped")
    listing.add_argument("--json", action="store_true", help="one line of JSON a letter, without its payload")
    show = actions.add_parser("show", help="one letter with its payload")
    show.add_argument("key", metavar="KEY", help="as `list` shows it: source topic, partition and offset")
    replay = actions.add_parser("replay", help="send messages back to the topic they came from")
    drop = actions.add_parser("drop", help="settle letters without sending anything back")
    for action in (replay, drop):
        action.add_argument("keys", nargs="*", metavar="KEY", help="these letters alone")
        action.add_argument("--all", action="store_true", help="every letter")
        action.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
    for action in (listing, replay, drop):
        action.add_argument("--stage", action="append", default=[], choices=[stage.value for stage in Stage])
        action.add_argument("--reason", action="append", default=[], choices=[reason.value for reason in DeadReason])
        action.add_argument(
            "--since", metavar="TIME", type=instant_ms, help="2026-11-22T10:00:00Z, or 2h for hours ago"
        )
        action.add_argument(
            "--until", metavar="TIME", type=instant_ms, help="the same; by when the message was written"
        )


def _run(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    settings = load(environment)
    with talking_to_kafka(settings):
        return run_loop(_ACTIONS[options.action](settings, options))


def _filter(options: argparse.Namespace) -> Filter:
    return Filter(
        keys=frozenset(key.encode() for key in getattr(options, "keys", ())),
        stages=frozenset(map(Stage, options.stage)),
        reasons=frozenset(map(DeadReason, options.reason)),
        since_ms=options.since,
        until_ms=options.until,
    )


async def _list(settings: Settings, options: argparse.Namespace) -> int:
    letters = await letterbox.unsettled(settings, _filter(options))
    if options.json:
        for filed in letters:
            print(orjson.dumps(filed.letter).decode())
        return 0
    table = Table("letter", "stage", "reason", "source message of", "attempts", "bytes", "what was wrong", box=None)
    for filed in letters:
        table.add_row(*_row(filed))
    Console(markup=False, highlight=False).print(table)
    return 0


def _row(filed: Filed) -> Sequence[str]:
    one = filed.letter
    size = f"{one.payload_size}{' (cut)' if one.truncated else ''}"
    told = plain(one.message[:200])
    return (plain(filed.key.decode()), one.stage, one.reason, one.failed_at or "", str(one.attempts), size, told)


async def _show(settings: Settings, options: argparse.Namespace) -> int:
    [filed] = await _named(settings, [options.key])
    letter = await letterbox.whole(settings, filed)
    if letter is None:
        raise CommandError(f"{options.key} is kept no more.")
    for name, value in orjson.loads(orjson.dumps(replace(letter, payload=""))).items():
        if name != "payload":
            print(f"{name}: {plain(str(value)) if value is not None else 'none'}")
    print(f"payload{' (cut)' if letter.truncated else ''}:\n{_payload(letter)}")
    return 0


def _payload(letter: DeadLetter) -> str:
    try:
        data = base64.b64decode(letter.payload, validate=True)
    except (binascii.Error, ValueError):
        return "(no base64)"
    return plain(data.decode(errors="backslashreplace"))


async def _named(settings: Settings, keys: Sequence[str]) -> list[Filed]:
    letters = await letterbox.unsettled(settings, Filter(keys=frozenset(key.encode() for key in keys)))
    missing = {*keys} - {filed.key.decode() for filed in letters}
    if missing:
        raise CommandError(f"There is no dead letter {sorted(missing)[0]}; `frontwire dead-letters list` shows them.")
    return letters


async def _chosen(settings: Settings, options: argparse.Namespace) -> list[Filed]:
    wanted = _filter(options)
    if options.all is (wanted != Filter()):
        raise CommandError("say which letters: their keys, filters, or --all alone.")
    return await letterbox.unsettled(settings, wanted)


async def _replay(settings: Settings, options: argparse.Namespace) -> int:
    letters = await _chosen(settings, options)
    kept = done = 0
    async for outcome in letterbox.replay(settings, letters, dry_run=options.dry_run):
        print(f"{plain(outcome.filed.key.decode())} {outcome.text}.")
        done += outcome.done
        kept += not (outcome.done or options.dry_run)
    print(f"{done} of {len(letters)} letters went back.")
    return 1 if kept else 0


async def _drop(settings: Settings, options: argparse.Namespace) -> int:
    letters = await _chosen(settings, options)
    for filed in letters if options.dry_run else ():
        print(f"{plain(filed.key.decode())} would be dropped.")
    count = 0 if options.dry_run else await letterbox.drop(settings, letters)
    print(f"{count} of {len(letters)} letters dropped.")
    return 0


_ACTIONS: Final = MappingProxyType({"list": _list, "show": _show, "replay": _replay, "drop": _drop})

COMMAND = Command(
    name="dead-letters",
    help="List, show, replay or drop the messages that could not be processed.",
    examples=(
        "frontwire dead-letters list --stage extract --since 2h",
        "frontwire dead-letters show articles.unique:3:1042",
        "frontwire dead-letters replay --reason stage_error --dry-run",
        "frontwire dead-letters replay articles.unique:3:1042",
        "frontwire dead-letters drop --reason undecodable --until 2026-11-01T00:00:00Z",
    ),
    arguments=_arguments,
    run=_run,
)
