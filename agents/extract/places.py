"""Named places of an article: mentions, what they resolve to, and which of them an act happened at.

Homonyms are decided by the article's other places and countries; what stays open is None, never a guess.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property
from math import log10
from typing import Final, NamedTuple

from agents.extract.analysis import Analysis
from agents.extract.fold import fold_words
from agents.extract.place_names import Candidate, Place, PlaceNames
from agents.extract.text import PUNCT, WORD, Sentence, Token
from streams.vocabulary import PlacePrecision

__all__ = ["ActPlace", "ArticlePlaces", "Mention", "Place"]

_MAX_NAME_TOKENS: Final = 9
_MAX_UNKNOWN_WORDS: Final = 3
_HYPHENS: Final = frozenset("-‑–־")
_JOINS: Final = frozenset(",،(")

_KNOWN_CITY: Final = 50_000
"""A town this large is taken for itself where nothing else in the article speaks for its country."""

_LEAD: Final = 1.2
"""How much more often than any other the main place of an article is named."""

_ACT_CUES: Final = frozenset({"at", "goal"})

_CLEAR_MARGIN: Final = 0.7
"""How much better the best country must be than the next, in powers of ten of inhabitants."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A place that a sentence names. `first`, `last` are token indexes, `start`, `end` offsets into the text.

    `cue` is `at`, `source`, `goal` or None: what the word before (or the ending) says of the place's part. `place` is
    None where the text names a place ("the village of X") that is unknown or cannot be decided. `site` tells that it
    is a named camp, bridge, hospital and the like.
    """

    sentence: int
    first: int
    last: int
    start: int
    end: int
    text: str
    cue: str | None
    place: Place | None
    country: str | None
    site: bool = False

    @property
    def exactness(self) -> int:
        """0 country, 1 region, 2 town or an unknown place, 3 site."""
        if self.site:
            return 3
        if self.place is None:
            return 2
        return {PlacePrecision.COUNTRY: 0, PlacePrecision.REGION: 1}.get(self.place.precision, 2)


@dataclass(frozen=True, slots=True)
class ActPlace:
    """Where an act happened: `text` as the article writes it, `country` by place or setting, `place` if resolved."""

    text: str | None
    country: str | None
    place: Place | None


_NOWHERE: Final = ActPlace(None, None, None)


class _Seen(NamedTuple):
    """A mention before it is resolved."""

    mention: Mention
    candidates: tuple[Candidate, ...]


class ArticlePlaces:
    """The places of one article; nothing is read before it is asked for."""

    def __init__(self, analysis: Analysis, names: PlaceNames) -> None:
        self._analysis = analysis
        self._names = names
        self._spelling = names.spelling

    def mentions(self, sentence: Sentence) -> tuple[Mention, ...]:
        """The places that a sentence of this article names, in order."""
        return self._resolved.get(sentence.index, ())

    @cached_property
    def setting(self) -> str | None:
        """Alpha-3 code of the country that the article plays in, None if no country stands out."""
        best = sorted(self._votes.items(), key=lambda vote: (-vote[1], vote[0]))[:2]
        if not best or best[0][1] < 1 or (len(best) > 1 and best[0][1] < 1.5 * best[1][1]):
            return None
        return best[0][0]

    def of_act(self, sentence: Sentence, first: int, last: int) -> ActPlace:
        """Where the act told in tokens `first`..`last` of a sentence happened.

        Looked for in those tokens, then in the sentence, then in what the paragraph told before.
        """
        best = max(
            ((_fitness(m, first, last), -m.first, m) for m in self.mentions(sentence) if self._may_hold_act(m)),
            default=None,
        )
        if best is not None and best[0] > 0:
            return self._act_place(best[2])
        carried = self._carried(sentence)
        return self._act_place(carried) if carried else ActPlace(None, self.setting, None)

    def origin(self, sentence: Sentence, first: int, last: int) -> Mention | None:
        """The place that people leave in tokens `first`..`last`, by its cue."""
        return self._nearest(sentence, first, last, "source")

    def destination(self, sentence: Sentence, first: int, last: int) -> Mention | None:
        """The place that people go to in tokens `first`..`last`, by its cue."""
        return self._nearest(sentence, first, last, "goal")

    def _nearest(self, sentence: Sentence, first: int, last: int, cue: str) -> Mention | None:
        cued = [m for m in self.mentions(sentence) if m.cue == cue]
        inside = [m for m in cued if first <= m.first < last]
        return min(inside or cued, key=lambda m: (abs(m.first - first), -m.exactness), default=None)

    def _act_place(self, mention: Mention) -> ActPlace:
        return ActPlace(mention.text, mention.country or self.setting, mention.place)

    def _may_hold_act(self, mention: Mention) -> bool:
        """Countries are too wide to be the place of an act; a capital without a cue stands for its government."""
        return mention.exactness > 0 and (mention.cue is not None or not self._is_capital(mention))

    def _is_capital(self, mention: Mention) -> bool:
        return mention.place is not None and mention.place.geoname_id in self._names.capital_ids

    def _carried(self, sentence: Sentence) -> Mention | None:
        """The place that the text is about where the sentence names none: the paragraph's latest, else the main one."""
        for before in reversed(self._analysis.sentences[: sentence.index]):
            if before.paragraph != sentence.paragraph:
                break
            cued = [m for m in self.mentions(before) if m.cue in _ACT_CUES and m.exactness > 1]
            if cued:
                return cued[0]
        return self._main

    @cached_property
    def _main(self) -> Mention | None:
        """The place that the article names most, the title counting twice; None where several share the lead."""
        weights: dict[tuple[str, ...], float] = {}
        first: dict[tuple[str, ...], Mention] = {}
        for sentence in self._analysis.sentences:
            for mention in self.mentions(sentence):
                if mention.exactness and self._may_hold_act(mention):
                    key = (
                        (str(mention.place.geoname_id or mention.place.name),)
                        if mention.place
                        else fold_words(mention.text)
                    )
                    weight = 1.0 + (mention.cue in _ACT_CUES) + 0.5 * (mention.exactness > 1)
                    weights[key] = weights.get(key, 0.0) + weight
                    if key not in first or not sentence.in_title:
                        first.setdefault(key, mention)
        ranked = sorted(weights.items(), key=lambda item: -item[1])
        if not ranked or (len(ranked) > 1 and ranked[0][1] < _LEAD * ranked[1][1]):
            return None
        return first[ranked[0][0]]

    @cached_property
    def _seen(self) -> list[_Seen]:
        return [
            seen
            for sentence in self._analysis.sentences
            for seen in _Reader(sentence, self._names, self._analysis.text).run()
        ]

    @cached_property
    def _votes(self) -> dict[str, float]:
        """How much the article speaks for each country: by its name, its adjectives, its regions and towns."""
        votes: defaultdict[str, float] = defaultdict(float)
        for sentence in self._analysis.sentences:
            for token in sentence.tokens:
                if token.kind == WORD:
                    for word in fold_words(token.text):
                        code = self._names.countries.of_word(word)
                        if code:
                            votes[code] += 0.5
        for seen in self._seen:
            codes = {c.country for c in seen.candidates}
            if len(codes) == 1:
                code = codes.pop()
                size = max(map(self._names.population, seen.candidates))
                sure = seen.candidates[0].number is None or size >= _KNOWN_CITY or seen.mention.cue is not None
                if code:
                    votes[code] += (1.0 if sure else 0.3) * (1.5 if seen.mention.cue == "at" else 1.0)
        return votes

    @cached_property
    def _resolved(self) -> dict[int, tuple[Mention, ...]]:
        found: dict[int, list[Mention]] = {}
        for seen in self._seen:
            mention = self._resolve(seen)
            if mention is not None:
                found.setdefault(mention.sentence, []).append(mention)
        return {index: tuple(mentions) for index, mentions in found.items()}

    def _resolve(self, seen: _Seen) -> Mention | None:
        if not seen.candidates:
            return replace(seen.mention, country=None)
        top = max(self._votes.values(), default=0.0)
        scored = sorted(((self._score(c, top), -i, c) for i, c in enumerate(seen.candidates)), reverse=True)
        best = scored[0][2]
        rival = next((s for s, _, c in scored if c.country != best.country), None)
        supported = best.number is None or self._votes.get(best.country or "", 0.0) > 0.3
        if not supported and self._names.population(best) < _KNOWN_CITY:
            return replace(seen.mention, country=None) if seen.mention.cue or seen.mention.site else None
        if rival is not None and scored[0][0] - rival < _CLEAR_MARGIN:
            return replace(seen.mention, country=None)
        place = self._names.place(best)
        return replace(seen.mention, place=place, country=best.country, cue=seen.mention.cue or best.cue)

    def _score(self, candidate: Candidate, top: float) -> float:
        """Powers of ten of inhabitants, and up to four more for what the article says of the country."""
        support = self._votes.get(candidate.country or "", 0.0) / top if top else 0.0
        size = 9.0 if candidate.number is None else log10(self._names.population(candidate) + 10)
        return size + 4 * support - 2 * candidate.cost


def _fitness(mention: Mention, first: int, last: int) -> float:
    """How well a place fits as that of the act in tokens `first`..`last`; nothing at or below 0."""
    inside = first <= mention.first < last
    distance = 0 if inside else min(abs(mention.first - last), abs(first - mention.last))
    cue = {"at": 2.0, "goal": 1.5, "source": 1.2, None: 0.4}[mention.cue]
    return cue + (1.5 if inside else 0.0) + 0.3 * mention.exactness - 0.08 * distance


class _Reader:
    """Finds the place names of one sentence."""

    def __init__(self, sentence: Sentence, names: PlaceNames, text: str) -> None:
        self.sentence = sentence
        self.tokens = sentence.tokens
        self.names = names
        self.spelling = names.spelling
        self.text = text
        self.taken = _hit_tokens(sentence)
        words = [t for t in self.tokens if t.kind == WORD]
        self.headline = len(words) > 3 and sum(t.text[0].isupper() for t in words) > 0.6 * len(words)

    def run(self) -> list[_Seen]:
        found: list[_Seen] = []
        at = 0
        while at < len(self.tokens):
            seen = self._at(at) if self._may_begin(self.tokens[at]) else None
            group = self.names.group_at(self.tokens, at)
            if group is not None and (seen is None or seen.mention.last <= group[1]) and not _is_region(seen):
                at = group[1]
            elif seen is not None:
                found.append(self._chained(seen, found))
                at = seen.mention.last
            else:
                at += 1
        return found

    def _chained(self, seen: _Seen, found: list[_Seen]) -> _Seen:
        """A name that follows another at once ("in Tibú, Catatumbo"; "on Nairobi's Moi Avenue") shares its cue."""
        if found and seen.mention.cue is None and seen.mention.first - found[-1].mention.last <= 1:
            between = self.tokens[found[-1].mention.last : seen.mention.first]
            if all(t.text in _JOINS for t in between):
                return seen._replace(mention=replace(seen.mention, cue=found[-1].mention.cue))
        return seen

    def _may_begin(self, token: Token) -> bool:
        return token.kind == WORD and (token.text[0].isupper() or not _has_case(token.text))

    def _at(self, first: int) -> _Seen | None:
        window = self.tokens[first : first + _MAX_NAME_TOKENS]
        stop = next((i for i, t in enumerate(window) if t.kind == PUNCT and t.text not in _HYPHENS), len(window))
        window = window[:stop]
        match = self.names.match([t.text for t in window], [t.text in _HYPHENS for t in window])
        cue, kind = self._before(first)
        if match is None or (match.last == 1 and first in self.taken) or self._goes_on(first, first + match.last):
            return self._unknown(first, cue, kind)
        last = first + match.last
        cue = cue or next((c.cue for c in match.candidates if c.cue), None)
        kind = kind or self._kind_after(last)
        if not (cue or kind or self._plausible(first, last, match.candidates)):
            return None
        return _Seen(self._mention(first, last, cue, kind), match.candidates)

    def _plausible(self, first: int, last: int, candidates: tuple[Candidate, ...]) -> bool:
        """Whether a name without cue is more than a common word or a part of a person's name."""
        if candidates[0].number is None:
            return True
        size = max(map(self.names.population, candidates))
        text = self.tokens[first].text
        if not _has_case(text):
            return size >= _KNOWN_CITY or last - first > 1
        if self.headline:
            return size >= _KNOWN_CITY
        beside = (first - 1, last)
        return size >= 1000 and not any(self._is_name(i) for i in beside)

    def _is_name(self, index: int) -> bool:
        """Whether the token is capitalised inside the sentence and stands for nothing the lexicon knows."""
        if not 0 < index < len(self.tokens) or index in self.taken:
            return False
        token = self.tokens[index]
        return token.kind == WORD and token.text[0].isupper()

    def _before(self, first: int) -> tuple[str | None, str | None]:
        """The cue and the kind noun ("in the village of") before token `first`."""
        cue = kind = None
        for index in range(first - 1, max(-1, first - 5), -1):
            word = " ".join(fold_words(self.tokens[index].text))
            if kind is None and word in self.spelling.kinds:
                kind = word
            elif word in self.spelling.at:
                cue = "at"
            elif word in self.spelling.source:
                cue = "source"
            elif word in self.spelling.goal:
                cue = "goal"
            elif index < first - 1 or self.tokens[index].kind == PUNCT:
                break
            else:
                break
            if cue:
                break
        return cue, kind

    def _kind_after(self, last: int) -> str | None:
        if last >= len(self.tokens):
            return None
        word = " ".join(fold_words(self.tokens[last].text))
        return word if word in self.spelling.kinds_after else None

    def _unknown(self, first: int, cue: str | None, kind: str | None) -> _Seen | None:
        """A name that no list has, where a cue or a kind noun says that it is a place."""
        token = self.tokens[first]
        if first in self.taken or not (kind or (cue and _has_case(token.text))):
            return None
        last = self._name_end(first)
        return _Seen(self._mention(first, last, cue, kind), ())

    def _name_end(self, first: int) -> int:
        """One past the unknown name that begins at `first`: capitalised words, and what hyphens join."""
        last = first + 1
        while last < len(self.tokens) and last - first < _MAX_NAME_TOKENS:
            if self._hyphenated(last):
                last += 2
            elif _has_case(self.tokens[first].text) and self._is_name(last) and last - first < _MAX_UNKNOWN_WORDS:
                last += 1
            else:
                break
        return last

    def _hyphenated(self, at: int) -> bool:
        """Whether token `at` is a hyphen that joins its neighbours, or a small word ("al") before one."""
        if at + 1 >= len(self.tokens) or self.tokens[at + 1].kind != WORD:
            return False
        token = self.tokens[at]
        if token.text in _HYPHENS:
            return self.tokens[at - 1].end == token.start and token.end == self.tokens[at + 1].start
        following = self.tokens[at + 1 : at + 3]
        return (
            token.kind == WORD
            and len(token.text) <= 3
            and token.text.islower()
            and len(following) == 2
            and following[0].text in _HYPHENS
            and token.end == following[0].start
        )

    def _goes_on(self, first: int, last: int) -> bool:
        """Whether the written name is longer than the known one ("Tel" of "Tel al-Hawa")."""
        return self._hyphenated(last) if last < len(self.tokens) else False

    def _mention(self, first: int, last: int, cue: str | None, kind: str | None) -> Mention:
        site = kind is not None and kind in self.spelling.sites
        if site:
            first, last = self._with_kind(first, last, kind or "")
        start, end = self.sentence.span(first, last)
        return Mention(self.sentence.index, first, last, start, end, self.text[start:end], cue, None, None, site)

    def _with_kind(self, first: int, last: int, kind: str) -> tuple[int, int]:
        """The name's tokens with its kind noun, which stands right before or after it."""
        for index in range(first - 1, max(-1, first - 4), -1):
            if " ".join(fold_words(self.tokens[index].text)) == kind:
                return index, last
        return first, last + 1


def _is_region(seen: _Seen | None) -> bool:
    """Whether a name stands in our overlay: a region may share its name with a force ("Artsakh")."""
    return bool(seen and seen.candidates and seen.candidates[0].number is None)


def _has_case(text: str) -> bool:
    return text.lower() != text.upper()


def _hit_tokens(sentence: Sentence) -> frozenset[int]:
    return frozenset(i for hit in sentence.hits for i in range(hit.first, hit.last))
