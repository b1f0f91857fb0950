"""From the hits of one sentence to drafts of events: frames fire, types are chosen, results kept apart from acts."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from agents.extract.actors import Actor
from agents.extract.analysis import Analysis
from agents.extract.dates import days
from agents.extract.domain import Evidence
from agents.extract.frames import ARMED, BY_TRIGGER, CROWD, FIRED, FRAMES, PEOPLE, UNARMED, Frame, Near, items
from agents.extract.groups import ActorKind
from agents.extract.language import Language
from agents.extract.modality import Mood, mood
from agents.extract.names import Phrase, Phrases
from agents.extract.places import ArticlePlaces
from agents.extract.roles import Roles, roles
from agents.extract.text import Hit, Sentence
from agents.extract.view import View
from streams.vocabulary import Modality
from streams.vocabulary import SubEventType as T


@dataclass(frozen=True, slots=True)
class Draft:
    """An event as one sentence tells it, before it is compared with what other sentences tell."""

    frame: Frame
    type: T
    modality: Modality
    view: View
    trigger: Hit
    roles: Roles
    actor: Actor | None
    mood: Mood


@dataclass(frozen=True, slots=True)
class Vetoed:
    """A frame that fired and made no record, and why: for explain."""

    frame: Frame
    trigger: Hit
    reason: str


@dataclass(frozen=True, slots=True)
class Detected:
    """What one sentence led to."""

    drafts: tuple[Draft, ...]
    vetoed: tuple[Vetoed, ...]


_NOTHING: Final = Detected((), ())

EXPLOSIVE: Final = frozenset(
    (
        T.CHEMICAL_WEAPON,
        T.AIR_DRONE_STRIKE,
        T.SUICIDE_BOMB,
        T.SHELLING_ARTILLERY_MISSILE_ATTACK,
        T.REMOTE_EXPLOSIVE_LANDMINE_IED,
        T.GRENADE,
    )
)
"""Types whose deaths and damage are their result, not acts of their own."""

_TERRITORY: Final = frozenset((T.GOVERNMENT_REGAINS_TERRITORY, T.NON_STATE_ACTOR_OVERTAKES_TERRITORY))
_PROTESTS: Final = frozenset(
    (T.PROTEST_WITH_INTERVENTION, T.EXCESSIVE_FORCE_AGAINST_PROTESTERS, T.VIOLENT_DEMONSTRATION, T.MOB_VIOLENCE)
)
_INSTEAD: Final = _TERRITORY | {
    T.ATTACK,
    T.SEXUAL_VIOLENCE,
    T.ABDUCTION_FORCED_DISAPPEARANCE,
    T.ARRESTS,
    T.LOOTING_PROPERTY_DESTRUCTION,
    T.CHANGE_TO_GROUP_ACTIVITY,
    T.OTHER,
}
"""What a sentence tells instead of "an attack" or "fighting" named on the way."""

_RESULTS: Final = frozenset(("burnt or destroyed", "destruction"))
_KILLINGS: Final = frozenset(("killed", "shot", "massacred", "killing", "beaten"))
_WEAK_FIGHTS: Final = frozenset(
    ("armed attack", "ambush", "clashes", "fought", "attacked with blades or guns", "civilians attacked")
)


def detect(
    analysis: Analysis, language: Language, places: ArticlePlaces, evidence: Evidence, sentence: Sentence
) -> Detected:
    """All drafts of one sentence."""
    if not any(hit.concept in BY_TRIGGER for hit in sentence.hits):
        return _NOTHING
    return _Detector(analysis, language, places, evidence, sentence).run()


class _Detector:
    """One sentence, its frames in the table's order."""

    def __init__(
        self, analysis: Analysis, language: Language, places: ArticlePlaces, evidence: Evidence, sentence: Sentence
    ) -> None:
        self.analysis = analysis
        self.evidence = evidence
        self.language = language
        self.places = places
        self.view = View.of(analysis, sentence)
        self.phrases = Phrases.of(analysis, language, self.view)
        self.sentence = sentence
        self.vetoed: list[Vetoed] = []

    def run(self) -> Detected:
        drafts: list[Draft] = []
        used: list[Hit] = []
        for number, hit in self._order():
            if any(hit.first < other.last and other.first < hit.last for other in used):
                continue
            draft = self._fire(FRAMES[number], hit)
            if draft is not None:
                drafts.append(draft)
                used.append(hit)
                drafts += self._also(draft)
        return Detected(tuple(self._apart(drafts)), tuple(self.vetoed))

    def _order(self) -> list[tuple[int, Hit]]:
        pairs = [(n, hit) for hit in self.sentence.hits for n in BY_TRIGGER.get(hit.concept, ())]
        return sorted(pairs, key=lambda p: (p[0], FRAMES[p[0]].triggers.index(p[1].concept), p[1].first))

    def _also(self, draft: Draft) -> list[Draft]:
        """ "launched 90 drones and three missiles" is two attacks."""
        if draft.frame.rule != "drones launched":
            return []
        missile = self.view.near(draft.trigger, FIRED, 0, 10)
        if missile is None or missile.concept == "item.shell":
            return []
        return [replace(draft, type=T.SHELLING_ARTILLERY_MISSILE_ATTACK)]

    def _fire(self, frame: Frame, hit: Hit) -> Draft | None:
        if not all(self._met(need, hit) for need in frame.needs):
            return None
        veto = next((v for v in frame.vetoes if self._met(v, hit)), None)
        if veto is not None:
            return self._veto(frame, hit, f"next to {'/'.join(veto.concepts[:2])}")
        nominal = frame.nominal or not hit.concept.startswith("act.")
        if nominal and self._points_back(hit):
            return self._veto(frame, hit, "points back at an act already told")
        specific = not hit.concept.startswith("act.") and hit.last - hit.first > 1
        if frame.weak and not specific and not self.evidence.allows_weak:
            return self._veto(frame, hit, "no other sign of conflict in the article")
        if self.view.near(hit, ("cue.exercise",), 9, 6) is not None and frame.type not in _PROTESTS:
            return self._veto(frame, hit, "an exercise or a test")
        told = mood(self.analysis, self.view, hit.first, hit.last)
        if told.modality is None:
            return self._veto(frame, hit, told.reason)
        if self.evidence.is_history and not days(self.analysis, self.view):
            return self._veto(frame, hit, "an anniversary's history")
        found = roles(self.phrases, hit, nominal)
        actor = self._actor(found)
        kind = _CHOOSERS[frame.choose](self, hit, found, actor) if frame.choose else frame.type
        if kind is None:
            return self._veto(frame, hit, "who or what is meant does not fit")
        return Draft(frame, kind, told.modality, self.view, hit, found, actor, told)

    def _points_back(self, hit: Hit) -> bool:
        """ "That attack", "serangan itu": a demonstrative right beside a noun of action."""
        first_before = self.language.pack.noun_order == "head_last"
        if first_before:
            return any(0 <= hit.first - h.last <= 1 for h in self.view.hits("cue.anaphor"))
        return any(h.first == hit.last for h in self.view.hits("cue.anaphor"))

    def _veto(self, frame: Frame, hit: Hit, reason: str) -> None:
        self.vetoed.append(Vetoed(frame, hit, reason))

    def _met(self, need: Near, hit: Hit) -> bool:
        return self.near(hit, need.concepts, need.left, need.right) is not None

    def _actor(self, found: Roles) -> Actor | None:
        return self.language.actors.read(self.sentence, *found.actor) if found.actor is not None else None

    # Results apart from acts.

    def _apart(self, drafts: list[Draft]) -> list[Draft]:
        kept: list[Draft] = []
        for draft in sorted(drafts, key=lambda d: d.trigger.first):
            stronger = [d for d in drafts if d is not draft and d.modality == draft.modality]
            if _is_result(draft, stronger):
                self._veto(draft.frame, draft.trigger, "the result of another act in the sentence")
            elif not any(self._same_act(draft, other) for other in kept):
                kept.append(draft)
        return kept

    def _same_act(self, a: Draft, b: Draft) -> bool:
        """Whether two drafts of one sentence tell one act: same type and mood, in one part or with one target."""
        if a.type != b.type or a.modality != b.modality:
            return False
        if self.view.part[a.trigger.first] == self.view.part[b.trigger.first]:
            return True
        return a.roles.target is None or b.roles.target is None

    # What a phrase is.

    def kind(self, actor: Actor | None) -> ActorKind | None:
        """The kind of an actor, None if unknown."""
        return actor.kind if actor is not None else None

    def near(self, hit: Hit, concepts: Iterable[str], left: int = 10, right: int = 10) -> Hit | None:
        """The nearest of these concepts in the same sentence part; objects stand before verbs that stand last."""
        if left < right and self.language.pack.verb_order == "sov":
            left, right = right, left
        return self.view.near(hit, tuple(concepts), left, right)

    def is_place(self, first: int, last: int) -> bool:
        """Whether a named place covers these tokens."""
        return any(m.first < last and m.last > first for m in self.places.mentions(self.sentence))

    def is_armed(self, phrase: Phrase | None) -> bool:
        """Whether a phrase names people who bear arms, by its kind of actor or its nouns."""
        if phrase is None:
            return False
        kind = self.language.actors.read(self.sentence, *phrase).kind
        return kind in _SOLDIERS or kind is ActorKind.POLICE or any(_inside(h, phrase) for h in self.view.hits(*ARMED))

    def before(self) -> View | None:
        """The sentence before this one in its paragraph."""
        index = self.sentence.index - 1
        if index < 0 or self.analysis.sentences[index].paragraph != self.sentence.paragraph:
            return None
        return View.of(self.analysis, self.analysis.sentences[index])

    def usual_strike(self) -> T:
        """From the air, unless the article speaks of guns and missiles only."""
        concepts = {hit.concept for sentence in self.analysis.sentences for hit in sentence.hits}
        air = concepts & {"noun.air_strike", "act.bomb", *items("aircraft", "drone", "air_bomb")}
        ground = concepts & {"noun.shelling", "act.shell", *items("artillery", "missile")}
        return T.SHELLING_ARTILLERY_MISSILE_ATTACK if ground and not air else T.AIR_DRONE_STRIKE

    def is_named_target(self, found: Roles) -> bool:
        """Whether the one acted on is a name."""
        return found.target is not None and self.phrases.is_named(found.target)

    def named_party(self, hit: Hit) -> bool:
        """Whether a named group or state stands in the same part as a party."""
        phrases = [p for p in self.phrases.all if self.view.part[p.first] == self.view.part[hit.first]]
        return any(self.language.actors.read(self.sentence, *p).kind is not None for p in phrases)


def _is_result(draft: Draft, others: list[Draft]) -> bool:
    """Whether a draft tells what another act of the sentence led to."""
    types = {d.type for d in others}
    rule = draft.frame.rule
    if rule in _RESULTS:
        return bool(types & EXPLOSIVE)
    if rule in _KILLINGS or rule in _WEAK_FIGHTS:
        if types & EXPLOSIVE or types & _PROTESTS:
            return True
        if rule in _KILLINGS and draft.type == T.ARMED_CLASH:
            return bool(types & (_TERRITORY | {T.ARMED_CLASH}))
        if draft.roles.actor is not None and draft.roles.target is not None and rule in ("clashes", "fought"):
            return bool(types & {*_TERRITORY, T.CHANGE_TO_GROUP_ACTIVITY})
        return rule in _WEAK_FIGHTS and bool(types & _INSTEAD - {draft.type})
    if rule == "strike, means untold":
        return bool(types)
    if rule in ("bomb went off", "planted bomb"):
        return bool(types & {T.SUICIDE_BOMB, T.CHEMICAL_WEAPON, T.GRENADE})
    if rule == "riot" and draft.trigger.concept == "noun.riot":
        return bool(types & {T.LOOTING_PROPERTY_DESTRUCTION, T.ATTACK, *_PROTESTS} - {draft.type})
    if rule == "disarmed":
        return T.ARRESTS in types
    if rule == "surrendered":
        return T.ATTACK in types
    if draft.type == T.PEACEFUL_PROTEST:
        return bool(types & (_PROTESTS | EXPLOSIVE | {T.ATTACK}))
    return draft.type == T.VIOLENT_DEMONSTRATION and T.MOB_VIOLENCE in types


# Choosers: which type, given who acts on what; None where nothing fits.

_Chooser = Callable[[_Detector, Hit, Roles, Actor | None], T | None]
_SOLDIERS: Final = frozenset((ActorKind.STATE, ActorKind.ARMED_GROUP, ActorKind.PEACEKEEPERS))
_NO_ACT: Final = ("noun.accident", "domain.disaster", "domain.sport")


def _territory(d: _Detector, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    kind = d.kind(actor)
    if kind in (ActorKind.PROTESTERS, ActorKind.CIVILIANS, ActorKind.AID):
        return T.VIOLENT_DEMONSTRATION if kind is ActorKind.PROTESTERS else None
    if kind is None and found.actor is not None and d.near(hit, CROWD, 14, 2) is not None:
        return None
    if kind is ActorKind.ARMED_GROUP:
        return T.NON_STATE_ACTOR_OVERTAKES_TERRITORY
    if kind is None and not _is_war(d):
        return None
    return T.GOVERNMENT_REGAINS_TERRITORY


def _is_war(d: _Detector) -> bool:
    """Whether the sentence names armed people, a named force or a named place at all."""
    return d.view.has(*ARMED, "noun.position") or bool(d.places.mentions(d.sentence))


def _territory_named(d: _Detector, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """Seizing what is a place by name."""
    following = [m for m in d.places.mentions(d.sentence) if 0 <= m.first - hit.last <= 2]
    passive = [m for m in d.places.mentions(d.sentence) if 0 <= hit.first - m.last <= 3 and m.cue is None]
    if not following and not (passive and found.target is not None and d.is_place(*found.target)):
        return None
    return _territory(d, hit, found, actor)


def _territory_armed(d: _Detector, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    return _territory(d, hit, found, actor) if d.kind(actor) in _SOLDIERS else None


def _territory_held(d: _Detector, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    return _territory(d, hit, found, actor) if d.kind(actor) is ActorKind.ARMED_GROUP else None


def _captive(d: _Detector, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    if d.kind(actor) is ActorKind.ARMED_GROUP or d.near(hit, ("noun.hostage",), 3, 5) is not None:
        return T.ABDUCTION_FORCED_DISAPPEARANCE
    people = d.near(hit, (*PEOPLE, "unit.person", "noun.prisoner"), 6, 8)
    if actor is None and people is None and not d.is_named_target(found):
        return None
    return T.ARRESTS


def _surrender(d: _Detector, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    return T.ARRESTS if d.near(hit, ARMED, 8, 4) is not None else None


def _withdrawal(d: _Detector, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    armed = d.kind(actor) in _SOLDIERS or d.near(hit, (*ARMED, "noun.position"), 12, 8) is not None
    return T.NON_VIOLENT_TRANSFER_OF_TERRITORY if armed or d.named_party(hit) else None


def _withdrawal_armed(d: _Detector, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    return T.NON_VIOLENT_TRANSFER_OF_TERRITORY if d.kind(actor) in _SOLDIERS else None


def _handover(d: _Detector, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    return T.NON_VIOLENT_TRANSFER_OF_TERRITORY if d.kind(actor) is not ActorKind.CIVILIANS else None


def _agreement(d: _Detector, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    ended = d.near(hit, ("cue.end",), 5, 5)
    made = d.near(hit, ("act.agree", "act.declare"), 10, 8)
    return T.AGREEMENT if ended is None and (made is not None or d.view.has("act.agree")) else None


def _violence(d: _Detector, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    if d.near(hit, _NO_ACT, 10, 10) is not None:
        return None
    kind = d.kind(actor)
    victim = _victim(d, hit, found)
    if victim == "protesters":
        return T.EXCESSIVE_FORCE_AGAINST_PROTESTERS
    if kind is ActorKind.PROTESTERS:
        return T.MOB_VIOLENCE if victim else T.VIOLENT_DEMONSTRATION
    if victim == "armed" and hit.concept != "act.murder":
        return T.ARMED_CLASH
    if victim == "armed":
        return T.ATTACK
    if victim == "unarmed":
        return T.ATTACK
    return T.ATTACK if d.named_party(hit) and hit.concept in ("act.murder", "act.shoot") else None


def _victim(d: _Detector, hit: Hit, found: Roles) -> str | None:
    """Whether the people acted on are armed, unarmed or protesters; by the target phrase, else by who is near."""
    if found.target is not None:
        kind = d.language.actors.read(d.sentence, *found.target).kind
        if kind in (ActorKind.STATE, ActorKind.ARMED_GROUP, ActorKind.POLICE, ActorKind.PEACEKEEPERS):
            civil = any(_inside(h, found.target) for h in d.view.hits(*UNARMED))
            return "unarmed" if civil else "armed"
        if kind is ActorKind.PROTESTERS:
            return "protesters"
        if kind is not None or any(_inside(h, found.target) for h in d.view.hits(*UNARMED)):
            return "unarmed"
        if any(_inside(h, found.target) for h in d.view.hits(*ARMED)):
            return "armed"
    own = found.actor
    near = [
        h
        for h in d.view.hits(*PEOPLE, "unit.person")
        if not (own and _inside(h, own)) and d.view.part[h.first] == d.view.part[hit.first]
    ]
    behind = [h for h in near if 0 <= h.first - hit.last <= 6] or [h for h in near if 0 <= hit.first - h.last <= 6]
    if not behind:
        return None
    nearest = min(behind, key=lambda h: abs(h.first - hit.first))
    return "armed" if nearest.concept in ARMED else "unarmed"


def _inside(hit: Hit, phrase: tuple[int, int]) -> bool:
    return hit.first < phrase[1] and hit.last > phrase[0]


def _violence_told(d: _Detector, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """Killing alone is an act only if armed people do it, or a weapon in a hand is told."""
    kind = d.kind(actor)
    armed_actor = kind in (ActorKind.STATE, ActorKind.ARMED_GROUP, ActorKind.POLICE, ActorKind.PROTESTERS)
    armed_phrase = found.actor is not None and any(_inside(h, found.actor) for h in d.view.hits(*ARMED))
    armed_thing = d.near(hit, items("small_arms"), 8, 8) is not None
    if not (armed_actor or armed_phrase or armed_thing):
        return None
    return _violence(d, hit, found, actor)


def _clash(d: _Detector, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """Fighting needs armed sides: by kind of actor, by noun, or for the noun at least a place."""
    if d.near(hit, ("domain.sport",), 8, 8) is not None:
        return None
    if d.near(hit, ("noun.protester", "group.protesters", "actor.protesters", "noun.rioter"), 8, 8) is not None:
        return T.VIOLENT_DEMONSTRATION
    if any(d.is_armed(phrase) for phrase in (found.actor, found.target)):
        return T.ARMED_CLASH
    if hit.concept != "noun.clash":
        return None
    armed = d.near(hit, ARMED, 12, 12) is not None
    return T.ARMED_CLASH if armed or d.places.mentions(d.sentence) else None


def _assault(d: _Detector, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """Armed people attacking armed people or what they hold."""
    if d.near(hit, _NO_ACT, 10, 10) is not None:
        return None
    held = d.near(hit, ("noun.military_target", "noun.base"), 0, 5) is not None
    armed = d.kind(actor) in _SOLDIERS or d.near(hit, ARMED, 10, 0) is not None
    return T.ARMED_CLASH if _victim(d, hit, found) == "armed" or (held and armed) else None


def _intercepted(d: _Detector, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """Missiles or drones intercepted; the sentence before may have named them."""
    flying = (*FIRED, *items("aircraft", "drone", "air_bomb"), "noun.shelling", "noun.air_strike", "noun.strike")
    if d.near(hit, flying, 14, 6) is not None:
        return T.DISRUPTED_WEAPONS_USE
    before = d.before()
    return T.DISRUPTED_WEAPONS_USE if before is not None and before.has(*flying) else None


def _strike(d: _Detector, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    """By means that nobody tells: those of the article's other strikes, else from the air."""
    if d.near(hit, _NO_ACT, 12, 12) is not None:
        return None
    armed = d.is_armed(found.actor) or (hit.concept == "noun.strike" and d.named_party(hit))
    denied = d.kind(actor) is None and found.actor is None and d.view.has("cue.denial") and d.named_party(hit)
    return d.usual_strike() if armed or denied else None


def _property(d: _Detector, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    if d.near(hit, _NO_ACT, 12, 12) is not None:
        return None
    if d.kind(actor) is ActorKind.PROTESTERS and hit.concept != "act.loot":
        return T.VIOLENT_DEMONSTRATION
    return T.LOOTING_PROPERTY_DESTRUCTION


def _protest(d: _Detector, hit: Hit, found: Roles, actor: Actor | None) -> T | None:
    marks = ("act.protest", "noun.peaceful", "noun.protester", "noun.crowd", "group.protesters", "actor.protesters")
    others = [h for h in d.view.hits(*marks) if (h.first, h.last) != (hit.first, hit.last)]
    violent = d.view.has("noun.riot", "act.riot", "noun.tear_gas", "act.disperse", "noun.live_fire")
    if violent or not any(d.view.part[h.first] == d.view.part[hit.first] for h in others):
        return None
    return T.PEACEFUL_PROTEST


_CHOOSERS: Final = MappingProxyType[str, _Chooser](
    {
        "territory": _territory,
        "territory_named": _territory_named,
        "territory_armed": _territory_armed,
        "territory_held": _territory_held,
        "captive": _captive,
        "captive_surrender": _surrender,
        "withdrawal": _withdrawal,
        "withdrawal_armed": _withdrawal_armed,
        "handover": _handover,
        "agreement": _agreement,
        "violence": _violence,
        "violence_told": _violence_told,
        "clash": _clash,
        "assault": _assault,
        "intercepted": _intercepted,
        "strike": _strike,
        "property": _property,
        "protest": _protest,
    }
)
