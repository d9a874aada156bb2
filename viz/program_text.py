"""The functions of viz/programs/ as people see them: specialised to what stands on the screen, ready to be copied and run.

    program("predicting", "guess", name="gpt2", …)

gives the imports that are needed, the arguments as assignments, and the lines of the function `guess`.
"""

import ast
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "programs"
MAX_LINE = 100  # a longer list of groups has a line a group


def program(file: str, function: str, **arguments: object) -> str:
    """The text of a function of viz/programs/`file`.py, called with `arguments`; all parameters have to be given."""
    source = _read(file)
    wanted = source.parameters(function)
    if set(wanted) != set(arguments):
        raise TypeError(f"{function} takes {', '.join(wanted)}, but is given {', '.join(arguments)}")
    lines = source.lines(source.functions[function].body, arguments)
    used = _loaded("\n".join(lines))
    lines = [line for line in lines if not _is_idle(line, used)]
    used = _loaded("\n".join(lines))
    given = [_assignment(name, arguments[name]) for name in wanted if name in used]
    blocks = (source.imports(used), given, lines)
    return "\n".join("\n".join(block) + "\n" for block in blocks if block)


class _Source:
    """A file of programs, taken apart."""

    def __init__(self, text: str) -> None:
        self._lines, self._tree = text.splitlines(), ast.parse(text)
        self.functions = {node.name: node for node in self._tree.body if isinstance(node, ast.FunctionDef)}

    def parameters(self, function: str) -> list[str]:
        return [parameter.arg for parameter in self.functions[function].args.args]

    def imports(self, used: set[str]) -> list[str]:
        """The import statements for the names that are used."""
        found = []
        for node in self._tree.body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                node.names, names = [each for each in node.names if (each.asname or each.name) in used], node.names
                found += [ast.unparse(node)] if node.names else []
                node.names = names
        return found

    def lines(self, statements: list[ast.stmt], arguments: Mapping[str, object]) -> list[str]:
        """The lines of a block without its indentation: decided, inlined, without docstring and return."""
        found: list[str] = []
        for node in statements:
            if isinstance(node, ast.Return) or _is_text(node):
                continue
            if isinstance(node, ast.If) and _names(node.test) <= arguments.keys():
                is_so = eval(compile(ast.Expression(node.test), "<if>", "eval"), {}, dict(arguments))
                found += self.lines(node.body if is_so else node.orelse, arguments)
            elif (function := self._called(node)) is not None:
                found += self.lines(function.body, arguments)
            elif isinstance(node, ast.For):
                found += self._text(node, node.body[0].lineno - 1)
                found += ["    " + line for line in self.lines(node.body, arguments)]
            else:
                found += self._text(node, node.end_lineno or node.lineno)
        return found

    def _text(self, node: ast.stmt, end: int) -> list[str]:
        return [line[node.col_offset :] for line in self._lines[node.lineno - 1 : end]]

    def _called(self, node: ast.stmt) -> ast.FunctionDef | None:
        """The function of this file that `a, b = function(x, y)` calls. It has to use the same names on its inside."""
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
            return None
        function = self.functions.get(ast.unparse(node.value.func))
        if function is None:
            return None
        given, (*_, last) = [ast.unparse(argument) for argument in node.value.args], function.body
        result = ast.unparse(last.value) if isinstance(last, ast.Return) and last.value else ""
        if given != self.parameters(function.name) or result != ast.unparse(node.targets[0]):
            raise ValueError(f"line {node.lineno} and {function.name} name things differently")
        return function


@cache
def _read(file: str) -> _Source:
    return _Source((FOLDER / f"{file}.py").read_text("utf-8"))


def _names(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def _loaded(text: str) -> set[str]:
    """The names that a text reads."""
    return {
        each.id for each in ast.walk(ast.parse(text)) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)
    }


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_idle(line: str, used: Iterable[str]) -> bool:
    """Whether a line gives a value to a name that nothing reads, such as the history where there are no penalties."""
    name, sign, _ = line.strip().partition(" = ")
    return bool(sign) and name.isidentifier() and name not in used


def _assignment(name: str, value: object) -> str:
    """`name = value`; a long list of groups, or table, has a line an entry."""
    line = f"{name} = {value!r}"
    if len(line) <= MAX_LINE:
        return line
    if isinstance(value, dict):
        return "\n".join([f"{name} = {{", *(f"    {key!r}: {each!r}," for key, each in value.items()), "}"])
    if isinstance(value, list) and not isinstance(value[0], int):
        return "\n".join([f"{name} = [", *(f"    {each!r}," for each in value), "]"])
    return line
