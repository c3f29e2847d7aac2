"""Small files, one noun each; a function fits a glance."""

import ast
from statistics import median

import pytest

from tests.house.files import name_of, project_files

CEILINGS = {".py": 400, ".html": 120, ".css": 200, ".js": 100}


def _lines(path):
    return len(path.read_text().splitlines())


@pytest.mark.parametrize("ending", CEILINGS)
def test_no_file_outgrows_its_room(ending):
    too_long = {
        name_of(path): _lines(path)
        for path in project_files(ending)
        if "/migrations/" not in name_of(path) and _lines(path) > CEILINGS[ending]
    }

    assert not too_long


# Lines of the middle file, and of the one that nine of ten are shorter than. Tests are lists of
# sentences: one file says all there is to say of a noun.
@pytest.mark.parametrize(("of_tests", "middle", "long"), [(False, 90, 210), (True, 135, 270)])
def test_most_files_are_short(of_tests, middle, long):
    sizes = sorted(
        _lines(path)
        for path in project_files(".py")
        if "/migrations/" not in name_of(path) and name_of(path).startswith("tests/") == of_tests
    )

    assert median(sizes) <= middle
    assert sizes[int(len(sizes) * 0.9)] <= long


def test_functions_fit_a_glance():
    too_long = {}
    for path in project_files(".py"):
        if "/migrations/" in name_of(path):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                size = node.end_lineno - node.lineno + 1
                if size > 50:
                    too_long[f"{name_of(path)}:{node.name}"] = size

    assert not too_long
