"""Ids of extracted records: the same claim of the same article has the same id, whatever moved around it."""

import hashlib
from collections.abc import Sequence

from agents.extract.fold import fold_text
from agents.extract.text import MAX_FORM, Sentence, Token


def evidence_of(text: str, sentence: Sentence) -> str:
    """The folded words of an evidence sentence of `text` (`fold_text`), made once for all claims that it holds."""
    known: str | None = sentence.memo.get("evidence")
    if known is None:
        known = sentence.memo["evidence"] = " ".join(_folded(text, sentence.tokens))
    return known


def _folded(text: str, tokens: Sequence[Token]) -> list[str]:
    """What stands between two blanks, folded: most is one word, whose form knows it, with marks that fold to nothing.

    Two words without a blank may fold to one ("33rd", "l'eau"): those are folded as the text has them.
    """
    found: list[str] = []
    start = end = 0
    joined = False
    for token in tokens:
        word = _word(token)
        if not word:
            continue
        if found and text[token.start - 1] != " ":
            joined = True
        else:
            if joined:
                found[-1] = fold_text(text[start:end])
                joined = False
            found.append(word)
            start = token.start
        end = token.end
    if joined:
        found[-1] = fold_text(text[start:end])
    return found


def _word(token: Token) -> str:
    """The folded words of a token, empty for marks."""
    form = token.form
    if len(token.text) > MAX_FORM:  # its form is that of all words that begin so
        return fold_text(token.text)
    if form.folded is None:
        folded = fold_text(token.text)
        form.folded = form.norm if folded == form.norm else folded  # mostly the same: kept once
    return form.folded


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
