"""Names that nobody outside needs, made short: a build for boards calls `self._vehicles` and every other
private name `_0`, `_1`; and parameters too.

Where code is not frozen, MicroPython keeps every distinct name once, in some 20 bytes of heap, and makes room
for twice as many whenever they run out. Private names (one underscore) are nobody's business outside of their
file, so each file may use the same few again. Only where classes of one file inherit from those of another
both must agree: such files share one table. Lines stay where they are.

A parameter keeps its name where a call might say it: when it has a default, and when a call or a text
anywhere in the build has the same word; and when that means more than a variable in the same file.

What is not private after all is refused: a private name that is imported, asked for by text, or used on
something whose file does not bind it. SyntaxError says which.
"""

import ast
import io
import symtable
import tokenize
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping


def shorten(sources: Mapping[str, str]) -> dict[str, str]:
    """The same sources (by dotted module name) with short names for what is private. SyntaxError."""
    files = {name: File(name, text) for name, text in sources.items()}
    said = set().union(*[_said(file.tree) for file in files.values()])
    texts: dict[str, str] = {}
    for family in families(files):
        bound = set().union(*[file.bound for file in family])
        kept = said.union(*[_kept(file.tree) for file in family], *[_shared(file.table) for file in family])
        used: Counter[str] = Counter()
        for file in family:
            file.check(bound)
            used += file.used
            used.update(name for name in _placed(file.tree) if name not in kept)
        short = {name: f"_{number:x}" for number, (name, _) in enumerate(used.most_common())}
        for file in family:
            texts[file.name] = renamed(sources[file.name], short)
    return texts


class File:
    """One source: its private names, and where its classes come from."""

    def __init__(self, name: str, text: str):
        self.name = name
        self.tree = ast.parse(text, name)
        self.table = symtable.symtable(text, name, "exec")
        self.used: Counter[str] = Counter()
        self.bound: set[str] = set()
        self.origins: dict[str, set[str]] = {}
        """Dotted names, and what they are in, by the local names that imports give them."""
        for node in ast.walk(self.tree):
            for name, binds in _names(node):
                if is_private(name):
                    self.used[name] += 1
                    self.bound |= {name} if binds else set()
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    self.origins[alias.asname or alias.name] = {
                        node.module or "",
                        f"{node.module}.{alias.name}",
                    }
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    self.origins[alias.asname or alias.name.split(".")[0]] = {alias.name}

    def parents(self) -> Iterator[str]:
        """Dotted names of modules that bases of classes may come from."""
        for node in ast.walk(self.tree):
            for base in node.bases if isinstance(node, ast.ClassDef) else ():
                while isinstance(base, ast.Attribute):
                    base = base.value
                if isinstance(base, ast.Name):
                    yield from self.origins.get(base.id, ())

    def check(self, bound: set[str]) -> None:
        """SyntaxError when a private name is none. `bound`: by this file and its relatives."""
        for node in ast.walk(self.tree):
            outside = [name for name, _ in _names(node) if is_private(name) and name not in bound]
            if isinstance(node, ast.Import | ast.ImportFrom):
                outside = [alias.name for alias in node.names if is_private(alias.name)]
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in bound:
                outside = [node.value]
            if outside:
                raise SyntaxError(
                    f"in {self.name} '{outside[0]}' is private and used from outside; rename that"
                )


def families(files: Mapping[str, File]) -> Iterable[list[File]]:
    """The files, those together whose classes inherit from each other."""
    family = {name: [file] for name, file in files.items()}
    for name, file in files.items():
        for parent in file.parents():
            if parent in files and family[parent] is not family[name]:
                family[parent].extend(family[name])
                for member in family[name]:
                    family[member.name] = family[parent]
    return {id(members): members for members in family.values()}.values()


def is_private(name: str) -> bool:
    """Whether a name is for its own file: `_name`, but neither `_` nor `__name__`."""
    return len(name) > 1 and name[0] == "_" and name[1] != "_"


def renamed(text: str, short: Mapping[str, str]) -> str:
    """`text` with other names."""
    lines = text.splitlines(keepends=True)
    tokens = [
        token for token in tokenize.generate_tokens(io.StringIO(text).readline) if token.string in short
    ]
    for token in reversed(tokens):
        (row, begin), (_, end) = token.start, token.end
        if token.type == tokenize.NAME:
            line = lines[row - 1]
            lines[row - 1] = line[:begin] + short[token.string] + line[end:]
    return "".join(lines)


def _names(node: ast.AST) -> Iterator[tuple[str, bool]]:
    """Names that a node uses, and whether it binds them."""
    if isinstance(node, ast.Attribute):
        yield node.attr, not isinstance(node.ctx, ast.Load)
    elif isinstance(node, ast.Name):
        yield node.id, not isinstance(node.ctx, ast.Load)
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name, True
    elif isinstance(node, ast.arg):
        yield node.arg, True


def _placed(tree: ast.AST) -> Iterator[str]:
    """Parameters without a default, as often as functions have them; `self` is one for all."""
    for node in ast.walk(tree):
        if isinstance(node, ast.arguments):
            given = [*node.posonlyargs, *node.args]
            given = given[: len(given) - len(node.defaults)]
            given += [arg for arg in (node.vararg, node.kwarg) if arg]
            yield from (arg.arg for arg in given if arg.arg != "self")


def _said(tree: ast.AST) -> Iterator[str]:
    """Words that calls name parameters by, and texts, which may become such words."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg:
            yield node.arg
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _kept(tree: ast.AST) -> Iterator[str]:
    """What a file's attributes, imports, formatted strings and parameters with a default are called."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.alias):
            yield from [*node.name.split("."), node.asname or ""]
        elif isinstance(node, ast.ImportFrom):
            yield from (node.module or "").split(".")
        elif isinstance(node, ast.JoinedStr):
            yield from (inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name))
        elif isinstance(node, ast.arguments):
            yield from (arg.arg for arg in node.args[len(node.args) - len(node.defaults) :])
            yield from (arg.arg for arg in node.kwonlyargs)


def _shared(table: symtable.SymbolTable) -> Iterator[str]:
    """What a file's module and classes bind or read, and what its functions read from there."""
    for symbol in table.get_symbols():
        if table.get_type() != "function" or symbol.is_global():
            yield symbol.get_name()
    for inner in table.get_children():
        yield from _shared(inner)
