"""The request for a poll: validators, overrides, credentials, and who may see them."""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from agents.poll.result import Request
from streams.records import Feed, FeedState


def request_for(feed: Feed, state: FeedState, environment: Mapping[str, str], *, full: bool) -> Request:
    """What to ask for. `full` leaves the validators out.

    Both validators go together, as opaque strings. What the operator configured goes to the configured origin alone.
    """
    headers = [("User-Agent", feed.user_agent)] if feed.user_agent else []
    if not full:
        headers += [("If-None-Match", state.etag)] if state.etag else []
        headers += [("If-Modified-Since", state.last_modified)] if state.last_modified else []
    request = Request(url=state.resolved_url or feed.url, headers=tuple(headers))
    if not _same_origin(request.url, feed.url):
        return request
    return replace(request, private_headers=_private(feed, environment))


def _private(feed: Feed, environment: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    secret = environment.get(feed.auth_env) if feed.auth_env else None
    return (*feed.headers.items(), *([("Authorization", secret)] if secret else []))


def _same_origin(one: str, other: str) -> bool:
    try:
        return urlsplit(one)[:2] == urlsplit(other)[:2]
    except ValueError:
        return False
