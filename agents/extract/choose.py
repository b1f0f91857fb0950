"""Which type of event a frame tells, given who acts on what: the table of the choosers that frames name."""

from collections.abc import Callable
from types import MappingProxyType
from typing import Final

from agents.extract import choose_crowds as crowds
from agents.extract import choose_fire as fire
from agents.extract import choose_ground as ground
from agents.extract import choose_people as people
from agents.extract import choose_violence as violence
from agents.extract.actors import Actor
from agents.extract.roles import Roles
from agents.extract.scene import Scene
from agents.extract.text import Hit
from streams.vocabulary import SubEventType as T

Chooser = Callable[[Scene, Hit, Roles, Actor | None], T | None]

CHOOSERS: Final = MappingProxyType[str, Chooser](
    {
        "territory": ground.territory,
        "territory_named": ground.territory_named,
        "territory_armed": ground.territory_armed,
        "territory_entered": ground.territory_entered,
        "territory_held": ground.territory_held,
        "captive": people.captive,
        "captive_seized": people.captive_seized,
        "captive_surrender": people.surrender,
        "withdrawal": ground.withdrawal,
        "withdrawal_armed": ground.withdrawal_armed,
        "withdrawal_named": ground.withdrawal_named,
        "handover": ground.handover,
        "agreement": people.agreement,
        "violence": violence.violence,
        "ambush": violence.ambush,
        "violence_told": violence.violence_told,
        "foes_destroyed": violence.foes_destroyed,
        "clash": violence.clash,
        "assault": violence.assault,
        "brought_down": fire.brought_down,
        "blown_up": fire.blown_up,
        "intercepted": fire.intercepted,
        "strike": fire.strike,
        "deadly": fire.deadly,
        "bomb_killed": fire.bomb_killed,
        "by_guns": fire.by_guns,
        "from_air": fire.from_air,
        "forces": ground.forces,
        "fired_on": crowds.fired_on,
        "protesters_shot": crowds.protesters_shot,
        "arms_seized": fire.arms_seized,
        "freed": people.freed,
        "broken_up": crowds.broken_up,
        "property": crowds.property,
        "protest": crowds.protest,
    }
)
"""Name in `Frame.choose` → chooser of (scene, trigger, roles, actor); None where the frame tells no event after all."""
