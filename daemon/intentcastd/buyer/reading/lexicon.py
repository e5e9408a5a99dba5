"""Small words: those that carry no meaning of their own for a reader of needs."""

from __future__ import annotations

from typing import Final

# Words that may stand inside a phrase without changing it: "fix my washing machine".
FILLERS: Final = frozenset(
    "a an the my our your his her their its this that these those some any of just really very quite please pls one "
    "old brand new".split()
)

FUNCTION_WORDS: Final = FILLERS | frozenset(
    "i me we us you he him she it they them who whom which what where when why how is are was were be been being am do "
    "does did done have has had having will would can could should shall may might must and or but nor so if then than "
    "as at by for from in into near on onto off out over to until till up with within without about after before around "
    "between during through under above below against along across behind beside not no yes there here now today "
    "tomorrow tonight asap ok okay fine too also only even still yet already again ever never always both either "
    "neither each every all most more less few many much such same other another own used refurbished second hand "
    "secondhand preferred ideally maybe perhaps probably possibly thanks thank hello hi hey dear sir madam good morning "
    "afternoon evening day want wants need needs needed looking look search wanted get gets got buy find send sent ship "
    "shipped deliver delivered delivery post posted collect pick picked pickup going go went come comes came make made "
    "let like likes know anybody anyone somebody someone everybody everyone something anything nothing thing things "
    "because since while though although im ive id ill dont doesnt didnt cant wont isnt arent w thru lol u ur plz w/ "
    "hours hour days week weeks month months year years min max up under over per person people euro euros dollar "
    "dollars pounds quid budget price cheap cheapest best size sizes colour color black white red blue green grey "
    "gray brown yellow pink purple orange silver gold dark light made wide tall long high deep big small large medium "
    "little light heavy thin thick cm mm kg g l ml m km inch inches ft foot feet litre litres liter liters watt watts "
    "volt volts amp amps gb tb".split()
)

# Words that lead to a place. The number is how strongly they do.
PLACE_LEADS: Final[dict[str, float]] = {
    "in": 3.0,
    "near": 3.2,
    "around": 2.8,
    "outside": 3.0,
    "at": 2.2,
    "to": 2.0,
    "from": 1.5,
    "into": 1.2,
    "within": 1.5,
    "nearby": 2.5,
    "towards": 2.0,
    "downtown": 3.0,
    "central": 2.5,
    "greater": 2.0,
    "inside": 1.5,
    "for": 0.3,
    "of": 0.8,
    "based": 2.0,
    "area": 1.5,
    "via": 1.2,
    "off": 1.0,
    "location": 3.0,
    "place": 2.0,
    "by": 0.5,
    "bei": 2.8,
    "nahe": 3.2,
    "nach": 2.0,
    "raum": 3.0,
    "rund": 1.0,
    "um": 1.2,
    "aus": 1.5,
    "von": 1.5,
    "umgebung": 1.5,
    "stadt": 2.5,
    "innerhalb": 1.5,
}
# Words that follow a place.
PLACE_TAILS: Final = frozenset(
    "side area airport port region centre center suburbs station only metro county people folks locals based harbour "
    "downtown city town outskirts or and by before tomorrow today tonight this next within asap und umgebung oder heute morgen bis "
    "abholen abzuholen liefern mieten gesucht mitte nord sud ost west moglich".split()
)
