"""The shop's side of the API over a real store: imports of each format, the brake, maps, and a need that is tried."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from intentcast.units import UnixSeconds
from intentcastd.api.backend import ApiProblem
from intentcastd.api.desk import Desk
from intentcastd.api.parts import Parts
from intentcastd.api.shapes_buyer import CastRequest
from intentcastd.api.shapes_match import SaveMap
from intentcastd.api.shapes_vendor import ImportQuery, ImportReport, OpenShop, VendorArea
from intentcastd.engine.news import News
from intentcastd.entropy import SystemEntropy
from intentcastd.paths import Home
from intentcastd.store.database import Database
from intentcastd.store.sealed import Seal

SHOPIFY = "Title,URL handle,SKU,Price,Product category\n"
RIMS = (
    "Wheel rim Peugeot 404 (1960-1975),a,R1,90,vp-1\nWheel rim Peugeot 504 (1968-1983),b,R2,80,vp-1\n"
    "Wheel rim,c,R3,70,vp-1\n"
)


async def _nothing(*_: object) -> None:
    """Join no network, sell nowhere."""


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    home = Home.at(tmp_path / "home")
    home.make()
    async with Database.open(home.database) as database:
        seal = Seal(key=bytes(32), entropy=SystemEntropy())
        parts = Parts(
            home, database, seal, News(database), UnixSeconds(0), join=_nothing, sell=_nothing, end=lambda: None
        )
        made = Desk(parts)
        await made.open_shop(OpenShop(name="Pedal & Co", currency="EUR", areas=[VendorArea("FR")]))
        yield made


async def put(desk: Desk, folder: Path, text: str, **query: bool) -> ImportReport:
    file = folder / "catalogue"
    file.write_text(text)
    return await desk.import_catalogue(file, ImportQuery(apply=True, **query))


async def test_each_format_reaches_the_store(desk: Desk, tmp_path: Path) -> None:
    files = [
        SHOPIFY + RIMS,
        "id\ttitle\tprice\tavailability\nG1\tKettle\t20 EUR\tin_stock\n",
        "<rss><channel><item><id>X1</id><title>Pan</title><price>9 EUR</price></item></channel></rss>",
        "ID,Type,SKU,Name,Regular price\n1,simple,W1,Mug,8\n",
        json.dumps({"@type": "Product", "name": "Pot", "sku": "J1", "offers": {"price": 5, "priceCurrency": "EUR"}}),
    ]

    reports = [await put(desk, tmp_path, text, force=True) for text in files]
    await put(desk, tmp_path, "service,price\nrepair.roof,60\n")

    assert [(report.added, report.gone) for report in reports] == [(3, 0), (1, 3), (1, 1), (1, 1), (1, 1)]
    assert {item.title for item in (await desk.catalogue()).sample} == {"Pot", "repair, roof"}


async def test_a_dry_run_changes_nothing_and_much_that_goes_needs_force(desk: Desk, tmp_path: Path) -> None:
    await put(desk, tmp_path, SHOPIFY + RIMS)
    file = tmp_path / "short.csv"
    file.write_text(SHOPIFY + "Wheel rim,c,R3,70,vp-1\n")

    dry = await desk.import_catalogue(file, ImportQuery())
    with pytest.raises(ApiProblem, match="2 of 3 items would go"):
        await desk.import_catalogue(file, ImportQuery(apply=True))

    assert (dry.applied, dry.gone, dry.same, dry.needs_force) == (False, 2, 1, True)
    assert (await desk.catalogue()).items == 3
    assert (await desk.import_catalogue(file, ImportQuery(apply=True, force=True))).applied
    assert (await desk.catalogue()).items == 1


async def test_one_error_stops_all_where_that_is_asked_for(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(ApiProblem, match="all or nothing"):
        await put(desk, tmp_path, SHOPIFY + "Pot,p,P,0,\n" + RIMS, all_or_nothing=True)

    assert (await desk.catalogue()).items == 0


async def test_a_map_is_kept_and_used_again(desk: Desk, tmp_path: Path) -> None:
    table = "Bezeichnung;Preis\nTopf;5,00\n"
    with pytest.raises(ApiProblem, match="headings"):
        await put(desk, tmp_path, table)

    saved = await desk.save_map(SaveMap('decimal = "comma"\n[columns]\n"Bezeichnung" = "title"\n"Preis" = "price"\n'))

    assert saved.columns == {"Bezeichnung": "title", "Preis": "price"}
    assert (await put(desk, tmp_path, table, mapped=True)).ok == 1
    assert (await put(desk, tmp_path, table)).same == 1


async def test_a_map_that_cannot_be_read_is_not_kept(desk: Desk) -> None:
    with pytest.raises(ApiProblem, match="columns"):
        await desk.save_map(SaveMap("x = 1"))

    assert not (desk.parts.home.vendor_toml.parent / "catalogue-map.toml").exists()


async def test_a_need_is_tried_against_the_catalogue(desk: Desk, tmp_path: Path) -> None:
    await put(desk, tmp_path, SHOPIFY + RIMS)

    found = await desk.match_need(
        CastRequest(text="wheel rim for a 1967 Peugeot 404", near="Lyon", country="FR", category="vp-1")
    )

    assert found.public["details"]["vehicle_year"] == 1967
    assert not {"box", "boards", "salt"} & set(found.public)
    assert [item.sku for item in found.matches] == ["R1", "R3"]
    assert {passed.sku: passed.reason for passed in found.passed} == {"R2": "contradiction"}
    assert "vehicle_year" in found.matches[1].not_stated
    assert "vehicle_year" not in found.matches[0].not_stated
    assert found.matches[0].option is not None
    assert (found.items, found.judged) == (3, 3)


async def test_what_a_buyer_could_not_publish_is_refused_here_too(desk: Desk) -> None:
    with pytest.raises(ApiProblem) as unclear:
        await desk.match_need(CastRequest(text="zzz"))
    with pytest.raises(ApiProblem) as private:
        await desk.match_need(CastRequest(text="kettle", category="hg-11", words="call +43 660 1234567"))

    assert (unclear.value.code, private.value.code) == ("need.unclear", "need.private")
