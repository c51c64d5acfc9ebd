"""Reference cases from other programs, by family."""

import json
from pathlib import Path
from typing import Any

CASES = json.loads((Path(__file__).parent / "golden.json").read_text())["cases"]


def cases(*families: str) -> list[dict[str, Any]]:
    return [case for case in CASES if case["family"] in families]


def name(case: dict[str, Any]) -> str:
    return case["id"]
