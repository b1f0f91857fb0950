"""Which concepts of a pack a sentence names: all of them in one scan over its words.

Every written form is looked up once and its symbols kept (a bounded cache); a sentence is then one walk through a trie
of symbols, so the number of phrases in a pack does not matter. Of two hits of one concept family (the part of the name
before its first dot) that overlap, the longer wins; a `mask.*` hit removes every hit inside it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import simplemma

from agents.extract.pack import Pack
from agents.extract.text import MAX_FORM, PUNCT, Form, Hit, Sentence, kind_of

MAX_FORMS: Final = 200_000
"""Forms kept per language before the cache starts anew: about 60 MB, some months of a newspaper's vocabulary."""

_NOUN_FAMILIES: Final = ("noun", "item", "actor", "group")

MAX_GAP: Final = 3
MAX_PEELS: Final = 3
MIN_STEM: Final = 2

_TRANSPARENT: Final = frozenset("-‐‑–־\"“”„«»‘’'()")
"""Marks that a phrase may span: hyphens, quotation marks, brackets."""


@dataclass(slots=True)
class _Node:
    """A place in the trie: what may follow, by symbol; whether up to three words may be skipped; what ends here."""

    next: dict[int, "_Node"] = field(default_factory=dict)
    gap: "_Node | None" = None
    concepts: list[str] = field(default_factory=list)


class _Found(NamedTuple):
    concept: str
    first: int
    last: int
    gapped: bool


class Forms(dict[str, Form]):
    """Written form → what is known of it, filled when asked. `len` stays under `MAX_FORMS`."""

    def __init__(self, lexicon: "Lexicon") -> None:
        super().__init__()
        self._lexicon = lexicon

    def __missing__(self, word: str) -> Form:
        if len(self) >= MAX_FORMS:
            self.clear()
        form = self._lexicon.form_of(word)
        self[word] = form
        return form


class Lexicon:
    """The phrases of one pack, ready to be found."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.forms = Forms(self)
        self._root = _Node()
        self._symbols: dict[tuple[str, str], int] = {}
        self._longest_stem = 0
        self._longest_end = 0
        for concept, phrases in pack.concepts.items():
            for phrase in phrases:
                self._add(concept, phrase)

    def _add(self, concept: str, phrase: str) -> None:
        nodes = [self._root]
        for word in phrase.split():
            if word == "~":
                for node in nodes:
                    node.gap = node.gap or _Node()
                nodes = [node.gap for node in nodes if node.gap]
                continue
            symbols = [self._symbol(option) for option in word.split("|")]
            nodes = [node.next.setdefault(symbol, _Node()) for node in nodes for symbol in symbols]
        for node in nodes:
            if concept not in node.concepts:
                node.concepts.append(concept)

    def _symbol(self, option: str) -> int:
        """The number of one word of a phrase; `kind` says how it is compared."""
        kind, word = "word", option
        if option[0] in "=^":
            kind, word = option[0], option[1:]
        if word.startswith("*"):
            kind, word = "end", word[1:]
            self._longest_end = max(self._longest_end, len(word))
        elif word.endswith("*"):
            kind, word = "*", word[:-1]
            self._longest_stem = max(self._longest_stem, len(word))
        if kind != "^":
            word = self.pack.spelling.normal(word)
        return self._symbols.setdefault((kind, word), len(self._symbols))

    def form_of(self, word: str) -> Form:
        """Normal form, kind and symbols of a written form. Work is bounded by `MAX_FORM` and `MAX_PEELS`."""
        kind = kind_of(word)
        norm = self.pack.spelling.normal(word) if kind != PUNCT else word
        if kind == PUNCT:
            return Form(norm, kind, self._found([("word", norm)]))
        keys = [("^", word), ("=", norm), ("word", norm)]
        plain = {norm}
        if self.pack.morphology.lemmas and kind_of(word[-1]) != PUNCT:
            lemma = self.pack.spelling.normal(simplemma.lemmatize(word, lang=self.pack.code))
            plain.add(lemma)
            keys.append(("word", lemma))
        stems = self._stems(norm)
        if not any(("word", bare) in self._symbols for bare in plain) and not stems:
            peeled = self._peeled(norm)
            keys += [("word", bare) for bare in peeled]
            stems = [
                stem for bare in peeled if bare in norm[:0] or not norm.startswith(bare) for stem in self._stems(bare)
            ]
        ends = [("end", norm[-n:]) for n in range(2, min(len(norm) - MIN_STEM, self._longest_end) + 1)]
        return Form(norm, kind, self._found([*keys, *(("*", stem) for stem in stems), *ends]))

    def _found(self, keys: Iterable[tuple[str, str]]) -> tuple[int, ...]:
        return tuple(dict.fromkeys(self._symbols[key] for key in keys if key in self._symbols))

    def _stems(self, norm: str) -> list[str]:
        lengths = range(MIN_STEM, min(len(norm), self._longest_stem) + 1)
        return [norm[:n] for n in lengths if ("*", norm[:n]) in self._symbols]

    def _peeled(self, norm: str) -> list[str]:
        """What may be left of a word when declared prefixes and suffixes are taken off, at most `MAX_PEELS` deep."""
        morphology = self.pack.morphology
        out: list[str] = []
        layer = [norm]
        for _ in range(MAX_PEELS):
            below = [word[len(p) :] for word in layer for p in morphology.prefixes if word.startswith(p)]
            below += [word[: -len(s)] for word in layer for s in morphology.suffixes if word.endswith(s)]
            layer = [word for word in dict.fromkeys(below) if len(word) >= MIN_STEM and word not in out]
            out += layer
        return out

    def scan(self, sentence: Sentence) -> list[Hit]:
        """All concepts that the sentence names, by first token."""
        found: list[_Found] = []
        root = self._root.next
        symbols = sentence.symbols
        for first, own in enumerate(symbols):
            for symbol in own:
                node = root.get(symbol)
                if node is not None:
                    self._walk(sentence, node, first, found)
        return _settle(found)

    def _walk(self, sentence: Sentence, node: _Node, first: int, found: list[_Found]) -> None:
        """Follow every phrase that begins at `first`."""
        symbols, tokens = sentence.symbols, sentence.tokens
        size = len(tokens)
        stack = [(node, first + 1, False)]
        while stack:
            node, at, gapped = stack.pop()
            for concept in node.concepts:
                found.append(_Found(concept, first, at, gapped))
            if node.next:
                while at < size and tokens[at].text in _TRANSPARENT:
                    at += 1
                if at < size:
                    for symbol in symbols[at]:
                        following = node.next.get(symbol)
                        if following is not None:
                            stack.append((following, at + 1, gapped))
            if node.gap is not None:
                self._leap(sentence, node.gap, at, stack)

    def _leap(self, sentence: Sentence, node: _Node, at: int, stack: list[tuple[_Node, int, bool]]) -> None:
        """Go on behind a gap of up to `MAX_GAP` words."""
        for skipped in range(at, min(at + MAX_GAP + 1, len(sentence.symbols))):
            for symbol in sentence.symbols[skipped]:
                following = node.next.get(symbol)
                if following is not None:
                    stack.append((following, skipped + 1, True))


def _settle(found: list[_Found]) -> list[Hit]:
    """Drop what a mask or a longer hit of the same family covers."""
    if not found:
        return []
    masks = [f for f in found if f.concept.startswith("mask.")]
    bounds = [f for f in found if f.concept.startswith("quant.")]
    taken: dict[str, list[_Found]] = {}
    for hit in sorted(dict.fromkeys(found), key=lambda f: (f.first - f.last, f.first)):
        family = hit.concept.split(".", 1)[0]
        if family != "mask" and any(m.first <= hit.first and hit.last <= m.last for m in masks):
            continue
        if family == "cue" and any(b.first <= hit.first and hit.last <= b.last for b in bounds):
            continue  # "no more than" denies nothing
        rivals = taken.setdefault(family, [])
        if not any(_covers(rival, hit) for rival in rivals):
            rivals.append(hit)
    kept = [hit for hits in taken.values() for hit in hits]
    nouns = [hit for family in _NOUN_FAMILIES for hit in taken.get(family, ()) if hit.last - hit.first > 1]
    kept = [hit for hit in kept if not (hit.concept.startswith("act.") and _inside_noun(hit, nouns))]
    return [Hit(f.concept, f.first, f.last) for f in sorted(kept, key=lambda f: (f.first, -f.last, f.concept))]


def _inside_noun(hit: _Found, nouns: list[_Found]) -> bool:
    """Whether a verb is but a part of a longer noun: "station" in "police station"."""
    size = hit.last - hit.first
    return any(n.first <= hit.first and hit.last <= n.last and n.last - n.first > size and not n.gapped for n in nouns)


def _covers(rival: _Found, hit: _Found) -> bool:
    """Whether a kept hit overlaps another one of other length; what stands in a gap is not covered."""
    same = rival.first == hit.first and rival.last == hit.last
    return not same and not rival.gapped and rival.first < hit.last and hit.first < rival.last


__all__ = ["MAX_FORM", "Form", "Forms", "Hit", "Lexicon", "Sentence"]
