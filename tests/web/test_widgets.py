"""Our lists of choices are Django's own, only written faster."""

from __future__ import annotations

from typing import Any

from django import forms
from django.test.html import parse_html
from hypothesis import given
from hypothesis import strategies as st

from palveluverkko.web.widgets import Select

texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8)
choices = st.lists(st.tuples(texts, texts), max_size=5)
attributes = st.dictionaries(
    st.sampled_from(["id", "class", "required", "disabled", "aria-describedby"]),
    texts | st.booleans(),
)


@given(choices, texts, attributes)
def test_it_is_written_as_django_writes_it(
    several: list[tuple[str, str]], chosen: str, attrs: dict[str, Any]
) -> None:
    ours = Select(choices=several).render("n", chosen, attrs)
    django = forms.Select(choices=several).render("n", chosen, attrs)
    assert parse_html(ours) == parse_html(django)


def test_groups_of_choices_are_written_as_django_writes_them() -> None:
    several = [("Near", [("a", "A"), ("b", "B")]), ("c", "C")]
    ours = Select(choices=several).render("n", "b")
    assert parse_html(ours) == parse_html(forms.Select(choices=several).render("n", "b"))
