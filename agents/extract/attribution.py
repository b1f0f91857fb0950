"""Who says so: the named source of a claim, as the text writes it, shortest full name.

It stands beside a verb of saying, behind "according to", before a colon (live blogs), in a sentence that points back
("This is stated in a report of ..."), or in a neighbour sentence of the same paragraph when the claim is a quotation.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from agents.extract.analysis import Analysis
from agents.extract.concepts import starting
from agents.extract.language import Language
from agents.extract.names import Phrase, Phrases
from agents.extract.roles import is_passive
from agents.extract.text import PUNCT, WORD, Hit, Sentence
from agents.extract.view import View

_QUOTES: Final = frozenset('"“”„«»‘’‹›「」')
_COLON_REACH: Final = 8
_OPENING: Final = 3
"""Sentences that a title may have."""
_MAX_NAME: Final = 4
_HEADER: Final = 14
"""Tokens of a line that only names a source."""
_DAYS: Final = starting("time.")
_ROLE: Final = "say.role"
_BODIES: Final = ("say.office", _ROLE)
_SAYING: Final = ("say.according", "say.verb", "say.stated", "say.after", "say.self", "cue.denial")


@dataclass(slots=True)
class Source:
    """Who says so. `body` is the force or office that a person speaks for, where the words around the name tell it.

    `itself`: the words mean the actor ("the group said"); `person` tells a person's name from a body's.
    """

    name: str
    body: str | None = None
    itself: bool = False
    person: bool = False


def attribution(analysis: Analysis, language: Language, sentence: Sentence) -> str | None:
    """The source of a figure that a sentence tells, None for the article's own voice.

    A bulletin's figures come from many sources: the one that it opens with does not hold for them all.
    """
    found = (
        _own(analysis, language, sentence)
        or _from_neighbours(analysis, language, sentence)
        or _of_bulletin(analysis, language, opening=False)
        or _of_header(analysis, language, sentence)
    )
    return found.name if found is not None else None


def source(analysis: Analysis, language: Language, sentence: Sentence) -> Source | None:
    """The source of what a sentence tells, with whom it speaks for."""
    return (
        _own(analysis, language, sentence)
        or _from_neighbours(analysis, language, sentence)
        or _of_bulletin(analysis, language, opening=True)
        or _of_header(analysis, language, sentence)
    )


def _of_bulletin(analysis: Analysis, language: Language, opening: bool) -> Source | None:
    """The body whose bulletin the whole article is, where its title says so; read once.

    Where the title names no body, the first sentence may (`opening`).
    """
    key = "bulletin" if opening else "bulletin title"
    if key not in analysis.memo:
        titles = [s for s in analysis.sentences[:_OPENING] if s.in_title and View.of(analysis, s).has("say.bulletin")]
        found = _Reader(analysis, language, titles[0]).body() if titles else None
        if titles and found is None and opening:
            first = next((s for s in analysis.sentences if not s.in_title), None)
            found = _own(analysis, language, first) if first is not None else None
        analysis.memo[key] = found
    body: Source | None = analysis.memo[key]
    return body


def _of_header(analysis: Analysis, language: Language, sentence: Sentence) -> Source | None:
    """Who tells all that follows a line of his own: "District head Pavel Yermakov on the past day:"; or a last line."""
    if sentence.in_title:
        return None
    if "headers" not in analysis.memo:
        analysis.memo["headers"] = list(_headers(analysis, language))
    headers: list[tuple[int, Source]] = analysis.memo["headers"]
    before = [found for index, found in headers if index < sentence.index]
    return before[-1] if before else None


def _headers(analysis: Analysis, language: Language) -> Iterator[tuple[int, Source]]:
    """Lines that only name a source, with the sentence from which they hold."""
    body = [s for s in analysis.sentences if not s.in_title]
    for at, sentence in enumerate(body):
        alone = {s.paragraph for s in body[max(0, at - 1) : at] + body[at + 1 : at + 2]}
        if sentence.paragraph in alone or len(sentence.tokens) > _HEADER:
            continue
        view = View.of(analysis, sentence)
        last = at == len(body) - 1
        if sentence.tokens[-1].text == ":" and not last and view.has(*_BODIES):
            reader = _Reader(analysis, language, sentence)
            yield sentence.index, reader.first_body()
        elif last and any(hit.first == 0 for hit in view.hits("say.according")):
            found = _own(analysis, language, sentence)
            if found is not None:
                yield -1, found


def _own(analysis: Analysis, language: Language, sentence: Sentence) -> Source | None:
    """The source that the sentence itself names, read once."""
    key = ("source", sentence.index)
    if key not in analysis.memo:
        analysis.memo[key] = _Reader(analysis, language, sentence).read()
    found: Source | None = analysis.memo[key]
    return found


def _from_neighbours(analysis: Analysis, language: Language, sentence: Sentence) -> Source | None:
    """A pointing-back sentence behind, or the speaker of the quotation that this sentence belongs to."""
    for following in analysis.sentences[sentence.index + 1 : sentence.index + 4]:
        if following.paragraph != sentence.paragraph:
            break
        view = View.of(analysis, following)
        if view.has("say.reference") and view.has("say.stated"):
            return _own(analysis, language, following)
    if not _quoted(analysis, sentence):
        return None
    for step in (1, -1):
        index = sentence.index + step
        if 0 <= index < len(analysis.sentences):
            other = analysis.sentences[index]
            if other.paragraph == sentence.paragraph and View.of(analysis, other).has("say.verb"):
                found = _own(analysis, language, other)
                if found is not None:
                    return found
    return None


def _quoted(analysis: Analysis, sentence: Sentence) -> bool:
    """Whether the sentence begins inside quotation marks."""
    if sentence.tokens[0].text in _QUOTES:
        return True
    opened = analysis.memo.get("quotes")
    if opened is None:
        opened = analysis.memo["quotes"] = _open_quotes(analysis)
    return sentence.index in opened


def _open_quotes(analysis: Analysis) -> frozenset[int]:
    """Numbers of the sentences that begin inside a quotation opened earlier in their paragraph."""
    found: set[int] = set()
    if not any(mark in analysis.text for mark in "“«„"):
        return frozenset()
    depth, paragraph = 0, -1
    for sentence in analysis.sentences:
        if sentence.paragraph != paragraph:
            depth, paragraph = 0, sentence.paragraph
        if depth > 0:
            found.add(sentence.index)
        for token in sentence.tokens:
            if token.kind == PUNCT:
                depth += (token.text in "“«„") - (token.text in "”»")
    return frozenset(found)


class _Reader:
    """Reads the source out of one sentence."""

    def __init__(self, analysis: Analysis, language: Language, sentence: Sentence) -> None:
        self.analysis = analysis
        self.language = language
        self.sentence = sentence
        self.view = View.of(analysis, sentence)
        self.colon = self._colon()

    def read(self) -> Source | None:
        quote = self._quote_end()
        if not self.view.has(*_SAYING) and self.colon is None and quote is None:
            return None
        itself = self._itself()
        if itself is not None:
            return itself
        self.phrases = Phrases.of(self.analysis, self.language, self.view)
        found = next((p for p in self._candidates(quote) if p is not None), None)
        return self._named(found) if found is not None else self._pronoun()

    def body(self) -> Source | None:
        """The office that stands nearest to the word for a bulletin."""
        self.phrases = Phrases.of(self.analysis, self.language, self.view)
        bulletin = self.view.hits("say.bulletin")[0]
        offices = [p for p in self.phrases.all if any(_overlap(h, p) for h in self.view.hits("say.office"))]
        nearest = min(offices, key=lambda p: abs(p.first - bulletin.last), default=None)
        if nearest is None:
            return None
        if nearest.first <= bulletin.first < nearest.last - 1:
            nearest = Phrase(bulletin.last, nearest.last)
        return Source(self.phrases.write(self._with_link(nearest)))

    def first_body(self) -> Source:
        """The first office or person with a role."""
        self.phrases = Phrases.of(self.analysis, self.language, self.view)
        found = next(p for p in self.phrases.all if any(_overlap(h, p) for h in self.view.hits(*_BODIES)))
        return self._named(found)

    def _candidates(self, quote: int | None) -> Iterator[Phrase | None]:
        yield from (self._behind(hit.last, 2) for hit in self.view.hits("say.according"))
        yield from (self._in_front(hit) for hit in self.view.hits("say.after"))
        told = self._of_last_verb if self.language.cases else self._beside
        yield from (told(hit) for hit in self.view.hits("say.verb"))
        yield from (told(hit) for hit in self.view.hits("cue.denial"))
        if self.view.has("say.reference"):
            yield from (self._behind(hit.last, 8) for hit in self.view.hits("say.stated"))
        yield self._before_colon()
        if quote is not None:
            yield self._person_behind(quote)

    def _itself(self) -> Source | None:
        """ "The group said": the actor speaks."""
        for hit in self.view.hits("say.self"):
            if any(min(abs(v.first - hit.last), abs(hit.first - v.last)) <= 1 for v in self.view.hits("say.verb")):
                start, end = self.sentence.span(hit.first, hit.last)
                return Source(self.analysis.text[start:end], itself=True)
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
        tokens = self.sentence.tokens
        start = self._past_days(hit.last)
        after = next(self.phrases.right_of(start), None)
        inverted = hit.first == 0 or tokens[hit.first - 1].kind == PUNCT or self.language.pack.verb_order == "vso"
        if after is not None and after.first - start <= 1 and inverted and self._speaks(after, start):
            return self._with_link(after)
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
        return beside if close else self._opening(verb) or beside

    def _opening(self, verb: Hit) -> Phrase | None:
        """Where verbs stand last, the speaker opens the sentence: the first phrase without an ending of case."""
        if is_passive(self.phrases, verb):
            return None
        first, _ = self.view.part_bounds(verb.first)
        before = (p for p in self.phrases.all if first <= p.first and p.last <= verb.first)
        return next((p for p in before if self.phrases.case(p) is None and self._speaks(p, None)), None)

    def _subject(self, verb: Hit) -> Phrase | None:
        """The phrase before a verb of saying; adjuncts behind it are stepped over, or part of an office's name."""
        edge, tail, remark = verb.first, None, False
        for phrase in self.phrases.left_of(verb.first):
            if self._is_remark(phrase):
                remark = True
                continue
            if not self._close(phrase.last, edge):
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
        return len(between) <= 12 and marks in ([",", ","], ["(", ")"], ["،", "،"])

    def _speaks(self, phrase: Phrase, behind: int | None) -> bool:
        """Whether a phrase can be a speaker: a body, a role, people, or a name; no adjunct unless right `behind`."""
        if behind is None and self.phrases.case(phrase) is not None:
            return False
        if self.phrases.after_preposition(phrase) and (behind is None or phrase.first - behind > 2):
            return False
        if any(_overlap(h, phrase) for h in self.view.hits(*_BODIES)):
            return True
        return self.phrases.acts(phrase) or self.phrases.is_named(phrase)

    def _colon(self) -> int | None:
        if self.sentence.in_title:
            return None
        texts = [token.text for token in self.sentence.tokens[:_COLON_REACH]]
        return texts.index(":") if ":" in texts[1:] else None

    def _before_colon(self) -> Phrase | None:
        if self.colon is None:
            return None
        phrase = next(self.phrases.left_of(self.colon), None)
        if phrase is None or phrase.last < self.colon or self.sentence.tokens[self.colon - 1].kind != WORD:
            return None
        kind = self.language.actors.of(self.sentence, phrase).kind
        body = any(_overlap(h, phrase) for h in self.view.hits(*_BODIES))
        return phrase if kind is not None or body else None

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
            if any(_overlap(h, phrase) for h in self.view.hits(_ROLE)) and self._person(phrase, phrase.first):
                return phrase
        return None

    def _pronoun(self) -> Source | None:
        """ "She says", "according to him" speaks for who spoke last, or was named last, in the paragraph."""
        for verb in self.view.hits("say.verb", "say.according"):
            for pronoun in self.view.hits("func.pronoun"):
                if abs(pronoun.first - verb.last) <= 1 or abs(verb.first - pronoun.last) <= 1:
                    return self._spoke_last()
        return None

    def _spoke_last(self) -> Source | None:
        for other in reversed(self.analysis.sentences[: self.sentence.index]):
            if self.sentence.paragraph - other.paragraph > 1 or other.in_title:
                return None
            found = _own(self.analysis, self.language, other) or self._named_first(other)
            if found is not None:
                return found
        return None

    def _named_first(self, sentence: Sentence) -> Source | None:
        """The person whose name begins a sentence."""
        if not self.language.pack.capitals:
            return None
        phrases = Phrases.of(self.analysis, self.language, View.of(self.analysis, sentence))
        first = phrases.all[0] if phrases.all else None
        if first is None or first.first > 2 or first.last - first.first < 2 or phrases.acts(first):
            return None
        words = sentence.tokens[first.first : first.last]
        return Source(phrases.write(first), person=True) if all(t.text[0].isupper() for t in words) else None

    def _named(self, phrase: Phrase) -> Source:
        """A person's bare name where the phrase ends in one; else the phrase."""
        roles = [h for h in self.view.hits(_ROLE) if phrase.first <= h.first and h.last <= phrase.last]
        if roles and self.language.pack.capitals:
            role = max(roles, key=lambda h: h.last)
            person = self._person(phrase, role.last)
            if person is None:
                person = self._in_apposition(phrase)
                if person is not None:
                    return Source(self.phrases.write(person), self.phrases.write(phrase), person=True)
            if person is not None:
                body = Phrase(role.last, person.first)
                rest = self.phrases.write(body) if body.last > body.first else ""
                return Source(self.phrases.write(person), rest or None, person=True)
        return Source(self.phrases.write(phrase))

    def _person(self, phrase: Phrase, after: int) -> Phrase | None:
        """The capitalised words at the end of a phrase, at least two, that are no country or office."""
        last = phrase.last
        first = last
        while first > after and last - first < _MAX_NAME and self._is_name(first - 1):
            first -= 1
        return Phrase(first, last) if last - first >= 2 else None

    def _in_apposition(self, phrase: Phrase) -> Phrase | None:
        """The name that follows a role behind a comma: "the governor of the province, Ann Smith"."""
        tokens = self.sentence.tokens
        first = last = phrase.last + 1
        if first >= len(tokens) or tokens[phrase.last].text != ",":
            return None
        while last < len(tokens) and last - first < _MAX_NAME and self._is_name(last):
            last += 1
        return Phrase(first, last) if last - first >= 2 and tokens[last - 1].text[0].isupper() else None

    def _is_name(self, index: int) -> bool:
        token = self.sentence.tokens[index]
        if token.text == "-":
            return True
        if token.kind != WORD or not (token.text[0].isupper() or token.norm in ("al", "bin", "van", "de", "von", "el")):
            return False
        if any(h.first <= index < h.last for h in self.view.hits("say.office")):
            return False
        return self.language.actors.read(self.sentence, index, index + 1).kind is None


def _overlap(hit: Hit, phrase: Phrase) -> bool:
    return hit.first < phrase.last and hit.last > phrase.first
