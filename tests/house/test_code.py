"""Rules about the code that no linter knows."""

import ast
import re

from tests.house.files import name_of, project_files

LEFTOVERS = re.compile(r"\b(TODO|FIXME|XXX)\b|raise NotImplementedError")
TASK_DECORATORS = {"shared_task", "delivers", "asks", "task"}


def _code():
    return [path for path in project_files(".py") if "/migrations/" not in name_of(path)]


def _decorator_name(node):
    call = node.func if isinstance(node, ast.Call) else node
    return call.attr if isinstance(call, ast.Attribute) else getattr(call, "id", "")


def test_tasks_take_keywords_only():
    loose = [
        f"{name_of(path)}:{node.name}"
        for path in _code()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef)
        and TASK_DECORATORS & {_decorator_name(one) for one in node.decorator_list}
        and (node.args.args or node.args.posonlyargs)
    ]

    assert not loose


def test_nothing_is_left_for_later():
    left = [
        f"{name_of(path)}:{number}"
        for path in project_files(".py", ".html", ".css", ".js", ".sh", ".toml")
        if "tests/house" not in name_of(path)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if LEFTOVERS.search(line)
    ]

    assert not left


def test_models_state_no_ordering_of_their_own():
    hidden = [
        name_of(path)
        for path in _code()
        if "/models" in name_of(path)
        and re.search(r"^\s+ordering\s*=", path.read_text(), re.MULTILINE)
    ]

    assert not hidden


def test_constraints_have_names_that_say_what_they_promise():
    nameless = [
        name_of(path)
        for path in _code()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and _decorator_name(node) in {"CheckConstraint", "UniqueConstraint", "ExclusionConstraint"}
        and not any(keyword.arg == "name" for keyword in node.keywords)
    ]

    assert not nameless


def test_no_test_is_skipped():
    mark = re.compile(r"pytest\.mark\.(skip|xfail)|pytest\.skip\(|unittest\.skip")

    skipped = [
        name_of(path)
        for path in _code()
        if name_of(path).startswith("tests/")
        and "tests/house" not in name_of(path)
        and mark.search(path.read_text())
    ]

    assert not skipped
