"""What turns words into events: one table of frames over concepts, the same for every language.

A frame fires on one of its trigger concepts if all its needs are met near by and none of its vetoes is. Of frames whose
triggers overlap, the one higher in the table wins. To add an event type: a member in `streams.vocabulary`, a frame
here, phrases in the packs.
"""

from typing import Final

from agents.extract.concept_sets import (
    AIR_PLATFORM,
    ARMED,
    ARMS,
    CAPTIVES,
    CROWD,
    FIRED,
    FOES,
    GROUND,
    GUNS,
    HIT,
    PEOPLE,
    PLANTED,
    PROPERTY,
    PROTEST,
    TRUCKS,
    UNARMED,
    items,
)
from agents.extract.frame import Frame, Near
from streams.vocabulary import SubEventType as T

_EXERCISE: Final = Near(("cue.exercise",), 5, 4)
_LEFT_DEAD: Final = Near(("act.die", "act.wound", "term.homeless"), 0, 6)
_HARMLESS: Final = Near(("noun.accident", "domain.disaster"), 12, 12)

FRAMES: Final = (
    # What names its own means.
    Frame(
        "suicide bombing",
        ("noun.suicide_attack",),
        T.SUICIDE_BOMB,
        vetoes=(Near(("act.confiscate", "act.defuse"), 6, 6), Near(items("drone"), 1, 1)),
        nominal=True,
    ),
    Frame("chemical attack", ("noun.chemical_attack",), T.CHEMICAL_WEAPON, nominal=True),
    Frame(
        "chemical weapon used",
        items("chemical"),
        T.CHEMICAL_WEAPON,
        needs=(Near((*HIT, "act.launch", "act.throw", "act.explode", "noun.shelling", "noun.air_strike"), 8, 6),),
        nominal=True,
    ),
    Frame("grenade attack", ("noun.grenade_attack",), T.GRENADE, nominal=True),
    Frame(
        "grenade thrown",
        ("act.throw", "act.explode", "act.launch", "noun.explosion"),
        T.GRENADE,
        needs=(Near(("item.grenade",), 6, 6),),
        vetoes=(Near(("noun.tear_gas",), 4, 4),),
    ),
    Frame(
        "bomb thrown",
        ("act.throw",),
        T.GRENADE,
        needs=(Near(PLANTED, 4, 4),),
        vetoes=(Near((*AIR_PLATFORM, "noun.tear_gas", "noun.stones"), 6, 6), _EXERCISE),
    ),
    # Arms made harmless.
    Frame("shot down", ("act.shoot_down",), T.DISRUPTED_WEAPONS_USE),
    Frame("brought down", ("act.shoot",), choose="brought_down", needs=(Near(AIR_PLATFORM, 8, 5),)),
    Frame(
        "intercepted",
        ("act.intercept",),
        choose="intercepted",
    ),
    Frame("defused", ("act.defuse",), T.DISRUPTED_WEAPONS_USE),
    Frame("disarmed", ("act.disarm",), T.DISRUPTED_WEAPONS_USE),
    Frame("arms handed over", ("act.hand_over",), T.DISRUPTED_WEAPONS_USE, needs=(Near(ARMS, 2, 5),)),
    Frame(
        "arms seized",
        ("act.confiscate", "act.seize", "noun.capture"),
        choose="arms_seized",
        needs=(Near((*ARMS, *TRUCKS), 5, 6),),
        vetoes=(Near(("act.abduct",), 3, 3),),
        weak=True,
    ),
    Frame("arms taken", ("act.take",), T.DISRUPTED_WEAPONS_USE, needs=(Near(ARMS, 0, 3),), weak=True),
    # Protests and riots.
    Frame(
        "live fire on protesters",
        ("act.open_fire", "act.shoot", "act.kill", "noun.live_fire", "noun.shooting"),
        choose="protesters_shot",
        needs=(Near(PROTEST, 6, 10),),
        vetoes=(Near(("noun.rioter", "cue.anniversary"), 8, 0), Near(items("drone"), 8, 10)),
        weak=True,
    ),
    Frame("live fire, protest before", ("noun.live_fire",), choose="fired_on", nominal=True),
    Frame(
        "protest broken up",
        ("act.disperse", "noun.tear_gas"),
        T.PROTEST_WITH_INTERVENTION,
        needs=(Near((*PROTEST, "noun.crowd", "noun.riot", "noun.rioter"), 10, 10),),
    ),
    Frame("protest before broken up", ("act.disperse",), choose="broken_up"),
    Frame("prison break", ("noun.prison_break", "act.escape"), T.OTHER),
    Frame("border closed", ("act.close_border",), T.OTHER),
    Frame("mob violence", ("act.lynch",), T.MOB_VIOLENCE),
    Frame(
        "mob attack",
        ("noun.mob",),
        T.MOB_VIOLENCE,
        needs=(
            Near(
                (
                    "act.attack",
                    "act.murder",
                    "act.beat",
                    "act.kill",
                    "act.expel",
                    "act.lynch",
                ),
                6,
                12,
            ),
        ),
        nominal=True,
    ),
    Frame(
        "crowd drives out",
        ("act.expel",),
        T.MOB_VIOLENCE,
        needs=(Near(CROWD, 14, 2),),
        vetoes=(_HARMLESS,),
        weak=True,
    ),
    Frame(
        "violent demonstration",
        ("act.riot", "act.vandalise", "act.burn", "act.destroy"),
        T.VIOLENT_DEMONSTRATION,
        needs=(Near(("noun.protester", "noun.rioter", "group.protesters", "actor.protesters", "noun.protest"), 12, 4),),
        vetoes=(Near(("act.loot",), 3, 3),),
    ),
    Frame(
        "riot",
        ("act.riot", "noun.riot"),
        T.VIOLENT_DEMONSTRATION,
        needs=(Near((*CROWD, "noun.protest", "act.vandalise", "noun.stones", "act.burn", "actor.police"), 10, 12),),
        weak=True,
    ),
    Frame(
        "stones thrown",
        ("act.vandalise", "act.throw"),
        T.VIOLENT_DEMONSTRATION,
        needs=(Near(("noun.stones",), 3, 5), Near((*CROWD, "actor.police", "noun.protest"), 12, 8)),
        vetoes=(_HARMLESS,),
        weak=True,
    ),
    # Mines and bombs.
    Frame("mine struck", ("act.hit_mine",), T.REMOTE_EXPLOSIVE_LANDMINE_IED),
    Frame(
        "planted bomb",
        ("noun.ied_attack",),
        T.REMOTE_EXPLOSIVE_LANDMINE_IED,
        vetoes=(Near(("act.defuse", "act.confiscate"), 6, 6),),
        nominal=True,
    ),
    Frame(
        "bomb went off",
        ("act.explode", "noun.explosion"),
        T.REMOTE_EXPLOSIVE_LANDMINE_IED,
        needs=(Near(PLANTED, 7, 7),),
        vetoes=(Near(AIR_PLATFORM, 6, 6), _HARMLESS, Near(("act.defuse",), 6, 6)),
        weak=True,
    ),
    Frame(
        "bomb killed",
        ("act.kill", "act.wound", "act.destroy", "act.damage"),
        choose="bomb_killed",
        needs=(Near(PLANTED, 6, 3),),
        vetoes=(
            Near((*AIR_PLATFORM, "act.launch", "act.bomb", "act.defuse"), 6, 6),
            Near(("noun.strike", "noun.air_strike", "noun.shelling"), 6, 6),
            _HARMLESS,
        ),
        weak=True,
    ),
    Frame(
        "blown up",
        ("act.explode",),
        choose="blown_up",
        needs=(Near(("noun.infrastructure", *items("building", "vehicle")), 2, 5),),
        vetoes=(Near((*AIR_PLATFORM, *FIRED), 6, 6), _HARMLESS),
        weak=True,
    ),
    # From the air, from afar.
    Frame("air strike", ("noun.air_strike",), T.AIR_DRONE_STRIKE, nominal=True, vetoes=(_EXERCISE,)),
    Frame("air bombs", items("air_bomb"), T.AIR_DRONE_STRIKE, needs=(Near((*HIT, "act.launch"), 8, 8),), nominal=True),
    Frame("drones launched", ("act.launch",), T.AIR_DRONE_STRIKE, needs=(Near(items("drone"), 2, 6),)),
    Frame(
        "struck from the air",
        (*HIT, "act.damage", "act.destroy"),
        choose="from_air",
        needs=(Near(AIR_PLATFORM, 7, 7),),
        vetoes=(_EXERCISE,),
        weak=True,
    ),
    Frame("bombed", ("act.bomb",), T.AIR_DRONE_STRIKE, vetoes=(Near(PLANTED, 3, 3), _EXERCISE)),
    Frame("shelling", ("noun.shelling",), T.SHELLING_ARTILLERY_MISSILE_ATTACK, nominal=True, vetoes=(_EXERCISE,)),
    Frame(
        "shelled",
        ("act.shell",),
        T.SHELLING_ARTILLERY_MISSILE_ATTACK,
        vetoes=(Near(("noun.tear_gas",), 3, 3),),
    ),
    Frame(
        "fired from the air",
        ("act.launch",),
        choose="from_air",
        needs=(Near(items("aircraft"), 5, 0), Near(FIRED, 0, 4)),
        vetoes=(_EXERCISE,),
        weak=True,
    ),
    Frame(
        "missiles fired",
        ("act.launch", "act.strike", "act.explode"),
        T.SHELLING_ARTILLERY_MISSILE_ATTACK,
        needs=(Near(FIRED, 7, 7),),
        vetoes=(_EXERCISE, Near(("cue.exercise", "domain.exercise"), 9, 9), Near(("act.defuse",), 6, 6)),
        weak=True,
    ),
    Frame(
        "guns fired",
        (*HIT, "act.launch"),
        choose="by_guns",
        needs=(Near((*GUNS, *FIRED), 5, 5),),
        vetoes=(_EXERCISE,),
        weak=True,
    ),
    # People.
    Frame("raped", ("act.rape",), T.SEXUAL_VIOLENCE, weak=True),
    Frame(
        "rape",
        ("noun.sexual_violence",),
        T.SEXUAL_VIOLENCE,
        needs=(Near((*PEOPLE, "unit.person"), 6, 6),),
        nominal=True,
        weak=True,
    ),
    Frame("abducted", ("act.abduct",), T.ABDUCTION_FORCED_DISAPPEARANCE, weak=True),
    Frame("abduction", ("noun.abduction",), T.ABDUCTION_FORCED_DISAPPEARANCE, nominal=True, weak=True),
    Frame(
        "people seized",
        ("act.seize",),
        choose="captive_seized",
        needs=(Near(PEOPLE, 2, 5),),
        vetoes=(Near(GROUND, 0, 3),),
        weak=True,
    ),
    Frame("arrested", ("act.arrest",), choose="captive", weak=True),
    Frame("arrest", ("noun.arrest",), choose="captive", needs=(Near(PEOPLE, 4, 5),), nominal=True, weak=True),
    Frame(
        "surrendered",
        ("act.surrender",),
        choose="captive_surrender",
        needs=(Near((*ARMED, "unit.person"), 8, 4),),
        weak=True,
    ),
    # Ground.
    Frame("ground taken", ("act.take_ground",), choose="territory", vetoes=(Near(("cue.exercise",), 5, 5),), weak=True),
    Frame("ground seized", ("act.seize",), choose="territory", needs=(Near(GROUND, 4, 6),), weak=True),
    Frame("ground seized by name", ("act.seize",), choose="territory_named"),
    Frame("ground entered", ("act.take",), choose="territory_armed", needs=(Near(GROUND, 2, 4),), weak=True),
    Frame("ground entered by name", ("act.take",), choose="territory_entered", needs=(Near(ARMED, 8, 4),), weak=True),
    Frame("enemy driven out", ("act.expel",), choose="territory_armed", needs=(Near(GROUND, 2, 8),), weak=True),
    Frame("ground held", ("act.control",), choose="territory_held", needs=(Near(GROUND, 0, 5),), weak=True),
    Frame("capture of ground", ("noun.capture",), choose="territory_armed", needs=(Near(GROUND, 0, 3),), nominal=True),
    Frame("capture", ("noun.capture",), choose="territory_named", nominal=True, weak=True),
    Frame("withdrew", ("act.withdraw",), choose="withdrawal", weak=True),
    Frame("withdrawal", ("noun.withdrawal",), choose="withdrawal", nominal=True),
    Frame(
        "position left",
        ("act.leave",),
        choose="withdrawal_armed",
        needs=(Near(GROUND, 2, 5),),
        vetoes=(Near(("move.order",), 10, 6), _LEFT_DEAD),
        weak=True,
    ),
    Frame(
        "place left by name",
        ("act.leave",),
        choose="withdrawal_named",
        needs=(Near(ARMED, 8, 4),),
        vetoes=(_LEFT_DEAD,),
        weak=True,
    ),
    Frame("ground handed over", ("act.hand_over",), choose="handover", needs=(Near(GROUND, 2, 6),), weak=True),
    # Words that bind.
    Frame(
        "truce",
        ("noun.ceasefire",),
        choose="agreement",
        needs=(Near(("act.agree", "act.declare", "noun.agreement", "cue.end"), 10, 8),),
        nominal=True,
        weak=True,
    ),
    Frame("prisoners exchanged", ("act.exchange", "noun.exchange"), T.AGREEMENT, nominal=True),
    Frame(
        "agreement",
        ("noun.agreement",),
        choose="agreement",
        needs=(
            Near(("act.agree",), 8, 8),
            Near(
                (
                    "noun.ceasefire",
                    "noun.exchange",
                    *ARMED,
                    "noun.clash",
                    "act.stop_fighting",
                    "noun.troops",
                    "noun.withdrawal",
                    "noun.corridor",
                    "noun.hostage",
                    "actor.government",
                    "actor.army",
                    "actor.armed_group",
                    "act.withdraw",
                ),
                14,
                14,
            ),
        ),
        nominal=True,
    ),
    Frame("fighting stopped", ("act.stop_fighting",), T.AGREEMENT),
    Frame(
        "corridor opened",
        ("noun.corridor",),
        T.AGREEMENT,
        needs=(Near(("act.establish", "act.agree", "act.declare"), 6, 6),),
        nominal=True,
    ),
    Frame(
        "captives freed",
        ("act.release",),
        T.AGREEMENT,
        needs=(Near(CAPTIVES, 6, 6),),
    ),
    Frame("freed by captors", ("act.release",), choose="freed", needs=(Near(PEOPLE, 3, 6),), weak=True),
    # Groups change.
    Frame("armed", ("act.arm",), T.CHANGE_TO_GROUP_ACTIVITY),
    Frame("mobilised", ("act.mobilise",), T.CHANGE_TO_GROUP_ACTIVITY),
    Frame("recruited", ("act.recruit",), T.CHANGE_TO_GROUP_ACTIVITY, needs=(Near(PEOPLE, 4, 7),), weak=True),
    Frame(
        "deployed",
        ("act.deploy",),
        T.CHANGE_TO_GROUP_ACTIVITY,
        needs=(Near((*ARMED, *items("aircraft", "artillery")), 6, 7),),
        vetoes=(_EXERCISE, Near(("noun.tear_gas",), 3, 4), Near(("cue.relative",), 2, 0)),
        weak=True,
    ),
    Frame(
        "forces sent",
        ("act.send",),
        choose="forces",
        needs=(Near(("noun.troops", "group.soldiers", "group.police", "actor.army", "actor.peacekeepers"), 6, 6),),
        vetoes=(_EXERCISE, Near(("term.evacuated", "term.relocated"), 4, 4)),
        weak=True,
    ),
    Frame(
        "deployment",
        ("noun.deployment",),
        T.CHANGE_TO_GROUP_ACTIVITY,
        needs=(Near((*ARMED,), 5, 6),),
        vetoes=(Near(("act.disperse", "noun.demand"), 4, 6),),
        nominal=True,
        weak=True,
    ),
    Frame(
        "units formed",
        ("act.merge",),
        T.CHANGE_TO_GROUP_ACTIVITY,
        needs=(Near(ARMED, 6, 8),),
        vetoes=(Near(("cue.relative",), 1, 0),),
        weak=True,
    ),
    Frame(
        "base set up",
        ("act.establish",),
        T.HEADQUARTERS_OR_BASE_ESTABLISHED,
        needs=(Near(("noun.base",), 2, 6),),
        vetoes=(Near(("act.burn", "act.destroy"), 3, 3),),
        weak=True,
    ),
    # Violence against people.
    Frame("massacred", ("act.murder",), choose="violence", needs=(), weak=True),
    Frame(
        "killing",
        ("noun.massacre",),
        choose="violence",
        needs=(Near((*PEOPLE, "unit.person"), 3, 6),),
        nominal=True,
        weak=True,
    ),
    Frame("shot", ("act.shoot", "act.open_fire"), choose="violence", weak=True),
    Frame(
        "shooting",
        ("noun.shooting",),
        choose="violence",
        needs=(Near((*PEOPLE, "unit.person"), 0, 5),),
        vetoes=(Near(("act.murder",), 5, 5),),
        weak=True,
    ),
    Frame("beaten", ("act.beat",), choose="violence", needs=(Near(PEOPLE, 6, 6),), weak=True),
    Frame("killed", ("act.kill",), choose="violence_told", weak=True),
    Frame(
        "wounded with blades or guns",
        ("act.wound",),
        choose="violence",
        needs=(Near(items("small_arms"), 6, 6), Near(UNARMED, 6, 6)),
        weak=True,
    ),
    Frame("civilians attacked", ("act.attack",), choose="violence", needs=(Near(UNARMED, 6, 6),), weak=True),
    Frame(
        "attacked with blades or guns",
        ("act.attack", "noun.attack"),
        choose="violence",
        needs=(Near(items("small_arms"), 2, 8),),
        weak=True,
    ),
    Frame(
        "deadly raid",
        ("noun.attack",),
        choose="violence_told",
        needs=(Near(ARMED, 10, 8), Near(UNARMED, 0, 6), Near(("act.die", "act.wound"), 0, 8)),
        nominal=True,
        weak=True,
    ),
    # Fighting.
    Frame("foes destroyed", ("act.destroy",), choose="foes_destroyed", needs=(Near(FOES, 2, 4),), weak=True),
    Frame("ambush", ("act.ambush", "noun.ambush"), choose="ambush", weak=True),
    Frame("repelled", ("act.repel",), T.ARMED_CLASH, vetoes=(Near(("noun.tear_gas",), 8, 4),), weak=True),
    Frame(
        "clashes",
        ("noun.clash",),
        choose="clash",
        vetoes=(Near(("term.forced_to_flee", "term.displaced"), 5, 0),),
        nominal=True,
        weak=True,
    ),
    Frame("fought", ("act.fight",), choose="clash", weak=True),
    Frame(
        "armed attack",
        ("act.attack", "noun.attack"),
        choose="assault",
        needs=(Near((*ARMED, "noun.military_target", "noun.base"), 2, 8),),
        weak=True,
    ),
    # A strike whose means nobody tells.
    Frame(
        "strike, means untold",
        ("act.strike", "noun.strike"),
        choose="strike",
        needs=(Near((*GROUND, *PROPERTY, "noun.military_target"), 4, 8),),
        vetoes=(_EXERCISE, _HARMLESS),
        confidence=0.6,
        weak=True,
    ),
    Frame(
        "deadly strike",
        ("noun.strike", "noun.explosion", "noun.attack"),
        choose="deadly",
        needs=(Near(("act.kill", "act.wound", "act.die"), 6, 8),),
        vetoes=(_EXERCISE, _HARMLESS),
        confidence=0.6,
        weak=True,
    ),
    # Property.
    Frame(
        "looted",
        ("act.loot", "noun.looting"),
        choose="property",
        needs=(Near((*PROPERTY, "noun.rioter", "noun.territory", "cue.denial"), 8, 6),),
        weak=True,
    ),
    Frame(
        "burnt or destroyed",
        ("act.burn", "act.destroy", "act.damage"),
        choose="property",
        needs=(Near((*PROPERTY, "noun.territory"), 9, 6),),
        weak=True,
    ),
    Frame(
        "destruction", ("noun.destruction",), choose="property", needs=(Near(PROPERTY, 2, 4),), nominal=True, weak=True
    ),
    # Protest.
    Frame("peaceful protest", ("noun.protest", "act.protest"), choose="protest"),
    Frame(
        "peaceful march",
        ("act.march",),
        choose="protest",
        needs=(Near(("noun.peaceful", "noun.protester", "noun.protest", "noun.demand"), 10, 14),),
    ),
)
"""All frames, most telling first."""


def _index() -> dict[str, tuple[tuple[int, int], ...]]:
    index: dict[str, list[tuple[int, int]]] = {}
    for number, frame in enumerate(FRAMES):
        for rank, trigger in enumerate(frame.triggers):
            index.setdefault(trigger, []).append((number, rank))
    return {trigger: tuple(places) for trigger, places in index.items()}


BY_TRIGGER: Final = _index()
"""Trigger concept → numbers of its frames, in order of the table, each with its rank among the frame's triggers."""
