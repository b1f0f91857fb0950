"""Who says so: the named source of a claim, as the text writes it, shortest full name.

It stands beside a verb of saying, behind "according to", before a colon (live blogs), in a sentence that points back
("This is stated in a report of ..."), or in a neighbour sentence of the same paragraph when the claim is a quotation.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from agents.extract.analysis import Analysis
from agents.extract.concepts import bits
from agents.extract.language import Language
from agents.extract.names import Phrase, Phrases
from agents.extract.speaker_names import BODIES, Source
from agents.extract.speakers import DENIAL, Claim, Speakers, claims, may_open
from agents.extract.text import PUNCT, Hit, Sentence
from agents.extract.view import View

__all__ = ["Source", "attribution", "source"]

_QUOTES: Final = frozenset('"“”„«»‘’‹›「」')
_OPENING: Final = 3
"""Sentences that a title may have."""
_EARLY: Final = 8
"""Tokens within which a bulletin's first sentence says who speaks."""

_HEADER: Final = 14
"""Tokens of a line that only names a source."""
_JOINTS: Final = frozenset(("-", "t"))
_HARM: Final = ("act.die", "act.kill", "act.wound", "group.wounded")
_PARTING: Final = frozenset(";؛")
_REFERENCE: Final = bits("say.reference")
_STATED: Final = bits("say.stated")
_VERB: Final = bits("say.verb")
_BULLETIN: Final = bits("say.bulletin")
_FAR: Final = 1000
"""More tokens than a sentence has."""


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


def source(
    analysis: Analysis, language: Language, sentence: Sentence, at: int, denied: Hit | None, others: Sequence[int]
) -> Source | None:
    """The source of what token `at` of a sentence tells, with whom it speaks for.

    `denied` is the word that denies it, `others` the tokens that tell the other acts of the sentence. Of several
    sources the one whose word is nearest; who denies something tells nothing else, and who tells an act behind a
    semicolon tells nothing before it.
    """
    return (
        _of_token(analysis, language, sentence, at, denied, others)
        or _from_neighbours(analysis, language, sentence)
        or _of_bulletin(analysis, language, opening=True)
        or _of_header(analysis, language, sentence)
    )


def _of_token(
    analysis: Analysis, language: Language, sentence: Sentence, at: int, denied: Hit | None, others: Sequence[int]
) -> Source | None:
    """The source in the sentence itself of what a token tells."""
    found = claims(analysis, language, sentence)
    if denied is not None:
        denier = next((claim.source for claim in found if claim.cue == denied), None)
        if denier is not None:
            return denier
    view = View.of(analysis, sentence)
    near = [c for c in found if c.cue is None or (c.cue.concept != DENIAL and _covers(view, c.cue, at, others))]
    if near:
        return min(near, key=lambda c: abs(c.cue.first - at) if c.cue is not None else _FAR).source
    return _of_denier(view, found, at) if found else _of_pronoun(analysis, language, sentence)


def _of_denier(view: View, found: Sequence[Claim], at: int) -> Source | None:
    """Who denies one thing and tells another: "denied the killing and said ..."."""
    told = {claim.cue for claim in found}
    verbs = [h.first for h in view.hits("say.verb") if h not in told and h.first < at]
    denials = (
        c.source for c in found if c.cue is not None and c.cue.concept == DENIAL and verbs and c.cue.first < verbs[-1]
    )
    return next(denials, None)


def _covers(view: View, cue: Hit, at: int, others: Sequence[int]) -> bool:
    """Whether a word for a source tells an act: not one before it where it has its own ("said that ..."), nor one
    beyond a semicolon, unless the source's side tells no more than its victims.
    """
    tokens = view.sentence.tokens
    if at < cue.first and any(0 <= h.first - cue.last <= 1 for h in view.hits("say.that")):
        return False
    first, last = sorted((cue.first, at))
    mark = next((index for index in range(first, last) if tokens[index].text in _PARTING), None)
    if mark is None:
        return True
    behind = cue.first > mark
    own = any((other > mark) == behind for other in others)
    return not own and any((h.first > mark) == behind for h in view.hits_of(_HARM))


def _of_bulletin(analysis: Analysis, language: Language, opening: bool) -> Source | None:
    """The body whose bulletin the whole article is, where its title says so; read once.

    Where the title names no body, the first sentence may begin with it (`opening`).
    """
    key = "bulletin" if opening else "bulletin title"
    if key not in analysis.memo:
        titles = [s for s in analysis.sentences[:_OPENING] if s.in_title and s.concepts & _BULLETIN]
        titles = [s for s in titles if View.of(analysis, s).has("say.bulletin")]
        found = Speakers(analysis, language, titles[0]).body() if titles else None
        found = None if found is not None and _is_named_apart(analysis, language, found) else found
        if titles and found is None and opening:
            first = next((s for s in analysis.sentences if not s.in_title), None)
            opener = claims(analysis, language, first)[:1] if first is not None else ()
            found = next((c.source for c in opener if c.cue is not None and c.cue.first < _EARLY), None)
        analysis.memo[key] = found
    body: Source | None = analysis.memo[key]
    return body


def _is_named_apart(analysis: Analysis, language: Language, body: Source) -> bool:
    """Whether a sentence says of its own that it is of the body: then the others are not."""
    own = (claim.source.name for s in analysis.sentences if not s.in_title for claim in claims(analysis, language, s))
    return any(name in body.name or body.name in name for name in own)


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
        last = at == len(body) - 1
        if len(sentence.tokens) > _HEADER or not (last or sentence.tokens[-1].text == ":"):
            continue
        if sentence.paragraph in {s.paragraph for s in body[max(0, at - 1) : at] + body[at + 1 : at + 2]}:
            continue
        view = View.of(analysis, sentence)
        if sentence.tokens[-1].text == ":" and not last and view.has(*BODIES):
            reader = Speakers(analysis, language, sentence)
            yield sentence.index, reader.first_body()
        elif last and any(hit.first == 0 for hit in view.hits("say.according")):
            found = _own(analysis, language, sentence)
            if found is not None:
                yield -1, found


def _own(analysis: Analysis, language: Language, sentence: Sentence) -> Source | None:
    """The surest source that the sentence itself names."""
    found = claims(analysis, language, sentence)
    return found[0].source if found else _of_pronoun(analysis, language, sentence)


def _of_pronoun(analysis: Analysis, language: Language, sentence: Sentence) -> Source | None:
    """ "She says", "according to him" speaks for who spoke last, or was named last, near before; so does a bare verb
    behind a quotation.
    """
    view = View.of(analysis, sentence)
    verbs = view.hits("say.verb", "say.according")
    spoken = any(_adjoin(sentence, verb, pronoun) for verb in verbs for pronoun in view.hits("func.pronoun"))
    if spoken or view.has("say.pronoun") or (verbs and _quotes(sentence)):
        return _spoke_last(analysis, language, sentence)
    return None


def _adjoin(sentence: Sentence, a: Hit, b: Hit) -> bool:
    """Whether at most one word, or only what joins an inverted pronoun ("ajoute-t-il"), stands between two words."""
    first, last = (a.last, b.first) if a.first < b.first else (b.last, a.first)
    return last - first <= 1 or all(token.text in _JOINTS for token in sentence.tokens[first:last])


def _quotes(sentence: Sentence) -> bool:
    return any(token.text in _QUOTES for token in sentence.tokens)


def _spoke_last(analysis: Analysis, language: Language, sentence: Sentence) -> Source | None:
    for other in reversed(analysis.sentences[: sentence.index]):
        if sentence.paragraph - other.paragraph > 1 or other.in_title:
            return None
        found = _own(analysis, language, other) or _named_first(analysis, language, other)
        if found is not None:
            return found
    return None


def _named_first(analysis: Analysis, language: Language, sentence: Sentence) -> Source | None:
    """The person whom a sentence names first: a name of two words or more, or one word that is a subject."""
    if not language.pack.capitals:
        return None
    phrases = Phrases.of(analysis, language, View.of(analysis, sentence))
    people = (p for p in phrases.all if not phrases.acts(p) and not phrases.after_preposition(p))
    names = (_name_in(sentence, phrase) for phrase in people)
    return next((Source(phrases.write(name), person=True) for name in names if name is not None), None)


def _name_in(sentence: Sentence, phrase: Phrase) -> Phrase | None:
    """The first run of two capitalised words or more; one alone only if it is the whole phrase inside a sentence."""
    first = phrase.first
    for index in range(phrase.first, phrase.last + 1):
        if index < phrase.last and sentence.tokens[index].text[0].isupper():
            continue
        if index - first >= 2 or (0 < first == phrase.first and index == phrase.last == first + 1):
            return Phrase(first, index)
        first = index + 1
    return None


def _from_neighbours(analysis: Analysis, language: Language, sentence: Sentence) -> Source | None:
    """A pointing-back sentence behind, or the speaker of the quotation that this sentence belongs to."""
    for following in analysis.sentences[sentence.index + 1 : sentence.index + 4]:
        if following.paragraph != sentence.paragraph:
            break
        if not (following.concepts & _REFERENCE and following.concepts & _STATED):
            continue
        view = View.of(analysis, following)
        if view.has("say.reference") and view.has("say.stated"):
            return _own(analysis, language, following)
    if not _quoted(analysis, sentence):
        return _of_entry(analysis, language, sentence)
    for step in (1, -1):
        index = sentence.index + step
        if 0 <= index < len(analysis.sentences):
            other = analysis.sentences[index]
            said = other.paragraph == sentence.paragraph and other.concepts & _VERB
            if said and View.of(analysis, other).has("say.verb"):
                found = _own(analysis, language, other)
                if found is not None:
                    return found
    return None


def _of_entry(analysis: Analysis, language: Language, sentence: Sentence) -> Source | None:
    """Who stands before a colon at the beginning of the paragraph, as in entries of live reports, and tells it all."""
    index = sentence.index
    while index and analysis.sentences[index - 1].paragraph == sentence.paragraph:
        index -= 1
    first = analysis.sentences[index]
    opening = claims(analysis, language, first) if index < sentence.index and may_open(first) else ()
    return opening[0].source if opening and opening[0].is_colon else None


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
