"""Names of downloaded files, and the files that are written under them."""

from __future__ import annotations

import pytest

from kintone_orm.files.names import create_file, safe_name


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("receipt.pdf", "receipt.pdf"),
        ("見積書 (1).pdf", "見積書 (1).pdf"),
        ("👨‍👩‍👧.png", "👨‍👩‍👧.png"),
        ("../../etc/passwd", "passwd"),
        ("/etc/passwd", "passwd"),
        (r"C:\Users\sato\scan.pdf", "scan.pdf"),
        ("folder/", "folder"),
        ("C:scan.pdf", "C_scan.pdf"),
        ("..", "file"),
        ("", "file"),
        ("/", "file"),
        (" . . ", "file"),
        (".bashrc", "bashrc"),
        ("..\u3000.hidden", "hidden"),
        ("name. .", "name"),
        ("a\x00b\nc\x7f\x85.txt", "a_b_c__.txt"),
        ("a\u2028b", "a_b"),
        ("invoice\u202efdp.exe", "invoice_fdp.exe"),
        ("half\ud800.txt", "half_.txt"),
        ('a<b>c:"d|e?f*.txt', "a_b_c__d_e_f_.txt"),
        ("CON", "_CON"),
        ("con.txt", "_con.txt"),
        ("nul .tar.gz", "_nul .tar.gz"),
        ("COM1", "_COM1"),
        ("lpt³.log", "_lpt³.log"),
        ("conin$", "_conin$"),
        ("console.txt", "console.txt"),
        ("com10", "com10"),
    ],
)
def test_a_name_is_made_safe(given: str, safe: str) -> None:
    assert safe_name(given) == safe


def test_a_long_name_keeps_its_ending() -> None:
    name = safe_name("見" * 200 + ".pdf")
    assert (len(name.encode()), name[-5:]) == (238, "見.pdf")


def test_an_ending_that_is_too_long_is_none() -> None:
    assert safe_name("a." + "b" * 500) == "a." + "b" * 238


def test_a_file_is_made_under_its_name(tmp_path) -> None:
    path, file = create_file(tmp_path, "a.pdf")
    file.close()
    assert path == tmp_path / "a.pdf"


def test_a_name_that_is_taken_gets_a_number_before_its_ending(tmp_path) -> None:
    made = []
    for name in ("a.tar.gz", "a.tar.gz", "a.tar.gz", "b", "b"):
        path, file = create_file(tmp_path, name)
        file.close()
        made.append(path.name)
    assert made == ["a.tar.gz", "a.tar (1).gz", "a.tar (2).gz", "b", "b (1)"]


def test_a_link_is_not_followed(tmp_path) -> None:
    (tmp_path / "a.pdf").symlink_to(tmp_path / "elsewhere")
    path, file = create_file(tmp_path, "a.pdf")
    file.close()
    assert path.name == "a (1).pdf"
    assert not (tmp_path / "elsewhere").exists()


def test_a_folder_that_is_not_there_is_an_error(tmp_path) -> None:
    with pytest.raises(FileNotFoundError):
        create_file(tmp_path / "nowhere", "a.pdf")
