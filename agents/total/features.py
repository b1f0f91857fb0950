"""What an article is compared by, and where it was placed: what `stories` takes, gives, and has stored."""

import msgspec


class Features(msgspec.Struct, frozen=True, array_like=True):
    """What an article is compared by: its terms without case, which of them are names, those that make its story with
    their weights, what it may have in common with articles of other languages, and the latest year it names."""

    language: str
    terms: tuple[str, ...]
    names: tuple[str, ...]
    vector: dict[str, int]
    anchors: tuple[str, ...]
    year: str | None


class Placing(msgspec.Struct, frozen=True):
    """The story that an article was placed in, the stories that are merged into it, and the features as they count."""

    story_id: str
    merged: tuple[str, ...]
    features: Features
