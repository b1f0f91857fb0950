"""What is known of a written word wherever it stands, and where the phrases that begin with it go on."""

from typing import Final

from agents.extract.place_words import Word


class Node:
    """A place in the trie: what may follow, by symbol; whether up to three words may be skipped; what ends here."""

    __slots__ = ("concepts", "gap", "next")

    def __init__(self) -> None:
        self.next: dict[int, Node] = {}
        self.gap: Node | None = None
        self.concepts: tuple[str, ...] = ()


_LAST: Final[dict[int, Node]] = {}
"""What follows a node at which phrases end and none goes on."""


def shared(node: Node, known: dict[object, Node]) -> Node:
    """The trie from `node` on with one node in place of all that lead on alike: half of its leaves tell the same.

    `known` are the nodes so far, by what they lead to.
    """
    gap = None if node.gap is None else shared(node.gap, known)
    following = {symbol: shared(child, known) for symbol, child in node.next.items()}
    key = (node.concepts, id(gap), frozenset((symbol, id(child)) for symbol, child in following.items()))
    found = known.get(key)
    if found is None:
        node.gap = gap
        node.next = following or _LAST
        found = known[key] = node
    return found


class Entry:
    """What begins with a word: concepts of the word alone, and where longer phrases go on in the trie.

    `masks`: one of the concepts is a mask. `bits` are those concepts as bits of one number.
    """

    __slots__ = ("alone", "bits", "masks", "nodes")

    def __init__(self, alone: tuple[str, ...], nodes: tuple[Node, ...], masks: bool, bits: int) -> None:
        self.alone = alone
        self.nodes = nodes
        self.masks = masks
        self.bits = bits


class Name:
    """A word that is written with capital letters, and the terms that it may be: all small, or with a capital letter.

    One that begins small, behind a figure or in itself, is small as both.
    """

    __slots__ = ("capital", "small", "written")

    def __init__(self, written: str, small: str, capital: str) -> None:
        self.written = written
        self.small = small
        self.capital = capital


class Form:
    """A written word: normal form, kind, and what the lexicon has of it.

    `symbols` are the lexicon's numbers for it inside a phrase; `entry` what begins with it, None for most words;
    `transparent` says that a phrase may span it. `place` and `word` are what `PlaceNames` says of it, None until asked;
    `silent` becomes True once it is known to begin no number. `folded`, its folded words joined, and `terms`,
    the words that stories are found by in it, a text or a name for the one that most have, are None until asked.
    """

    __slots__ = ("entry", "folded", "kind", "norm", "place", "silent", "symbols", "terms", "transparent", "word")

    def __init__(
        self, norm: str, kind: int, symbols: tuple[int, ...], entry: Entry | None = None, transparent: bool = False
    ) -> None:
        self.norm = norm
        self.kind = kind
        self.symbols = symbols
        self.entry = entry
        self.transparent = transparent
        self.place: int | None = None
        self.word: Word | None = None
        self.silent = False
        self.folded: str | None = None
        self.terms: str | Name | tuple[str | Name, ...] | None = None
