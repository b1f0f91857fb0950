"""Rebuilds all stories and evacuation totals from the first offset on: one JSON line a story that stands.

python rebuild.py BOOTSTRAP_SERVERS [TOPIC_PREFIX]        # needs aiokafka
"""

import asyncio
import json
import sys
from collections import defaultdict
from typing import Any

from aiokafka import AIOKafkaConsumer

Held = dict[bytes, tuple[bytes, Any]]
"""By key the highest `ce_sequence` and its record, None where it was withdrawn."""


async def rebuild(servers: str, prefix: str) -> tuple[Held, Held]:
    stories: Held = {}
    totals: Held = {}
    held = {prefix + "stories": stories, prefix + "evacuation.totals": totals}
    # Without a group: all partitions, nothing committed, and nobody else's reading is disturbed.
    async with AIOKafkaConsumer(*held, bootstrap_servers=servers, auto_offset_reset="earliest") as consumer:
        ends = await consumer.end_offsets(consumer.assignment())
        while any([await consumer.position(partition) < end for partition, end in ends.items()]):
            for partition, records in (await consumer.getmany(timeout_ms=500)).items():
                for record in records:
                    keep(held[partition.topic], record)
    return stories, totals


def keep(held: Held, record: Any) -> None:
    """Records come at least once, and an old one may come late: the highest sequence holds, of tombstones, too."""
    sequence = dict(record.headers).get("ce_sequence", b"")  # the first releases wrote none
    if record.key not in held or sequence >= held[record.key][0]:
        held[record.key] = sequence, json.loads(record.value) if record.value is not None else None


def standing(held: Held) -> list[Any]:
    return [value for _, (_, value) in sorted(held.items()) if value is not None]


def main(servers: str, prefix: str = "") -> None:
    stories, totals = map(standing, asyncio.run(rebuild(servers, prefix)))
    merged_into = {story["story_id"]: story["merged_into"] for story in stories}
    was, of_story = defaultdict(list), defaultdict(list)
    for name in merged_into:
        today = name
        while merged_into.get(today):  # a story that was merged may have been merged again
            today = merged_into[today]
        was[today].append(name)
    for total in totals:
        of_story[total["story_id"]].append(total)
    for story in stories:
        if not story["merged_into"]:
            name = story["story_id"]
            print(json.dumps({"story": story, "ids": was[name], "totals": of_story[name]}))


if __name__ == "__main__":
    main(*sys.argv[1:])
