"""Imports point downwards only, and no module outgrows a sitting."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Lowest first. `config` stands beside them: it may name any, none may import it.
LAYERS = ["core", "institutions", "deputies", "accounts", "notifications", "proposals", "supervision"]


def upward_imports(layer, source):
    """Return the packages that this source of `layer` imports but must not."""
    allowed = LAYERS[: LAYERS.index(layer) + 1]
    imported = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            imported.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            imported.add(node.module.partition(".")[0])
    return sorted(imported & ({*LAYERS, "config", "tests", "bench"} - set(allowed)))


def sources(folder):
    return sorted(path for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts)


@pytest.mark.parametrize("layer", LAYERS)
def test_imports_point_downwards(layer):
    assert sources(layer)
    wrong = {
        str(path.relative_to(ROOT)): found
        for path in sources(layer)
        if (found := upward_imports(layer, path.read_text(encoding="utf-8")))
    }
    assert not wrong


def test_the_check_sees_every_form_of_import():
    source = "import supervision.tasks\nfrom . import x\ndef f():\n    from proposals.models import Proposal"
    assert upward_imports("accounts", source) == ["proposals", "supervision"]
    assert upward_imports("supervision", source) == []
    assert upward_imports("core", "from config.settings import DEBUG") == ["config"]


def test_modules_stay_small():
    """About 400 lines can be read in one sitting; 500 is the hard limit."""
    too_long = {
        str(path.relative_to(ROOT)): lines
        for folder in [*LAYERS, "config", "scripts"]
        for path in sources(folder)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 500
    }
    assert not too_long
