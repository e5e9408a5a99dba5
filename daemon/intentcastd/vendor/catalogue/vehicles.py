"""The make and model that a title names: "Rim for Peugeot 403/404" is for two models of one make."""

from __future__ import annotations

import re
from typing import Final

from intentcastd.data.folding import fold
from intentcastd.vendor.stated import Stated, Texts

_MAKES: Final = {
    fold(make): make
    for make in (
        "Abarth|Alfa Romeo|Alpine|Aprilia|Aston Martin|Audi|Austin|Autobianchi|Bentley|BMW|Buick|BYD|Cadillac|Chevrolet|"
        "Chrysler|Citroën|Cupra|Dacia|Daewoo|Daihatsu|Datsun|DeLorean|DKW|Dodge|Ducati|Ferrari|Fiat|Ford|GMC|"
        "Harley-Davidson|Honda|Hyundai|Infiniti|Isuzu|Iveco|Jaguar|Jeep|Kawasaki|Kia|KTM|Lada|Lamborghini|Lancia|"
        "Land Rover|Lexus|Lincoln|Lotus|Mahindra|Maruti Suzuki|Maserati|Mazda|Mercedes-Benz|Mercedes|MG|Mini|Mitsubishi|"
        "Morris|Moto Guzzi|Nissan|NSU|Oldsmobile|Opel|Panhard|Peugeot|Piaggio|Plymouth|Polestar|Pontiac|Porsche|Ram|"
        "Renault|Rover|Royal Enfield|Saab|SEAT|Simca|Škoda|Smart|Subaru|Suzuki|Talbot|Tata|Tesla|Toyota|Trabant|Triumph|"
        "Vauxhall|Vespa|Volkswagen|Volvo|VW|Wartburg|Yamaha|Zastava"
    ).split("|")
}
_ALSO: Final = {"vw": "Volkswagen", "mercedes": "Mercedes-Benz"}
# Names that are words of other trades too: a make only where the category says vehicle.
_WORDS: Final = frozenset(
    {"mini", "smart", "seat", "ram", "rover", "triumph", "lotus", "jaguar", "lincoln", "tata", "alpine"}
)
_MAKE: Final = re.compile(r"\b(" + "|".join(sorted(map(re.escape, _MAKES), key=len, reverse=True)) + r")\b")
# Words that follow a make and are no model.
_NO_MODEL: Final = frozenset(
    "and or for with without car cars van vans minivan truck motorcycle motorbike vehicle vehicles models model series "
    "all any new used set pair front rear left right from wheel wheels rim rims tyre tyres tire tires original oem part "
    "parts genuine year years per day hour week seats seater automatic manual diesel petrol electric hybrid".split()
)
_MODEL_WORDS: Final = 2


def is_vehicle(category: str | None, kind: str) -> bool:
    """Tell whether a make can be meant: the category is on the branch of vehicles and parts, or something is rented."""
    return kind == "rental" or (category is not None and category.split("-")[0] == "vp")


def names_a_model(title: str) -> bool:
    """Tell whether the title names a make that is no common word, and a model with a digit, such as "Peugeot 404"."""
    hit = _MAKE.search(fold(title))
    return (
        hit is not None and hit[1] not in _WORDS and re.match(r"\s+[a-z]{0,3}\d", fold(title)[hit.end() :]) is not None
    )


def read_vehicle(title: str) -> dict[str, Stated]:
    """Return the make and the models that a title names."""
    # Folding takes the strokes away that part models, so they become words first.
    text = fold(re.sub(r"[/&+]|,(?=\s*\d)", " or ", re.sub(r"[()\[\]:;|]|,(?!\s*\d)", " for ", title)))
    hit = _MAKE.search(text)
    if hit is None:
        return {}
    stated: dict[str, Stated] = {"vehicle_brand": Texts((_ALSO.get(hit[1], _MAKES[hit[1]]),))}
    models = _models(text[hit.end() :].split())
    return stated | ({"vehicle_model": Texts(models)} if models else {})


def _models(words: list[str]) -> tuple[str, ...]:
    models: list[str] = []
    model: list[str] = []
    for word in [*words, "for"]:
        if word not in _NO_MODEL and not re.fullmatch(r"(19|20)\d\d", word) and len(model) < _MODEL_WORDS:
            model.append(word)
            continue
        if model:
            models.append(" ".join(model))
            model = []
        if word != "or":
            break
    return tuple(models)
