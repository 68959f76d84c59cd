"""The house rules that no linter knows."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.db import models

from gigcx.tenancy.scoping import OwnedModel, TenantQuerySet
from gigcx.web.admin_site import OpsModelAdmin

ROOT = Path(settings.BASE_DIR)
FLOORS = ["kernel", "audit", "accounts", "tenancy", "webhooks", "notify", "web", *settings.STAGES]
ROOMS = {
    "states", "events", "errors", "models", "policies", "queries", "actions", "registries", "forms", "views", "api",
    "admin", "tasks", "handlers", "management", "panels", "demo", "apps", "urls", "migrations",
}  # fmt: skip
OWN_ROOMS = {
    "recruiting": {"matching"},
    "vetting": {"graph", "grading", "psychometrics", "formats", "providers", "vault", "badges"},
    "training": {"pages", "simulation", "formats", "runtime", "analytics"},
    "scheduling": {"staffing", "design", "allocation", "quoting", "formats", "programmes"},
    "payments": {"pricing", "documents", "ledger", "gateways"},
}
CONTRACTS_KEPT = 10
OUR_APPS = [config for config in apps.get_app_configs() if config.name.split(".")[0] in {"gigcx", *settings.STAGES}]


def our_models() -> Iterator[type[models.Model]]:
    for config in OUR_APPS:
        yield from config.get_models()


def floor_of(app_label: str) -> int:
    return FLOORS.index(app_label)


def sources(*folders: str) -> list[Path]:
    found = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return [path for path in found if "migrations" not in path.parts]


def test_every_import_contract_is_kept() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert f"Contracts: {CONTRACTS_KEPT} kept, 0 broken." in done.stdout, done.stdout + done.stderr


@pytest.mark.parametrize("model", list(our_models()), ids=lambda model: model._meta.label)
def test_a_foreign_key_points_to_the_same_or_an_earlier_floor(model: type[models.Model]) -> None:
    own = floor_of(model._meta.app_label)
    for field in model._meta.get_fields():
        if isinstance(field, models.ForeignKey | models.OneToOneField | models.ManyToManyField):
            target = field.related_model
            assert not isinstance(target, str)
            if target._meta.app_label in FLOORS:
                assert floor_of(target._meta.app_label) <= own, f"{model._meta.label}.{field.name}"


@pytest.mark.parametrize("model", list(our_models()), ids=lambda model: model._meta.label)
def test_every_table_has_an_owner_or_says_that_it_is_global(model: type[models.Model]) -> None:
    if model._meta.label == "accounts.User":
        return
    is_global = getattr(model, "is_global", False)
    assert is_global != issubclass(model, OwnedModel), f"{model._meta.label}: owned, or `is_global = True`"
    if not is_global:
        assert isinstance(model._default_manager.get_queryset(), TenantQuerySet)


@pytest.mark.parametrize("stage", settings.STAGES)
def test_a_stage_has_no_room_of_another_name(stage: str) -> None:
    allowed = ROOMS | OWN_ROOMS[stage] | {"__init__", "__pycache__"}
    found = {path.stem if path.suffix == ".py" else path.name for path in (ROOT / stage).iterdir()}
    assert found <= allowed


@pytest.mark.parametrize("stage", settings.STAGES)
def test_the_door_plate_says_what_the_stage_promises_and_holds_no_code(stage: str) -> None:
    tree = ast.parse((ROOT / stage / "__init__.py").read_text())
    assert ast.get_docstring(tree)
    assert len(tree.body) == 1


def test_the_ground_floor_names_no_stage() -> None:
    named = re.compile(rf"^\s*(?:from|import) ({'|'.join(settings.STAGES)})\b", re.MULTILINE)
    guilty = [str(path.relative_to(ROOT)) for path in sources("gigcx") if named.search(path.read_text())]
    assert guilty == []


def test_no_room_is_longer_than_about_four_hundred_lines() -> None:
    long = {str(path.relative_to(ROOT)): n for path in sources("gigcx", *settings.STAGES) if (n := _lines(path)) > 420}
    assert long == {}


def _lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def test_actions_queries_and_models_know_no_http() -> None:
    guilty = []
    for stage in settings.STAGES:
        for room in ("actions", "queries", "models", "policies"):
            files = [*(ROOT / stage).glob(f"{room}.py"), *(ROOT / stage / room).rglob("*.py")]
            guilty += [
                str(path)
                for path in files
                if re.search(r"from django\.(http|shortcuts|contrib\.messages)", path.read_text())
            ]
    assert guilty == []


def test_only_views_tasks_and_the_clock_itself_read_the_clock() -> None:
    readers = re.compile(r"clock\.now\(|timezone\.now\(|datetime\.now\(|time\.time\(")
    guilty = []
    for stage in settings.STAGES:
        for room in ("actions", "queries", "models", "policies", *OWN_ROOMS[stage]):
            files = [*(ROOT / stage).glob(f"{room}.py"), *(ROOT / stage / room).rglob("*.py")]
            guilty += [str(path.relative_to(ROOT)) for path in files if readers.search(path.read_text())]
    assert guilty == []


def test_no_signals_carry_domain_flow() -> None:
    guilty = [str(p.relative_to(ROOT)) for p in sources(*settings.STAGES) if "django.dispatch" in p.read_text()]
    assert guilty == []


def test_no_table_saves_in_its_own_way_or_sorts_by_default() -> None:
    for model in our_models():
        assert not model._meta.ordering, model._meta.label
        if model._meta.app_label in settings.STAGES:
            assert "save" not in model.__dict__, model._meta.label


def test_the_admin_is_read_only_on_stateful_tables() -> None:
    for model, model_admin in admin.site._registry.items():
        if model._meta.app_label not in FLOORS:
            continue
        assert isinstance(model_admin, OpsModelAdmin), model._meta.label
        has_state = any(field.name == "state" for field in model._meta.get_fields())
        assert not (has_state and model_admin.is_editable), model._meta.label


@pytest.mark.django_db
def test_ledger_and_audit_can_never_be_edited_or_deleted_in_the_admin() -> None:
    from django.test import RequestFactory

    from tests.cast import make_user

    request = RequestFactory().get("/admin/")
    request.user = make_user("Root Ops", is_staff=True)
    for label in ("audit.AuditEntry", "payments.Journal", "payments.Entry"):
        model_admin = admin.site._registry[apps.get_model(label)]
        assert not model_admin.has_add_permission(request)
        assert not model_admin.has_change_permission(request)
        assert not model_admin.has_delete_permission(request)


def test_the_map_tells_who_hears_what() -> None:
    from gigcx.audit.management.commands.events import events_table

    text = (ROOT / "docs" / "map.md").read_text()
    printed = text.split("<!-- events -->")[1].split("<!-- /events -->")[0].strip()
    assert printed == events_table(), "run `python manage.py events` and paste its table into docs/map.md"


def test_no_float_stands_near_money() -> None:
    for path in [*sources("payments"), ROOT / "gigcx" / "kernel" / "money.py"]:
        for node in ast.walk(ast.parse(path.read_text())):
            is_float_call = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "float"
            is_float_literal = isinstance(node, ast.Constant) and isinstance(node.value, float)
            is_float = is_float_call or is_float_literal
            assert not is_float, f"{path}:{getattr(node, 'lineno', 0)}"


def test_no_template_carries_inline_code_or_style() -> None:
    inline = re.compile(
        r"<script(?![^>]*\b(?:src|type=\"application/json\"))|<style\b|\sstyle=\"|\son[a-z]+=\"", re.IGNORECASE
    )
    guilty = []
    for folder in [ROOT / "templates", *(ROOT / stage / "templates" for stage in settings.STAGES)]:
        pages = [path for path in folder.rglob("*.html") if "emails" not in path.parts]
        guilty += [str(path.relative_to(ROOT)) for path in pages if inline.search(path.read_text())]
    assert guilty == []


def test_nothing_in_the_tree_reads_like_work_left_undone() -> None:
    words = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError|[Cc]oming soon|[Ll]orem ipsum")
    files = [*sources("gigcx", *settings.STAGES), *(ROOT / "templates").rglob("*.html")]
    assert [str(path.relative_to(ROOT)) for path in files if words.search(path.read_text())] == []
