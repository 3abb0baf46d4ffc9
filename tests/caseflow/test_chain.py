"""A list that somebody tampered with is found out, at the place and for the reason."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from palveluverkko.caseflow.chain import (
    Broken,
    Entry,
    Head,
    NotCanonical,
    Why,
    append,
    canonical,
    genesis,
    head,
    link_hash,
    verify,
)

TEXT = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
BODIES = st.lists(st.dictionaries(TEXT, VALUES, max_size=3), min_size=1, max_size=8)

FEW = settings(max_examples=40)


def chain_of(bodies, name="case-1"):
    entries = []
    for body in bodies:
        entries.append(append(name, entries, body))
    return entries


def renewed(entry: Entry, **changes) -> Entry:
    """An entry changed by somebody who computes its own hash anew."""
    changed = replace(entry, **changes)
    return replace(changed, hash=link_hash(changed.position, changed.body, changed.previous))


@given(VALUES)
def test_canonical_bytes_say_the_value_and_nothing_else(value):
    assert json.loads(canonical(value)) == value


@given(st.dictionaries(TEXT, VALUES, min_size=2, max_size=5))
def test_the_order_of_keys_does_not_matter(value):
    turned = dict(reversed(list(value.items())))
    assert canonical(turned) == canonical(value)


def test_the_bytes_are_these():
    assert (
        canonical({"b": [1, True, None], "a": "č đ ŋ"})
        == '{"a":"č đ ŋ","b":[1,true,null]}'.encode()
    )


def test_a_hash_computed_by_hand_is_the_same():
    text = '["palveluverkko chain 1","case-1"]'
    start = hashlib.sha256(text.encode()).hexdigest()
    assert genesis("case-1") == start
    by_hand = hashlib.sha256(f'[1,{{"verb":"sign"}},"{start}"]'.encode()).hexdigest()
    assert append("case-1", [], {"verb": "sign"}).hash == by_hand


@pytest.mark.parametrize(
    "value", [1.0, float("nan"), date(2018, 9, 1), {1: "a"}, "\ud800", "a\0b", {"a": [0.1]}, b"a"]
)
def test_what_has_no_single_form_is_refused(value):
    with pytest.raises(NotCanonical):
        canonical(value)


@FEW
@given(BODIES)
def test_an_untouched_list_verifies_and_so_does_one_that_went_on(bodies):
    entries = chain_of(bodies)
    assert verify("case-1", entries) is None
    for length in range(len(entries) + 1):
        assert verify("case-1", entries, head("case-1", entries[:length])) is None


@FEW
@given(BODIES, st.data())
def test_a_changed_entry_is_found(bodies, data):
    entries = chain_of(bodies)
    i = data.draw(st.integers(0, len(entries) - 1))
    other = data.draw(st.dictionaries(TEXT, VALUES, max_size=3))
    assume(canonical(other) != canonical(dict(entries[i].body)))
    kept = head("case-1", entries)

    plain = [*entries]
    plain[i] = replace(entries[i], body=other)
    assert verify("case-1", plain) == _broken(i, Why.CHANGED)

    clever = [*entries]
    clever[i] = renewed(entries[i], body=other)
    found = verify("case-1", clever, kept)
    assert found is not None
    if i < len(entries) - 1:
        assert (found.place, found.why) == (i + 1, Why.CHANGED)
    else:  # the last one, hash and all: only the kept head tells
        assert verify("case-1", clever) is None
        assert (found.place, found.why) == (i + 1, Why.NOT_THE_KEPT_HEAD)


@FEW
@given(BODIES, st.data())
def test_a_removed_entry_is_found(bodies, data):
    entries = chain_of(bodies)
    i = data.draw(st.integers(0, len(entries) - 1))
    rest = entries[:i] + entries[i + 1 :]
    found = verify("case-1", rest, head("case-1", entries))
    assert found == _broken(i, Why.REMOVED)


@FEW
@given(BODIES, st.data())
def test_an_inserted_entry_is_found(bodies, data):
    entries = chain_of(bodies)
    i = data.draw(st.integers(0, len(entries) - 1))
    before = entries[:i]
    forged = append("case-1", before, {"forged": True})
    assume(forged.hash != entries[i].hash)
    assert verify("case-1", [*before, forged, *entries[i:]]) == _broken(i, Why.INSERTED)
    copied = entries[data.draw(st.integers(0, i))]
    assert verify("case-1", [*entries[: i + 1], copied, *entries[i + 1 :]]) == _broken(
        i + 1, Why.INSERTED
    )


@FEW
@given(BODIES, st.data())
def test_entries_that_changed_places_are_found(bodies, data):
    entries = chain_of(bodies)
    order = data.draw(st.permutations(range(len(entries))))
    assume(order != sorted(order))
    first = next(i for i, was in enumerate(order) if i != was)
    found = verify("case-1", [entries[i] for i in order])
    assert found == _broken(first, Why.REORDERED)


@FEW
@given(BODIES, st.integers(min_value=1, max_value=8))
def test_a_list_cut_off_at_its_end_is_seen_against_the_kept_head(bodies, cut):
    entries = chain_of(bodies)
    shorter = entries[: max(len(entries) - cut, 0)]
    assert verify("case-1", shorter) is None
    assert verify("case-1", shorter, head("case-1", entries)) == _broken(len(shorter), Why.REMOVED)


@FEW
@given(BODIES)
def test_a_list_written_anew_is_seen_against_the_kept_head(bodies):
    entries = chain_of(bodies)
    anew = chain_of([{**b, "forged": "yes"} for b in bodies])
    assert verify("case-1", anew) is None
    found = verify("case-1", anew, head("case-1", entries))
    assert found is not None
    assert found.why is Why.NOT_THE_KEPT_HEAD


def test_the_list_of_one_case_is_not_that_of_another():
    entries = chain_of([{"verb": "propose"}], "case-1")
    assert verify("case-2", entries) is not None


def test_an_empty_list_is_whole_unless_something_was_there():
    assert verify("case-1", []) is None
    assert verify("case-1", [], Head(0, genesis("case-1"))) is None


def test_a_body_that_cannot_be_written_counts_as_changed():
    entries = chain_of([{"a": 1}])
    assert verify("case-1", [replace(entries[0], body={"a": 1.5})]) == _broken(0, Why.CHANGED)


def _broken(index, why):
    return Broken(index + 1, why)
