"""What is unclear is asked, with choices that answer it."""

import pytest

from intentcast.units import UnixSeconds
from intentcastd.buyer.need import Question
from intentcastd.buyer.profile import NOBODY, Profile
from intentcastd.buyer.reading import read
from intentcastd.buyer.reading.correcting import Correction, correct

NOW = UnixSeconds(1_795_334_400)


def asked(text: str, profile: Profile = NOBODY) -> dict[str, Question]:
    return {question.field: question for question in read(text, NOW, profile).questions}


def test_two_towns_of_one_name_are_asked_about_and_each_choice_answers() -> None:
    need = read("a used sofa in Halifax", NOW, NOBODY)
    (question,) = need.questions

    assert (question.field, question.flag) == ("near", "--near")
    countries = set()
    for choice in question.choices:
        answered = correct(need, Correction(near=choice.value))
        assert answered.area is not None
        assert answered.area.value.name in choice.label
        assert answered.questions == ()
        countries.add(answered.area.value.country)
    assert countries == {"CA", "GB"}


@pytest.mark.parametrize(
    ("text", "profile"),
    [
        ("a sofa in Halifax, NS", NOBODY),
        ("a sofa in Halifax", Profile(country="GB")),
        ("a sofa in Salford", NOBODY),
        ("a sofa", NOBODY),
    ],
)
def test_what_is_clear_is_not_asked(text: str, profile: Profile) -> None:
    assert asked(text, profile) == {}


def test_a_place_that_no_table_knows_is_asked_about() -> None:
    assert asked("a sofa in Xyzzyville")["near"].choices == ()


def test_a_dollar_of_no_country_is_asked_about() -> None:
    question = asked("a lamp under $30")["budget"]
    answered = correct(read("a lamp under $30", NOW, NOBODY), Correction(budget=question.choices[1].value))

    assert [choice.label for choice in question.choices][:2] == ["USD", "CAD"]
    assert answered.budget is not None
    assert (answered.budget.value.currency, answered.budget.value.high) == ("CAD", 3_000)
    assert "budget" not in asked("a lamp in Leeds under $30")
    assert "budget" not in asked("a lamp under 30 EUR")


def test_two_kinds_of_things_are_asked_about() -> None:
    question = asked("dog basket or cat litter")["category"]

    assert {choice.value for choice in question.choices} == {"ap-2-9", "ap-2-2-4"}
    assert asked("something nice")["category"].choices == ()
