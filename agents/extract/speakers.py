"""Who speaks in one sentence: every source that its words name, each with the word that names it as one.

A source stands beside a verb of saying, behind "according to", before a colon (live blogs), behind a quotation, or in
apposition to one of these ("the mayor, Ann Smith, said").
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from agents.extract.analysis import Analysis
from agents.extract.concepts import starting
from agents.extract.language import Language
from agents.extract.names import Phrase, Phrases
from agents.extract.places import PLACES, ArticlePlaces
from agents.extract.roles import is_passive
from agents.extract.speaker_names import COMMAS, ROLE, Source, SpeakerNames
from agents.extract.text import PUNCT, WORD, Hit, Sentence
from agents.extract.view import View

_COLON_REACH: Final = 14
_DAYS: Final = starting("time.")
BODIES: Final = ("say.office", ROLE)
"""Concepts of words for offices and for those who hold one."""

_SAYING: Final = ("say.according", "say.verb", "say.stated", "say.after", "say.self", "cue.denial")
DENIAL: Final = "cue.denial"
_BEARERS: Final = ("say.office", "say.role", "actor.", "group.")
_ACTS: Final = ("act.", "move.", "term.", "func.verb", "say.verb")
_ADJUNCT: Final = 4
"""Tokens between a verb and the subject behind it ("confirmed to us by telephone | her spokesman")."""

_REMARK: Final = 12
"""Tokens of a remark between a speaker and the verb."""

_THINGS: Final = ("noun.", "item.", "time.", "unit.", "act.", "cue.", "func.pronoun")


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

    def read(self) -> list[Claim]:
        quote = self._quote_end()
        if not self.view.has(*_SAYING) and self.colon is None and quote is None:
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
        offices = [p for p in self.phrases.all if any(_overlap(h, p) for h in self.view.hits("say.office"))]
        offices = [p for p in offices if not self._is_where(p)] or offices
        nearest = min(offices, key=lambda p: abs(p.first - bulletin.last), default=None)
        if nearest is None:
            return None
        if nearest.first <= bulletin.first < nearest.last - 1:
            nearest = Phrase(bulletin.last, nearest.last)
        return Source(self.phrases.write(self._with_link(nearest)))

    def first_body(self) -> Source:
        """The first office or person with a role."""
        self._open()
        found = next(p for p in self.phrases.all if any(_overlap(h, p) for h in self.view.hits(*BODIES)))
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
            if self._speaks(phrase, at):
                return self._with_link(phrase)
        return None

    def _in_front(self, hit: Hit) -> Phrase | None:
        phrase = next(self.phrases.left_of(hit.first), None)
        close = phrase is not None and hit.first - phrase.last <= 1 and self._speaks(phrase, hit.first)
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
                if self._speaks(after, start) and (
                    after.first - start <= 1 or not self.phrases.after_preposition(after)
                ):
                    return self._with_link(after)
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
            if (inverted or plain) and not self._is_thing(phrase) and not self.phrases.after_preposition(phrase):
                return phrase
        return None

    def _is_thing(self, phrase: Phrase) -> bool:
        hits = self.sentence.hits
        return any(_overlap(h, phrase) and h.concept.startswith(_THINGS) for h in hits) or self._is_where(phrase)

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
        return next((p for p in before if self.phrases.case(p) is None and self._speaks(p, None)), None)

    def _subject(self, verb: Hit) -> Phrase | None:
        """The phrase before a verb of saying; adjuncts behind it are stepped over, or part of an office's name.

        Behind "and" the verb has the subject of the one before it: "the army denied it and | said".
        """
        if any(h.last == verb.first for h in self.view.hits("cue.and")):
            return self._opening(verb)
        edge, tail, remark = verb.first, None, False
        for phrase in self.phrases.left_of(verb.first):
            if self._is_remark(phrase) and not self._is_titled(phrase):
                remark = True
                continue
            if not (self._close(phrase.last, edge) or self._is_apposed(phrase, verb.first)):
                return None
            if self.phrases.after_preposition(phrase):
                edge, tail = phrase.first, tail or phrase
                continue
            if not (self._speaks(phrase, None) or (remark and self._opens_with_name(phrase))):
                return None
            office = any(_overlap(h, phrase) for h in self.view.hits("say.office"))
            return Phrase(phrase.first, tail.last) if office and tail is not None else phrase
        return None

    def _is_remark(self, phrase: Phrase) -> bool:
        """Whether a phrase stands alone between two commas: "Aliyev, by contrast, said"."""
        tokens = self.sentence.tokens
        around = tokens[phrase.first - 1 : phrase.first] + tokens[phrase.last : phrase.last + 1]
        return len(around) == 2 and all(t.text in {",", "،"} for t in around) and not self._speaks(phrase, None)

    def _opens_with_name(self, phrase: Phrase) -> bool:
        """Whether a phrase can be a name though the sentence's first word always has a capital."""
        return phrase.first == 0 and self.language.pack.capitals and self.sentence.tokens[0].text[0].isupper()

    def _with_link(self, phrase: Phrase) -> Phrase:
        """An office with the adjunct that its name holds: "Commission on Human Rights"."""
        if not any(h.last == phrase.last and h.concept == "say.office" for h in self.sentence.hits):
            return phrase
        following = next((p for p in self.phrases.all if p.first == phrase.last + 1), None)
        if following is None or not self.phrases.after_preposition(following):
            return phrase
        named = self.sentence.tokens[following.first].text[:1].isupper()
        return Phrase(phrase.first, following.last) if named and not self._is_place(following) else phrase

    def _is_place(self, phrase: Phrase) -> bool:
        return self.language.actors.of(self.sentence, phrase).country is not None

    def _close(self, last: int, first: int) -> bool:
        """Whether only a few words, or a remark between two commas, stand between a phrase and a verb."""
        between = self.sentence.tokens[last:first]
        marks = [t.text for t in between if t.kind != WORD]
        if not marks:
            return len(between) <= 4
        if len(between) > _REMARK or marks not in ([",", ","], ["(", ")"], ["،", "،"]):
            return False
        return not any(last <= h.first < first and h.concept.startswith(_ACTS) for h in self.sentence.hits)

    def _is_apposed(self, phrase: Phrase, verb: int) -> bool:
        """Whether a phrase stands between two commas before a verb: "the mayor, | Ann Smith, | said"."""
        tokens = self.sentence.tokens
        first = phrase.first
        while first and self._names.is_article(first - 1):
            first -= 1
        return first > 1 and phrase.last == verb - 1 and {tokens[first - 1].text, tokens[verb - 1].text} <= COMMAS

    def _speaks(self, phrase: Phrase, behind: int | None) -> bool:
        """Whether a phrase can be a speaker: a body, a role, people, or a name; no adjunct unless right `behind`."""
        if behind is None and self.phrases.case(phrase) is not None:
            return False
        if self.phrases.after_preposition(phrase) and (behind is None or phrase.first - behind > 2):
            return False
        if any(_overlap(h, phrase) for h in self.view.hits(*BODIES)):
            return True
        if (behind is None and self._is_where(phrase)) or self._is_item(phrase):
            return False
        return self.phrases.acts(phrase) or self.phrases.is_named(phrase)

    def _is_item(self, phrase: Phrase) -> bool:
        """Whether a phrase names a thing and nobody: "grenade" is a country's name, too."""
        head = phrase.first if self.language.pack.noun_order == "head_first" else phrase.last - 1
        held = [h.concept for h in self.sentence.hits if h.first <= head < h.last]
        return any(c.startswith("item.") for c in held) and not any(c.startswith(_BEARERS) for c in held)

    def _is_where(self, phrase: Phrase) -> bool:
        """Whether a phrase only says where: a place behind a word of place."""
        places: ArticlePlaces | None = self.analysis.memo.get(PLACES)
        named = places.mentions(self.sentence) if places is not None else ()
        return any(m.cue is not None and m.first < phrase.last and phrase.first < m.last for m in named)

    def _colon(self) -> int | None:
        """The first colon near the beginning, but for that of a time of day."""
        if self.sentence.in_title:
            return None
        part = self.view.part
        near = range(1, min(_COLON_REACH, len(part)))
        return next((i for i in near if self.sentence.tokens[i].text == ":" and part[i] != part[i - 1]), None)

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
        if self._is_headed_by_body(phrase):
            return phrase
        return phrase if marked and self.phrases.is_named(phrase) and not self._is_thing(phrase) else None

    def _is_headed_by_body(self, phrase: Phrase) -> bool:
        """Whether a phrase names a body; by its first word where that is the head and no capital tells names."""
        if self.language.pack.noun_order == "head_last" or self.language.pack.capitals:
            known = self.language.actors.of(self.sentence, phrase).kind is not None
            return known or any(_overlap(h, phrase) for h in self.view.hits(*BODIES))
        if any(h.first == phrase.first and h.concept.startswith(_BEARERS) for h in self.sentence.hits):
            return True
        head = self.language.actors.read(self.sentence, phrase.first, phrase.first + 1)
        return head.kind is not None or self.language.places.group_at(self.sentence.tokens, phrase.first) is not None

    def _quote_end(self) -> int | None:
        """The token behind a closing quotation mark, where words follow it."""
        tokens = self.sentence.tokens
        for index in range(len(tokens) - 2, 1, -1):
            if tokens[index].text in '”»"' and index > 2:
                return index + 1
        return None

    def _person_behind(self, at: int) -> Phrase | None:
        """A person with a role behind a quotation: whatever verb stands there, it speaks."""
        for phrase in self.phrases.right_of(at):
            if phrase.first - at > 4:
                return None
            if any(_overlap(h, phrase) for h in self.view.hits(ROLE)) and self._names.person(phrase, phrase.first):
                return phrase
        return None

    def _is_titled(self, phrase: Phrase) -> bool:
        """Whether a phrase between commas is the name to the role before it."""
        before = next((p for p in self.phrases.all if p.last == phrase.first - 1), None)
        return before is not None and any(_overlap(h, before) for h in self.view.hits(ROLE))


def _overlap(hit: Hit, phrase: Phrase) -> bool:
    return hit.first < phrase.last and hit.last > phrase.first
