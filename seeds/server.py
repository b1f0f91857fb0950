"""Serves feeds over HTTP on loopback, as a publisher does: ETag, Last-Modified, 304 for what has not changed.

python -m seeds.server                 the bundled article as /seed.xml
python -m seeds.server FOLDER          every file of FOLDER under its name
"""

import argparse
import hashlib
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from email.utils import formatdate, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from urllib.parse import quote, unquote, urlsplit

from seeds import rss

_MOMENT: Final = 1_695_200_400
"""When the bundled feed says it changed last: 2023-09-20 09:00 UTC, as its article."""


@dataclass(frozen=True, slots=True)
class Document:
    """One feed: its bytes, media type, and when it changed last (seconds since 1970)."""

    body: bytes
    media_type: str = "application/rss+xml; charset=utf-8"
    modified: int = _MOMENT

    @property
    def etag(self) -> str:
        """A strong entity tag: equal bytes, equal tag."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:32]}"'

    def unchanged_for(self, headers: Message) -> bool:
        """Whether a conditional request with these headers gets 304; a tag goes before a date (RFC 9110, 13.2.2)."""
        tags = headers.get("If-None-Match")
        if tags is not None:
            return tags.strip() == "*" or self.etag in {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        since = headers.get("If-Modified-Since")
        try:
            return since is not None and parsedate_to_datetime(since).timestamp() >= self.modified
        except ValueError:
            return False


def bundled() -> dict[str, Document]:
    """The bundled articles as one feed, `/seed.xml`."""
    return {"/seed.xml": Document(rss.render("seed", "https://example.org/seed", rss.load_articles()))}


def folder(path: Path) -> dict[str, Document]:
    """Every file directly in `path` under its name."""
    files = sorted(file for file in path.iterdir() if file.is_file())
    return {
        "/" + file.name: Document(file.read_bytes(), "application/xml", int(file.stat().st_mtime)) for file in files
    }


class FeedServer:
    """Serves documents by path on a free loopback port (or `port`) from entry to exit.

    `documents` may be changed while it runs: the next request sees it.
    """

    def __init__(self, documents: dict[str, Document], port: int = 0) -> None:
        self.documents = documents
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(documents))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="feeds", daemon=True)

    def url(self, path: str) -> str:
        """The address of one document."""
        return f"http://127.0.0.1:{self._server.server_port}{quote(path)}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(documents: Mapping[str, Document]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            document = documents.get(unquote(urlsplit(self.path).path))
            if document is None:
                self.send_error(HTTPStatus.NOT_FOUND)
            elif document.unchanged_for(self.headers):
                self._head(HTTPStatus.NOT_MODIFIED, document)
            else:
                self._head(HTTPStatus.OK, document)
                self.wfile.write(document.body)

        def _head(self, status: HTTPStatus, document: Document) -> None:
            self.send_response(status)
            self.send_header("ETag", document.etag)
            self.send_header("Last-Modified", formatdate(document.modified, usegmt=True))
            if status is HTTPStatus.OK:
                self.send_header("Content-Type", document.media_type)
                self.send_header("Content-Length", str(len(document.body)))
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: the poller logs its side."""

    return Handler


def main() -> None:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(description="Serve feeds on loopback until Ctrl-C.")
    parser.add_argument("folder", type=Path, nargs="?", help="files to serve (default: the bundled article)")
    parser.add_argument("--port", type=int, default=0, help="port to listen on (default: a free one)")
    given = parser.parse_args()
    documents = folder(given.folder) if given.folder else bundled()
    with FeedServer(documents, given.port) as server:
        for path in documents:
            print(server.url(path), flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
