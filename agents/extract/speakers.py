"""Who speaks in one sentence: every source that its words name, each with the word that names it as one.

A source stands beside a verb of saying, behind "according to", before a colon (live blogs), behind a quotation, or in
apposition to one of these ("the mayor, Ann Smith, said").
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from agents.extract.analysis import Analysis
from agents.extract.concepts import bits, starting
from agents.extract.language import Language
from agents.extract.names import Phrase, Phrases
from agents.extract.roles import is_passive
from agents.extract.speaker_names import BODIES, ROLE, Source, SpeakerNames
from agents.extract.speaker_phrases import SpeakerPhrases
from agents.extract.text import PUNCT, WORD, Hit, Sentence
from agents.extract.view import View

_COLON_REACH: Final = 14
_DAYS: Final = starting("time.")

_SAYING: Final = ("say.according", "say.verb", "say.stated", "say.after", "say.self", "cue.denial")
_SAYING_BITS: Final = bits(*_SAYING)
DENIAL: Final = "cue.denial"
_ACTS: Final = ("act.", "move.", "term.", "func.verb", "say.verb")
_ADJUNCT: Final = 4
"""Tokens between a verb and the subject behind it ("confirmed to us by telephone | her spokesman")."""

_REMARK: Final = 12
"""Tokens of a remark between a speaker and the verb."""


@dataclass(slots=True)
class Claim:
    """A source with the word that makes it one; `cue` is None for a colon (`is_colon`) or a quotation."""

    source: Source
    cue: Hit | None
    is_colon: bool = False


def claims(analysis: Analysis, language: Language, sentence: Sentence) -> Sequence[Claim]:
    """All sources that a sentence names, the surest first; read once."""
    key = ("claims", sentence.index)
    if key not in analysis.memo:
        analysis.memo[key] = Speakers(analysis, language, sentence).read()
    found: Sequence[Claim] = analysis.memo[key]
    return found


def may_open(sentence: Sentence) -> bool:
    """Whether a colon near the beginning may set off who speaks."""
    return any(token.text == ":" for token in sentence.tokens[1:_COLON_REACH])


class Speakers:
    """Reads the source out of one sentence."""

    def __init__(self, analysis: Analysis, language: Language, sentence: Sentence) -> None:
        self.analysis = analysis
        self.language = language
        self.sentence = sentence
        self.view = View.of(analysis, sentence)
        self.colon = self._colon()

    def _open(self) -> None:
        """Read the noun phrases, which most sentences never need."""
        self.phrases = Phrases.of(self.analysis, self.language, self.view)
        self._names = SpeakerNames(self.language, self.phrases)
        self._judge = SpeakerPhrases(self.analysis, self.language, self.phrases, self._names)

    def read(self) -> list[Claim]:
        quote = self._quote_end()
        if not self.sentence.concepts & _SAYING_BITS and self.colon is None and quote is None:
            return []
        self._open()
        itself = self._itself()
        found = [itself] if itself is not None else []
        told = self._candidates(quote)
        found += [Claim(self._names.source_of(phrase), cue) for phrase, cue in told if phrase is not None]
        before = self._before_colon()
        return found if before is None else [*found, Claim(self._names.source_of(before), None, is_colon=True)]

    def body(self) -> Source | None:
        """The office that stands nearest to the word for a bulletin."""
        self._open()
        bulletin = self.view.hits("say.bulletin")[0]
        offices = [p for p in self.phrases.all if self.view.touch(p, "say.office")]
        offices = [p for p in offices if not self._judge.is_where(p)] or offices
        nearest = min(offices, key=lambda p: abs(p.first - bulletin.last), default=None)
        if nearest is None:
            return None
        if nearest.first <= bulletin.first < nearest.last - 1:
            nearest = Phrase(bulletin.last, nearest.last)
        return Source(self.phrases.write(self._judge.with_adjunct(nearest)))

    def first_body(self) -> Source:
        """The first office or person with a role."""
        self._open()
        found = next(p for p in self.phrases.all if self.view.touches(p, BODIES))
        return self._names.source_of(found)

    def _candidates(self, quote: int | None) -> Iterator[tuple[Phrase | None, Hit | None]]:
        yield from ((self._behind(hit.last, 2), hit) for hit in self.view.hits("say.according"))
        yield from ((self._behind(hit.last, 2), hit) for hit in self.view.hits("say.stated") if self._is_inverted(hit))
        yield from ((self._in_front(hit), hit) for hit in self.view.hits("say.after"))
        last = bool(self.language.cases) or self.language.pack.verb_order == "sov"
        told = self._of_last_verb if last else self._beside
        for hit in self.view.hits("say.verb"):
            denies = any(h.first < hit.last and hit.first < h.last for h in self.view.hits(DENIAL))
            if not denies:
                yield told(hit) or self._alone(hit), hit
        yield from ((told(hit) or self._alone(hit, behind=False), hit) for hit in self.view.hits(DENIAL))
        if self.view.has("say.reference"):
            yield from ((self._behind(hit.last, 8), hit) for hit in self.view.hits("say.stated"))
        if quote is not None:
            yield self._person_behind(quote), None

    def _itself(self) -> Claim | None:
        """ "The group said": the actor speaks; "said that the group" tells of it."""
        for hit in self.view.hits("say.self"):
            for verb in self.view.hits("say.verb"):
                if verb.first in (hit.last, hit.last + 1) or verb.last == hit.first:
                    start, end = self.sentence.span(hit.first, hit.last)
                    return Claim(Source(self.analysis.text[start:end], itself=True), verb)
        return None

    def _behind(self, at: int, reach: int) -> Phrase | None:
        for phrase in self.phrases.right_of(at):
            if phrase.first - at > reach:
                return None
            if self._judge.speaks(phrase, at):
                return self._judge.with_adjunct(phrase)
        return None

    def _in_front(self, hit: Hit) -> Phrase | None:
        phrase = next(self.phrases.left_of(hit.first), None)
        close = phrase is not None and hit.first - phrase.last <= 1 and self._judge.speaks(phrase, hit.first)
        return phrase if close else None

    def _beside(self, hit: Hit) -> Phrase | None:
        """The speaker right before the verb, else right behind it."""
        before = None if is_passive(self.phrases, hit) else self._subject(hit)
        if before is not None:
            return before
        start = self._past_days(hit.last)
        inverted = self._is_inverted(hit)
        if inverted or self.language.pack.verb_order == "vso":
            for after in self.phrases.right_of(start):
                if after.first - start > (_ADJUNCT if inverted else 1):
                    break
                if self._judge.speaks(after, start) and (
                    after.first - start <= 1 or not self.phrases.after_preposition(after)
                ):
                    return self._judge.with_adjunct(after)
        return None

    def _is_inverted(self, hit: Hit) -> bool:
        """Whether a verb opens its sentence or clause: its subject stands behind it."""
        return hit.first == 0 or self.sentence.tokens[hit.first - 1].kind == PUNCT

    def _alone(self, hit: Hit, behind: bool = True) -> Phrase | None:
        """A subject of whatever kind that fills the clause with its verb: "..., the opposition said"."""
        start = self._past_days(hit.last)
        before = self.language.pack.verb_order != "vso"
        first, last = self.view.clause_bounds(hit.first)
        first += self.sentence.tokens[first].kind == PUNCT
        for phrase in self.phrases.all:
            inverted = behind and 0 < hit.first == first and start <= phrase.first <= start + 1 and phrase.last == last
            plain = before and first <= phrase.first <= first + 1 and phrase.last == hit.first
            if (inverted or plain) and not self._judge.is_thing(phrase) and not self.phrases.after_preposition(phrase):
                return phrase
        return None

    def _past_days(self, at: int) -> int:
        """Behind the day named at a token: "dijo este lunes | la ministra"."""
        days = {i for h in self.sentence.hits if h.concept in _DAYS for i in range(h.first, h.last)}
        while at in days or (at + 1 in days and self.sentence.tokens[at].text.islower()):
            at += 1
        return at

    def _of_last_verb(self, verb: Hit) -> Phrase | None:
        """Where verbs stand last: the speaker right before the verb, else the one that opens the sentence."""
        beside = self._beside(verb)
        close = beside is not None and (beside.last == verb.first or beside.first >= verb.last)
        return beside if close else self._alone(verb) or self._opening(verb) or beside

    def _opening(self, verb: Hit) -> Phrase | None:
        """The speaker that opens the sentence: the first phrase without an ending of case."""
        if is_passive(self.phrases, verb):
            return None
        first, _ = self.view.part_bounds(verb.first)
        before = (p for p in self.phrases.all if first <= p.first and p.last <= verb.first)
        return next((p for p in before if self.phrases.case(p) is None and self._judge.speaks(p, None)), None)

    def _subject(self, verb: Hit) -> Phrase | None:
        """The phrase before a verb of saying; adjuncts behind it are stepped over, or part of an office's name.

        Behind "and" the verb has the subject of the one before it: "the army denied it and | said".
        """
        if any(h.last == verb.first for h in self.view.hits("cue.and")):
            return self._opening(verb)
        edge, tail, remark = verb.first, None, False
        for phrase in self.phrases.left_of(verb.first):
            if self._judge.is_remark(phrase) and not self._judge.is_titled(phrase):
                remark = True
                continue
            if not (self._close(phrase.last, edge) or self._judge.is_apposed(phrase, verb.first)):
                return None
            if self.phrases.after_preposition(phrase):
                edge, tail = phrase.first, tail or phrase
                continue
            if not (self._judge.speaks(phrase, None) or (remark and self._judge.opens_with_name(phrase))):
                return None
            office = self.view.touch(phrase, "say.office")
            return Phrase(phrase.first, tail.last) if office and tail is not None else phrase
        return None

    def _close(self, last: int, first: int) -> bool:
        """Whether only a few words, or a remark between two commas, stand between a phrase and a verb."""
        between = self.sentence.tokens[last:first]
        marks = [t.text for t in between if t.kind != WORD]
        if not marks:
            return len(between) <= 4
        if len(between) > _REMARK or marks not in ([",", ","], ["(", ")"], ["،", "،"]):
            return False
        return not any(last <= h.first < first and h.concept.startswith(_ACTS) for h in self.sentence.hits)

    def _colon(self) -> int | None:
        """The first colon near the beginning, but for that of a time of day."""
        if self.sentence.in_title:
            return None
        tokens, part = self.sentence.tokens, self.view.part
        for at in range(1, min(_COLON_REACH, len(part))):
            if tokens[at].text == ":" and part[at] != part[at - 1]:
                return at
        return None

    def _before_colon(self) -> Phrase | None:
        """Who alone stands before a colon: a body, or a name that is no place's, behind a time or mark."""
        if self.colon is None:
            return None
        phrase = next(self.phrases.left_of(self.colon), None)
        if phrase is None or phrase.last < self.colon or self.sentence.tokens[self.colon - 1].kind != WORD:
            return None
        marked = phrase.first > 0 and self.sentence.tokens[phrase.first - 1].kind != WORD
        if not marked and phrase.first > 0 and not self._names.is_article(phrase.first - 1):
            return None
        if self._heads_entry(phrase):
            return None
        if self._judge.is_headed_by_body(phrase):
            return phrase
        return phrase if marked and self.phrases.is_named(phrase) and not self._judge.is_thing(phrase) else None

    def _heads_entry(self, phrase: Phrase) -> bool:
        """Whether a country before a colon is what an entry is about, and nobody there says "we" or is quoted."""
        if self.view.has("func.first_person", "say.verb"):
            return False
        words = " ".join(token.text for token in self.sentence.tokens[phrase.first : phrase.last])
        return self.language.places.countries.named(words) is not None

    def _quote_end(self) -> int | None:
        """The token behind a closing quotation mark, where words follow it."""
        tokens = self.sentence.tokens
        for index in range(len(tokens) - 2, 1, -1):
            if tokens[index].kind == PUNCT and tokens[index].text in '”»"' and index > 2:
                return index + 1
        return None

    def _person_behind(self, at: int) -> Phrase | None:
        """A person with a role behind a quotation: whatever verb stands there, it speaks."""
        for phrase in self.phrases.right_of(at):
            if phrase.first - at > 4:
                return None
            if self.view.touch(phrase, ROLE) and self._names.person(phrase, phrase.first):
                return phrase
        return None
