"""Every concept that a language pack may spell: the one place that says what a name means and who uses it.

A name is `family.word`. In a pack each family is a table and each word a key: `[act]` / `seize = ["seize", ...]`.
Packs are checked against this inventory when they are loaded; a name that is not here is an error, a required name
without a spelling, too. What follows from a concept is written in the engine (`frames.py` and others), never in a pack.
"""

from types import MappingProxyType
from typing import Final, NamedTuple

from agents.extract.quantity_concepts import QUANTITY_FAMILIES


class Concept(NamedTuple):
    """What a name means, which part of the engine reads it, and whether a pack must spell it."""

    meaning: str
    used_by: str
    required: bool = False


_ACTS: Final = {
    # Ground, weapons, people taken: the object decides what it is.
    "seize": "seize, capture, grab: ground, things or people",
    "take_ground": "overrun, retake, liberate, take control of: always ground",
    "take": "take, enter, occupy: counts only with ground close by",
    "confiscate": "confiscate, impound, find a cache: things only",
    "control": "control, hold: counts only with ground and an armed holder",
    "advance": "move forward, gain ground",
    "withdraw": "retreat, pull out, pull back, fall back",
    "leave": "leave, abandon: counts only with armed people and a position",
    "hand_over": "hand over, cede, turn over: ground or weapons",
    "surrender": "soldiers give themselves up",
    "disarm": "lay down or give up weapons",
    # Fighting.
    "fight": "fight, clash, battle (verb)",
    "attack": "attack, assault, raid, storm: means and target decide",
    "ambush": "ambush",
    "repel": "repel, beat back an attack",
    "open_fire": "open fire, fire on, shoot at, exchange fire is `noun.clash`",
    "shoot": "shoot (dead), gun down",
    "kill": "kill (also as a result)",
    "murder": "massacre, execute, behead, stab, hack to death: always violence against people",
    "beat": "beat up, torture, assault bodily",
    "die": "die, be killed (intransitive): a casualty, no act",
    "wound": "wound, injure",
    "missing": "go missing",
    # Explosions and remote violence.
    "strike": "strike, hit, target, pound: means decide",
    "bomb": "bomb, drop bombs, bombard from the air",
    "shell": "shell, fire artillery",
    "launch": "fire, launch, send: with a missile, rocket, shell or drone",
    "explode": "explode, go off, blow up, detonate",
    "hit_mine": "drive over or step on a mine",
    "throw": "throw, hurl: with a grenade, stones, petrol bombs",
    "shoot_down": "shoot down, bring down aircraft or drones",
    "intercept": "intercept, neutralise: with a missile, rocket, drone",
    "defuse": "defuse, clear mines",
    # Property.
    "destroy": "destroy, demolish, raze, level",
    "damage": "damage",
    "burn": "set fire to, torch, burn down",
    "loot": "loot, plunder, ransack",
    # People.
    "rape": "rape, abuse sexually",
    "abduct": "kidnap, abduct, take hostage",
    "arrest": "arrest, detain, take prisoner",
    "release": "free, release: hostages, prisoners",
    "close_border": "close a border or a crossing point",
    "escape": "escape from prison, break out",
    # Groups.
    "deploy": "deploy, station, redeploy forces",
    "send": "send, move, dispatch: counts only with forces",
    "recruit": "recruit, conscript",
    "mobilise": "mobilise, call up, put on alert",
    "arm": "arm people, hand out weapons",
    "merge": "form, merge, disband, join: with armed groups",
    "establish": "set up, establish, open: with a base or headquarters",
    # Talk that binds.
    "agree": "agree to, sign, conclude, reach: with an agreement or truce",
    "declare": "declare, announce, extend: with a truce",
    "stop_fighting": "stop fighting, cease fire (verb)",
    "exchange": "exchange, swap: with prisoners, bodies",
    # Protest and riot.
    "protest": "protest, demonstrate, rally, march",
    "march": "march, gather, take to the streets: counts only with protesters or a crowd",
    "disperse": "disperse, break up: with a protest",
    "riot": "riot, rampage, clash with police",
    "vandalise": "smash, pelt, vandalise, attack property",
    "lynch": "lynch, beat to death by a crowd",
    "expel": "drive out, evict by force: with a mob",
}

_NOUNS: Final = {
    "territory": "village, town, height, district, crossing: ground that can be taken",
    "position": "positions, line, garrison, outpost: ground that armed people hold and leave",
    "clash": "fighting, clashes, battle, firefight",
    "attack": "attack, assault, offensive, raid as nouns: means and target decide",
    "ambush": "ambush",
    "air_strike": "air strike, air raid, drone attack, bombing run, precision strike",
    "strike": "strike(s) as a noun, with no means told",
    "shelling": "shelling, artillery or mortar or rocket fire, missile strike",
    "explosion": "explosion, blast",
    "ied_attack": "roadside bomb, car bomb, mine blast: blast of a planted device, as one noun",
    "suicide_attack": "suicide bombing, suicide bomber, explosive vest",
    "chemical_attack": "gas attack, chemical attack",
    "grenade_attack": "grenade attack",
    "massacre": "massacre, killings, executions",
    "shooting": "shooting (noun): gunfire on people",
    "sexual_violence": "rape(s), sexual violence",
    "abduction": "kidnapping, abduction, hostage-taking, enforced disappearance",
    "arrest": "arrest(s), detention(s), round-up",
    "hostage": "hostage(s), captive(s)",
    "prisoner": "prisoner(s) of war, detainees",
    "withdrawal": "withdrawal, retreat",
    "capture": "capture, seizure, fall of ground (noun)",
    "looting": "looting, arson",
    "destruction": "destruction, demolition",
    "ceasefire": "ceasefire, truce",
    "agreement": "agreement, accord, deal, peace plan between parties to a conflict",
    "exchange": "prisoner exchange, swap",
    "corridor": "humanitarian corridor",
    "deployment": "deployment, mobilisation, reinforcement",
    "sides": "the sides, both parties: who agree or fight without a name",
    "troops": "troops, soldiers, forces, battalion, reinforcements: what is deployed",
    "base": "base, headquarters, outpost, checkpoint: what is set up",
    "arms": "weapons, arms, ammunition in general",
    "house": "houses, homes, shops, market, buildings: property that is burnt, looted or destroyed",
    "infrastructure": "infrastructure, power plant, bridge, hospital, school, church",
    "military_target": "military facility, depot, command post, column: a target of war",
    "protest": "protest, demonstration, rally, sit-in",
    "protester": "protesters, demonstrators, marchers",
    "demand": "demanding, in protest at: what a crowd marches for",
    "peaceful": "peaceful, without incident (of a protest)",
    "riot": "riot, unrest, disturbances",
    "rioter": "rioters, looters",
    "mob": "mob, angry crowd",
    "crowd": "crowd, thousands of people as a crowd, students, residents who gather",
    "tear_gas": "tear gas, water cannon, batons, pepper spray, rubber bullets",
    "live_fire": "live rounds, live ammunition",
    "stones": "stones, bottles, petrol bombs thrown by a crowd",
    "prison_break": "prison break, jailbreak",
    "accident": "accident, crash, gas leak, earthquake: what happened was no act of conflict",
    "casualties": "losses, casualties, death toll",
}

ITEM_CLASS: Final = MappingProxyType(
    {
        item: kind
        for kind, items in {
            "artillery": "mortar howitzer gun artillery_piece rocket_launcher multiple_rocket_launcher tank",
            "missile": "missile rocket rocket_or_missile shell cruise_missile ballistic_missile mortar_round "
            "cluster_munition",
            "aircraft": "aircraft helicopter fighter_jet warplane",
            "drone": "drone",
            "air_bomb": "glide_bomb barrel_bomb aerial_bomb",
            "explosive": "mine anti-tank_mine anti-personnel_mine unexploded_ordnance bomb explosive "
            "explosive_device car_bomb landmine ied",
            "grenade": "grenade rocket_propelled_grenade",
            "chemical": "chlorine sarin mustard_gas nerve_agent chemical_weapon poison_gas white_phosphorus",
            "vest": "explosive_vest",
            "small_arms": "rifle shotgun machine_gun pistol weapon firearm cartridge magazine ammunition_crate "
            "ammunition anti-tank_missile anti-aircraft_gun grenade_launcher anti-drone_gun launcher "
            "knife machete bullet round kalashnikov flamethrower",
            "fire": "petrol_bomb stone",
            "vehicle": "truck vehicle combat_vehicle military_vehicle armoured_vehicle "
            "infantry_fighting_vehicle armoured_personnel_carrier car bus "
            "motorcycle pickup ambulance train boat ship tanker radar warship van",
            "building": "house home building apartment school hospital church mosque shop market_stall market bridge "
            "power_plant substation warehouse depot police_station hut tent shelter office kiosk hangar "
            "dormitory chapel pharmacy booth hotel restaurant factory bank",
            "ground": "village settlement town position outpost military_camp",
        }.items()
        for item in items.split()
    }
)
"""What kind of thing each `item.*` concept is; the name, underscores as blanks, is the record's English noun."""

_GROUPS: Final = [
    "people",
    "civilians",
    "children",
    "women",
    "men",
    "elderly",
    "wounded",
    "patients",
    "soldiers",
    "officers",
    "police",
    "fighters",
    "rebels",
    "militants",
    "villagers",
    "residents",
    "miners",
    "students",
    "teachers",
    "nuns",
    "priests",
    "aid_workers",
    "medics",
    "journalists",
    "farmers",
    "workers",
    "drivers",
    "protesters",
    "prisoners",
    "hostages",
    "peacekeepers",
    "families",
    "girls",
    "boys",
    "refugees",
    "migrants",
    "foreigners",
    "tourists",
    "passengers",
    "guards",
    "gang_members",
    "worshippers",
    "herders",
    "fishermen",
    "auxiliaries",
    "volunteers",
    "doctors",
    "nurses",
    "rescuers",
    "firefighters",
    "pilots",
    "conscripts",
    "recruits",
    "terrorists",
    "gunmen",
    "attackers",
    "insurgents",
    "commanders",
    "generals",
    "crew_members",
    "sailors",
    "peasants",
    "employees",
    "bodyguards",
    "judges",
    "missionaries",
    "lawyers",
    "militiamen",
    "ex-combatants",
    "community_leaders",
    "politicians",
    "activists",
    "mayors",
    "officials",
    "pregnant_women",
    "infants",
    "babies",
    "disabled_people",
    "women_and_children",
    "citizens",
    "nationals",
    "security_guards",
    "border_guards",
    "rangers",
    "settlers",
    "bystanders",
    "suspects",
    "shopkeepers",
    "merchants",
    "traders",
    "pupils",
    "teenagers",
    "minors",
    "orphans",
    "relatives",
    "staff",
    "bodies",
    "engineers",
    "monks",
    "imams",
    "pastors",
    "mercenaries",
    "inmates",
    "detainees",
    "evacuees",
    "displaced_people",
    "sick",
    "asylum_seekers",
    "athletes",
    "pilgrims",
]

_CUES: Final = {
    "negation": "not, never, no",
    "without": "without: denies the noun right behind it",
    "denial": "deny, refute, reject a claim",
    "untrue": "is false, is a lie, does not correspond to the facts: said behind what is told",
    "conditional": "if, unless, in case",
    "conditional_after": "if, in case: where it ends its clause (-se, halinde)",
    "after_condition": "as soon as, once, until, provided that: makes a promise conditional",
    "future": "will, is to, going to",
    "plan": "plan, order, schedule, intend, be due to, announce that (of the future)",
    "possible": "may, might, could, possibly",
    "threat": "threaten, warn, fear, ready to, demand, call for, offer, propose",
    "urge": "call for, urge, demand, appeal: talk alone, no event",
    "attempt": "try, attempt, fail to",
    "refusal": "refuse to, decline to: the movement that hangs on it does not take place",
    "background": "ago, in (an earlier year), during the war of, anniversary, history: told as long past",
    "anaphor": "this, that, the said: beside a noun of action, points back to an act already told",
    "since": "since: a noun of action right behind it was told before",
    "blame": "responsible for, claim, blame for: the attack beside it was told already",
    "anniversary": "anniversary, commemorate, memorial: the article tells of old times",
    "exercise": "drill, exercise, simulated",
    "end": "end, suspend, violate: of a truce or occupation",
    "unopposed": "without a shot, without resistance: how ground changes hands peacefully",
    "against": "against, at, on: comes before the target",
    "by": "by: comes before the actor of a passive",
    "passive": "was, were, been: makes the verb after it passive",
    "suffer": "come under, be hit by: its subject is the target of the noun of action behind it",
    "object_mark": "a word that marks the object before it (Persian 'را')",
    "one": "a, an, one: a single person or thing without a number",
    "single": "a noun of a thing that tells one by its own form, where no article or number does (ar, he)",
    "dual": "a noun of a thing that tells two by its own form",
    "recipient": "to: comes before who gets something",
    "between": "between: comes before two sides",
    "and": "and, with: joins two sides",
    "but": "but, while, whereas: what follows is another claim",
    "relative": "who, which, that",
    "clause": "that, because, when, after, before: begins a new clause",
}

_SAYS: Final = {
    "verb": "said, reports, told, announced, confirmed, claims, wrote: the speaker stands beside it",
    "according": "according to, in the words of: the speaker follows",
    "after": "a word that marks the speaker before it (postpositions: 'göre', 'ըստ')",
    "stated": "is stated in, is said in a report of: points back at the sentence before",
    "reference": "this, that, the data: what a pointing-back sentence begins with",
    "role": "spokesman, minister, governor, mayor, chief, president: titles before a person's name",
    "bulletin": "bulletin, summary, briefing: an article that opens with it speaks for the body it names",
    "self": "the group, the movement: a speaker that is the actor itself",
    "that": "that: what a verb of saying says follows",
    "pronoun": "according to him, in her words: who spoke last, told by no name",
    "office": "ministry, office, general staff, agency, committee: bodies that speak",
}

_TOLD: Final = {
    "town": "the town, the village, the city: a common noun alone that means one told before",
    "site": "the camp, the base, the neighbourhood, likewise",
    "region": "the region, the area, the district, likewise",
    "capital": "the capital",
    "there": "there, in that place",
}

_FUNCS: Final = {
    "stop": "closed-class words that no name or noun phrase contains: prepositions, conjunctions, auxiliaries, adverbs",
    "link": "words inside a noun phrase that join its parts: of, de, yang",
    "article": "the, a: dropped from the front of a phrase",
    "first_person": "we: who speaks",
    "pronoun": "he, she, it, they: stand for someone named before",
    "possessive": "his, its, their: the owner was named before",
    "verb": "frequent verbs that are no act of ours, so that phrases stop at them",
}

_ACTORS: Final = {
    "army": "army, troops, forces, navy, air force: a state's unless the phrase says otherwise",
    "government": "government, authorities, ministry, president, regime",
    "police": "police, gendarmerie, border guards, security forces",
    "peacekeepers": "peacekeepers, blue helmets, UN mission",
    "armed_group": "rebels, militia, insurgents, gang, cartel, gunmen, terrorists, separatists",
    "unrecognised": "unrecognised, self-proclaimed, breakaway: turns an army or republic into an armed group",
    "civilians": "civilians, residents, population",
    "protesters": "protesters, demonstrators, crowd",
    "aid": "aid agency, relief organisation, rescuers",
}

_DOMAINS: Final = {
    "sport": "match, goal, league, coach: words that only sports pages use",
    "business": "shares, retailer, profit, market share, analysts",
    "culture": "film, novel, museum, exhibition, concert, anniversary",
    "game": "video game, chess, players",
    "politics": "election campaign, debate: metaphors of battle",
    "disaster": "earthquake, flood, eruption, wildfire, firefighters: destruction without a conflict",
    "crime": "trial, convicted, charged with, drunk driving: common crime and its courts",
    "exercise": "drill, rehearsal, simulation",
}

_FAMILIES: Final = {
    "act": (_ACTS, "frames"),
    "noun": (_NOUNS, "frames"),
    "cue": (_CUES, "modality, clauses"),
    "say": (_SAYS, "attribution"),
    "told": (_TOLD, "places told before"),
    "func": (_FUNCS, "names"),
    "domain": (_DOMAINS, "conflict"),
    **QUANTITY_FAMILIES,
    "actor": (_ACTORS, "actors"),
}

_REQUIRED: Final = frozenset(
    [
        "act.attack",
        "act.kill",
        "act.arrest",
        "act.strike",
        "act.withdraw",
        "noun.clash",
        "noun.territory",
        "cue.negation",
        "cue.future",
        "cue.conditional",
        "say.verb",
        "say.according",
        "func.stop",
    ]
)

CONCEPTS: Final = MappingProxyType(
    {
        f"{family}.{word}": Concept(meaning, used_by, f"{family}.{word}" in _REQUIRED)
        for family, (words, used_by) in _FAMILIES.items()
        for word, meaning in words.items()
    }
    | {f"item.{item}": Concept(f"{kind}: {item.replace('_', ' ')}", "items") for item, kind in ITEM_CLASS.items()}
    | {f"group.{group}": Concept(group.replace("_", " "), "casualties, parts") for group in _GROUPS}
)
"""All concepts by name, but for the `mask` family: any `mask.word` is allowed (see `lexicon`)."""


def starting(*beginnings: str) -> frozenset[str]:
    """All concepts whose names begin so: whether a hit is one of them is then one look into a set."""
    return frozenset(name for name in CONCEPTS if name.startswith(beginnings))


BIT: Final = MappingProxyType({name: 1 << number for number, name in enumerate(CONCEPTS)})
"""Each concept as one bit: what a sentence names is then one number, and whether a rule has work there one "and"."""


def bits(*names: str) -> int:
    """These concepts as bits of one number."""
    return sum(BIT[name] for name in set(names))


FAMILIES: Final = frozenset(name.split(".", 1)[0] for name in CONCEPTS) | {"mask"}
"""The tables of a pack that hold concepts."""
