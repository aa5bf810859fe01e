"""Texts that are spelt like names, kept like names: once, whoever has them.

Of a text of more than `LONGEST_TEXT` characters every file carries its own, in 32 bytes or more, while a name
is kept once. MicroPython's compiler takes a text for a name where such a name stands in the file before. So a
build for boards writes the texts that several files share into a line at the top which does nothing else:
`global MessageTimeout, HeartbeatInterval`. Lines stay where they are.
"""

import ast
import re
from collections import Counter
from collections.abc import Mapping

from tools.inline import LONGEST_TEXT

_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)


def intern(sources: Mapping[str, str]) -> dict[str, str]:
    """The same sources (by dotted module name), each of which names the texts that it shares with others. A
    file that does not begin with its docstring stays as it is."""
    texts = {name: _texts(ast.parse(source, name)) for name, source in sources.items()}
    files = Counter(text for found in texts.values() for text in found)
    return {
        name: _naming(source, sorted(text for text in texts[name] if files[text] > 1))
        for name, source in sources.items()
    }


def _texts(tree: ast.Module) -> set[str]:
    """The texts of one file that could be names and are too long to be kept as names anyway."""
    values = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    return {
        value
        for value in values
        if isinstance(value, str) and len(value) > LONGEST_TEXT and _NAME.fullmatch(value)
    }


def _naming(source: str, names: list[str]) -> str:
    return f"global {', '.join(names)}; {source}" if names and source.startswith('"""') else source
