"""The feed server over real HTTP on loopback."""

import http.client
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from seeds.server import Document, FeedServer, bundled, folder

_DOCUMENT = Document(b"<rss/>")


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with FeedServer({"/a b.xml": _DOCUMENT}) as running:
        yield running


def _get(url: str, headers: dict[str, str] | None = None) -> tuple[int, bytes, dict[str, str]]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=5)
    try:
        connection.request("GET", parts.path, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read(), dict(answer.headers)
    finally:
        connection.close()


def test_it_serves_a_document_with_validators(server: FeedServer) -> None:
    status, body, headers = _get(server.url("/a b.xml"))
    assert (status, body) == (200, b"<rss/>")
    assert headers["ETag"] == _DOCUMENT.etag
    assert headers["Last-Modified"] == "Wed, 20 Sep 2023 09:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"If-None-Match": _DOCUMENT.etag}, 304),
        ({"If-None-Match": f'"other", W/{_DOCUMENT.etag}'}, 304),
        ({"If-None-Match": "*"}, 304),
        ({"If-None-Match": '"other"'}, 200),
        ({"If-Modified-Since": "Wed, 20 Sep 2023 09:00:00 GMT"}, 304),
        ({"If-Modified-Since": "Wed, 20 Sep 2023 08:59:59 GMT"}, 200),
        ({"If-Modified-Since": "yesterday"}, 200),
        ({"If-None-Match": '"other"', "If-Modified-Since": "Wed, 20 Sep 2023 09:00:00 GMT"}, 200),
    ],
)
def test_it_answers_conditional_requests(server: FeedServer, headers: dict[str, str], status: int) -> None:
    answer, body, _ = _get(server.url("/a b.xml"), headers)
    assert answer == status
    assert bool(body) == (status == 200)


def test_it_knows_no_other_path(server: FeedServer) -> None:
    assert _get(server.url("/other.xml"))[0] == 404


def test_a_changed_document_is_served_at_once(server: FeedServer) -> None:
    server.documents["/a b.xml"] = Document(b"<rss version='2.0'/>")
    assert _get(server.url("/a b.xml"), {"If-None-Match": _DOCUMENT.etag})[:2] == (200, b"<rss version='2.0'/>")


def test_a_folder_is_served_file_by_file(tmp_path: Path) -> None:
    (tmp_path / "one.xml").write_bytes(b"1")
    (tmp_path / "sub").mkdir()
    assert {path: document.body for path, document in folder(tmp_path).items()} == {"/one.xml": b"1"}


def test_the_bundled_feed_is_the_seed() -> None:
    assert list(bundled()) == ["/seed.xml"]
