"""From written words to what may bear that name: GeoNames, our overlay of regions, and countries.

Case endings and joined prefixes of a language are data (the pack's `[places]`), applied to the written word until a
known name appears: "Таволжанке" → "Таволжанка", "בחיפה" → "חיפה", "Xankəndində" → "Xankəndi".
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from agents.extract.countries import CountryNames, all_countries, alpha3_of
from agents.extract.dictionaries import shared_dictionaries
from agents.extract.fold import fold_once, fold_words
from agents.extract.gazetteer import Gazetteer
from agents.extract.groups import Group, groups
from agents.extract.kept import Kept, Rooms
from agents.extract.overlay import Place, country_places, overlay
from agents.extract.pack import Pack, PackError
from agents.extract.place_spelling import PlaceDataError, PlaceSpelling, by_letter
from agents.extract.place_words import Base, Candidate, Word
from agents.extract.text import MAX_FORM, PUNCT, WORD, Sentence, Token, has_case
from streams.vocabulary import PlacePrecision

_MIN_STEM: Final = 2
_MIN_UNKNOWN: Final = 3
_MAX_TAIL: Final = 8
_MAX_PREFIXES: Final = 2
_BEAM: Final = 16
_LETTER_CUT: Final = "ʼ"
_CUT: Final = re.compile(f"['’{_LETTER_CUT}‑־-]")

_ENTRIES: Final = 2_000
"""Entries of the gazetteer that are kept for a language: the places that its papers name most."""

_MAX_GROUP_WORDS: Final = 8
_MAX_NAME_TOKENS: Final = 9

_BEGINS: Final = 1
_OPEN: Final = 2
_LEADS: Final = 4
_TRAILS: Final = 8
"""What a written word is to names, in `Form.place`: it may begin one; it may where a neighbour says so; it says so of
the word behind it; of the word before it."""

OWN_FORM: Final = 0.2
"""Cost of a name that stands in its own form, with no more than an apostrophe and an ending behind it."""

HYPHENS: Final = frozenset("-‑–־")


@dataclass(slots=True)
class Match:
    """The longest name that begins at a token: one past its last token, and all it may mean."""

    last: int
    candidates: tuple[Candidate, ...]


class PlaceNames:
    """All names that one language may write, with its endings; keeps in `rooms` what it found for a word."""

    def __init__(
        self,
        language: str,
        spelling: PlaceSpelling,
        gazetteer: Gazetteer,
        whole_first: bool = False,
        rooms: Rooms | None = None,
    ) -> None:
        """`whole_first`: the name of what holds a place stands before it ("Hartum'daki saray")."""
        self.language = language
        self.whole_first = whole_first
        self.spelling = spelling
        self._knows = shared_dictionaries().knows
        self.gazetteer = gazetteer
        self.countries = CountryNames(language, spelling.countries)
        self._overlay = overlay()
        self._beginnings = {w[:n] for w in self._overlay for n in range(1, len(w))} | self.countries.beginnings
        self._country_places = country_places()
        self._groups = groups()
        self._inside = {word for words in (*self._overlay, *self.countries.names) for word in words[1:]}
        self._group_beginnings = {words[:n] for words in self._groups for n in range(1, len(words))}
        self._group_starts = self._group_beginnings | self._groups.keys()
        self.capitals = _capitals(gazetteer)
        self.capital_ids = frozenset(gazetteer.entry(number).geoname_id for number in self.capitals)
        self._prefixes = by_letter(spelling.prefixes, 0)
        self._endings = by_letter(spelling.endings, -1)
        rooms = rooms or Rooms()
        self.bases = Kept(self._bases, rooms.names)
        self._more = Kept(self._going_on, rooms.names)
        self._entry = lru_cache(maxsize=_ENTRIES)(gazetteer.entry)

    @classmethod
    def of_pack(cls, pack: Pack, gazetteer: Gazetteer, rooms: Rooms | None = None) -> "PlaceNames":
        """The place names of a pack's language.

        Raises:
            PackError: the pack's `[places]` is wrong.
        """
        try:
            spelling = PlaceSpelling.read(pack.data.get("places", {}))
        except PlaceDataError as error:
            raise PackError(f"{pack.code}.toml", "places", str(error)) from None
        whole_first = pack.noun_order == "head_last" and pack.verb_order == "sov"
        return cls(pack.code, spelling, gazetteer, whole_first, rooms)

    def word(self, token: Token) -> Word:
        """What is known of a token's word, looked up once for each written form."""
        form = token.form
        if form.word is None:
            form.word = self.word_of(token.text)
        return form.word

    def word_of(self, text: str) -> Word:
        """What is known of a written word."""
        text = text[:MAX_FORM]
        folded = fold_once(text)
        joined = "".join(folded)
        if joined == text:
            joined = text  # one text for both
        cased = has_case(text)
        capital = text[:1].isupper()
        spelling = self.spelling
        tail = self._tail(text)
        bases = self._bases_of(folded, tail)
        around = joined in spelling.around
        return Word(
            folded=joined,
            capital=capital,
            cased=cased,
            cue=spelling.cue(joined) if around else None,
            kind=around and joined in spelling.kinds,
            kind_after=around and joined in spelling.kinds_after,
            link=around and joined in spelling.links,
            starts=self._starts(bases) if capital or not cased else (),
            group_starts=tuple([b.words for b in bases if b.words in self._group_starts]),
            country=self.countries.of_words(folded),
            ending=self._ending(bases, tail),
        )

    def _ending(self, bases: Iterable[Base], tail: tuple[str, str] | None) -> str | None:
        """The part that a word's own ending tells; behind an apostrophe nothing but what stands there."""
        if tail is not None and tail[1] in self.spelling.tails:
            return self.spelling.tails[tail[1]]
        for base in bases:
            if base.cue and len("".join(base.words)) > _MIN_UNKNOWN:
                return base.cue
        return None

    def has_tail(self, text: str) -> bool:
        """Whether an apostrophe parts a word from an ending, as only names are written ("Ürkmez'de")."""
        tail = self._tail(text)
        return tail is not None and tail[1] in self.spelling.tails

    def _tail(self, text: str) -> tuple[str, str] | None:
        """What stands before, and folded behind, an apostrophe or hyphen near a word's end; None without one."""
        if text.isalpha() and _LETTER_CUT not in text:
            return None
        found = _CUT.search(text, 1)
        if found is None or found.start() < len(text) - _MAX_TAIL:
            return None
        return text[: found.start()], "".join(fold_words(text[found.end() :]))

    def _bases(self, text: str) -> tuple[Base, ...]:
        return self._bases_of(fold_words(text), self._tail(text))

    def _bases_of(self, words: tuple[str, ...], tail: tuple[str, str] | None) -> tuple[Base, ...]:
        """The forms that a written word may be of, the word itself first; `words` are its folded ones."""
        if not words:
            return ()
        heads = [Base(words, 0.0, None)]
        if tail is not None:
            heads.append(Base(fold_words(tail[0]), OWN_FORM, self.spelling.tails.get(tail[1])))
        heads += self._unprefixed(heads[0])
        bases: list[Base] = []
        for head in heads:
            bases.append(head)
            bases += self._unended(head)
        if len(bases) == 1:
            return (bases[0],)
        seen: dict[tuple[str, ...], Base] = {}
        for base in bases:
            if base.words not in seen:
                seen[base.words] = base
        return tuple(seen.values())

    def in_dictionary(self, text: str) -> bool:
        """Whether the language's dictionary has the word; where there is no dictionary, False."""
        return self._knows(text[:MAX_FORM], self.language)

    def is_common(self, token: Token) -> bool:
        """Whether a word, or what is left of it without joined prefixes, is in the language's dictionary."""
        word = self.word(token)
        if word.common is None:
            word.common = self._is_common(token.text)
        return word.common

    def _is_common(self, text: str) -> bool:
        forms = {text}
        for _ in range(_MAX_PREFIXES):
            forms |= {
                new + form[len(old) :]
                for form in forms
                for old, new, _ in self.spelling.prefixes
                if old and form.startswith(old) and len(form) - len(old) >= _MIN_STEM
            }
        return any(map(self.in_dictionary, forms))

    def is_region(self, words: tuple[str, ...]) -> bool:
        """Whether folded words name a region of the overlay or a country."""
        return words in self._overlay or words in self.countries.names

    def _unprefixed(self, base: Base) -> list[Base]:
        first = base.words[0]
        return [
            Base((new + first[len(old) :], *base.words[1:]), base.cost + 0.5, cue)
            for old, new, cue in self._prefixes.get(first[:1]) or self._prefixes[""]
            if first.startswith(old) and len(first) - len(old) >= _MIN_STEM and first != new + first[len(old) :]
        ]

    def _unended(self, base: Base) -> list[Base]:
        last = base.words[-1]
        return [
            Base((*base.words[:-1], last[: len(last) - len(old)] + new), base.cost + 0.5, cue or base.cue)
            for old, new, cue in self._endings.get(last[-1:]) or self._endings[""]
            if last.endswith(old) and len(last) - len(old) >= _MIN_STEM
        ]

    def _starts(self, bases: Iterable[Base]) -> tuple[tuple[Base, bool], ...]:
        """Those forms of a word with which a name begins, with whether longer names begin so."""
        return tuple([(base, goes_on) for base in bases if (goes_on := self._begin(base.words)) is not None])

    def _begin(self, words: tuple[str, ...]) -> bool | None:
        """Whether longer names begin with these words; None where they are no name and begin none."""
        hit = self.gazetteer.find(words)
        goes_on = hit.continues or words in self._beginnings
        return goes_on if goes_on or hit.entries or self.is_region(words) else None

    def _candidates(self, base: Base) -> list[Candidate]:
        """All that the words of `base` may name: overlay and country before GeoNames."""
        words, cost, cue = base.words, base.cost, base.cue
        place = self._overlay.get(words)
        if place is not None:
            return [Candidate(None, place, place.country, cost, cue)]
        code = self.countries.names.get(words)
        if code is not None:
            return [Candidate(None, self._country_places[code], code, cost, cue)]
        codes = alpha3_of()
        return [
            Candidate(n, None, codes.get(self.gazetteer.country(n)), cost, cue)
            for n in self.gazetteer.find(words).entries
        ]

    def match(self, tokens: Sequence[Token], first: int) -> Match | None:
        """The longest name that begins at a token; hyphens may stand inside it."""
        word = self.word(tokens[first])
        beam: Sequence[tuple[Base, bool]] = word.starts
        if not beam:
            return None
        if word.named is None:
            word.named = self._named(beam)
        best = Match(first + 1, word.named) if word.named else None
        if not _goes_on(beam):
            return best
        for index in range(first + 1, min(len(tokens), first + _MAX_NAME_TOKENS)):
            token = tokens[index]
            if token.kind == PUNCT:
                if token.text in HYPHENS:
                    continue
                break
            beam = self._extended(beam, self._more[token.text[:MAX_FORM]])
            if not beam:
                break
            found = [c for base, _ in beam for c in self._candidates(base)]
            if found:
                best = Match(index + 1, tuple(sorted(found, key=lambda c: c.cost)))
            if not _goes_on(beam):
                break
        return best

    def _named(self, beam: Iterable[tuple[Base, bool]]) -> tuple[Candidate, ...]:
        """All that a word of these forms may name alone, in its own form first."""
        found = [c for base, _ in beam for c in self._candidates(base)]
        return tuple(sorted(found, key=lambda c: c.cost))

    def _going_on(self, text: str) -> tuple[Base, ...]:
        """The forms of a written word with which a name may go on: of words that stand behind others in names."""
        return tuple(base for base in self._bases(text) if all(map(self._is_inside, base.words)))

    def _is_inside(self, word: str) -> bool:
        return word in self._inside or self.gazetteer.find((word,)).inside

    def _extended(self, beam: Iterable[tuple[Base, bool]], forms: Iterable[Base]) -> list[tuple[Base, bool]]:
        """The beginnings of names that a next word of these forms makes out of those before."""
        longer: list[tuple[Base, bool]] = []
        for base, may in beam:
            if not may:
                continue
            for more in forms:
                words = base.words + more.words
                goes_on = self._begin(words)
                if goes_on is not None and len(longer) < _BEAM:
                    longer.append((Base(words, base.cost + more.cost, more.cue or base.cue), goes_on))
        return longer

    def place(self, candidate: Candidate) -> Place:
        """The place that a candidate stands for."""
        if candidate.place is not None:
            return candidate.place
        assert candidate.number is not None
        entry = self._entry(candidate.number)
        return Place(
            entry.name,
            entry.geoname_id,
            candidate.country,
            entry.lat,
            entry.lon,
            PlacePrecision.CITY,
            entry.population,
        )

    def population(self, candidate: Candidate) -> int:
        """Inhabitants of a city, 0 for regions and countries."""
        return 0 if candidate.number is None else self.gazetteer.population(candidate.number)

    def first_group(self, tokens: Sequence[Token], beginnings: Iterable[int] | None = None) -> Group | None:
        """The first named group among these tokens, None without any; looked for at `beginnings`, by default at all."""
        for index in range(len(tokens)) if beginnings is None else beginnings:
            if tokens[index].kind == WORD and self.word(tokens[index]).group_starts:
                found = self.group_at(tokens, index)
                if found is not None:
                    return found[0]
        return None

    def beginnings(self, sentence: Sentence) -> list[int]:
        """Where in a sentence the name of a place or group may begin, or a word made of a country's name stand."""
        known: list[int] | None = sentence.memo.get("beginnings")
        if known is not None:
            return known
        marks = [form.place for form in sentence.forms]
        for index, mark in enumerate(marks):
            if mark is None:
                marks[index] = sentence.forms[index].place = self._mark(sentence.tokens[index])
        known = sentence.memo["beginnings"] = []
        last = len(marks) - 1
        for index, mark in enumerate(marks):
            if not mark:
                continue
            led = index > 0 and (marks[index - 1] or 0) & _LEADS
            if mark & _BEGINS or (mark & _OPEN and (led or (index < last and (marks[index + 1] or 0) & _TRAILS))):
                known.append(index)
        return known

    def _mark(self, token: Token) -> int:
        """What a written word is to names."""
        word = self.word(token)
        mark = _LEADS if word.kind or word.cue or word.link else 0
        mark |= _TRAILS if word.kind_after else 0
        may = token.kind == WORD and not word.cased
        if word.capital or word.group_starts or word.country is not None or (may and (word.starts or word.ending)):
            return mark | _BEGINS
        return mark | _OPEN if may else mark

    def words_of(self, sentence: Sentence) -> list[Word]:
        """What is known of each word of a sentence in this language, looked up once."""
        known: list[Word] | None = sentence.memo.get("words")
        if known is None:
            known = sentence.memo["words"] = [self.word(token) for token in sentence.tokens]
        return known

    def group_at(self, tokens: Sequence[Token], index: int) -> tuple[Group, int] | None:
        """The longest group name that begins at a token, and one past its last token."""
        beam = self.word(tokens[index]).group_starts
        if not beam:
            return None
        capitals = tokens[index].text[:2].isupper()
        best = self._group(beam, capitals, index + 1)
        for at in range(index + 1, min(len(tokens), index + _MAX_GROUP_WORDS)):
            if tokens[at].kind == PUNCT:
                continue  # quotation marks, hyphens and slashes inside a name
            longer = (words + base.words for words in beam for base in self.bases[tokens[at].text[:MAX_FORM]])
            beam = tuple(words for words in longer if words in self._group_starts)
            if not beam:
                break
            best = self._group(beam, capitals, at + 1) or best
        return best

    def _group(self, forms: Iterable[tuple[str, ...]], capitals: bool, last: int) -> tuple[Group, int] | None:
        for words in forms:
            group = self._groups.get(words)
            if group is not None and (capitals or not group.acronym):
                return group, last
        return None


def _goes_on(beam: Iterable[tuple[Base, bool]]) -> bool:
    """Whether longer names begin with one of these forms."""
    for _, goes_on in beam:  # noqa: SIM110 - asked of every name, and a generator is a call for each form
        if goes_on:
            return True
    return False


@cache
def _capitals(gazetteer: Gazetteer) -> Mapping[int, str]:
    """Entries of the gazetteer that are capitals, with the alpha-3 code of their country."""
    return {
        number: country.alpha3
        for country in all_countries().values()
        for number in gazetteer.find(fold_words(country.capital)).entries[:1]
        if gazetteer.country(number) == country.alpha2
    }
