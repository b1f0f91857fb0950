"""Finds the place names of one sentence, known and unknown, with what the words around them say.

Known names come from `PlaceNames`. A name that no list has is taken for a place only where a preposition, a case ending
or a kind noun ("the village of X") says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from agents.extract.concepts import bits
from agents.extract.mentions import Mention, Read, Seen
from agents.extract.place_names import HYPHENS, Match, PlaceNames
from agents.extract.place_words import Candidate, Word
from agents.extract.text import PUNCT, WORD, Sentence, has_case, is_small

KNOWN_CITY: Final = 50_000
"""Inhabitants of a town that is taken for itself where little else speaks for it."""

_SMALL_TOWN: Final = 1000
_MAX_NAME_TOKENS: Final = 9
_MAX_UNKNOWN_WORDS: Final = 3
_MAX_BEFORE: Final = 5
_ACRONYM_LETTERS: Final = 5
_SHORTEST: Final = 3
_FULL_NAME: Final = 2
_GROUNDS: Final = frozenset(("noun.territory", "noun.position"))
"""Nouns right before a name that say where: "заставу X"."""

_BUILDINGS: Final = frozenset(("noun.house", "noun.infrastructure"))
"""Nouns that do so with a link between: "a block of flats of X", "the hospital of X"."""

_ROLE: Final = bits("say.role")
_NOWHERE: Final[frozenset[int]] = frozenset()
_SMALL: Final = ("func.", "time.", "quant.", "cue.", "act.")
"""What no name of a street or building begins with."""

_ARTICLES: Final = frozenset(("Al", "El", "Аль", "Эль", "Ель", "Էլ", "Ալ", "Əl", "Əs", "Əş", "Es", "Eş"))
"""Arabic articles that names are written with; lists often lack them."""

_QUOTES: Final = frozenset("\"“”„«»'’‘")
_CHAIN: Final = frozenset(",،(")


@dataclass(slots=True)
class _Around:
    """What stands before a name: the part that the place plays, and the kind noun."""

    cue: str | None
    kind: str | None


def read_places(sentence: Sentence, names: PlaceNames, text: str) -> Read:
    """The place names of a sentence; `text` is the article's."""
    beginnings = names.beginnings(sentence)
    return _Reader(sentence, names, text).run(beginnings) if beginnings else Read([], [])


class _Reader:
    """One pass over one sentence."""

    def __init__(self, sentence: Sentence, names: PlaceNames, text: str) -> None:
        self.sentence = sentence
        self.tokens = sentence.tokens
        self.names = names
        self.spelling = names.spelling
        self.text = text
        self.taken = sentence.taken()
        titled = sentence.concepts & _ROLE
        self.titled = {hit.last for hit in sentence.hits if hit.concept == "say.role"} if titled else _NOWHERE
        self._headline: bool | None = None

    def run(self, beginnings: Sequence[int]) -> Read:
        found: list[Seen] = []
        countries: list[str] = []
        at = 0
        for index in beginnings:
            word = self._word(index)
            if word.country is not None:
                countries.append(word.country)
            if index < at:
                continue
            if not (word.capital or word.group_starts or not word.cased):
                continue
            seen = self._at(index) if self._may_begin(index, word) else None
            group = self.names.group_at(self.tokens, index) if word.group_starts else None
            if group is not None and group[0].country:
                countries.append(group[0].country)
            if group is not None and not _is_region(seen) and (seen is None or seen.mention.last <= group[1]):
                at = group[1]
            elif seen is not None:
                self._chain(seen, found)
                found.append(seen)
                at = seen.mention.last
        return Read(found, countries)

    def _word(self, index: int) -> Word:
        token = self.tokens[index]
        return token.form.word or self.names.word(token)

    def _may_begin(self, index: int, word: Word) -> bool:
        """Whether a place name may begin here: known ones, and unknown ones by capital, cue or kind noun."""
        if self.tokens[index].kind != WORD or not (word.capital or not word.cased):
            return False
        if word.starts or word.capital or word.ending:
            return True
        before = self._word(index - 1) if index else None
        after = self._word(index + 1) if index + 1 < len(self.tokens) else None
        return bool((before and (before.kind or before.cue or before.link)) or (after and after.kind_after))

    def _at(self, first: int) -> Seen | None:
        if first in self.taken and not self._word(first).starts and not self._names_site(first):
            return None  # neither a known name nor an unknown one
        match = self.names.match(self.tokens, first)
        if match is None or self._hyphenated(match.last) or self._is_other(first, match):
            return self._unknown(first)
        last = match.last
        around = self._before(first)
        cue = around.cue or self._ending_behind(last) or match.candidates[0].cue
        kind = around.kind or self._kind_after(last)
        weak = not (self._confirmed(first, last, match.candidates, cue, kind))
        common = match.last - first == 1 and not self._word(first).cased and self.names.is_common(self.tokens[first])
        return Seen(self._mention(first, last, cue, kind), match.candidates, weak, common and not kind)

    def _is_other(self, first: int, match: Match) -> bool:
        """Whether a known name is another word, or only begins another name."""
        if self._is_common(first, match) or (self.spelling.tails and self._goes_on(first, match)):
            return True
        return bool(self.titled) and self._speaks(first, self._name_end(first))

    def _goes_on(self, first: int, match: Match) -> bool:
        """Whether a small town's name only begins a longer one that no list has ("Ebu Selim'deki")."""
        last = match.last
        if last - first > 1 or last == len(self.tokens) or not self.names.has_tail(self.tokens[last].text):
            return False
        if not self._is_name(last) or self._word(first).ending or self._word(last).kind_after:
            return False
        if self._word(last).country is not None or match.candidates[0].number is None:
            return False
        known = max(map(self.names.population, match.candidates)) >= KNOWN_CITY
        return not known and self.names.match(self.tokens, last) is None

    def _is_common(self, first: int, match: Match) -> bool:
        """Whether a one-word name is a word of the lexicon, a kind of place, or a people's name ("Syrian")."""
        if match.last - first > 1:
            return False
        text, word = self.tokens[first].text, self._word(first)
        if self.names.is_region((word.folded,)) or (first > 0 and word.capital and self._kind_after(match.last)):
            return False
        acronym = text.isupper() and len(text) < _ACRONYM_LETTERS and first > 0
        return first in self.taken or acronym or word.plain or word.country not in (None, match.candidates[0].country)

    def _confirmed(
        self, first: int, last: int, candidates: Sequence[Candidate], cue: str | None, kind: str | None
    ) -> bool:
        """Whether what stands around a known name, or its size, makes it a place."""
        if kind or candidates[0].number is None:
            return True
        cased = last - first > 1 or self._word(first).cased
        if cue and cased:
            return True
        size = max(map(self.names.population, candidates))
        if last - first > 1:
            return size >= _SMALL_TOWN
        if not cased:
            if size >= KNOWN_CITY or not cue:
                return size >= KNOWN_CITY
            return size >= 5 * _SMALL_TOWN or not self.names.is_common(self.tokens[first])
        if self._is_headline():
            return size >= KNOWN_CITY
        beside = any(self._is_name(i) for i in (first - 1, last))
        return size >= _SMALL_TOWN and not self._is_titled(first) and not beside

    def _is_headline(self) -> bool:
        """Whether most words begin with a capital, so that capitals tell no names."""
        if self._headline is None:
            cased = [word.capital for token in self.tokens if (word := self.names.word(token)).cased]
            self._headline = len(cased) > 3 and sum(cased) > 0.6 * len(cased)
        return self._headline

    def _is_titled(self, index: int) -> bool:
        """Whether a role stands right before: what follows is a person, or what the person heads ("head of the")."""
        return index in self.titled

    def _is_name(self, index: int) -> bool:
        """Whether the token is capitalised inside the sentence and stands for nothing the lexicon knows."""
        if not 0 < index < len(self.tokens) or index in self.taken:
            return False
        token = self.tokens[index]
        return token.kind == WORD and token.text[0].isupper()

    def _before(self, first: int) -> _Around:
        """The cue and the kind noun before token `first`: "in the eastern village of", "у селі"."""
        kind: str | None = None
        strangers = 0
        for index in range(first - 1, max(-1, first - 1 - _MAX_BEFORE), -1):
            token = self.tokens[index]
            word = self._word(index)
            if token.text in _QUOTES or word.link:
                continue
            if word.cue and not word.cased and self._is_titled(index):
                break  # a first name ("Ali") spelled as a preposition
            if word.cue:
                return _Around(word.cue, kind)
            if word.kind and not self._is_titled(index):
                kind = kind or word.folded
            elif kind is None and self._word(first).cased and self._is_ground(index, linked=index < first - 1):
                return _Around("at", None)
            elif kind is None or token.kind != WORD or strangers:
                break
            else:
                strangers += 1
        return _Around("at" if kind else None, kind)

    def _is_ground(self, index: int, linked: bool) -> bool:
        """Whether a noun before a name says where: ground itself, or with a link a building ("a hospital of X")."""
        nouns = {hit.concept for hit in self.sentence.hits if hit.last == index + 1}
        return bool(nouns & _GROUNDS) or (linked and bool(nouns & _BUILDINGS))

    def _kind_after(self, last: int) -> str | None:
        if last >= len(self.tokens) or not self._word(last).kind_after:
            return None
        return self._word(last).folded

    def _ending_behind(self, last: int) -> str | None:
        """What the ending of the kind noun behind a name says ("köyünden"), or one behind the name's own apostrophe."""
        if last < len(self.tokens) and self._word(last).kind_after:
            return self._word(last).ending
        text = self.tokens[last - 1].text
        return self._word(last - 1).ending if "'" in text or "’" in text else None

    def _unknown(self, first: int) -> Seen | None:
        """A name that no list has."""
        word = self._word(first)
        if first in self.taken and not self._names_site(first):
            return None
        if word.country is not None or word.plain or self._is_titled(first):
            return None
        last = self._name_end(first)
        if self.titled and self._speaks(first, last):
            return None
        if len(word.folded) < _SHORTEST and sum([len(self._word(i).folded) for i in range(first, last)]) < _SHORTEST:
            return None
        around = self._before(first)
        kind = around.kind or self._kind_after(last)
        cue = around.cue or self._ending_behind(last) or ("at" if kind else self._ending(last - 1))
        sure = bool(kind) or (bool(cue) and self._looks_like_name(first, last))
        if not sure and not word.cased:
            return None
        return Seen(self._mention(first, last, cue, kind), (), not sure)

    def _speaks(self, first: int, last: int) -> bool:
        """Whether a full name behind a role is who says something: "the head of the town Serhii Horbenko said"."""
        if not any(hit.first == last and hit.concept == "say.verb" for hit in self.sentence.hits):
            return False
        while first > 1 and self._is_name(first - 1):
            first -= 1
        return last - first >= _FULL_NAME and any(0 <= first - end <= _MAX_BEFORE for end in self.titled)

    def _names_site(self, first: int) -> bool:
        """Whether a word that the lexicon knows names the street or building behind it: "Parliament Square"."""
        last = first + 1
        if not self._word(first).capital:
            return False
        if last < len(self.tokens) - 1 and self._word(last).capital and not self._word(last).kind_after:
            last += 1
        if last == len(self.tokens) or not self._word(last).kind_after:
            return False
        if self._word(last).folded not in self.spelling.sites:
            return False
        known = (hit.concept for hit in self.sentence.hits if hit.first <= first < hit.last)
        return not any(concept.startswith(_SMALL) for concept in known)

    def _ending(self, index: int) -> str | None:
        """The cue of an unknown word's ending; of joined prefixes only that of "in" is no part of too many words."""
        word = self._word(index)
        return word.ending if word.cased or word.ending == "at" else None

    def _looks_like_name(self, first: int, last: int) -> bool:
        """Whether an unknown word is none of the dictionary's, nor letters of an acronym."""
        token = self.tokens[first]
        if token.text.isupper() and len(token.text) <= _ACRONYM_LETTERS:
            return False
        if not has_case(token.text):
            return len(token.text) > 3 and not any(self.names.is_common(t) for t in self.tokens[first:last])
        if self.names.has_tail(token.text) or self.names.has_tail(self.tokens[last - 1].text):
            return True
        hyphenated = any(t.text in HYPHENS for t in self.tokens[first:last])
        return hyphenated or not self.names.in_dictionary(token.text.lower())

    def _name_end(self, first: int) -> int:
        """One past the unknown name that begins at `first`: capitalised words, and what hyphens join."""
        last = first + 1
        while last < len(self.tokens) and last - first < _MAX_NAME_TOKENS:
            if self._hyphenated(last):
                last += 2 if self.tokens[last].kind == PUNCT else 1
            elif self._continues(first, last):
                last += 1
            else:
                break
        return last

    def _continues(self, first: int, last: int) -> bool:
        before = self.tokens[last - 1].text
        if self.names.whole_first and self._word(last - 1).ending in ("at", "source"):
            return False
        return (
            has_case(before)
            and not any(mark in before for mark in "'’")
            and last - first < _MAX_UNKNOWN_WORDS
            and self._is_name(last)
            and not self._word(last).kind_after
        )

    def _hyphenated(self, at: int) -> bool:
        """Whether token `at` is a hyphen that joins its neighbours, or a small word ("al") before one."""
        if at + 1 >= len(self.tokens):
            return False
        token = self.tokens[at]
        following = self.tokens[at + 1]
        if token.text in HYPHENS:
            return self.tokens[at - 1].end == token.start and token.end == following.start and following.kind == WORD
        small = token.kind == WORD and len(token.text) <= 3 and is_small(token.text)
        return small and following.text in HYPHENS and token.end == following.start

    def _mention(self, first: int, last: int, cue: str | None, kind: str | None) -> Mention:
        site = kind is not None and kind in self.spelling.sites
        if site:
            first, last = self._with_kind(first, last, kind or "")
        elif first and self.tokens[first - 1].text in _ARTICLES and first - 1 not in self.taken:
            first -= 1
        wide = kind is not None and kind in self.spelling.regions
        start, end = self.sentence.span(first, last)
        cue = cue or ("at" if kind or self._heads_bulletin(first, last) else None)
        return Mention(self.sentence.index, first, last, start, end, self.text[start:end], cue, site=site, wide=wide)

    def _heads_bulletin(self, first: int, last: int) -> bool:
        """Whether the name opens its sentence before a colon: "Sumy: two dead in shelling"."""
        behind = self.tokens[last].text if last < len(self.tokens) else ""
        return behind == ":" and not any(t.kind == WORD for t in self.tokens[:first])

    def _with_kind(self, first: int, last: int, kind: str) -> tuple[int, int]:
        """The name's tokens with its kind noun, which stands before or right after it."""
        for index in range(first - 1, max(-1, first - 1 - _MAX_BEFORE), -1):
            if self._word(index).folded == kind:
                return index, last
        return first, last + 1

    def _chain(self, seen: Seen, found: Sequence[Seen]) -> None:
        """A name that follows another at once ("in Tibú, Catatumbo"; "on Nairobi's Moi Avenue") shares its cue.

        Not a capital: behind a comma it is more often the next clause's government ("in Karabakh, Yerevan has ...").
        """
        if not found or seen.mention.cue is not None or any(c.number in self.names.capitals for c in seen.candidates):
            return
        before = found[-1].mention
        between = self.tokens[before.last : seen.mention.first]
        if len(between) <= 1 and all(t.text in _CHAIN for t in between):
            seen.mention.cue, seen.weak = before.cue, seen.weak and found[-1].weak


def _is_region(seen: Seen | None) -> bool:
    """Whether a name stands in our overlay: a region may share its name with a force ("Artsakh")."""
    return bool(seen and seen.candidates and seen.candidates[0].number is None)
