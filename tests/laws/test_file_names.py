"""Law: whatever its name, a file is written only into the folder that was named."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import example, given
from hypothesis import strategies as st

from kintone_orm.files.names import create_file, safe_name

PARTS = ["/", "\\", "..", ".", " ", ":", "\x00", "a", "con", "nul", "\n", "見", "\ud800"]
NAMES = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=300),
    st.lists(st.sampled_from(PARTS), max_size=300).map("".join),
)


@given(NAMES)
@example("../con")
def test_a_safe_name_is_one_name(name: str) -> None:
    safe = safe_name(name)
    assert safe == safe.strip(" .")
    assert Path(safe).name == safe
    assert not set(safe) & set('/\\:<>"|?*')
    assert not any(unicodedata.category(each) in ("Cc", "Cs", "Zl", "Zp") for each in safe)
    assert 0 < len(safe.encode()) <= 241


@given(NAMES)
def test_a_safe_name_is_safe_already(name: str) -> None:
    assert safe_name(safe_name(name)) == safe_name(name)


@given(st.lists(NAMES, max_size=5))
def test_every_file_is_a_new_one_in_the_folder(names: list[str]) -> None:
    with TemporaryDirectory() as folder:
        for name in names:
            path, file = create_file(folder, safe_name(name))
            file.close()
            assert path.parent == Path(folder)
        assert len(list(Path(folder).iterdir())) == len(names)
