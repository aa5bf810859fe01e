"""Constants, put where they are used: what `micropython.const` does in one file, for all files at once.

On a board the name of a constant takes some 40 bytes of heap, and there are hundreds. A build for boards
therefore puts small integers and short texts in the place of their names, and drops the assignments and
imports that nothing needs any more. Lines stay where they are, so that a compiler's complaint points into the
source.

A constant is a name that a module binds once, at its top level, to an expression of literals and other
constants. It is followed through imports; to ask for it by text (`getattr`) is to ask in vain. The name of an
imported module must therefore mean that module everywhere in its file: SyntaxError where it does not.
"""

import ast
import operator
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

SMALL = 1 << 30
"""Integers from here on are objects on a 32-bit board, and each use would make one."""
LONGEST_TEXT = 10
"""MicroPython interns texts up to here; of a longer one each file would carry its own."""

_OPERATIONS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.LShift: operator.lshift,
    ast.BitOr: operator.or_,
}

Edit = tuple[ast.expr | ast.stmt, str]
"""A node of a syntax tree, and the text that takes its place."""


def inline(sources: Mapping[str, str]) -> dict[str, str]:
    """The same sources (by dotted module name) with their constants in place. SyntaxError."""
    house = House({name: Module(name, text) for name, text in sources.items()})
    return {name: edited(text, house.edits(house.modules[name])) for name, text in sources.items()}


class Module:
    """One source: its syntax tree, and what its names stand for."""

    def __init__(self, name: str, text: str):
        self.name = name
        self.tree = ast.parse(text, name)
        self.imported: dict[str, str] = {}
        """Dotted names by the local names that imports give them."""
        self.imports: Counter[tuple[str, str]] = Counter()
        """How often an import gives a local name to a dotted one."""
        self.bound = Counter(self._bind())
        """How often each name is bound, in any scope."""
        self.constants: list[tuple[ast.Assign, dict[str, ast.expr]]] = []
        """Assignments of what is bound nowhere else, with the expression of each name."""
        for node in self.tree.body:
            if isinstance(node, ast.Assign) and len(node.targets) == 1:
                pairs = _pairs(node.targets[0], node.value)
                if pairs and all(self.bound[name] == 1 for name in pairs):
                    self.constants.append((node, pairs))

    def dotted(self, node: ast.AST) -> str:
        """The dotted name that an expression is, seen from outside; an empty text when it is none."""
        if isinstance(node, ast.Name):
            return self.imported.get(node.id, f"{self.name}.{node.id}")
        if isinstance(node, ast.Attribute):
            left = self.dotted(node.value)
            return left and f"{left}.{node.attr}"
        return ""

    def _bind(self) -> Iterator[str]:
        """Every name that is bound anywhere, as often as it is."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                yield node.id
            elif isinstance(node, ast.arg):
                yield node.arg
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.ExceptHandler):
                yield node.name or ""
            elif isinstance(node, ast.Import | ast.ImportFrom):
                yield from self._import(node)

    def _import(self, node: ast.Import | ast.ImportFrom) -> Iterator[str]:
        for alias in node.names:
            local, full = alias.asname or alias.name, alias.name
            if isinstance(node, ast.ImportFrom):
                full = f"{node.module}.{full}"
            elif not alias.asname:
                local = full = full.split(".")[0]
            self.imported[local] = full
            self.imports[local, full] += 1
            yield local


class House:
    """All modules of a build, and the constants that are put in place."""

    def __init__(self, modules: dict[str, Module]):
        self.modules = modules
        for module in modules.values():
            self._check(module)
        self._expressions: dict[str, tuple[Module, ast.expr]] = {}
        groups = [(module, pairs) for module in modules.values() for _, pairs in module.constants]
        for module, pairs in groups:
            self._expressions |= {f"{module.name}.{name}": (module, pairs[name]) for name in pairs}
        self._inlined: set[str] = set()
        held = set(self._held())
        for module, pairs in groups:
            names = {f"{module.name}.{name}" for name in pairs}
            if not names & held and all(_fits(self._value(module, value)) for value in pairs.values()):
                self._inlined |= names

    def _check(self, module: Module) -> None:
        """Of `a.LIMIT` nobody can tell, scope by scope, whether `a` is a module or what hides it."""
        for (local, full), times in module.imports.items():
            is_module = any(f"{name}.".startswith(f"{full}.") for name in self.modules)
            if is_module and module.bound[local] > times:
                raise SyntaxError(
                    f"in {module.name} '{local}' is the module {full} and something else too; rename that"
                )

    def _held(self) -> Iterator[str]:
        """What is read in places where nothing can be put: under a name that means something else there too,
        or in a formatted string, of which Python tells the places only from 3.12 on."""
        for module in self.modules.values():
            for name in module.imported:
                if module.bound[name] > 1:
                    yield self._origin(module, ast.Name(name))
            for text in ast.walk(module.tree):
                if isinstance(text, ast.JoinedStr):
                    yield from (self._origin(module, node) for node in ast.walk(text))

    def edits(self, module: Module) -> Iterator[Edit]:
        """What to put in the place of which nodes."""
        gone = [node for node, pairs in module.constants if self._is_inlined(module, ast.Name(min(pairs)))]
        uses = [(node, f"({self._value(module, node)!r})") for node in self._uses(module, module.tree, gone)]
        yield from ((node, "pass") for node in gone)
        yield from uses
        lost = Counter(_names(node for statement in gone for node in ast.walk(statement)))
        lost += Counter(_root(node) for node, _ in uses)
        there = Counter(_names(ast.walk(module.tree)))
        spent = {name for name in there if there[name] == lost[name]}
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ImportFrom):
                kept = [alias for alias in node.names if self._is_needed(module, alias, spent)]
                if len(kept) < len(node.names):
                    yield node, _import_of(node, kept)

    def _is_needed(self, module: Module, alias: ast.alias, spent: set[str]) -> bool:
        """Whether an import is neither of a constant nor of a module of which only constants were used."""
        name = alias.asname or alias.name
        return name not in spent and not self._is_inlined(module, ast.Name(name))

    def _uses(self, module: Module, node: ast.AST, gone: list[ast.Assign]) -> Iterator[ast.expr]:
        """Where constants are read, but for the statements that go."""
        if node in gone:
            return
        if isinstance(node, ast.Name | ast.Attribute) and self._is_inlined(module, node):
            yield node
            return
        for child in ast.iter_child_nodes(node):
            yield from self._uses(module, child, gone)

    def _is_inlined(self, module: Module, node: ast.AST) -> bool:
        return self._origin(module, node) in self._inlined

    def _origin(self, module: Module, node: ast.AST) -> str:
        """The dotted name under which an expression was bound first, through all imports."""
        name = module.dotted(node)
        place, _, last = name.rpartition(".")
        while place in self.modules and last in self.modules[place].imported:
            name = self.modules[place].imported[last]
            place, _, last = name.rpartition(".")
        return name

    def _value(self, module: Module, node: ast.expr) -> object:
        """The value of an expression, or None when it is no constant."""
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            value = self._value(module, node.operand)
            return -value if isinstance(value, int) else None
        if isinstance(node, ast.BinOp) and type(node.op) in _OPERATIONS:
            left, right = self._value(module, node.left), self._value(module, node.right)
            both = isinstance(left, int) and isinstance(right, int)
            return _OPERATIONS[type(node.op)](left, right) if both else None
        where = self._expressions.get(self._origin(module, node))
        return self._value(*where) if where else None


def edited(text: str, edits: Iterable[Edit]) -> str:
    """`text` with every edit made, and no line moved."""
    whole = text.encode()
    starts = [0, *[place.end() for place in re.finditer(b"\n", whole)]]
    places = []
    for node, new in edits:
        start = starts[node.lineno - 1] + node.col_offset
        end = starts[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)
        places.append((start, end, new))
    for start, end, new in sorted(places, reverse=True):
        whole = whole[:start] + new.encode() + b"\n" * whole[start:end].count(b"\n") + whole[end:]
    return whole.decode()


def _pairs(target: ast.expr, value: ast.expr) -> dict[str, ast.expr]:
    """The names that an assignment binds, each with its expression; nothing when that is not plain."""
    if isinstance(target, ast.Name):
        return {target.id: value}
    names = [node.id for node in getattr(target, "elts", ()) if isinstance(node, ast.Name)]
    values = value.elts if isinstance(value, ast.Tuple) else []
    if isinstance(value, ast.Call) and ast.unparse(value) == f"range({len(names)})":
        values = [ast.Constant(number) for number in range(len(names))]
    return dict(zip(names, values, strict=True)) if len(names) == len(values) else {}


def _fits(value: object) -> bool:
    if isinstance(value, str):
        return len(value) <= LONGEST_TEXT
    return isinstance(value, int) and abs(value) < SMALL


def _names(nodes: Iterable[ast.AST]) -> Iterator[str]:
    return (node.id for node in nodes if isinstance(node, ast.Name))


def _root(node: ast.AST) -> str:
    """The name that a dotted expression begins with."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _import_of(node: ast.ImportFrom, names: list[ast.alias]) -> str:
    """The same import of fewer names."""
    return ast.unparse(ast.ImportFrom(node.module, names, node.level)) if names else "pass"
