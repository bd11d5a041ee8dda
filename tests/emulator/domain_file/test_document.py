from __future__ import annotations

from support.domain_files import problems


def test_a_missing_or_unreadable_file_is_a_problem(tmp_path):
    assert problems(tmp_path / "no.json") == [
        f"{tmp_path / 'no.json'}: The file cannot be read: No such file or directory."
    ]
    assert problems("domain.yaml") == ["domain.yaml: A domain file must be a .json or .toml file."]
    (tmp_path / "sjis.json").write_bytes('{"名": 1}'.encode("cp932"))
    assert problems(tmp_path / "sjis.json")[0].endswith(
        ": The file is not in UTF-8. Save it as UTF-8."
    )
