"""How an act or figure is told: as fact, denied, possible, planned; or as background, which makes no record."""

from dataclasses import dataclass
from typing import Final

from agents.extract.analysis import Analysis
from agents.extract.concepts import bits
from agents.extract.history import PROMISES, history
from agents.extract.text import PUNCT, Hit
from agents.extract.view import View
from streams.vocabulary import Modality

_NEGATION_REACH: Final = 6
_WITHOUT_REACH: Final = 1
_MOOD_REACH: Final = 10
_MOOD_BEHIND: Final = 4
_JOINED_REACH: Final = 3
"""Words from the "and" of a clause to its verb."""

_CONDITIONS: Final = ("cue.conditional", "cue.conditional_after", "cue.after_condition")
_MOODS: Final = (*PROMISES, "cue.urge")
_DENIALS: Final = ("cue.negation", "cue.without", "cue.denial", "cue.untrue")
_CUE_BITS: Final = bits(*_CONDITIONS, *_MOODS, *_DENIALS, "cue.background")
"""Where none of these stands and no year, all is told as fact."""
_CONDITION_BITS: Final = bits(*_CONDITIONS)
_MOOD_BITS: Final = bits(*_MOODS, *_CONDITIONS)
_DENIAL_BITS: Final = bits(*_DENIALS)
_SET_OFF: Final = frozenset("—–:")


@dataclass(slots=True)
class Mood:
    """`modality` None: no record, for the `reason` given. `cue` is the hit that decided, None for a plain statement."""

    modality: Modality | None
    reason: str
    cue: Hit | None = None


_TOLD: Final = Mood(Modality.ASSERTED, "told")


def mood(analysis: Analysis, view: View, first: int, last: int) -> Mood:
    """How what stands in tokens `first`..`last` of a sentence is told."""
    names = view.sentence.concepts
    if not view.sentence.numbers and not names & _CUE_BITS:
        return _TOLD
    trigger = Hit("", first, last)
    verb_last = analysis.pack.verb_order == "sov" or bool(analysis.pack.morphology.agent_suffixes)
    if names & _CONDITION_BITS:
        condition = _inside_condition(view, trigger) or _condition_behind(view, trigger)
        if condition is not None:
            return Mood(None, "the condition of something else", condition)
    past = history(analysis, view, trigger)
    if past is not None:
        return Mood(None, *past)
    urged = _near_mood(view, trigger, ("cue.urge",), verb_last) if names & _MOOD_BITS else None
    if urged is not None:
        return Mood(None, "only called for", urged)
    denial = _denial(analysis, view, trigger) if names & _DENIAL_BITS else None
    if denial is not None:
        return Mood(Modality.NEGATED, "denied", denial)
    negation = _negation(analysis, view, trigger) if names & _DENIAL_BITS else None
    if negation is not None:
        return Mood(Modality.NEGATED, "negated", negation)
    return _future(view, trigger, verb_last) if names & _MOOD_BITS else _TOLD


def _denial(analysis: Analysis, view: View, trigger: Hit) -> Hit | None:
    """A denial before what it denies; behind it where verbs stand last, or set off by a dash ("... - fake")."""
    before = _before(view, trigger, ("cue.denial", "cue.untrue"), view.size, across="cue.but")
    verb_last = analysis.pack.verb_order == "sov"
    goes_on = before is not None and (
        _goes_on_to_say(view, before, trigger) or (verb_last and _is_said_behind(view, before, trigger))
    )
    if before is not None and not goes_on:
        return before
    tokens = view.sentence.tokens
    for hit in view.hits("cue.denial"):
        if hit.first >= trigger.last:
            if _points_back(view, hit, trigger):
                continue
            between = any(trigger.last <= other.first < hit.first for other in view.hits("cue.but"))
            governs = verb_last and _same_part(view, hit, trigger) and not between
            governs = governs or (not trigger.concept.startswith("act.") and _closes_clause(view, hit, trigger))
            if governs or tokens[hit.first - 1].text in _SET_OFF:
                return hit
        elif hit.last < view.size and tokens[hit.last].text == ":":
            return hit
    return next((h for h in view.hits("cue.untrue") if h.first >= trigger.last and _same_part(view, h, trigger)), None)


def _points_back(view: View, denial: Hit, trigger: Hit) -> bool:
    """Whether a denial in its own clause has "this" for its object: "... açtığını söyledi, ordu bunu reddetti"."""
    if view.same_clause(denial.first, trigger.last - 1):
        return False
    return any(h.last == denial.first for h in view.hits("cue.anaphor"))


def _closes_clause(view: View, denial: Hit, trigger: Hit) -> bool:
    """Whether a denial ends the one clause that its object stands in: "Москва удар по автобусу заперечует"."""
    if not view.same_clause(denial.first, trigger.first) or view.clause_bounds(denial.first)[1] > denial.last:
        return False
    return not any(trigger.last <= other.first < denial.first for other in view.hits("cue.and"))


def _goes_on_to_say(view: View, denial: Hit, trigger: Hit) -> bool:
    """Whether a new clause begins between that says or offers: "denied the loss, stressing that its men hold the town",
    "denied planting the bomb and offered a truce".
    """
    said = (h for h in view.hits("say.verb") if h.first - view.clause_bounds(h.first)[0] <= 1)
    offered = (h for h in view.hits("cue.plan", "cue.threat") if _is_added(view, h))
    return any(denial.last <= h.first < trigger.first for h in (*said, *offered))


def _is_added(view: View, hit: Hit) -> bool:
    """Whether a word stands close behind the "and" that opens its clause."""
    opening = view.clause_bounds(hit.first)[0]
    return hit.first - opening <= _JOINED_REACH and any(h.first == opening for h in view.hits("cue.and"))


def _is_said_behind(view: View, denial: Hit, trigger: Hit) -> bool:
    """Whether, where verbs stand last, another verb of saying takes the trigger: "denied it and claimed a village"."""
    return any(
        h.first >= trigger.last and h.first != denial.first and _same_part(view, h, trigger)
        for h in view.hits("say.verb")
    )


def _future(view: View, trigger: Hit, verb_last: bool) -> Mood:
    planned = _near_mood(view, trigger, ("cue.future", "cue.plan"), verb_last)
    wished = _near_mood(view, trigger, ("cue.threat", "cue.possible"), verb_last)
    conditions = [h for h in view.hits_of(_CONDITIONS) if _same_part(view, h, trigger)]
    after = next((h for h in conditions if h.first >= trigger.last), None)
    ahead = next((h for h in conditions if h.last <= trigger.first and h.concept != "cue.after_condition"), None)
    if ahead is not None and (planned or wished):
        return Mood(Modality.HYPOTHETICAL, "under a condition", ahead)
    if ahead is not None and ahead.concept == "cue.conditional" and _opens(view, ahead):
        return Mood(Modality.HYPOTHETICAL, "under a condition", ahead)
    if after is not None and (planned or wished or _is_its_own(view, trigger, after)):
        return Mood(Modality.HYPOTHETICAL, "under a condition", after)
    if wished is not None and (planned is None or wished.first >= planned.first):
        return Mood(Modality.HYPOTHETICAL, "possible, feared or threatened", wished)
    if planned is not None:
        return Mood(Modality.PLANNED, "announced or ordered", planned)
    return _TOLD


def _is_its_own(view: View, trigger: Hit, condition: Hit) -> bool:
    """Whether an "if" behind an act told as fact is its own, not that of a promise between: "seized three, threatening
    to kill them if ..."."""
    between = (hit for hit in view.hits_of(PROMISES) if trigger.last <= hit.first < condition.first)
    return condition.concept == "cue.conditional" and all(view.same_clause(h.first, trigger.first) for h in between)


def _opens(view: View, condition: Hit) -> bool:
    """Whether an "if" opens the sentence, behind a quotation mark or "and" at most: its main clause is no fact."""
    return condition.first <= 1


def _near_mood(view: View, trigger: Hit, concepts: tuple[str, ...], verb_last: bool) -> Hit | None:
    """The nearest such word before the trigger in its clause; where verbs stand last, rather within or behind it."""
    behind = _behind(view, trigger, concepts) if verb_last else None
    return behind or _before(view, trigger, concepts, _MOOD_REACH, across="", clause=True)


def _behind(view: View, trigger: Hit, concepts: tuple[str, ...]) -> Hit | None:
    """The first of these hits within or close behind the trigger, in its clause, no other act or "and" between."""
    found = view.hits_of(concepts)
    for hit in found if len(found) < 2 else sorted(found, key=lambda h: h.first):
        within = trigger.first <= hit.first < trigger.last
        close = 0 <= hit.first - trigger.last <= _MOOD_BEHIND and view.same_clause(hit.first, trigger.last - 1)
        joined = any(trigger.last <= other.first < hit.first for other in view.hits("cue.and"))
        if within or (close and not joined and not _act_between(view, trigger.last, hit.first - 1)):
            return hit
    return None


def _condition_behind(view: View, trigger: Hit) -> Hit | None:
    """The "if" that ends the clause of what it makes a condition ("saldırırsa", "saldırı halinde")."""
    return _behind(view, trigger, ("cue.conditional_after",))


def _before(
    view: View, trigger: Hit, concepts: tuple[str, ...], reach: int, across: str, clause: bool = False
) -> Hit | None:
    """The nearest of these hits that stands before the trigger, with no `across` cue between them."""
    best: Hit | None = None
    for hit in view.hits_of(concepts):
        if hit.first >= trigger.last or trigger.first - hit.last > reach or not _same_part(view, hit, trigger):
            continue
        if clause and not view.same_clause(hit.first, trigger.first):
            continue
        if across and any(hit.last <= other.first < trigger.first for other in view.hits(across)):
            continue
        if best is None or hit.first > best.first:
            best = hit
    return best


def _same_part(view: View, a: Hit, b: Hit) -> bool:
    return view.part[a.first] == view.part[b.first]


def _negation(analysis: Analysis, view: View, trigger: Hit) -> Hit | None:
    """A "not" close before the verb, or right behind it where verbs stand last; acts in between take it away."""
    for hit in view.hits("cue.without"):
        if 0 <= trigger.first - hit.last <= _WITHOUT_REACH and view.same_clause(hit.last - 1, trigger.first):
            return hit
    after = 2 if analysis.pack.verb_order == "sov" else 0
    for hit in view.hits("cue.negation"):
        if not view.same_clause(hit.last - 1, trigger.first):
            continue
        if any(h.first <= hit.first and hit.last <= h.last for h in view.hits("cue.possible")):
            continue  # "does not rule out" denies nothing
        if 0 <= trigger.first - hit.last <= _NEGATION_REACH and not _act_between(view, hit.last, trigger.first):
            return hit
        if trigger.first <= hit.first < trigger.last or 0 <= hit.first - trigger.last < after:
            return hit
    return None


def _act_between(view: View, first: int, last: int) -> bool:
    return any(first <= h.first and h.last <= last and h.concept.startswith("act.") for h in view.sentence.hits)


def _inside_condition(view: View, trigger: Hit) -> Hit | None:
    """The "if" whose clause holds the trigger; "until" and "once" count where the main clause is not told as fact."""
    for hit in view.hits("cue.conditional"):
        if hit.first < trigger.first and _unbroken(view, hit.last, trigger.first):
            return hit
    for hit in view.hits("cue.after_condition"):
        ahead = hit.last <= trigger.first  # "en échange de" is a part of the exchange itself
        promised = any(m.first < hit.first and _same_part(view, m, hit) for m in view.hits_of(PROMISES))
        if promised and ahead and view.same_clause(hit.last - 1, trigger.first):
            return hit
    return None


def _unbroken(view: View, first: int, last: int) -> bool:
    """Whether no mark or "then" parts two tokens: "if Israel ended the war and withdrew" is one condition."""
    if any(first <= hit.first < last for hit in view.hits("cue.but")):
        return False
    return not any(t.kind == PUNCT and t.text in ",;:.،؛—–" for t in view.sentence.tokens[first:last])
