"""Which concepts of a pack a sentence names: all of them in one scan over its words.

Every written form is looked up once and its symbols kept (a bounded cache); a sentence is then one walk through a trie
of symbols, so the number of phrases in a pack does not matter. Of two hits of one concept family (the part of the name
before its first dot) that overlap, the longer wins; a `mask.*` hit removes every hit inside it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from agents.extract.concepts import BIT
from agents.extract.dictionaries import shared_dictionaries
from agents.extract.forms import Entry, Form, Node, shared
from agents.extract.kept import Kept, Room, Rooms
from agents.extract.pack import Pack
from agents.extract.text import COMMAS, MAX_FORM, NUMBER, PUNCT, Hit, Sentence, kind_of

_NOUN_FAMILIES: Final = ("noun", "item", "actor", "group")
_NOUN_PREFIXES: Final = tuple(f"{family}." for family in _NOUN_FAMILIES)

MAX_GAP: Final = 3
MAX_PEELS: Final = 3
MIN_STEM: Final = 2
_MIN_END: Final = 2

_CLOSING: Final = frozenset(";؛")
"""Marks that no gap crosses."""

_TRANSPARENT: Final = frozenset("-‐‑–־\"“”„«»‘’'()")
"""Marks that a phrase may span: hyphens, quotation marks, brackets."""


class _Found:
    """A phrase of more than one word; `gapped` if words were skipped inside it."""

    __slots__ = ("concept", "first", "gapped", "last")

    def __init__(self, concept: str, first: int, last: int, gapped: bool) -> None:
        self.concept = concept
        self.first = first
        self.last = last
        self.gapped = gapped


class Lexicon:
    """The phrases of one pack, ready to be found.

    `forms` has the form of every token as it is written, made when asked, kept in `room`. What is no token is asked of
    `form_of`: texts are cut by what `forms` holds.
    """

    def __init__(self, pack: Pack, room: Room | None = None) -> None:
        self.pack = pack
        self.forms = Kept(self.form_of, room or Rooms().words)
        self._lemma = shared_dictionaries().lemma
        self._marked = replace(pack.spelling, diacritics=True)  # tells "liberarán", will free, from "liberan", free
        self._root = Node()
        self._family = {concept: concept.split(".", 1)[0] for concept in pack.concepts}
        self._symbols: dict[str, dict[str, int]] = {kind: {} for kind in ("word", "=", "^", "*", "end")}
        self._size = 0
        self._prefixes = _grouped(pack.morphology.prefixes, slice(1))
        self._suffixes = _grouped(pack.morphology.suffixes, slice(-1, None))
        for concept, phrases in pack.concepts.items():
            for phrase in phrases:
                self._add(concept, phrase)
        self._root = shared(self._root, {})
        self._stem_lengths = _lengths(self._symbols["*"], slice(MIN_STEM))
        self._end_lengths = _lengths(self._symbols["end"], slice(-_MIN_END, None))

    def _add(self, concept: str, phrase: str) -> None:
        nodes = [self._root]
        for word in self.pack.spelling.apart(phrase).split():
            if word == "~":
                for node in nodes:
                    node.gap = node.gap or Node()
                nodes = [node.gap for node in nodes if node.gap]
                continue
            symbols = [self._symbol(option) for option in word.split("|")]
            nodes = [node.next.setdefault(symbol, Node()) for node in nodes for symbol in symbols]
        for node in nodes:
            if concept not in node.concepts:
                node.concepts = (*node.concepts, concept)

    def _symbol(self, option: str) -> int:
        """The number of one word of a phrase; `kind` says how it is compared."""
        kind, word = "word", option
        if option[0] in "=^":
            kind, word = option[0], option[1:]
        if word.startswith("*"):
            kind, word = "end", word[1:]
        elif word.endswith("*"):
            kind, word = "*", word[:-1]
        if kind != "^":
            word = (self._marked if kind == "end" else self.pack.spelling).normal(word)
        symbols = self._symbols[kind]
        if word not in symbols:
            symbols[word] = self._size
            self._size += 1
        return symbols[word]

    def form_of(self, word: str) -> Form:
        """Normal form, kind and symbols of a written form. Work is bounded by `MAX_FORM` and `MAX_PEELS`."""
        kind = kind_of(word)
        words = self._symbols["word"]
        if kind == PUNCT:
            return self._form(word, kind, [words.get(word)])
        norm = self.pack.spelling.normal(word)
        itself = lemma = words.get(norm)
        if self.pack.morphology.lemmas and kind_of(word[-1]) != PUNCT:
            lemma = words.get(self.pack.spelling.normal(self._lemma(word, self.pack.code)))
        found = [self._symbols["^"].get(word), self._symbols["="].get(norm), itself, lemma]
        stems = self._stems(norm)
        if not stems and not self._says(itself) and not self._says(lemma):
            for bare in self._peeled(norm):
                found.append(words.get(bare))
                stems += self._stems(bare)
        found += stems
        found += self._ends(word, norm)
        return self._form(norm, kind, found)

    def _says(self, symbol: int | None) -> bool:
        """Whether a word says something by itself; inside longer phrases alone it may still be another word's form."""
        node = None if symbol is None else self._root.next.get(symbol)
        return node is not None and bool(node.concepts)

    def _form(self, norm: str, kind: int, found: Iterable[int | None]) -> Form:
        known = [symbol for symbol in found if symbol is not None]
        if not known:
            return Form(norm, kind, (), None, kind == PUNCT and norm in _TRANSPARENT)
        symbols = tuple(dict.fromkeys(known))
        nodes = [node for symbol in symbols if (node := self._root.next.get(symbol)) is not None]
        alone = tuple(sorted({concept for node in nodes for concept in node.concepts}))
        longer = tuple(node for node in dict.fromkeys(nodes) if node.next or node.gap is not None)
        masks = any(concept.startswith("mask.") for concept in alone)
        bits = sum(BIT.get(concept, 0) for concept in alone)
        entry = Entry(alone, longer, masks, bits) if alone or longer else None
        return Form(norm, kind, symbols, entry, kind == PUNCT and norm in _TRANSPARENT)

    def _stems(self, norm: str) -> list[int]:
        """The symbols of the stems that a word begins with."""
        lengths = self._stem_lengths.get(norm[:MIN_STEM])
        if lengths is None:
            return []
        stems = self._symbols["*"]
        return [symbol for n in lengths if (symbol := stems.get(norm[:n])) is not None]

    def _ends(self, word: str, norm: str) -> list[int]:
        """The symbols of the endings that a word has: those of verbs, so that no name has one."""
        if not self._end_lengths or word[0].isupper():
            return []
        marked = norm if word.isascii() else self._marked.normal(word)
        lengths = self._end_lengths.get(marked[-_MIN_END:])
        if lengths is None:
            return []
        ends, longest = self._symbols["end"], len(marked) - MIN_STEM
        return [symbol for n in lengths if n <= longest and (symbol := ends.get(marked[-n:])) is not None]

    def _peeled(self, norm: str) -> list[str]:
        """What may be left of a word when declared prefixes and suffixes are taken off, at most `MAX_PEELS` deep."""
        out: list[str] = []
        layer = [norm]
        for _ in range(MAX_PEELS):
            below: list[str] = []
            for word in layer:
                for prefix in self._prefixes.get(word[:1], ()):
                    if word.startswith(prefix):
                        below.append(word[len(prefix) :])
            for word in layer:
                for suffix in self._suffixes.get(word[-1:], ()):
                    if word.endswith(suffix):
                        below.append(word[: -len(suffix)])
            if not below:
                break
            layer = [word for word in dict.fromkeys(below) if len(word) >= MIN_STEM and word not in out]
            out += layer
        return out

    def scan(self, sentence: Sentence) -> list[Hit]:
        """All concepts that the sentence names, by first token; notes in it which those are at most."""
        hits: list[Hit] = []
        found: list[_Found] = []
        masked = False
        names = 0
        forms = sentence.forms
        last = len(forms) - 1
        for first, form in enumerate(forms):
            entry = form.entry
            if entry is None:
                continue
            for concept in entry.alone:
                hits.append(Hit(concept, first, first + 1))
            masked = masked or entry.masks
            names |= entry.bits
            if first < last and entry.nodes:
                following = forms[first + 1]
                for node in entry.nodes:
                    if following.transparent or node.gap is not None or _meets(node.next, following.symbols):
                        self._walk(sentence, node, first, found)
        for phrase in found:
            names |= BIT.get(phrase.concept, 0)
        sentence.concepts = names
        return self._settle(hits, found, masked) if found or masked else hits

    def _walk(self, sentence: Sentence, node: Node, first: int, found: list[_Found]) -> None:
        """Follow every longer phrase that begins at `first`."""
        forms = sentence.forms
        size = len(forms)
        stack = [(node, first + 1, False)]
        while stack:
            node, at, gapped = stack.pop()
            if at > first + 1:
                for concept in node.concepts:
                    found.append(_Found(concept, first, at, gapped))
            if node.next:
                while at < size and forms[at].transparent:
                    at += 1
                if at < size:
                    for symbol in forms[at].symbols:
                        following = node.next.get(symbol)
                        if following is not None:
                            stack.append((following, at + 1, gapped))
            if node.gap is not None:
                self._leap(sentence, node.gap, at, stack)

    def _leap(self, sentence: Sentence, node: Node, at: int, stack: list[tuple[Node, int, bool]]) -> None:
        """Go on behind a gap of up to `MAX_GAP` words; figures in a clause are none: "told [all 900 villagers] to"."""
        forms, left = sentence.forms, MAX_GAP
        while at < len(forms) and left >= 0:
            form = forms[at]
            at += 1
            for symbol in form.symbols:
                following = node.next.get(symbol)
                if following is not None:
                    stack.append((following, at, True))
            if form.norm in _CLOSING:
                break
            if form.kind != NUMBER or forms[at - 2].norm in COMMAS:
                left -= 1

    def _settle(self, single: list[Hit], found: list[_Found], masked: bool) -> list[Hit]:
        """Drop what a mask or a longer hit of the same family covers, and verbs that are parts of longer nouns."""
        longer = self._longest(found)
        covered = self._covered(single if masked else (), longer)
        touched = set().union(*covered.values())
        kept = [hit for hit in single if hit.first not in touched or self._stays(hit, covered)]
        if not longer:
            return kept
        hidden = covered.get("mask", _EMPTY)
        bounds = covered.get("quant", _EMPTY)
        phrases = [
            Hit(f.concept, f.first, f.last)
            for f in longer
            if (self._family[f.concept] == "mask" or not hidden.issuperset(range(f.first, f.last)))
            and not (f.concept.startswith("act.") and _inside_noun(f, longer))
            and not (f.concept.startswith("cue.") and bounds.issuperset(range(f.first, f.last)))
        ]
        return _merged(kept, sorted(phrases, key=lambda h: (h.first, -h.last, h.concept)))

    def _longest(self, found: list[_Found]) -> list[_Found]:
        """Phrases of more than one word without those that a longer one of their family overlaps, longest first."""
        if len(found) < 2:
            return found
        longer: list[_Found] = []
        once = {(f.concept, f.first, f.last, f.gapped): f for f in found}
        for hit in sorted(once.values(), key=lambda f: (f.first - f.last, f.first)):
            family = self._family[hit.concept]
            if not any(self._family[rival.concept] == family and _covers(rival, hit) for rival in longer):
                longer.append(hit)
        return longer

    def _covered(self, single: Sequence[Hit], longer: list[_Found]) -> dict[str, set[int]]:
        """Tokens by the family of the phrase that holds them, and those of masks."""
        covered: dict[str, set[int]] = {}
        for hit in longer:
            if not hit.gapped:
                covered.setdefault(self._family[hit.concept], set()).update(range(hit.first, hit.last))
        for word in single:
            if self._family[word.concept] == "mask":
                covered.setdefault("mask", set()).add(word.first)
        return covered

    def _stays(self, hit: Hit, covered: Mapping[str, set[int]]) -> bool:
        """Whether a word inside a longer phrase still says something of its own."""
        at, family = hit.first, self._family[hit.concept]
        if at in covered.get(family, _EMPTY) or at in covered.get("mask", _EMPTY):
            return False
        if family == "act":
            return not any(at in covered.get(nouns, _EMPTY) for nouns in _NOUN_FAMILIES)
        return not (family == "cue" and at in covered.get("quant", _EMPTY))  # "no more than" denies nothing


_EMPTY: Final[frozenset[int]] = frozenset()


def _grouped(affixes: Iterable[str], letters: slice) -> dict[str, tuple[str, ...]]:
    """Affixes, in their order, by these letters of them."""
    groups: dict[str, list[str]] = {}
    for affix in affixes:
        groups.setdefault(affix[letters], []).append(affix)
    return {key: tuple(group) for key, group in groups.items()}


def _lengths(parts: Iterable[str], letters: slice) -> dict[str, tuple[int, ...]]:
    """Lengths of parts of words, short ones first, by these letters of them; a part has at least those letters."""
    return {key: tuple(sorted({len(part) for part in group})) for key, group in _grouped(parts, letters).items()}


def _meets(following: Mapping[int, Node], symbols: tuple[int, ...]) -> bool:
    """Whether a phrase goes on with a word of these symbols."""
    for symbol in symbols:  # noqa: SIM110  # a generator here would cost more than the whole question
        if symbol in following:
            return True
    return False


def _merged(single: list[Hit], phrases: list[Hit]) -> list[Hit]:
    """Both in order of their first token, the longer hits first."""
    out: list[Hit] = []
    done = 0
    for phrase in phrases:
        at = done
        while at < len(single) and single[at].first < phrase.first:
            at += 1
        out += single[done:at]
        out.append(phrase)
        done = at
    return out + single[done:]


def _inside_noun(hit: _Found, others: list[_Found]) -> bool:
    """Whether a verb is but a part of a longer noun."""
    return any(
        other.first <= hit.first
        and hit.last <= other.last
        and other.last - other.first > hit.last - hit.first
        and not other.gapped
        and other.concept.startswith(_NOUN_PREFIXES)
        for other in others
    )


def _covers(rival: _Found, hit: _Found) -> bool:
    """Whether a kept hit overlaps another one of other length; what stands in a gap is not covered."""
    same = rival.first == hit.first and rival.last == hit.last
    return not same and not rival.gapped and rival.first < hit.last and hit.first < rival.last


__all__ = ["MAX_FORM", "Form", "Hit", "Lexicon", "Sentence"]
