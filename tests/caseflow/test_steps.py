"""The table of steps, looked at as a whole: every way through it, and none around it."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from palveluverkko.caseflow.guards import GUARDS
from palveluverkko.caseflow.model import Actor, Role, State
from palveluverkko.caseflow.steps import FINAL, STEPS, Action, Name
from tests.caseflow.cases import RULES, draft

# The way of a case, written out independently of the table: what may directly follow what.
WAY = {
    "draft": {"hearing", "heard", "withdrawn"},
    "hearing": {"heard", "withdrawn"},
    "heard": {"hearing", "decided", "withdrawn"},
    "decided": {"announced", "heard", "withdrawn"},
    "announced": {"in_effect", "heard", "withdrawn"},
    "in_effect": {"followed"},
    "followed": {"closed"},
    "closed": set(),
    "withdrawn": set(),
}


def edges() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {s.value: set() for s in State}
    for step in STEPS.values():
        for start, ends in step.leads.items():
            found[start.value] |= {e.value for e in ends} - {start.value}
    return found


def test_nothing_skips_a_step():
    assert edges() == WAY


def test_every_state_is_reached_and_only_final_ones_have_no_way_on():
    seen, todo = set(), ["draft"]
    while todo:
        state = todo.pop()
        if state not in seen:
            seen.add(state)
            todo.extend(edges()[state])
    assert seen == {s.value for s in State}
    assert {s for s, ends in edges().items() if not ends} == {s.value for s in FINAL}


def test_every_state_can_still_end():
    for state in State:
        seen, todo = set(), [state.value]
        while todo:
            one = todo.pop()
            if one not in seen:
                seen.add(one)
                todo.extend(edges()[one])
        assert seen & {s.value for s in FINAL}


def test_no_way_leads_to_a_change_but_by_decision_and_notice():
    for cut in ("decided", "announced"):
        seen, todo = set(), ["draft"]
        while todo:
            one = todo.pop()
            if one not in seen and one != cut:
                seen.add(one)
                todo.extend(edges()[one])
        assert "in_effect" not in seen


def test_every_action_has_a_step_and_every_step_somebody():
    assert set(STEPS) == set(Name)
    for step in STEPS.values():
        assert step.leads
        assert step.roles
        assert not step.roles & {Role.PUBLIC, Role.AUDITOR}  # they look on


@pytest.mark.parametrize("name", list(Name))
def test_an_action_is_refused_in_every_state_and_to_every_role_not_in_the_table(name):
    for state, role in product(State, Role):
        facts = draft(state=state)
        action = Action(name, Actor("x", role))
        out_of_step = GUARDS["step_in_order"].refusals(facts, action, RULES)
        assert bool(out_of_step) == (state not in STEPS[name].leads)
        wrong_role = GUARDS["right_role"].refusals(facts, action, RULES)
        assert bool(wrong_role) == (role not in STEPS[name].roles)


DOCUMENT = Path(__file__).parents[2] / "docs" / "methods" / "cases.md"


def test_the_document_tells_of_every_rule_action_and_state():
    text = DOCUMENT.read_text(encoding="utf-8")
    rows = {line.split("`")[1] for line in text.splitlines() if line.startswith("| `")}
    assert rows == set(GUARDS)
    assert [n for n in Name if f"`{n}`" not in text] == []
    assert [s for s in State if s.value not in text] == []
