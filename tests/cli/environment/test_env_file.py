"""The option --env-file."""

from __future__ import annotations

import pytest

from kintone_orm.cli.environment.env_file import read_env_file


@pytest.fixture
def file(tmp_path):
    def write(text, encoding="utf-8"):
        path = tmp_path / "kintone.env"
        path.write_bytes(text.encode(encoding))
        return str(path)

    return write


def test_it_has_variables_of_kintone(file):
    text = """
    # A comment
    KINTONE_USERNAME=sato
    export KINTONE_PASSWORD = "a = b # c"
    KINTONE_API_TOKEN='x,y'
    KINTONE_GUEST_SPACE_ID=
    DATABASE_URL=postgres://
    """
    assert read_env_file(file(text)) == {
        "KINTONE_USERNAME": "sato",
        "KINTONE_PASSWORD": "a = b # c",
        "KINTONE_API_TOKEN": "x,y",
        "KINTONE_GUEST_SPACE_ID": "",
    }


def test_the_file_of_a_windows_editor_is_read(file):
    assert read_env_file(file("KINTONE_PASSWORD=x\r\n", "utf-8-sig")) == {"KINTONE_PASSWORD": "x"}


def test_a_mistake_shows_no_line(file, capsys):
    with pytest.raises(SystemExit, match="2"):
        read_env_file(file("KINTONE_USERNAME=x\nKINTONE_PASSWORD: hush\n"))
    message = capsys.readouterr().err
    assert message.endswith("line 2 is not of the form NAME=value.\n")
    assert "hush" not in message


def test_a_file_that_cannot_be_read_is_named(file, tmp_path, capsys):
    for path in (str(tmp_path / "none.env"), str(tmp_path), file("KINTONE_USERNAME=東", "cp932")):
        with pytest.raises(SystemExit, match="2"):
            read_env_file(path)
        assert f"--env-file {path} " in capsys.readouterr().err
