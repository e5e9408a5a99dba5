"""The first look at the checkout shows few names, and each says what it holds."""

from pathlib import Path

FOLDERS = {"daemon", "protocol", "specs", "tests", "scripts", "LICENSES"}
FILES = {"pyproject.toml", "README.md", "LICENSE", "NOTICE", "CHANGELOG.md"}
MADE_BY_SDIST = "PKG-INFO"


def test_the_top_level_holds_only_what_is_meant_to_be_there(root: Path, project_files: list[Path]) -> None:
    paths = [path.relative_to(root).parts for path in project_files]

    assert {parts[0] for parts in paths if len(parts) > 1 and not parts[0].startswith(".")} <= FOLDERS
    assert {parts[0] for parts in paths if len(parts) == 1 and not parts[0].startswith(".")} - {MADE_BY_SDIST} == FILES


def test_each_licence_that_the_notice_names_lies_there_in_full(root: Path) -> None:
    notice = (root / "NOTICE").read_text("utf-8")
    texts = {path.name: path.read_text("utf-8") for path in (root / "LICENSES").iterdir()}

    assert {name for name in texts if f"LICENSES/{name}" not in notice} == {"Apache-2.0.txt"}  # named as LICENSE
    assert texts["Apache-2.0.txt"] == (root / "LICENSE").read_text("utf-8")
    assert "END OF TERMS AND CONDITIONS" in texts["Apache-2.0.txt"]
    assert "Section 8 -- Interpretation." in texts["CC-BY-4.0.txt"]
    assert "Affirmer" in texts["CC0-1.0.txt"]
    assert "Copyright (c) Shopify" in texts["MIT.txt"]
