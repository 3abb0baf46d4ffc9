"""Kleene's tables, written out, against the functions."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palveluverkko.criteria.logic import (
    All,
    AnyOf,
    Is,
    Not,
    all_of,
    any_of,
    best_case,
    evaluate,
    in_the_way,
    negate,
)
from palveluverkko.criteria.model import Verdict

T, F, U = Verdict.TRUE, Verdict.FALSE, Verdict.UNKNOWN
NUMBER = {F: 0, U: 1, T: 2}  # Kleene: and is the minimum, or the maximum, not is 2 - x


@pytest.mark.parametrize(("a", "b"), list(product([T, F, U], repeat=2)))
def test_and_or_are_kleenes_minimum_and_maximum(a, b):
    assert NUMBER[all_of([a, b])] == min(NUMBER[a], NUMBER[b])
    assert NUMBER[any_of([a, b])] == max(NUMBER[a], NUMBER[b])
    assert NUMBER[negate(a)] == 2 - NUMBER[a]


LEAVES = st.sampled_from([Is("a"), Is("b"), Is("c")])
EXPRESSIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda x: All(tuple(x))),
        st.lists(inner, min_size=1, max_size=3).map(lambda x: AnyOf(tuple(x))),
        inner.map(Not),
    ),
    max_leaves=8,
)
VERDICTS = st.fixed_dictionaries({name: st.sampled_from([T, F, U]) for name in "abc"})


@given(expression=EXPRESSIONS, verdicts=VERDICTS)
def test_a_known_answer_holds_whatever_the_unknown_turns_out_to_be(expression, verdicts):
    """Oracle: brute force over every way in which the unknown criteria may be settled."""
    unknown = [name for name, verdict in verdicts.items() if verdict is U]
    answer = evaluate(expression, verdicts.__getitem__)
    settled = {
        evaluate(expression, {**verdicts, **dict(zip(unknown, way, strict=True))}.__getitem__)
        for way in product([T, F], repeat=len(unknown))
    }
    if answer is not U:
        assert settled == {answer}


@given(expression=EXPRESSIONS, verdicts=VERDICTS)
def test_waiving_a_criterion_never_makes_the_case_worse(expression, verdicts):
    plain = evaluate(expression, verdicts.__getitem__)
    waived = best_case(expression, verdicts.__getitem__, {"b"})
    assert NUMBER[waived] >= NUMBER[plain]


def test_what_stands_in_the_way_is_named():
    rule = All((Is("low"), AnyOf((Is("near"), Not(Is("far"))))))
    verdicts = {"low": T, "near": F, "far": T}
    assert in_the_way(rule, verdicts.__getitem__) == ("near", "far")
    assert in_the_way(rule, {**verdicts, "near": T}.__getitem__) == ()
