"""Ids of extracted records: the same claim of the same article has the same id, whatever moved around it."""

import hashlib
from collections.abc import Iterable

from agents.extract.fold import fold_words


def record_id(article_id: str, topic: str, *parts: str, sentence: str, ordinal: int) -> str:
    """First 32 hex digits of SHA-256 over article, topic, type, modality, figure, evidence words and an ordinal.

    `sentence` is the evidence sentence, of which only the folded words count; offsets never enter.
    """
    fields: Iterable[str] = (article_id, topic, *parts, " ".join(fold_words(sentence)), str(ordinal))
    return hashlib.sha256("\x1f".join(fields).encode("utf-8", "surrogatepass")).hexdigest()[:32]
