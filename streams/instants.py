"""Instants as records write them: UTC, to the second, `2023-09-20T09:00:00Z`."""

from datetime import UTC, datetime


def stamp(when: datetime) -> str:
    """An instant (with a zone) as the records write it."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
