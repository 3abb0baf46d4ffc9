"""Policy files: the shipped ones can be read, and a bad one is told all its errors at once."""

from __future__ import annotations

from datetime import date

import pytest

from palveluverkko.criteria import PolicyInvalid, load_policy
from palveluverkko.criteria.logic import All, Is
from palveluverkko.criteria.metrics import METRICS
from palveluverkko.criteria.policy import Action
from palveluverkko.measuring.model import Window
from tests.criteria import world

SHIPPED = sorted(path.stem for path in world.POLICIES.glob("*.toml"))
KELA = world.policy_text("kela-2017-12")


def problems(*changes: tuple[str, str]) -> list[str]:
    text = KELA
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    with pytest.raises(PolicyInvalid) as caught:
        load_policy(text, "bad.toml")
    return str(caught.value).splitlines()


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_policy_can_be_read_and_says_who_decided_what(name: str):
    policy = world.policy(name)
    assert policy.id == name
    assert policy.sources
    for texts in (policy.title, policy.decided_by, *policy.assumptions):
        assert set(texts) == {"fi", "sv", "en"}
    assert len(policy.hash) == 64


def test_the_shipped_policies_are_there():
    assert {
        "kela-2017-12",
        "uk-post-office-2008",
        "france-services",
        "service-canada-outreach",
        "finland-state-network",
    } <= set(SHIPPED)


def test_kelas_decision_is_a_conjunction_valid_from_december_2017():
    policy = world.policy()
    rule = next(r for r in policy.rules if r.action is Action.MAY_BE_REPLACED)
    assert rule.when == All((Is("low_demand"), Is("needs_met")))
    assert policy.valid_from == date(2017, 12, 1)
    assert policy.window == Window(weeks=52, minimum_weeks=8, holiday_weeks="leave_out")
    assert policy.criterion("low_demand").threshold == 100


def test_every_parameter_of_substitution_has_a_source_or_is_an_assumption():
    policy = world.policy()
    assert policy.substitution is not None
    assert policy.substitution.shift["online"] == 0
    assert {name for name, source in policy.provenance.items() if source is None} == set(
        policy.substitution.assumptions
    )


def test_layout_comments_and_order_of_keys_do_not_change_the_hash():
    changed = KELA.replace("threshold = 100\n", "  threshold   = 100.0 # customers\n")
    changed = changed.replace(
        'decided = "2017-12"\nvalid_from = 2017-12-01',
        'valid_from = 2017-12-01\ndecided = "2017-12"',
    )
    assert changed != KELA
    assert load_policy(changed, "x.toml").hash == load_policy(KELA, "x.toml").hash


def test_another_threshold_changes_the_hash():
    changed = KELA.replace("threshold = 100\n", "threshold = 101\n")
    assert load_policy(changed, "x.toml").hash != load_policy(KELA, "x.toml").hash


def test_all_errors_are_told_at_once_with_file_key_found_and_expected():
    told = problems(
        ('metric = "effective_weekly_visits"', 'metric = "efective_weekly_visits"'),
        ("threshold = 95\n", 'threshold = "x"\n'),
        ("valid_from = 2017-12-01", 'valid_from = "soon"\nbogus = 1'),
        ('action = "add_day"', 'action = "add_dya"'),
        ('"low_demand", "needs_met"', '"low_demnd", "needs_met"'),
        ("value = 60, assumption = true", "value = 60"),
    )
    assert [line.split(": found ")[0] for line in told] == [
        "bad.toml: policy.valid_from",
        "bad.toml: policy.bogus",
        "bad.toml: criterion[1].metric",
        "bad.toml: criterion[3].threshold",
        "bad.toml: rule[1].when.all[1]",
        "bad.toml: rule[2].action",
        "bad.toml: substitution.minutes",
    ]
    text = "\n".join(told)
    assert 'did you mean "effective_weekly_visits"?' in text
    assert 'did you mean "low_demand"?' in text
    assert 'found "x"; expected true or false or a number' in text
    assert all(name in text for name in METRICS)


@pytest.mark.parametrize(
    ("old", "new", "key", "expected"),
    [
        ('unit = "visits/week"', 'unit = "visits"', "criterion[1].unit", '"visits/week"'),
        ('operator = "<"', 'operator = "is"', "criterion[1].operator", "one of <, <=, >, >="),
        ("threshold = 100\n", "threshold = true\n", "criterion[1].threshold", "a number"),
        ("weeks = 52, minimum", "weeks = 5, minimum", "criterion[1].period.minimum_weeks", "5"),
        ('aggregation = "point"', 'aggregation = "nation"', "criterion[1].aggregation", "point"),
        ('role = "trigger"', 'role = "triger"', "criterion[1].role", 'did you mean "trigger"?'),
        ('id = "needs_met"', 'id = "low_demand"', "criterion", "every id once"),
        ('{ all = ["low_demand", "needs_met"] }', "{ all = [] }", "rule[1].when", "not empty"),
        ('action = "add_pop_up"', 'action = "add_day"', "rule[5].action", "criteria of points"),
        ("[substitution]", "[substitutoin]", "substitutoin", 'did you mean "substitution"?'),
        ('decided = "2017-12"', 'decided = "2017-13"', "policy.decided", '"2017-12"'),
        ("online = { value = 0, ", "online = { value = 5, ",
         "substitution.shift.online.source", "a source"),
        ("neighbour = { value = 60", "neighbour = { value = 61",
         "substitution.shift", "at most 100"),
        ('sources = [\n', 'source = [\n', "policy.source", 'did you mean "sources"?'),
        ('sv = "Öppet färre', 'se = "Öppet färre', "criterion[4].title.sv", "this key"),
        ('unit = "days/week"', 'unit = "days/week"\nwithin = 3', "criterion[4].within", "no such"),
        ('["overloaded", "fewer', '["far_away", "fewer', "rule[2].when", "criteria of one kind"),
    ],
)  # fmt: skip
def test_a_wrong_key_is_named_with_what_was_expected(old, new, key, expected):
    told = problems((old, new))
    [line] = [line for line in told if line.startswith(f"bad.toml: {key}: ")]
    assert expected in line


def test_a_share_for_the_web_without_source_is_told_along_with_errors_beside_it():
    told = problems(
        ("online = { value = 0, ", "online = { value = 40, "),
        ("minimum_share = { value = 95", "minimum_share = { value = 150"),
    )
    keys = {line.split(": ")[1] for line in told}
    assert {"substitution.minimum_share.value", "substitution.shift.online.source"} <= keys


def test_speeds_in_the_wrong_order_are_told_at_their_key():
    speeds = "{ up_to_km = 9, kmh = 30 }, { up_to_km = 5, kmh = 50 }, { kmh = 75 }"
    text = f"{KELA}[travel]\nspeeds = [{speeds}]"
    with pytest.raises(PolicyInvalid, match=r"travel\.speeds: .*growing up_to_km"):
        load_policy(text, "bad.toml")


def test_the_same_error_is_told_once():
    with pytest.raises(PolicyInvalid) as caught:
        load_policy("criterion = [1]", "bad.toml")
    told = str(caught.value).splitlines()
    assert len(told) == len(set(told))


def test_broken_toml_is_told_with_its_line():
    with pytest.raises(PolicyInvalid, match=r"bad.toml: the file: .*line 3"):
        load_policy('[policy]\nid = "x"\ntitle = = 3\n', "bad.toml")


def test_an_empty_file_is_told_what_it_needs():
    with pytest.raises(PolicyInvalid) as caught:
        load_policy("", "empty.toml")
    keys = {problem.key for problem in caught.value.problems}
    assert {"policy.id", "policy.valid_from", "criterion", "rule"} <= keys


def test_needs_without_a_section_on_substitutes_is_an_error():
    head, _ = KELA.split("[substitution]")
    with pytest.raises(PolicyInvalid, match="substitution: found nothing; expected this section"):
        load_policy(head, "bad.toml")
