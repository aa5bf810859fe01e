"""Constants are put where they are used, all of them and nothing else, and the program stays the same."""

import pytest

import flash
from tools.inline import inline


def inlined(**sources):
    """The sources, with a name each, after it; without what is left blank."""
    done = inline({name.replace("__", "."): text for name, text in sources.items()})
    for name, text in sources.items():
        assert done[name.replace("__", ".")].count("\n") == text.count("\n"), "a line was moved"
    return {name.replace(".", "__"): text for name, text in done.items()}


def test_a_constant_stands_where_it_is_read_and_its_name_is_gone():
    done = inlined(a="LIMIT = 5\n\ndef f(x):\n    return x + LIMIT\n")
    assert done["a"] == "pass\n\ndef f(x):\n    return x + (5)\n"


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("A = 3\nx = [-A]", -3),
        ("A = -3\nx = [2 - A]", 5),
        ("A = 1 << 4 | 1\nx = [A]", 17),
        ("A = 2\nB = A * 3 + 1\nx = [B // A]", 3),
        ("A, B = 'one', 'two'\nx = [A + B]", "onetwo"),
        ("A, B, C = range(3)\nx = [(A, B, C)]", (0, 1, 2)),
        ("A, B = True, False\nx = [(A, B)]", (True, False)),
        ("A = (  # why\n    7\n)\nx = [A]", 7),
        ("A = 4\ndef f(b=A):\n    return b\nx = [f()]", 4),
        ("A = 4\nclass C:\n    b = A\nx = [C.b]", 4),
        ("A = '\u00e9'; B = 1\nx = ['\u00e9' + A * B]", "\u00e9\u00e9"),
    ],
)
def test_every_kind_of_constant_keeps_its_value(source, value):
    bound: dict = {}
    exec(inlined(a=source)["a"], bound)
    assert bound["x"] == [value]
    assert not {"A", "B"} & bound.keys()


@pytest.mark.parametrize(
    "source",
    [
        "A = 1\nA = 2\nx = [A]",
        "A = 1\ndef f():\n    A = 2\n    return A\nx = [f() + A]",
        "A = 1\ndef f(A):\n    return A\nx = [f(3) + A]",
        "A = 1\nx = [A for A in (4, 5)]",
        "if True:\n    A = 1\nx = [A]",
        "A = 'a text that is long'\nx = [A]",
        "A = 1 << 30\nx = [A]",
        "A = 1.5\nx = [A]",
        "A = None\nx = [A]",
        "A = len('abc')\nx = [A]",
        "A = B = 1\nx = [A + B]",
        "A = 1\nx = [f'{A}']",
    ],
)
def test_what_is_no_constant_or_no_small_one_stays(source):
    assert inlined(a=source) == {"a": source}


def test_it_is_followed_through_every_kind_of_import():
    done = inlined(
        p__a="LIMIT = 7\nf = len\n",
        p__b="from p.a import LIMIT as LIMIT\n",
        c="from p.a import LIMIT, f\nx = [LIMIT]\n",
        d="from p import a\nx = [a.LIMIT, a.f(())]\n",
        e="from p import a\nx = [a.LIMIT]\n",
        g="import p.a\nx = [p.a.LIMIT]\n",
        h="from p.b import LIMIT as HERE\nMORE = HERE + 1\nx = [MORE]\n",
    )
    assert done == {
        "p__a": "pass\nf = len\n",
        "p__b": "pass\n",
        "c": "from p.a import f\nx = [(7)]\n",
        "d": "from p import a\nx = [(7), a.f(())]\n",
        "e": "pass\nx = [(7)]\n",
        "g": "import p.a\nx = [(7)]\n",
        "h": "pass\npass\nx = [(8)]\n",
    }


@pytest.mark.parametrize(
    "reader",
    [
        "from a import LIMIT\ndef f(LIMIT):\n    return LIMIT\n",
        "from a import LIMIT\nx = [f'{LIMIT}', LIMIT]\n",
        "def f():\n    from a import LIMIT\n    return LIMIT\n" * 2,
    ],
)
def test_what_somebody_reads_where_nothing_can_be_put_stays(reader):
    sources = {"a": "LIMIT, REST = 7, 8\n", "b": reader}
    assert inlined(**sources) == sources


@pytest.mark.parametrize(
    "reader",
    [
        "from p import a\ndef f(a):\n    return a.LIMIT\n",
        "from p import a\ndef f():\n    a = 3\n    return a\n",
        "from p import a\nx = [a for a in ()]\n",
        "import p.a\ndef f(p):\n    return p.a.LIMIT\n",
        "from p import a as b\ndef b():\n    pass\n",
        "def f():\n    from p import a\ndef g():\n    from q import a\n",
    ],
)
def test_a_module_whose_name_means_something_else_too_is_refused(reader):
    sources = {"p": "", "p.a": "LIMIT = 7\n", "q": "", "q.a": "LIMIT = 8\n", "c": reader}
    with pytest.raises(SyntaxError, match=r"in c '(a|b|p)' is the module \S+ and something else too; rename"):
        inline(sources)


def test_a_module_may_be_imported_wherever_it_is_needed():
    reader = "def f():\n    from p import a\n    return a.LIMIT\n" * 2
    assert inlined(p__a="LIMIT = 7\n", c=reader)["c"] == "def f():\n    pass\n    return (7)\n" * 2


def test_an_attribute_of_the_same_name_is_another_thing():
    source = "LIMIT = 7\n\nclass C:\n    LIMIT = 8\n"
    assert (
        inlined(a="LIMIT = 7\n", b="def f(c):\n    return c.LIMIT\n")["b"]
        == "def f(c):\n    return c.LIMIT\n"
    )
    assert inlined(a=source) == {"a": source}


def test_an_import_of_many_lines_keeps_what_is_needed():
    done = inlined(a="ONE = 1\nf = len\n", b="from a import (\n    ONE,\n    f,\n)\nx = f, ONE\n")
    assert done["b"] == "from a import f\n\n\n\nx = f, (1)\n"


def test_the_device_is_whole_afterwards():
    sources = {flash.module_of(path): (flash.ROOT / path).read_text("utf-8") for path in flash.device_files()}
    done = inline(sources)
    for name, text in done.items():
        compile(text, name, "exec")
    assert sum(map(len, done.values())) < sum(map(len, sources.values()))
