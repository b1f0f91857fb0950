"""Feeds of a mounted ConfigMap reach the running poller, without a restart."""

import os
from pathlib import Path

import pytest

from agents.poll import admin
from streams.settings import Settings
from tests.conftest import StartWorker
from tests.support.waiting import eventually
from tests.support.web import Web, item, rss

pytestmark = pytest.mark.kafka

FAST = {
    "FRONTWIRE_ALLOWED_ADDRESSES": "127.0.0.0/8",
    "FRONTWIRE_POLL_INTERVAL_MIN": "0.5",
    "FRONTWIRE_POLL_INTERVAL_MAX": "0.5",
    "FRONTWIRE_POLL_HOST_RATE": "60000",
}


class Volume:
    """A folder as a kubelet keeps it for a ConfigMap: links into `..data`, itself a link to the folder of a version,
    which is replaced in one step (kubernetes/pkg/volume/util/atomic_writer.go)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._version = 0

    def publish(self, **files: str) -> None:
        self._version += 1
        version = self.path / f"..2026_11_22_{self._version}"
        version.mkdir()
        for name, text in files.items():
            (version / f"{name}.toml").write_text(text)
        (self.path / "..data_tmp").symlink_to(version.name)
        old = (self.path / "..data").resolve()
        (self.path / "..data_tmp").rename(self.path / "..data")
        for name in files:
            link = self.path / f"{name}.toml"
            if not link.is_symlink():
                link.symlink_to(os.path.join("..data", link.name))  # noqa: PTH118 - as the kubelet writes it
        for link in self.path.glob("*.toml"):
            if link.stem not in files:
                link.unlink()
        if old.name.startswith("..2026"):
            for path in old.iterdir():
                path.unlink()
            old.rmdir()


def feed(web: Web, name: str) -> str:
    return f'[[feed]]\nid = "{name}"\nurl = "{web.url("/" + name)}"\nname = "{name}"\n'


def test_a_swapped_volume_reaches_the_running_poller(
    settings: Settings, web: Web, start_worker: StartWorker, tmp_path: Path
) -> None:
    def ids() -> list[str]:
        return [one.feed_id for one in admin.list_feeds(settings)]

    for name in ("first", "second", "third"):
        web.serve("/" + name, rss(item(name)))
    volume = Volume(tmp_path)
    volume.publish(feeds=feed(web, "first") + feed(web, "second"))
    poller = start_worker("worker", "poll", **FAST)
    follower = start_worker("feeds", "follow", str(tmp_path))
    follower.wait_ready()
    assert ids() == ["first", "second"]
    eventually(lambda: web.count("/first") and web.count("/second"), within=60, what="both polled")

    volume.publish(feeds=feed(web, "second"), more=feed(web, "third"))
    eventually(lambda: web.count("/third"), what="the new feed polled")
    eventually(lambda: [one.feed_id for one in admin.health(settings)] == ["second", "third"], what="the first gone")
    polls, others = web.count("/first"), web.count("/third")
    eventually(lambda: web.count("/third") > others + 2, what="the others polled on")
    assert web.count("/first") == polls

    volume.publish(feeds=feed(web, "second"), more="[[feed")
    eventually(lambda: not follower.ready, what="the follower unready for a broken file")
    assert "more.toml: this is no TOML" in follower.log
    assert ids() == ["second", "third"]

    volume.publish(feeds=feed(web, "second"))
    eventually(lambda: ids() == ["second"], what="the file taken away")
    follower.wait_ready()
    assert poller.process.running
    assert follower.stop() == 0
    assert poller.stop() == 0
