"""`frontwire feeds ...` in words and tables."""

import argparse
import sys
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

from agents.poll import admin, follow
from agents.poll.feeds_file import FeedError, new_feed
from agents.poll.publish import without_secrets
from streams.records import FeedHealth
from streams.settings import Settings


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Do the action that `options.action` names; the exit code, 1 where something could not be done."""
    actions = {
        "list": _list,
        "add": _add,
        "remove": _remove,
        "import": _import,
        "export": _export,
        "follow": _follow,
        "health": _health,
    }
    try:
        return actions[options.action](options, settings)
    except BrokenPipeError:
        raise
    except FeedError as error:
        return _wrong(f"This feed cannot be polled: {error}.")
    except OSError as error:
        return _wrong(f"{error.filename} cannot be used: {error.strerror}.")


def _list(options: argparse.Namespace, settings: Settings) -> int:
    feeds = admin.list_feeds(settings)
    rows = [(f.feed_id, f.name, f.language or "", "" if f.enabled else "off", without_secrets(f.url)) for f in feeds]
    _show(("id", "name", "language", "", "address"), rows)
    return 0


def _add(options: argparse.Namespace, settings: Settings) -> int:
    feed = new_feed(options.url, feed_id=options.id, name=options.name, language=options.language)
    admin.add_feeds(settings, [feed])
    return _said(f"Added {feed.feed_id}; a poll worker takes it over at once.")


def _remove(options: argparse.Namespace, settings: Settings) -> int:
    if not admin.remove_feed(settings, options.id):
        return _wrong(f"There is no feed {options.id!r}; `frontwire feeds list` shows the ids.")
    return _said(f"Removed {options.id}.")


def _import(options: argparse.Namespace, settings: Settings) -> int:
    found = admin.import_feeds(settings, options.file)
    for problem in found.problems:
        _wrong(problem)
    _said(f"Added {len(found.feeds)} feeds; {len(found.problems)} could not be taken.")
    return 1 if found.problems else 0


def _export(options: argparse.Namespace, settings: Settings) -> int:
    return _said(f"Wrote {admin.export_feeds(settings, options.file)} feeds to {options.file}.")


def _follow(options: argparse.Namespace, settings: Settings) -> int:
    return follow.run(options.folder, settings, keep=options.keep)


def _health(options: argparse.Namespace, settings: Settings) -> int:
    head = ("feed", "state", "last ok", "last new", "errors in a row", "why", "unchanged", "every", "next")
    _show(head, [_health_row(one) for one in admin.health(settings)])
    return 0


def _health_row(one: FeedHealth) -> tuple[str, ...]:
    why = f"{one.outcome}: {one.error}" if one.error and one.failures else one.error or ""
    moved = f" moved to {one.resolved_url}" if one.resolved_url else ""
    every = f"{one.interval_seconds} s" if one.interval_seconds is not None else ""
    return (
        one.feed_id,
        one.status,
        one.last_ok or "never",
        one.last_new or "never",
        str(one.failures or ""),
        why + moved,
        f"{one.not_modified_share:.0%}",
        every,
        one.next_due,
    )


def _show(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    table = Table(box=None, pad_edge=False)
    for title in head:
        table.add_column(title, overflow="fold")
    for row in rows:
        table.add_row(*row)
    Console(markup=False, highlight=False).print(table)


def _said(sentence: str) -> int:
    sys.stdout.write(sentence + "\n")
    return 0


def _wrong(sentence: str) -> int:
    sys.stderr.write(sentence + "\n")
    return 1
