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


def test_most_files_are_short():
    sizes = sorted(
        _lines(path) for path in project_files(".py") if "/migrations/" not in name_of(path)
    )

    assert median(sizes) <= 90
    assert sizes[int(len(sizes) * 0.9)] <= 220


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
