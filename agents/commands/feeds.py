"""`frontwire feeds ...`: the feeds to poll, kept on the topic `feeds`, and their health."""

import argparse
from collections.abc import Mapping
from pathlib import Path

from agents.commands.common import Command, talking_to_kafka
from streams.settings import load


def _arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("list", help="the feeds that are polled")
    add = actions.add_parser("add", help="poll one more feed")
    add.add_argument("url", help="address of the feed")
    add.add_argument("--id", help="its id (default: made from the address)")
    add.add_argument("--name", help="how its articles' source is called (default: the host)")
    add.add_argument("--language", metavar="CODE", help="language that its articles are said to be in")
    remove = actions.add_parser("remove", help="poll a feed no more")
    remove.add_argument("id", help="id of the feed, as `feeds list` shows it")
    read = actions.add_parser("import", help="add the feeds of a file")
    read.add_argument("file", type=Path, help="TOML or OPML")
    write = actions.add_parser("export", help="write the feeds to a file")
    write.add_argument("file", type=Path, help="OPML or TOML, by its ending")
    follow = actions.add_parser("follow", help="keep the feeds as the files of a folder say, until SIGTERM or Ctrl-C")
    follow.add_argument("folder", type=Path, help="its .toml, .opml and .xml files, together, are the feeds to poll")
    follow.add_argument("--keep", action="store_true", help="go on polling feeds that are in no file")
    actions.add_parser("health", help="state of each feed: last success, last news, errors and why")


def _run(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    from agents.poll import feeds_command  # brings the parsers with it

    settings = load(environment)
    with talking_to_kafka(settings):
        return feeds_command.run(options, settings)


COMMAND = Command(
    name="feeds",
    help="List, add, remove, import, export, follow feeds, and show their health.",
    examples=(
        "frontwire feeds import seeds/feeds.toml",
        "frontwire feeds add https://news.un.org/feed/subscribe/en/news/all/rss.xml --id un-news --language en",
        "frontwire feeds remove un-news",
        "frontwire feeds export feeds.opml",
        "frontwire feeds follow /etc/frontwire/feeds",
        "frontwire feeds health",
    ),
    arguments=_arguments,
    run=_run,
)
