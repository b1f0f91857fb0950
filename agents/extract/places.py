"""Named places of an article: what they resolve to, and which of them an act happened at.

Homonyms are decided by the article's other places and countries; what stays open is None, never a guess.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import log10
from typing import Final

from agents.extract.analysis import Analysis
from agents.extract.concepts import ITEM_CLASS
from agents.extract.fold import fold_words
from agents.extract.mentions import Mention, Read, Seen
from agents.extract.overlay import Place
from agents.extract.place_names import OWN_FORM, PlaceNames
from agents.extract.place_reader import KNOWN_CITY, read_places
from agents.extract.place_words import Candidate
from agents.extract.text import WORD, Sentence

__all__ = ["ActPlace", "ArticlePlaces", "Mention", "Place"]

_LEAD: Final = 1.1
"""How much more often than any other the main place of an article is named."""

_CLEAR_MARGIN: Final = 0.7
"""How much better the best country must be than the next, in powers of ten of inhabitants."""

_ADJECTIVE: Final = 0.5
"""What "Syrian troops" says of the country; its name says twice as much."""

_SUPPORT: Final = 0.4
"""What an article must say of a country before a small town of it is believed; being in its language says so much."""

_TALK: Final = 0.8
"""What names and adjectives of a country weigh in the article's setting, beside places that it tells with a cue."""

_FIRM: Final = 2.0
"""What must be said of a country before it decides between homonyms with its full weight."""

_ONLY_TOWN: Final = 10_000
"""Inhabitants of a town that is believed where its name is no other country's and a cue says that it is a place."""

_METROPOLIS: Final = 300_000
"""Inhabitants of a city that is believed under any ending."""

_COMMAS: Final = frozenset(",،(")
_LISTS: Final = frozenset((";", "؛", "/"))
_BESIDE: Final = 2
"""Tokens between two names of which one holds the other: a comma, and the word for where."""
_ACT_CUES: Final = frozenset({"at", "goal"})

_THINGS: Final = frozenset(f"item.{item}" for item, kind in ITEM_CLASS.items() if kind != "ground")

PLACES: Final = "places"
"""Where an analysis keeps its article's places for those who read noun phrases."""


@dataclass(slots=True)
class ActPlace:
    """Where an act happened: `text` as the article writes it, `country` by place or setting, `place` if resolved."""

    text: str | None
    country: str | None
    place: Place | None


class ArticlePlaces:
    """The places of one article; nothing is read before it is asked for."""

    def __init__(self, analysis: Analysis, names: PlaceNames) -> None:
        self._analysis = analysis
        self._names = names
        self._resolved: Mapping[int, tuple[Mention, ...]] | None = None
        self._read: dict[int | None, Place] = {}
        self._votes: Mapping[str, float] = {}
        self._setting: tuple[str | None] | None = None
        self._main: tuple[Mention | None] | None = None
        analysis.memo[PLACES] = self

    def mentions(self, sentence: Sentence) -> tuple[Mention, ...]:
        """The places that a sentence of this article names, in order."""
        resolved = self._resolved
        if resolved is None:
            resolved = self._resolved = self._resolve_all()
        return resolved.get(sentence.index, ())

    def mentions_of(self, mention: Mention) -> tuple[Mention, ...]:
        """The places that a mention's sentence names, itself among them."""
        return self.mentions(self._analysis.sentences[mention.sentence])

    @property
    def setting(self) -> str | None:
        """Alpha-3 code of the country that the article plays in, None if no country stands out."""
        if self._setting is None:
            self._setting = (self._find_setting(),)
        return self._setting[0]

    def _find_setting(self) -> str | None:
        mentions = list(self._all_mentions())  # reads the places, and with them the votes
        votes = defaultdict(float, {code: _TALK * vote for code, vote in self._votes.items()})
        for mention in mentions:
            if mention.country and mention.cue == "at" and not mention.site:
                votes[mention.country] += 1.0
        best = sorted(votes.items(), key=lambda vote: (-vote[1], vote[0]))[:2]
        if not best or best[0][1] < _TALK * _ADJECTIVE or (len(best) > 1 and best[0][1] < _LEAD * best[1][1]):
            return None
        return best[0][0]

    def of_act(self, sentence: Sentence, first: int, last: int) -> ActPlace:
        """Where the act told in tokens `first`..`last` of a sentence happened.

        Looked for in those tokens, then in the sentence, then in what the paragraph and the article told before.
        """
        return self.as_place(sentence, self.fitting(sentence, first, last) or self.carried(sentence))

    def fitting(
        self, sentence: Sentence, first: int, last: int, hints: Callable[[Mention], float] = lambda _: 0.0
    ) -> Mention | None:
        """The place that the sentence itself tells for the act in tokens `first`..`last`, None for none.

        `hints` adds what the caller knows of a mention; nothing fits at or below 0.
        """
        fitting = [
            (_fitness(m, first, last) + hints(m), -m.first, m) for m in self.mentions(sentence) if self._may_hold_act(m)
        ]
        best = max(fitting, key=lambda fit: fit[:2], default=None)
        return (self._part_of(best[2]) or best[2]) if best is not None and best[0] > 0 else None

    def _part_of(self, whole: Mention) -> Mention | None:
        """The more exact place that a mention only holds: "in Matuu, Machakos County", "Hartum'daki saray"."""
        sentence = self._analysis.sentences[whole.sentence]
        for part in self.mentions(sentence):
            if self._is_named_first(sentence, part, whole) or self._is_named_last(part, whole):
                return part
        return None

    def _is_named_first(self, sentence: Sentence, part: Mention, whole: Mention) -> bool:
        if not 0 < whole.first - part.last <= _BESIDE or part.exactness < whole.exactness:
            return False
        mark = sentence.tokens[part.last].text
        return mark in _COMMAS or (part.exactness > whole.exactness and whole.cue == "at" and mark not in _LISTS)

    def _is_named_last(self, part: Mention, whole: Mention) -> bool:
        behind = 0 <= part.first - whole.last <= 1 and part.exactness > whole.exactness
        return behind and self._names.whole_first

    def as_place(self, sentence: Sentence, mention: Mention | None) -> ActPlace:
        """A mention as the place of an act told in a sentence; without one, the article's country alone."""
        if mention is None:
            return ActPlace(None, self.setting, None)
        return ActPlace(mention.text, mention.country or self._country_near(sentence), mention.place)

    def origin(self, sentence: Sentence, first: int, last: int) -> Mention | None:
        """The place that people leave, told in or near tokens `first`..`last`."""
        return self._nearest(sentence, first, last, "source")

    def destination(self, sentence: Sentence, first: int, last: int) -> Mention | None:
        """The place that people go to, told in or near tokens `first`..`last`."""
        return self._nearest(sentence, first, last, "goal")

    def _nearest(self, sentence: Sentence, first: int, last: int, cue: str) -> Mention | None:
        cued = [m for m in self.mentions(sentence) if m.cue == cue]
        inside = [m for m in cued if first <= m.first < last]
        return min(inside or cued, key=lambda m: (abs(m.first - first), -m.exactness), default=None)

    def _may_hold_act(self, mention: Mention) -> bool:
        """Countries are too wide to be the place of an act; a capital without a cue stands for its government."""
        if mention.exactness == 0:
            return False
        return mention.cue is not None or not (self.is_capital(mention) or self._names_another(mention))

    def _names_another(self, mention: Mention) -> bool:
        """Without a cue, a name right behind another name or a thing is a part of it ("Anar Eyvazov", "truk Ural").

        A thing that is an act as well ("to shell Kaya") is none.
        """
        if mention.first < 1:
            return False
        sentence = self._analysis.sentences[mention.sentence]
        before = sentence.tokens[mention.first - 1]
        if before.kind == WORD and before.text[:1].isupper() and mention.first > 1:
            return True
        concepts = [hit.concept for hit in sentence.hits if hit.last == mention.first]
        return not _THINGS.isdisjoint(concepts) and not any(concept.startswith("act.") for concept in concepts)

    def is_capital(self, mention: Mention) -> bool:
        """Whether a mention names the capital of a country."""
        return mention.seat or (mention.place is not None and mention.place.geoname_id in self._names.capital_ids)

    def _country_near(self, sentence: Sentence) -> str | None:
        """The country for a place that is unknown: that of places named with it or just before, else the article's."""
        for near in reversed(self._analysis.sentences[: sentence.index + 1]):
            if near.paragraph != sentence.paragraph:
                break
            codes = {m.country for m in self.mentions(near) if m.country and m.cue in _ACT_CUES}
            if codes:
                return codes.pop() if len(codes) == 1 else self.setting
        return self.setting

    def carried(self, sentence: Sentence) -> Mention | None:
        """The place that the text is about where the sentence names none: the paragraph's latest, else the main one."""
        for before in reversed(self._analysis.sentences[: sentence.index]):
            if before.paragraph != sentence.paragraph:
                break
            cued = [m for m in self.mentions(before) if m.cue in _ACT_CUES and m.exactness > 1]
            if cued:
                return cued[0]
        return self.main_so_far(sentence)

    def country_of_act(self, sentence: Sentence) -> Mention | None:
        """The country that a sentence tells with a word for where, for an act that has no more exact place."""
        return next((m for m in self.mentions(sentence) if m.exactness == 0 and m.cue in _ACT_CUES), None)

    @property
    def main(self) -> Mention | None:
        """The first mention of the place that the article names most, None where several share the lead."""
        if self._main is None:
            self._main = (self._find_main(),)
        return self._main[0]

    def main_so_far(self, sentence: Sentence, sites: bool = False) -> Mention | None:
        """The main place where the title names it too and nothing else was named as a place of acts so far.

        `sites`: streets and camps may have been, as they may lie in it.
        """
        main = self.main
        if main is None:
            return None
        key = self._key(main)
        named_in_title = False
        for before in self._analysis.sentences[: sentence.index]:
            for mention in self.mentions(before):
                skipped = sites and mention.site
                if self._key(mention) == key:
                    named_in_title |= before.in_title
                elif not before.in_title and mention.cue in _ACT_CUES and mention.exactness > 1 and not skipped:
                    return None
        return main if named_in_title else None

    def _key(self, mention: Mention) -> object:
        """What two mentions of one place share."""
        place = mention.place
        return (place.geoname_id or place.name) if place else fold_words(mention.text)

    def _find_main(self) -> Mention | None:
        """The place that the article names most; None where several share the lead."""
        weights: defaultdict[object, float] = defaultdict(float)
        told: dict[object, Mention] = {}
        for mention in self._all_mentions():
            if self._may_hold_act(mention):
                key = self._key(mention)
                weights[key] += 1.0 + (mention.cue in _ACT_CUES) + 0.5 * (mention.exactness > 1)
                if key not in told or not self._analysis.sentences[mention.sentence].in_title:
                    told.setdefault(key, mention)
        ranked = sorted(weights.items(), key=lambda item: -item[1])
        if not ranked or (len(ranked) > 1 and ranked[0][1] < _LEAD * ranked[1][1]):
            return None
        return told[ranked[0][0]]

    def _all_mentions(self) -> Iterator[Mention]:
        for sentence in self._analysis.sentences:
            yield from self.mentions(sentence)

    def _seen(self, read: Iterable[Read]) -> list[Seen]:
        """All mentions; weak ones only where the same name stands elsewhere with a cue."""
        seen = [s for one in read for s in one.places]
        if not any(s.weak for s in seen):
            return seen
        sure = {key for s in seen if not s.weak for key in self._keys(s)}
        return [s for s in seen if not s.weak or any(key in sure for key in self._keys(s))]

    def _keys(self, seen: Seen) -> list[object]:
        """What makes two mentions the same name: an entry of the gazetteer, or a form that both may be of."""
        if seen.candidates:
            return [c.number if c.number is not None else c.country for c in seen.candidates]
        return [base.words for base in self._names.bases[seen.mention.text]]

    def _count_votes(self, read: Iterable[Read], all_seen: Iterable[Seen]) -> Mapping[str, float]:
        """How much the article speaks for each country: by its name, its adjectives, its forces, regions and towns."""
        votes: defaultdict[str, float] = defaultdict(float)
        for code in self._names.spelling.home:
            votes[code] += _SUPPORT
        for code in (code for one in read for code in one.countries):
            votes[code] += _ADJECTIVE
        for seen in all_seen:
            codes = {c.country for c in seen.candidates}
            told = codes.pop() if len(codes) == 1 else None
            if told:
                votes[told] += self._vote(seen)
        return votes

    def _vote(self, seen: Seen) -> float:
        large = max(map(self._names.population, seen.candidates)) >= KNOWN_CITY and not seen.common
        sure = seen.candidates[0].number is None or large
        return (1.5 if seen.mention.cue == "at" else 1.0) if sure else 0.2

    def _resolve_all(self) -> Mapping[int, tuple[Mention, ...]]:
        """The mentions of each sentence that names places, once the votes of the whole article are counted."""
        read = [read_places(sentence, self._names, self._analysis.text) for sentence in self._analysis.sentences]
        all_seen = self._seen(read)
        self._votes = self._count_votes(read, all_seen)
        top = max(_FIRM, *self._votes.values(), 0.0)
        found: dict[int, list[Mention]] = {}
        for seen in all_seen:
            mention = self._resolve(seen, top)
            if mention is not None:
                found.setdefault(mention.sentence, []).append(mention)
        return {index: tuple(mentions) for index, mentions in found.items()}

    def _resolve(self, seen: Seen, top: float) -> Mention | None:
        """The mention, told the place that it means unless that is open; None where it is no place.

        `top` is the most votes of a country, or what makes it decide with its full weight.
        """
        mention = seen.mention
        if not seen.candidates:
            return mention
        best, score = seen.candidates[0], 0.0
        rival: float | None = None
        if len(seen.candidates) > 1:
            scored = sorted(((self._score(c, top), -i, c) for i, c in enumerate(seen.candidates)), reverse=True)
            score, _, best = scored[0]
            rival = next((s for s, _, c in scored if c.country != best.country), None)
        mention.cue = mention.cue or best.cue
        cued = mention.cue is not None
        large = seen.common and cued and not mention.site and self._is_metropolis(best)
        if not large and not self._believed(best, seen.common or mention.site, cued and rival is None):
            return mention if (mention.cue or mention.site) and not seen.common else None
        if rival is not None and score - rival < _CLEAR_MARGIN:
            mention.seat = best.number in self._names.capitals
        else:
            mention.place, mention.country = self._place_of(best), best.country
        return mention

    def _place_of(self, candidate: Candidate) -> Place:
        """The place of a candidate, read once: articles name their places often."""
        place = self._read.get(candidate.number)
        if place is None:
            place = self._names.place(candidate)
            if candidate.number is not None:
                self._read[candidate.number] = place
        return place

    def _believed(self, candidate: Candidate, common: bool, only: bool) -> bool:
        """Whether the article speaks for the town's country, or the town is large and the name no `common` word."""
        if candidate.number is None or self._votes.get(candidate.country or "", 0.0) >= _SUPPORT:
            return True
        size = self._names.population(candidate)
        known = _ONLY_TOWN if only else KNOWN_CITY if candidate.cost <= OWN_FORM else _METROPOLIS
        return not common and size >= known

    def _is_metropolis(self, candidate: Candidate) -> bool:
        """Whether a large city stands in its own form: dictionaries list such names among the words ("دوحه")."""
        return candidate.cost == 0.0 and self._names.population(candidate) >= _METROPOLIS

    def _score(self, candidate: Candidate, top: float) -> float:
        """Powers of ten of inhabitants, and up to four more for what the article says of the country."""
        support = self._votes.get(candidate.country or "", 0.0) / top
        size = 9.0 if candidate.number is None else log10(self._names.population(candidate) + 10)
        return size + 4 * support - 2 * candidate.cost


def _fitness(mention: Mention, first: int, last: int) -> float:
    """How well a place fits as that of the act in tokens `first`..`last`; nothing at or below 0."""
    inside = first <= mention.first < last
    distance = 0 if inside else min(abs(mention.first - last), abs(first - mention.last))
    cue = {"at": 2.0, "goal": 1.0, "source": 1.2, None: 0.4}[mention.cue]
    return cue + (1.5 if inside else 0.0) + 0.5 * mention.exactness - 0.08 * distance
