"""Write the generated pages and modules again: `python tests/generate.py`."""

from __future__ import annotations

from generators import (
    bad_night_page,
    choices_page,
    django_page,
    emulator_page,
    endpoints_page,
    errors_page,
    fields_page,
    guarantees_page,
    inspected_apps,
    inspected_enums,
    performance_page,
)

if __name__ == "__main__":
    for generator in (
        bad_night_page,
        choices_page,
        django_page,
        emulator_page,
        endpoints_page,
        errors_page,
        fields_page,
        guarantees_page,
        inspected_apps,
        inspected_enums,
        performance_page,
    ):
        generator.PAGE.write_text(generator.page(), "utf-8")
    for name, drawing in performance_page.figures().items():
        (performance_page.FIGURES / f"{name}.svg").write_text(drawing, "utf-8")
