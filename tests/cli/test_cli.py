"""The command line prints what the document holds and says by its exit code how it went."""

import csv
import io
import json
from pathlib import Path

import pytest
import typer
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from typer.testing import CliRunner

from palveluverkko.booking.models import Resource
from palveluverkko.cli import assessing, exchanging, looking, running
from palveluverkko.cli.main import app, explain_missing_tables
from palveluverkko.decisions import queries
from palveluverkko.demand.models import DailyVisits
from palveluverkko.network.models import ServicePoint
from tests.networks import build_small_network

pytestmark = pytest.mark.django_db
runner = CliRunner()


@pytest.fixture(scope="module")
def commands() -> typer.Typer:
    for module in (exchanging, assessing, looking, running):
        module.register(app)
    return app


@pytest.fixture
def network(db: None) -> None:
    queries.clear_cache()
    build_small_network()


def run(commands: typer.Typer, *words: str, code: int = 0) -> str:
    result = runner.invoke(commands, words)
    assert result.exit_code == code, result.output + result.stderr
    return result.stdout if code == 0 else result.stdout + result.stderr


ASSESS = ("assess", "--policy", "kela-2017-12", "--as-of", "2018-06-01")


def test_assess_prints_the_promised_json(commands: typer.Typer, network: None) -> None:
    content = json.loads(run(commands, *ASSESS, "--format", "json"))
    assert content["policy"] == "kela-2017-12"
    assert content["as_of"] == "2018-06-01"
    assert len(content["data_hash"]) == 64
    point = next(p for p in content["points"] if p["id"] == "quiet")
    assert set(point) >= {
        "id", "name", "municipality", "kind", "opening_days", "weekly_visits", "interval",
        "outcome", "reasons", "substitutes",
    }  # fmt: skip
    assert point["kind"] == "service_point"
    assert point["municipality"] == "Kangasniemi"


def test_assess_twice_prints_the_same_bytes(commands: typer.Typer, network: None) -> None:
    words = (*ASSESS, "--format", "json")
    assert run(commands, *words) == run(commands, *words)


def test_assess_as_csv_has_a_row_a_point(commands: typer.Typer, network: None) -> None:
    rows = list(csv.DictReader(io.StringIO(run(commands, *ASSESS, "--format", "csv"))))
    assert [row["id"] for row in rows] == ["quiet", "town", "town-joint"]
    assert rows[2]["weekly_visits"] == ""


def test_the_table_ends_with_outcomes_and_how_to_verify(
    commands: typer.Typer, network: None
) -> None:
    printed = run(commands, *ASSESS)
    assert "palveluverkko verify" in printed
    number = printed.rsplit("palveluverkko verify ", 1)[1].split()[0]
    row = json.loads(run(commands, "verify", number, "--format", "json"))[0]
    assert row["same_bytes"] is True
    assert number in run(commands, "runs", "--format", "csv")


def test_point_tells_reasons_and_suggests_names(commands: typer.Typer, network: None) -> None:
    assert "40 visits" in run(commands, "point", "quiet", "--as-of", "2018-06-01")
    assert "quiet" in run(commands, "point", "quiett", "--as-of", "2018-06-01", code=3)


@pytest.mark.parametrize("fmt", ["table", "json", "csv"])
def test_access_and_policies_print_in_every_format(
    commands: typer.Typer, network: None, fmt: str
) -> None:
    assert run(commands, "access", "--as-of", "2018-06-01", "--format", fmt)
    assert "kela-2017-12" in run(commands, "policies", "--format", fmt)


def test_unknown_policy_and_empty_network_have_their_exit_codes(
    commands: typer.Typer, db: None
) -> None:
    assert "kela-2017-12" in run(commands, "assess", "--policy", "nothing", code=3)
    assert "palveluverkko demo" in run(commands, *ASSESS, code=3)


def test_a_bad_policy_file_is_named_with_key_and_expectation(
    commands: typer.Typer, network: None, tmp_path: Path
) -> None:
    bad = tmp_path / "ours.toml"
    text = (settings.PACKAGE_DIR / "policies" / "kela-2017-12.toml").read_text(encoding="utf-8")
    bad.write_text(text.replace('metric = "', 'metric = "no_', 1), encoding="utf-8")
    printed = run(commands, "assess", "--policy", str(bad), code=1)
    assert "ours.toml" in printed
    assert "metric" in printed


def test_a_bad_file_of_counts_lists_every_error_and_changes_nothing(
    commands: typer.Typer, network: None, tmp_path: Path
) -> None:
    before = DailyVisits.objects.count()
    file = tmp_path / "counts.csv"
    file.write_text(
        "point;date;service;mode;visits\n"
        "quiet;2018-05-28;general;walk_in;12\n"
        "nowhere;2018-05-28;general;walk_in;12\n"
        "quiet;2018-05-28;pension;walk_in;-3\n",
        encoding="utf-8",
    )
    printed = run(commands, "import", "visits", str(file), code=1)
    assert "nowhere" in printed
    assert "-3" in printed
    assert "Nothing was changed" in printed
    errors = json.loads(
        runner.invoke(commands, ["import", "visits", str(file), "--format", "json"]).stdout
    )["errors"]
    assert {e["row"] for e in errors} == {3, 4}
    assert DailyVisits.objects.count() == before


def test_the_register_goes_out_and_comes_back_in_every_format(
    commands: typer.Typer, network: None, tmp_path: Path
) -> None:
    for kind, name in (("csv", "register"), ("ptv", "ptv.json"), ("hsds", "hsds.json")):
        target = tmp_path / name
        run(commands, "export", str(target), "--to", kind)
        run(commands, "export", str(target), "--to", kind, code=1)
        ServicePoint.objects.filter(pk="quiet").update(name_fi="changed")
        run(commands, "import", "register", str(target))
        assert ServicePoint.objects.get(pk="quiet").name_fi == "Quiet", kind


def test_hours_are_told_and_set_as_an_osm_string(commands: typer.Typer, network: None) -> None:
    since = ("--since", "2018-06-11")
    assert run(commands, "hours", "quiet", *since).strip() == "Mo 09:00-15:00; PH closed"
    new = "Tu,Th 10:00-14:00; PH off; 2018 Jun 14 12:00-14:00"
    told = run(commands, "hours", "quiet", "--set", new, *since)
    assert told.strip() == "Tu,Th 10:00-14:00; PH closed; 2018 Jun 14 12:00-14:00"
    # The past is as it was.
    before = run(commands, "hours", "quiet", "--since", "2018-05-01", "--weeks", "2")
    assert before.strip() == "Mo 09:00-15:00; PH closed"
    assert "Nothing was changed" in run(commands, "hours", "quiet", "--set", "nonsense", code=1)
    assert "nowhere" in run(commands, "hours", "nowhere", code=3)


@pytest.mark.parametrize(
    "words",
    [
        ("point", "quiet", "--language", "de"),
        ("assess", "--outcome", "nonsense"),
        ("assess", "--as-of", "0001-01-01"),
        ("point", "quiet", "--as-of", "9999-12-31"),
    ],
)
def test_a_value_that_no_option_knows_is_wrong_usage(
    commands: typer.Typer, network: None, words: tuple[str, ...]
) -> None:
    run(commands, *words, code=2)


def test_criteria_tried_before_they_were_decided_are_said_to_be(
    commands: typer.Typer, network: None
) -> None:
    assert "not in force" in run(commands, "assess", "--as-of", "2017-06-01")
    assert "not in force" not in run(commands, *ASSESS)


def test_errors_of_a_file_are_in_the_language_of_the_command(
    commands: typer.Typer, network: None, tmp_path: Path
) -> None:
    (tmp_path / "counts.csv").write_text("", encoding="utf-8")
    printed = run(commands, "import", "visits", str(tmp_path / "counts.csv"), code=1)
    assert "empty" in printed


def test_an_exported_file_comes_back_whatever_its_name(
    commands: typer.Typer, network: None, tmp_path: Path
) -> None:
    for kind in ("ptv", "hsds"):
        run(commands, "export", str(tmp_path / kind), "--to", kind)
        assert run(commands, "import", "register", str(tmp_path / kind), "--format", "csv")


def test_an_empty_database_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], db: None
) -> None:
    monkeypatch.setattr(connection.introspection, "table_names", list)
    with pytest.raises(SystemExit) as ended:
        explain_missing_tables()
    assert ended.value.code == 3
    assert "palveluverkko demo" in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize(("name", "password"), [("clerk", "1"), ("a clerk!", "Metsa-Polku-42x")])
def test_a_weak_password_or_a_name_that_cannot_be_is_refused(
    commands: typer.Typer, db: None, name: str, password: str
) -> None:
    assert run(commands, "user", name, "--password", password, code=1)
    assert not get_user_model().objects.exists()


@pytest.mark.parametrize(
    ("role", "may", "may_not"),
    [
        ("planner", "network.change_servicepoint", "booking.change_shift"),
        ("adviser", "booking.change_booking", "booking.change_shift"),
        ("manager", "booking.change_shift", "network.change_servicepoint"),
        ("partner", None, "booking.change_booking"),
    ],
)
def test_a_person_gets_the_rights_of_the_role_and_no_more(
    commands: typer.Typer, db: None, role: str, may: str | None, may_not: str
) -> None:
    run(commands, "user", "clerk", "--role", role, "--password", "Metsa-Polku-42x")
    made = get_user_model().objects.get(username="clerk")
    assert may is None or made.has_perm(may)
    assert not made.has_perm(may_not)


def test_an_adviser_on_the_roster_gets_a_log_in(commands: typer.Typer, db: None) -> None:
    person = Resource.objects.create(kind="adviser", name="Adviser 1")
    given = ("--role", "adviser", "--serves-as", "Adviser 1", "--password", "Metsa-Polku-42x")
    run(commands, "user", "clerk", *given)
    person.refresh_from_db()
    assert person.user is not None
    assert run(commands, "user", "other", *given, code=3)


@pytest.mark.parametrize(
    ("host", "said", "links"),
    [
        ("127.0.0.1", "", "http://127.0.0.1:8140"),
        ("0.0.0.0", "", "http://127.0.0.1:8140"),
        ("127.0.0.1", "https://ajat.example.org", "https://ajat.example.org"),
    ],
)
def test_links_in_messages_open_the_server_that_wrote_them(
    monkeypatch: pytest.MonkeyPatch, host: str, said: str, links: str
) -> None:
    monkeypatch.setenv("PUBLIC_URL", said)
    monkeypatch.setattr(settings, "PUBLIC_URL", said)
    running._lead_links_here(host, 8140)
    assert links == settings.PUBLIC_URL


def test_several_processes_are_refused_where_their_calls_could_not_hear_each_other(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(settings, "REDIS_URL", "")
    with pytest.raises(typer.Exit):
        running.serve(processes=2)
    assert "REDIS_URL" in capsys.readouterr().err
