"""Every text is there in every language, whole, and with the placeholders of its source."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest

import palveluverkko

PACKAGE = Path(palveluverkko.__file__).parent
LANGUAGES = ("fi", "sv")
# %(name)s, %s, {name}, and the markup that a text may hold.
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|</?\w[^>]*>")

Key = tuple[str | None, str, str]


def catalog_file(language: str, package: Path = PACKAGE) -> Path:
    return package / "locale" / language / "LC_MESSAGES" / "django.po"


@pytest.fixture(params=LANGUAGES)
def catalog(request: pytest.FixtureRequest) -> polib.POFile:
    return polib.pofile(str(catalog_file(request.param)))


def keys(entries: polib.POFile) -> set[Key]:
    return {(e.msgctxt, e.msgid, e.msgid_plural) for e in entries if not e.obsolete}


def forms(entries: polib.POFile) -> Iterator[tuple[polib.POEntry, str, tuple[str, ...]]]:
    """Each translated form, with the source texts that it may stand for."""
    for entry in entries:
        if entry.msgid_plural:
            for number, text in entry.msgstr_plural.items():
                plural = (entry.msgid_plural,)
                yield entry, text, (entry.msgid, *plural) if number == 0 else plural
        else:
            yield entry, entry.msgstr, (entry.msgid,)


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def edges(text: str) -> tuple[str, str]:
    """The white space before and after a text."""
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def test_no_text_is_empty(catalog: polib.POFile) -> None:
    assert [entry.msgid for entry, text, _ in forms(catalog) if not text.strip()] == []


def test_no_text_is_a_guess(catalog: polib.POFile) -> None:
    assert not catalog.metadata_is_fuzzy
    assert [entry.msgid for entry in catalog if entry.fuzzy] == []


def test_no_text_outlives_its_use(catalog: polib.POFile) -> None:
    assert [entry.msgid for entry in catalog.obsolete_entries()] == []


def test_both_numbers_have_a_form(catalog: polib.POFile) -> None:
    plurals = [entry for entry in catalog if entry.msgid_plural]
    assert plurals
    assert [e.msgid for e in plurals if sorted(e.msgstr_plural) != [0, 1]] == []
    assert catalog.metadata["Plural-Forms"] == "nplurals=2; plural=(n != 1);"


def test_translations_keep_the_placeholders_of_the_source(catalog: polib.POFile) -> None:
    changed = [
        (sources, text)
        for _, text, sources in forms(catalog)
        if placeholders(text) not in [placeholders(source) for source in sources]
    ]
    assert changed == []


def test_translations_keep_the_white_space_around_the_source(catalog: polib.POFile) -> None:
    changed = [t for _, t, sources in forms(catalog) if edges(t) not in map(edges, sources)]
    assert changed == []


def test_every_text_with_placeholders_can_be_filled(catalog: polib.POFile) -> None:
    """A percent sign that is not doubled would end in an error on the page."""
    filled = [
        text % defaultdict(lambda: 1)
        for entry, text, _ in forms(catalog)
        if "python-format" in entry.flags
    ]
    assert filled
    assert [text for text in filled if "%(" in text] == []


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> set[Key]:
    """What ``makemessages`` finds in a copy of the tree, so that no catalog here is rewritten."""
    assert shutil.which("xgettext"), "GNU gettext is needed: apt-get install gettext"
    copy = tmp_path_factory.mktemp("messages") / "palveluverkko"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("static", "*.mo", "__pycache__"))
    # Without settings, which would lead back to the catalogs of this tree.
    env = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    # -P keeps the copy's folder off the path, where its calendar would hide Python's own.
    command = [sys.executable, "-P", "-m", "django", "makemessages", "-l", "fi", "--keep-pot"]
    subprocess.run([*command, "--no-location"], cwd=copy, env=env, check=True)
    return keys(polib.pofile(str(copy / "locale" / "django.pot")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalog_has_every_text_of_the_code_and_no_other(
    language: str, collected: set[Key]
) -> None:
    known = keys(polib.pofile(str(catalog_file(language))))
    assert collected - known == set(), "run make messages and translate these"
    assert known - collected == set(), "run make messages and delete these"
