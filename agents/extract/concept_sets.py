"""Sets of concepts that several rules ask for: who bears arms, what flies, what is fired, what is ground."""

from typing import Final

from agents.extract.concepts import ITEM_CLASS


def items(*classes: str) -> tuple[str, ...]:
    """The concepts of all items of these classes."""
    return tuple(f"item.{item}" for item, kind in ITEM_CLASS.items() if kind in classes)


def groups(words: str) -> tuple[str, ...]:
    """The concepts of groups of people, by their names."""
    return tuple(f"group.{word}" for word in words.split())


ARMED: Final = (
    *groups(
        "soldiers officers fighters rebels militants insurgents terrorists gunmen attackers militiamen auxiliaries "
        "mercenaries conscripts recruits commanders generals guards border_guards peacekeepers "
        "police gang_members"
    ),
    "noun.troops",
    "actor.army",
    "actor.armed_group",
    "actor.police",
    "actor.peacekeepers",
)
"""People who bear arms: fighting them is a clash."""

FOES: Final = groups(
    "soldiers fighters rebels militants insurgents terrorists gunmen attackers militiamen mercenaries gang_members"
)
"""Armed people of whom reports say that they were "destroyed"."""

UNARMED: Final = (
    *groups(
        "people civilians children women men elderly wounded patients villagers residents miners students teachers "
        "nuns priests aid_workers medics journalists farmers workers drivers families girls boys refugees migrants "
        "foreigners tourists passengers worshippers herders fishermen volunteers doctors nurses rescuers firefighters "
        "ex-combatants community_leaders politicians activists lawyers mayors officials pregnant_women infants babies "
        "disabled_people women_and_children citizens nationals employees settlers bystanders shopkeepers merchants "
        "traders pupils teenagers minors orphans relatives staff engineers monks imams pastors inmates "
        "detainees evacuees displaced_people pilgrims rangers security_guards prisoners hostages crew_members sailors "
        "peasants employees judges missionaries suspects"
    ),
    "actor.civilians",
    "actor.aid",
)
"""People who do not: armed people attacking them is violence against civilians."""

PEOPLE: Final = (*UNARMED, *ARMED)
CROWD: Final = ("noun.protester", "noun.rioter", "noun.mob", "noun.crowd", "actor.protesters", "group.protesters")
AIR_PLATFORM: Final = items("aircraft", "drone")
FIRED: Final = items("missile")
GUNS: Final = items("artillery")
PLANTED: Final = items("explosive")
ARMS: Final = ("noun.arms", *items("small_arms", "missile", "artillery", "explosive", "grenade", "drone"))
TRUCKS: Final = items("vehicle")
PROPERTY: Final = ("noun.house", "noun.infrastructure", *items("building", "vehicle"))
HIT: Final = (
    "act.strike",
    "act.attack",
    "act.bomb",
    "act.shell",
    "act.open_fire",
    "act.kill",
    "noun.strike",
    "noun.attack",
)
GROUND: Final = ("noun.territory", "noun.position")
PROTEST: Final = ("noun.protest", "noun.protester", "group.protesters", "actor.protesters", "act.protest")
CAPTIVES: Final = ("noun.hostage", "noun.prisoner", "group.hostages", "group.prisoners", "group.detainees")
NO_ACT: Final = ("noun.accident", "domain.disaster", "domain.sport")
"""What is told near these words is no act of conflict."""
