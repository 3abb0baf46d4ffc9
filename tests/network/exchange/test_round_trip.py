"""A round trip through any format loses nothing that the register holds."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from palveluverkko.network.exchange import FORMATS, RegisterBundle, load_bundle, store_bundle
from palveluverkko.network.exchange.tables import TABLES
from tests.network.exchange.strategies import registers, small_register

NAMES = [("csv", "register"), ("csv", "register.zip"), ("ptv", "r.json"), ("hsds", "r.json")]


@pytest.mark.parametrize(("format", "name"), NAMES)
@given(bundle=registers())
@settings(max_examples=25)
def test_a_register_comes_back_from_its_file_unchanged(
    format: str, name: str, bundle: RegisterBundle
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / name
        FORMATS[format].write(bundle, target)
        assert FORMATS[format].read(target) == bundle


@given(bundle=registers())
@settings(max_examples=10)
def test_a_register_comes_back_from_the_database_unchanged(
    db: None, bundle: RegisterBundle
) -> None:
    store_bundle(bundle, replace=True)
    assert load_bundle() == bundle
    again = store_bundle(bundle, replace=True)
    assert (again.total.added, again.total.changed, again.total.removed) == (0, 0, 0)


@given(first=registers(), second=registers())
@settings(max_examples=10)
def test_replacing_makes_the_register_what_the_bundle_says(
    db: None, first: RegisterBundle, second: RegisterBundle
) -> None:
    store_bundle(first, replace=True)
    store_bundle(second, replace=True)
    assert load_bundle() == second


@given(first=registers(), second=registers())
@settings(max_examples=10)
def test_without_replace_nothing_is_removed(
    db: None, first: RegisterBundle, second: RegisterBundle
) -> None:
    store_bundle(RegisterBundle(tables=frozenset(TABLES)), replace=True)
    store_bundle(first)
    counts = store_bundle(second)
    assert counts.total.removed == 0
    held = load_bundle()
    for name, table in TABLES.items():
        keys = {table.key_of(r) for r in held.rows(name)}
        assert keys == {table.key_of(r) for b in (first, second) for r in b.rows(name)}
        assert set(map(repr, second.rows(name))) <= set(map(repr, held.rows(name)))


def test_pruning_leaves_tables_alone_that_the_source_does_not_speak_of(db: None) -> None:
    bundle = small_register()
    store_bundle(bundle)
    store_bundle(replace(bundle, hours=(), tables=frozenset({"points"})), replace=True)
    assert load_bundle() == bundle
    store_bundle(replace(bundle, hours=(), tables=frozenset({"hours"})), replace=True)
    assert load_bundle().hours == ()
