"""`frontwire tail TOPIC`: what is on a topic, readable, and what comes."""

import argparse
from collections.abc import Mapping

from agents.commands.common import Command, talking_to_kafka
from agents.show import line, plain
from streams import records
from streams.codec import DecodeError, decode
from streams.heartbeat import is_marked
from streams.kafka.ending import run_loop
from streams.kafka.topics import read_topic
from streams.settings import Settings, load
from streams.stage import Message
from streams.topics import TOPIC


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("topic", choices=sorted(TOPIC), metavar="TOPIC", help="one of: " + ", ".join(sorted(TOPIC)))
    parser.add_argument("--from-beginning", action="store_true", help="show what is there already, too")
    parser.add_argument("--no-follow", action="store_true", help="end at what is there now (implies --from-beginning)")
    parser.add_argument("--json", action="store_true", help="one line of JSON a record, as it is on the topic")


def _run(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    settings = load(environment)
    with talking_to_kafka(settings):
        run_loop(_print(settings, options))
    return 0


def in_words(message: Message) -> str:
    """One message as a line that people read; what is no record of its topic is told by key and size."""
    return "[heartbeat] " * is_marked(message.headers) + _in_words(message)


def _in_words(message: Message) -> str:
    key = plain((message.key or b"").decode("utf-8", errors="replace"))
    if message.value is None:
        return f"{key} is withdrawn"
    for name in TOPIC[message.topic].records:
        try:
            return line(decode(message.value, getattr(records, name)))
        except DecodeError:
            continue
    return f"{key}: {len(message.value)} bytes that only their stage reads"


async def _print(settings: Settings, options: argparse.Namespace) -> None:
    beginning = options.from_beginning or options.no_follow
    async for message in read_topic(settings, options.topic, from_beginning=beginning, follow=not options.no_follow):
        if options.json:
            print((message.value or b"null").decode("utf-8", errors="replace"), flush=True)
        else:
            print(in_words(message), flush=True)


COMMAND = Command(
    name="tail",
    help="Show the records of a topic in words, and those that come, until Ctrl-C.",
    examples=(
        "frontwire tail conflict.events",
        "frontwire tail evacuation.counts --from-beginning",
        "frontwire tail dead-letters --no-follow --json | jq .reason",
    ),
    arguments=_arguments,
    run=_run,
)
