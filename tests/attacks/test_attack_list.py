"""The list of attacks is whole: fifty at least, of every class, each with a test of its own that is there and runs."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

from attack_list import ATTACKS, CLASSES, page

TESTS = Path(__file__).parents[1]
MOST_SKIPPED = {"skip", "skipif", "xfail"}


def _functions(file: str) -> dict[str, ast.FunctionDef]:
    tree = ast.parse((TESTS / file).read_text("utf-8"))
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def _asserts(node: ast.AST) -> bool:
    """Whether a step of a test can fail it: an assertion, an exception that is awaited, or a helper that asserts."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return node.func.id in {"_gets_nothing", "unbroken", "_is_harmless"}
    return isinstance(node, ast.Assert) or (isinstance(node, ast.Attribute) and node.attr == "raises")


def test_there_are_fifty_of_every_class() -> None:
    assert len(ATTACKS) >= 50
    assert {attack.kind for attack in ATTACKS} == set(CLASSES)


def test_each_has_a_test_of_its_own_that_is_collected_and_asserts() -> None:
    twice = [test for test, count in Counter(attack.test for attack in ATTACKS).items() if count > 1]
    assert twice == []
    for attack in ATTACKS:
        file, _, name = attack.test.partition("::")
        found = _functions(file).get(name)
        assert found is not None, attack.test
        assert Path(file).name.startswith("test_")
        assert name.startswith("test_")
        marks = {n.attr for d in found.decorator_list for n in ast.walk(d) if isinstance(n, ast.Attribute)}
        assert not marks & MOST_SKIPPED, attack.test
        assert any(_asserts(node) for node in ast.walk(found)), attack.test


def test_no_attack_of_this_folder_is_left_out_of_the_list() -> None:
    listed = {attack.test for attack in ATTACKS}
    here = sorted(Path(__file__).parent.glob("test_attacks_*.py"))
    assert len(here) >= 5
    for path in here:
        tests = {
            f"attacks/{path.name}::{name}" for name in _functions(f"attacks/{path.name}") if name.startswith("test_")
        }
        assert tests - listed == set()


def test_the_page_of_attacks_is_the_list() -> None:
    assert (TESTS.parent / "docs" / "attacks.md").read_text("utf-8") == page()
