"""What a build adds: compiled translations, and the two top-level folders inside the wheel."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CARRIED = ("questionnaires", "translations")


def compile_translations(root: Path) -> None:
    """Write a `.mo` beside every `.po`; a message that lost a placeholder stops the build."""
    from babel.messages import mofile, pofile

    for po in sorted(root.glob("translations/*/LC_MESSAGES/*.po")):
        with po.open("rb") as file:
            catalog = pofile.read_po(file, locale=po.parent.parent.name, abort_invalid=True)
        faults = [f"{po}:{m.lineno}: {error}" for m in catalog for error in m.check(catalog)]
        if faults:
            raise SystemExit("\n".join(faults))
        with po.with_suffix(".mo").open("wb") as file:
            mofile.write_mo(file, catalog)


class Build(BuildHookInterface[Any]):
    """Runs for wheels and for `pip install -e .`, which reads the folders where they are."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        compile_translations(root)
        if version != "editable":
            for name in CARRIED:
                build_data["force_include"][str(root / name)] = f"surveyapp/_{name}"


if __name__ == "__main__":
    compile_translations(Path(__file__).parent)
