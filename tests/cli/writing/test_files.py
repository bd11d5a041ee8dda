from __future__ import annotations

import os
import stat
import sys

import pytest

from kintone_orm.cli.writing.files import replace_file
from kintone_orm.exceptions import ImproperlyConfigured

only_posix = pytest.mark.skipif(sys.platform == "win32", reason="modes and links of POSIX")


def test_a_new_file_is_written_in_utf_8_with_plain_line_breaks(tmp_path):
    replace_file(tmp_path / "models.py", "# 顧客\n")
    assert (tmp_path / "models.py").read_bytes() == "# 顧客\n".encode()


@only_posix
def test_a_new_file_has_the_mode_of_other_new_files(tmp_path):
    (tmp_path / "other").touch()
    replace_file(tmp_path / "models.py", "")
    assert (tmp_path / "models.py").stat().st_mode == (tmp_path / "other").stat().st_mode


@only_posix
def test_an_existing_file_keeps_its_mode(tmp_path):
    file = tmp_path / "models.py"
    file.touch()
    file.chmod(0o640)
    replace_file(file, "x = 1\n")
    assert (file.read_text(), stat.S_IMODE(file.stat().st_mode)) == ("x = 1\n", 0o640)


@only_posix
def test_a_symbolic_link_stays_one(tmp_path):
    file, link = tmp_path / "file", tmp_path / "link"
    file.touch()
    link.symlink_to(file)
    replace_file(link, "x")
    assert link.is_symlink()
    assert file.read_text() == "x"


def test_a_write_that_fails_leaves_the_old_content_and_no_other_file(tmp_path, monkeypatch):
    file = tmp_path / "models.py"
    file.write_text("old")

    def fail(*_):
        raise OSError(5, "The disk is gone")

    monkeypatch.setattr("pathlib.Path.replace", fail)
    with pytest.raises(ImproperlyConfigured, match="written: The disk is gone."):
        replace_file(file, "new")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("models.py", "old")]


def test_a_folder_that_does_not_exist_is_an_error(tmp_path):
    with pytest.raises(ImproperlyConfigured, match="cannot be written: No such file or directory."):
        replace_file(tmp_path / "nowhere" / "models.py", "")


@only_posix
def test_a_pipe_gets_the_text_and_is_not_replaced(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    replace_file(pipe, "x = 1\n")
    assert os.read(reader, 100) == b"x = 1\n"
    os.close(reader)
    assert [path.name for path in tmp_path.iterdir()] == ["pipe"]
    assert pipe.is_fifo()
