"""Private names of a board's build: short, the same for relatives, and refused where they are not private."""

import ast

import pytest

import flash
from tools.shorten import is_private, shorten

PARENT = "class Part:\n    def __init__(self):\n        self._state = 1\n"


def run(sources, module):
    space: dict[str, object] = {}
    exec(shorten(sources)[module], space)
    return space


def test_each_file_uses_the_same_short_names_again():
    texts = shorten({"a": "_limit = 1\nlimit = _limit\n", "b": "def _other(): return 2\n"})
    assert texts == {"a": "_0 = 1\nlimit = _0\n", "b": "def _0(): return 2\n"}


CHILD = """from a import Part
class Meter(Part):
    def look(self):
        self._mine = 2
        return self._state
"""


def test_files_whose_classes_inherit_agree_and_do_not_clash():
    texts = shorten({"a": PARENT, "b": CHILD, "c": "_far = 1\n"})
    state = texts["a"].split("self.")[1].split()[0]
    assert f"return self.{state}" in texts["b"]
    assert f"self.{state} = 2" not in texts["b"]
    assert texts["c"] == "_0 = 1\n"


GROWS = """    def _grow(self, _step=2):
        self._state += _step
        return self._state
value = Part()._grow()
"""


def test_the_program_stays_the_same():
    assert run({"a": PARENT + GROWS}, "a")["value"] == 3


def test_strings_dunders_and_lines_stay():
    source = "_x = '_y'  # _x\n\ndef __getattr__(_name):\n    return _name, '_z'\n"
    assert shorten({"a": source})["a"] == "_1 = '_y'  # _x\n\ndef __getattr__(_0):\n    return _0, '_z'\n"


@pytest.mark.parametrize(
    "source", ["from b import _inner\n", "import b\nb._inner()\n", "_inner = 1\ngetattr(object, '_inner')\n"]
)
def test_what_is_not_private_after_all_is_refused(source):
    with pytest.raises(SyntaxError, match="'_inner' is private and used from outside"):
        shorten({"a": source, "b": "def _inner(): pass\n"})


def test_a_parameter_is_short_too():
    source = "class A:\n    def f(self, %s, *%s, **%s): return %s\nvalue = A().f(3)\n"
    sources = {"a": source % ("limit", "rest", "more", "limit")}
    assert shorten(sources)["a"] == source % ("_0", "_1", "_2", "_0")
    assert run(sources, "a")["value"] == 3


@pytest.mark.parametrize(
    "source",
    [
        "def f(word=3): return word\n",
        "def f(*, word): return word\n",
        "def f(word): return word.word\n",
        "def f(word): return f'{word}'\n",
        "def f(word): return word\nclass A:\n    word = 1\n",
        "def f(word): return word\ndef g(): return word()\n",
        "def f(word): return word\ndef g():\n    import word.a\n",
        "def f(word): return word\ndef g():\n    from word import a\n",
        "def f(word): return word\ndef g():\n    from b import a as word\n",
        "def f(word): return word\nvalue = f(word=3)\n",
        "def f(word): return word\nvalue = f(**{'word': 3})\n",
    ],
)
def test_a_parameter_that_may_be_meant_by_its_name_keeps_it(source):
    assert shorten({"a": source})["a"] == source


@pytest.mark.parametrize("caller", ["import a\na.f(word=3)\n", "MORE = {'word': 3}\n"])
def test_a_parameter_that_another_file_may_name_keeps_it(caller):
    source = "def f(word): return word\n"
    assert shorten({"a": source, "b": caller})["a"] == source


def test_a_relative_may_keep_a_parameter():
    child = "from a import Part\nclass Meter(Part):\n    def look(*word): return Part.word\n"
    assert "*word" in shorten({"a": PARENT, "b": child})["b"]


def attributes(texts):
    nodes = [node for text in texts for node in ast.walk(ast.parse(text))]
    return {node.attr for node in nodes if isinstance(node, ast.Attribute)}


def test_all_that_goes_onto_a_board_can_be_shortened():
    sources = {flash.module_of(path): (flash.ROOT / path).read_text("utf-8") for path in flash.device_files()}
    before, after = attributes(sources.values()), attributes(shorten(sources).values())
    assert [name for name in before ^ after if not is_private(name)] == []
    assert len(after) < 0.8 * len(before)
