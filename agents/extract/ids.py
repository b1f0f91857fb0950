"""Ids of extracted records: the same claim of the same article has the same id, whatever moved around it."""

import hashlib

from agents.extract.fold import fold_text
from agents.extract.text import Sentence


def evidence_of(text: str, sentence: Sentence) -> str:
    """The folded words of an evidence sentence of `text`, made once for all claims that it holds."""
    known: str | None = sentence.memo.get("evidence")
    if known is None:
        known = sentence.memo["evidence"] = fold_text(text[sentence.start : sentence.end])
    return known


def record_id(article_id: str, topic: str, *parts: str, evidence: str, ordinal: int) -> str:
    """First 32 hex digits of SHA-256 over article, topic, type, modality, figure, evidence words and an ordinal.

    `evidence` are the folded words of the evidence sentence; offsets never enter.
    """
    fields = (article_id, topic, *parts, evidence, str(ordinal))
    return hashlib.sha256("\x1f".join(fields).encode("utf-8", "surrogatepass")).hexdigest()[:32]


class RecordIds:
    """Ids of one article's records on one topic; records that are alike in all but their place are counted on."""

    def __init__(self, article_id: str, topic: str) -> None:
        self._article_id = article_id
        self._topic = topic
        self._ordinals: dict[tuple[str, ...], int] = {}

    def next(self, *parts: str, evidence: str) -> str:
        """The id of the next record with these parts and this evidence, see `record_id`."""
        key = (*parts, evidence)
        ordinal = self._ordinals[key] = self._ordinals.get(key, 0) + 1
        return record_id(self._article_id, self._topic, *parts, evidence=evidence, ordinal=ordinal)
