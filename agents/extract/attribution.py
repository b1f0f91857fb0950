"""Who says so: the named source of a claim, as the text writes it, shortest full name.

It stands beside a verb of saying, behind "according to", before a colon (live blogs), in a sentence that points back
("This is stated in a report of ..."), or in a neighbour sentence of the same paragraph when the claim is a quotation.
"""

from typing import Final

from agents.extract.analysis import Analysis
from agents.extract.fold import fold_words
from agents.extract.language import Language
from agents.extract.names import Phrase, Phrases
from agents.extract.text import PUNCT, WORD, Hit, Sentence
from agents.extract.view import View

_QUOTES: Final = frozenset('"“”„«»‘’‹›「」')
_COLON_REACH: Final = 8
_MAX_NAME: Final = 4
_ROLE: Final = "say.role"


def attribution(analysis: Analysis, language: Language, sentence: Sentence) -> str | None:
    """The source of what a sentence tells, None for the article's own voice."""
    own = _own(analysis, language, sentence)
    if own is not None:
        return own
    return _from_neighbours(analysis, language, sentence)


def _own(analysis: Analysis, language: Language, sentence: Sentence) -> str | None:
    """The source that the sentence itself names, read once."""
    key = ("source", sentence.index)
    if key not in analysis.memo:
        analysis.memo[key] = _Reader(analysis, language, sentence).read()
    found: str | None = analysis.memo[key]
    return found


def _from_neighbours(analysis: Analysis, language: Language, sentence: Sentence) -> str | None:
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
                source = _own(analysis, language, other)
                if source is not None:
                    return source
    return None


def _quoted(analysis: Analysis, sentence: Sentence) -> bool:
    """Whether the sentence stands inside quotation marks."""
    texts = [t.text for t in sentence.tokens]
    if texts[0] in _QUOTES:
        return True
    before = 0
    for other in analysis.sentences[: sentence.index]:
        if other.paragraph == sentence.paragraph:
            before += sum((t.text in "“«„") - (t.text in "”»") for t in other.tokens)
    return before > 0


class _Reader:
    """Reads the source out of one sentence."""

    def __init__(self, analysis: Analysis, language: Language, sentence: Sentence) -> None:
        self.analysis = analysis
        self.language = language
        self.sentence = sentence
        self.view = View.of(analysis, sentence)

    def read(self) -> str | None:
        if not (self.view.has("say.according", "say.verb", "say.stated", "say.after") or self._colon() is not None):
            return None
        self.phrases = Phrases.of(self.analysis, self.language, self.view)
        for phrase in self._candidates():
            if phrase is not None:
                return self._shortest(phrase)
        return self._pronoun()

    def _candidates(self) -> "list[Phrase | None]":
        found: list[Phrase | None] = [self._behind(hit, 2) for hit in self.view.hits("say.according")]
        found += [self._in_front(hit) for hit in self.view.hits("say.after")]
        found += [self._beside(hit) for hit in self.view.hits("say.verb")]
        if self.view.has("say.reference"):
            found += [self._behind(hit, 8) for hit in self.view.hits("say.stated")]
        return [*found, self._speaker_before_colon()]

    def _behind(self, hit: Hit, reach: int) -> Phrase | None:
        for phrase in self.phrases.right_of(hit.last):
            if phrase.first - hit.last > reach:
                return None
            if self._speaks(phrase):
                return phrase
        return None

    def _in_front(self, hit: Hit) -> Phrase | None:
        for phrase in self.phrases.left_of(hit.first):
            return phrase if hit.first - phrase.last <= 1 and self._speaks(phrase) else None
        return None

    def _beside(self, hit: Hit) -> Phrase | None:
        """The speaker right before the verb, else right behind it."""
        tokens = self.sentence.tokens
        before = next(self.phrases.left_of(hit.first), None)
        if before is not None and self._close(before.last, hit.first) and self._speaks(before):
            return before
        after = next(self.phrases.right_of(hit.last), None)
        inverted = hit.first == 0 or tokens[hit.first - 1].kind == PUNCT or self.language.pack.verb_order == "vso"
        if after is not None and after.first - hit.last <= 1 and inverted and self._speaks(after):
            return after
        return None

    def _close(self, last: int, first: int) -> bool:
        """Whether only closed-class words stand between a phrase and a verb, or an apposition in commas."""
        between = self.sentence.tokens[last:first]
        return len(between) <= 4 and all(t.kind == WORD for t in between)

    def _speaks(self, phrase: Phrase) -> bool:
        """Whether a phrase can be a speaker: a body, a role, people, or a name; no place behind a preposition."""
        if self.phrases.after_preposition(phrase) and not self._after_according(phrase):
            return False
        kinds = ("say.office", _ROLE)
        if any(h.first < phrase.last and h.last > phrase.first for h in self.view.hits(*kinds)):
            return True
        return self.phrases.is_anchored(phrase) or self.phrases.is_named(phrase)

    def _after_according(self, phrase: Phrase) -> bool:
        return any(0 <= phrase.first - h.last <= 2 for h in self.view.hits("say.according", "say.stated"))

    def _colon(self) -> int | None:
        for index, token in enumerate(self.sentence.tokens[:_COLON_REACH]):
            if token.text == ":" and index > 0 and not self.sentence.in_title:
                return index
        return None

    def _speaker_before_colon(self) -> Phrase | None:
        colon = self._colon()
        if colon is None:
            return None
        phrase = next(self.phrases.left_of(colon), None)
        if phrase is None or phrase.last < colon or self.sentence.tokens[colon - 1].kind != WORD:
            return None
        kind = self.language.actors.read(self.sentence, *phrase).kind
        office = any(h.first < phrase.last and h.last > phrase.first for h in self.view.hits("say.office", _ROLE))
        return phrase if kind is not None or office else None

    def _pronoun(self) -> str | None:
        """ "She says" speaks for who spoke last in the paragraph."""
        for verb in self.view.hits("say.verb"):
            for pronoun in self.view.hits("func.pronoun"):
                if abs(pronoun.first - verb.last) <= 1 or abs(verb.first - pronoun.last) <= 1:
                    return self._spoke_last()
        return None

    def _spoke_last(self) -> str | None:
        for other in reversed(self.analysis.sentences[: self.sentence.index]):
            if self.sentence.paragraph - other.paragraph > 1 or other.in_title:
                return None
            source = _own(self.analysis, self.language, other)
            if source is not None:
                return source
        return None

    def _shortest(self, phrase: Phrase) -> str:
        """A person's bare name where the phrase ends in one; else the phrase."""
        roles = [h for h in self.view.hits(_ROLE) if phrase.first <= h.first and h.last <= phrase.last]
        if roles and self.language.pack.capitals:
            person = self._person(phrase, max(h.last for h in roles))
            if person is not None:
                return self.phrases.write(person)
        return self.phrases.write(phrase)

    def _person(self, phrase: Phrase, after: int) -> Phrase | None:
        """The capitalised words at the end of a phrase, at least two, that are no country or office."""
        last = phrase.last
        first = last
        while first > after and last - first < _MAX_NAME and self._is_name(first - 1):
            first -= 1
        return Phrase(first, last) if last - first >= 2 else None

    def _is_name(self, index: int) -> bool:
        token = self.sentence.tokens[index]
        if token.text == "-":
            return True
        if token.kind != WORD or not (token.text[0].isupper() or token.norm in ("al", "bin", "van", "de", "von", "el")):
            return False
        if any(h.first <= index < h.last for h in self.view.hits("say.office")):
            return False
        return not any(self.language.places.countries.of_word(word) for word in fold_words(token.text))
