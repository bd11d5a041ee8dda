"""Tests mirror the package: tests/query/test_literals.py tests kintone_orm/query/literals.py.

A module without such a file is listed below, with the tests that it has instead. Files of other
names test a behavior that several modules have in common.
"""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE, TESTS = ROOT / "kintone_orm", ROOT / "tests"
MODULES = {
    str(path.relative_to(PACKAGE)) for path in PACKAGE.rglob("*.py") if path.name != "__init__.py"
}

# Modules without a test file of their own, by what tests them.
ELSEWHERE: dict[str, str] = {
    "tables and texts, compared with a page or with the emulator's by tests in tests/contract": """
        emulator/ground/choice_table.py emulator/ground/choices.py emulator/ground/error_texts.py
        emulator/ground/limits.py emulator/ground/validation_texts.py models/ground/refused.py
        query/type_rules.py
    """,
    "types and small values, tested with the modules that make and read them": """
        apps/app_ids.py apps/deploying/deployment.py
        emulator/calc/scope.py emulator/calc/syntax.py emulator/domain_file/file_problems.py
        emulator/domain_file/setup.py emulator/ground/field_code.py emulator/ground/json_types.py
        emulator/query/columns.py emulator/query/invalid_query.py emulator/query/kinds.py
        emulator/query/syntax.py emulator/values/base.py models/ground/protocols.py
        connection/known_fields.py connection/limits/limiter.py models/ground/values.py
        models/record/home.py models/record/instance.py models/writing/records.py
        query/comparisons.py
    """,
    "settings and records of an app, tested by requests in tests/emulator/handlers": """
        emulator/forms/definitions.py emulator/forms/fieldset.py emulator/forms/form.py
        emulator/handlers/spaces.py emulator/records/reader.py emulator/records/system_fields.py
        emulator/records/writer.py emulator/requests/endpoint.py emulator/settings/apps.py
        emulator/settings/dependents.py emulator/settings/deployments.py
        emulator/settings/domain.py emulator/settings/filter_conditions.py
        emulator/settings/form_editing.py emulator/settings/permissions.py
        emulator/settings/process.py emulator/settings/process_editing.py
        emulator/settings/views.py
    """,
    "steps of loading a domain file, tested by tests/emulator/domain_file/test_loading.py": """
        emulator/domain_file/apps.py
    """,
    "parts of a comparison, tested by tests/apps/drift": """
        apps/drift/declared.py apps/drift/finding.py
    """,
    "rules of a form, tested by tests/models/ground/test_form_rules.py": """
        models/ground/value_rules.py
    """,
    "names of a module, tested by tests/apps/inspecting/test_naming.py": """
        apps/inspecting/name_scope.py
    """,
    "parts of a field's declaration, tested by tests/apps/inspecting/test_settings.py": """
        apps/inspecting/defaults.py apps/inspecting/plain_field.py
    """,
    "parts of a command's connection, tested by tests/cli/test_connecting.py": """
        cli/environment/command_connection.py cli/environment/options.py
        cli/environment/variables.py
    """,
    "tested by tests/models/record/decoding/test_page_decoder.py": """
        models/record/decoding/decoder_source.py
    """,
    "tested by tests/api/test_answers.py": "api/answer_shapes.py api/shape_checks.py",
    "tested by tests/test_exceptions.py": "exceptions/root.py exceptions/validation.py",
    "tested by tests/emulator/page and tests/emulator/test_server.py": """
        emulator/page/full_access.py emulator/wsgi.py
    """,
}
EXCEPTIONS = {module for modules in ELSEWHERE.values() for module in modules.split()}


def mirror(module: str) -> Path:
    path = TESTS / module
    return path.with_name(f"test_{path.name}")


@pytest.mark.parametrize("module", sorted(MODULES - EXCEPTIONS))
def test_a_module_has_a_test_file_of_its_name(module: str) -> None:
    assert mirror(module).is_file(), "write it, or list the module in ELSEWHERE with the reason"


def test_an_exception_is_a_module_without_such_a_file() -> None:
    assert set() == EXCEPTIONS - MODULES
    assert [module for module in sorted(EXCEPTIONS) if mirror(module).exists()] == []


def test_more_than_four_of_five_modules_have_one() -> None:
    assert len(EXCEPTIONS) < len(MODULES) / 5
