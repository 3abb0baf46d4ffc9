"""A place is found however it is typed; what is not found is answered by what is like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palveluverkko.access.travel import great_circle_km
from palveluverkko.network import finding
from palveluverkko.network.finding import Kind, NotFound, Place, Several, find_place, nearest_place
from palveluverkko.network.models import Area, Municipality
from tests import factories

TOWNS = (
    ("297", "Kuopio", "Kuopio", 62.89, 27.68),
    ("091", "Helsinki", "Helsingfors", 60.17, 24.94),
    ("148", "Inari", "Enare", 68.9, 27.0),
    ("989", "Ähtäri", "Etseri", 62.55, 24.06),
    ("322", "Kemiönsaari", "Kimitoön", 60.16, 22.73),
)
AREAS = (
    ("70820", "Petonen", "297", 62.83, 27.67),
    ("70100", "Kuopio", "297", 62.9, 27.7),
    ("00100", "Helsinki", "091", 60.17, 24.93),
    ("00120", "Helsinki", "091", 60.16, 24.94),
    ("99870", "Keskusta", "148", 68.91, 27.03),
    ("63700", "Keskusta", "989", 62.55, 24.07),
    ("99980", "Njuorggán ŧđŋ", "148", 69.9, 27.9),
)
NAMES = sorted(
    {name for town in TOWNS for name in town[1:3]}
    | {code for code, *_rest in AREAS}
    | {"Petonen", "Njuorggán ŧđŋ", "Keskustan piste", "Kemiö-Dragsfjärd"}
)


@pytest.fixture(autouse=True)
def country(db: None) -> None:
    for code, fi, sv, lat, lon in TOWNS:
        factories.MunicipalityFactory(code=code, name_fi=fi, name_sv=sv, lat=lat, lon=lon)
    for code, name, town, lat, lon in AREAS:
        factories.AreaFactory(code=code, name=name, municipality_id=town, lat=lat, lon=lon)
    factories.ServicePointFactory(id="a", name_fi="Keskustan piste", municipality_id="297")
    factories.ServicePointFactory(id="b", name_fi="Kemiö-Dragsfjärd", municipality_id="322")
    finding.clear_cache()


def typed(name: str) -> st.SearchStrategy[str]:
    """The ways in which a name is typed: case, missing marks, hyphens, spaces around."""
    forms = (str.upper, str.lower, str.title, str.swapcase, finding.plain, lambda t: f"  {t}\t")
    hyphens = st.sampled_from((lambda t: t, lambda t: t.replace("-", " ")))
    return st.tuples(st.sampled_from(forms), hyphens).map(lambda both: both[0](both[1](name)))


@given(data=st.data())
def test_every_known_name_is_found_however_it_is_typed(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(NAMES))
    text = data.draw(typed(name))
    found, expected = find_place(text, "fi"), find_place(name, "fi")
    assert isinstance(expected, Place)
    assert found == expected


@given(data=st.data(), language=st.sampled_from(["fi", "sv", "en"]))
def test_the_name_of_what_was_found_finds_it_again(data: st.DataObject, language: str) -> None:
    name = data.draw(st.sampled_from([*NAMES, "Keskusta"]))
    found = find_place(name, language)
    assert not isinstance(found, NotFound)
    for place in found.choices if isinstance(found, Several) else (found,):
        assert find_place(place.name, language) == place


@given(text=st.text(max_size=200))
def test_any_text_at_all_gets_an_answer(text: str) -> None:
    answer = find_place(text, "fi")
    if isinstance(answer, NotFound):
        for name in answer.suggestions:
            assert not isinstance(find_place(name, "fi"), NotFound)


@pytest.mark.parametrize(
    ("text", "suggested"),
    [("Kupio", "Kuopio"), ("Kuopiossa", "Kuopio"), ("Helsingissä", "Helsinki"), ("Inar", "Inari")],
)
def test_a_misspelt_or_inflected_name_is_answered_by_the_right_one(
    text: str, suggested: str
) -> None:
    answer = find_place(text, "fi")
    assert isinstance(answer, NotFound)
    assert answer.suggestions[0] == suggested


def test_suggestions_are_in_the_language_of_the_page() -> None:
    answer = find_place("Helsingfor", "fi")
    assert isinstance(answer, NotFound)
    assert answer.suggestions[0] == "Helsinki"
    swedish = find_place("Helsinky", "sv")
    assert isinstance(swedish, NotFound)
    assert swedish.suggestions[0] == "Helsingfors"


def test_a_name_of_two_municipalities_is_a_choice() -> None:
    answer = find_place("keskusta", "sv")
    assert isinstance(answer, Several)
    assert [place.name for place in answer.choices] == ["Keskusta, Enare", "Keskusta, Etseri"]


def test_a_municipality_goes_before_its_areas_and_points() -> None:
    answer = find_place("helsinki", "sv")
    assert isinstance(answer, Place)
    assert (answer.name, answer.kind) == ("Helsingfors", Kind.MUNICIPALITY)


@pytest.mark.parametrize("name", ["Anár", "anar", "ANÁR", "Aanaar", "Aanar"])
def test_a_municipality_is_found_by_its_sami_names(name: str) -> None:
    found = find_place(name, "sv")
    assert isinstance(found, Place)
    assert (found.name, found.municipality) == ("Enare", "148")


@pytest.mark.parametrize(
    ("town", "name"),
    [("Utsjoki", "Ohcejohka"), ("Enontekiö", "Eanodat"), ("Sodankylä", "Soađegilli")],
)
def test_a_sami_name_finds_its_municipality_and_no_other(town: str, name: str) -> None:
    assert isinstance(find_place(name, "fi"), NotFound)  # not in this register
    factories.MunicipalityFactory(code="1", name_fi=town, lat=69.0, lon=27.0)
    finding.clear_cache()
    found = find_place(name, "fi")
    assert isinstance(found, Place)
    assert found.name == town


def test_a_postal_code_is_enough_whatever_is_written_after_it() -> None:
    answer = find_place("70820 KUOPIO KESKUSTORI", "fi")
    assert isinstance(answer, Place)
    assert answer.name == "70820 Petonen, Kuopio"


def test_an_unknown_postal_code_is_answered_by_its_neighbours() -> None:
    answer = find_place("00110", "sv")
    assert isinstance(answer, NotFound)
    assert answer.suggestions[:2] == ("00100 Helsingfors", "00120 Helsingfors")


def test_a_municipality_without_a_position_is_where_its_residents_are() -> None:
    Municipality.objects.filter(pk="148").update(lat=None, lon=None)
    Area.objects.filter(pk="99870").update(residents=0)
    finding.clear_cache()
    answer = find_place("Inari", "fi")
    assert isinstance(answer, Place)
    assert answer.lat == pytest.approx(69.9, abs=0.01)


@given(lat=st.floats(59.5, 70.1), lon=st.floats(20, 31))
def test_the_nearest_place_is_the_nearest_of_all_by_distance(lat: float, lon: float) -> None:
    distances = [
        (float(great_circle_km(lat, lon, *area[3:])), area[0]) for area in AREAS
    ]  # the oracle: every one of them
    km, code = min(distances)
    found = nearest_place(lat, lon, "fi")
    if km > finding.TOO_FAR_KM:
        assert found is None
    else:
        assert found is not None
        assert found.name.startswith(code)


def test_an_empty_register_knows_no_place() -> None:
    Area.objects.all().delete()
    from palveluverkko.network.models import ServicePoint

    ServicePoint.objects.all().delete()
    Municipality.objects.all().delete()
    finding.clear_cache()
    assert find_place("Kuopio", "fi") == NotFound("Kuopio", ())
    assert nearest_place(62.0, 27.0, "fi") is None
