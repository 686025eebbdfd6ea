"""A student who reads an exercise's signature and docstring, rewrites the symbols as Python, and understands nothing.

Words and signs become operators, neighbours are multiplied, and a word that belongs to no formula ends one. Assignments, as in
`v = beta v + (1 - beta) g`, are made in the order of the text. Then each expression that was found is tried as the result.
"""

import ast
import inspect
import re
import warnings

import numpy as np

from nnutils.checks import trial
from nnutils.checks.check import examine

GREEK = dict(
    zip("αβγδεηλμρσθτ", "alpha beta gamma delta eps lr lam mean rho std theta t".split(), strict=True)
)
SIGNS = {letter: f" {name}" for letter, name in GREEK.items()} | {"₁": "1", "₂": "2", "²": "^2", "½": " 0.5 "}
SIGNS |= {
    "·": "*",
    "×": "*",
    "−": "-",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "←": "=",
    ":=": "=",
    "ᵀ": ".T",
    "^T": ".T",
}
SIGNS |= {"√": " sqrt ", "Σ": " SUM ", "`": " ", "$": " ", "\u0302": "_hat", "lambda": "lam", "np.": ""}
OVER = r"(?:over (?:the |all |every )*\w+(?: and the \w+)?(?: [a-z]\b)?,? )?(?:of )?(?:the |all )*"
WORDS = {
    r"\b(?:the )?(?:sum|total) " + OVER: " SUM ",
    r"\b(?:the )?(?:mean|average) (?=of|over)" + OVER: " MEAN ",
    r"\b(sum|mean)\(": lambda found: f"{found[1].upper()}(",
    r"\b(?:the )?(?:square )?root of(?: the)? ": " sqrt ",
    r"\b(?:the )?absolute value of ": " abs ",
    r"\b(?:is|are) (?:smaller|less|lower|below)(?: than)? ": " < ",
    r"\b(?:is|are) (?:larger|greater|more|above)(?: than)? |\bexceeds ": " > ",
    r"\b(?:times|multiplied by) ": "* ",
    r"\bdivided by ": "/ ",
    r"\bplus ": "+ ",
    r"\bminus ": "- ",
    r",? and\b": ",",
    r"\bif ": "where ",
    r"\b(?:otherwise|elsewhere)\b": "else",
    r"\|\|([^|]+)\|\|": r"norm(\1)",
    r"\|([^|]+)\|": r"abs(\1)",
    r"(?<=\d) (?=\d{3}\b)": "",
}
CALLED = {name: f"np.{name}" for name in "sqrt exp log sign abs tanh floor ceil clip".split()}
CALLED |= {
    "max": "np.maximum",
    "min": "np.minimum",
    "norm": "np.linalg.norm",
    "where": "np.where",
    "SUM": "SUM",
    "MEAN": "MEAN",
}
TOKEN = re.compile(r"\d+(?:\.\d+)?|\.\d+|[A-Za-z]\w*(?:\.T\b)?|[<>!=]=|\S")
SIGN = re.compile(r"[-+*/^@<>=(),]|[<>!=]=")
CASES = re.compile(r"(.*?)\bwhere\b([^,]*)(?:,(?: ?else)?|\belse\b)(.*?)(?:\b(?:where|else)\b.*)?")
MOST = 60  # programs that are tried


def solution(exercise, earlier=()):
    """The program that passes, or None. earlier: the exercises that an answer may call."""
    known = {"np": np, "__name__": "__main__"} | {item.name: item for item in earlier}
    for source in programs(exercise, [item.name for item in earlier])[:MOST]:
        try:
            exec(source, known)
        except SyntaxError:  # a word that Python keeps for itself
            continue
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            if passes(exercise, known[exercise.name]):
                return source
    return None


def passes(exercise, function):
    """Whether the check accepts the function; of a design, whether it reaches all thresholds on the data of grading."""
    status = examine(exercise, function).status
    if exercise.kind != "design" or status != "deferred":
        return status == "passed"
    seed = trial.hidden_seed(exercise)
    cases = exercise.draw(seed)
    score = trial.score(exercise, cases, [function(**case) for case in cases], seed)
    return all(trial.reached(exercise, score))


def programs(exercise, earlier):
    """What the docstring might mean, as the sources of functions."""
    text, own = in_signs(inspect.getdoc(exercise.reference)), {*exercise.signature.parameters}
    called = CALLED | {name: name for name in (*earlier, *re.findall(r"(\w+): (?:a )?function", text))}
    lines = [(name.lower(), name) for name in own if name.isupper() and name.lower() not in own]
    for name, rows, columns in re.findall(r"(\w+): \(([A-Za-z]\w*), ?([A-Za-z]\w*|)\)", text):
        lines += [(size, f"np.shape({name})[{axis}]") for axis, size in enumerate((rows, columns)) if size]
    for name, one in re.findall(r"(\w+): (?:a )?list of.*\b(?:every|each) \w+ ([a-z])\b", text):
        lines += [(one, f"np.concatenate([np.ravel(each) for each in {name}])")]
    for name, letter in re.findall(r"(\w+): [^.:;()]*\b([a-z])[,.;]", text):
        lines += [(letter, name)] * (name in own)  # as in "error: the error rate p"
    lines = [(name, source) for name, source in lines if name not in own]
    known = {*own, *called, *dict(lines), *re.findall(r"([A-Za-z]\w*) =", text), "else"}
    results = [
        one for one in re.findall(r"\{[^{}]*\}", inspect.getdoc(exercise.reference)) if is_literal(one)
    ]
    for formula in formulas(text, known):
        *names, body = formula.split(" = ")
        values = [value for part in parts(body) if (value := as_python(part, called))]
        results += values
        if values and not (values[0].replace(".", "").isdigit() and {*names} & own):
            lines += [(name, values[0]) for name in reversed(names) if name.isidentifier()]
    results += [name for name, _ in lines[::-1]]
    results += [
        one for one in re.findall(r"\{[^{}]*\}", inspect.getdoc(exercise.reference)) if is_literal(one)
    ]
    made = [program(exercise, lines, result, axis) for result in results for axis in ("None", "0", "-1")]
    return [*dict.fromkeys(made)]


def is_literal(text):
    """Whether a text is a value of Python, as a design may be."""
    try:
        return ast.literal_eval(text) is not None
    except (SyntaxError, ValueError):
        return False


def in_signs(docstring):
    """A docstring on one line, with signs for words and ASCII for letters."""
    text = " ".join(docstring.split())
    for sign, letters in SIGNS.items():
        text = text.replace(sign, letters)
    for words, sign in WORDS.items():
        text = re.sub(words, sign, text)
    returned = {*re.findall(r"\w+", " ".join(re.findall(r"eturns \(([^)]*)", text)))}
    text = re.sub(r"\b(\w+):", lambda found: f"{found[1]}{' =' if found[1] in returned else ':'}", text)
    return re.sub(r" +", " ", text)


def formulas(text, known):
    """The longest stretches of known names, numbers and signs, cut before each `name =`."""
    start = end = 0
    for token in [*TOKEN.finditer(text), None]:
        if token and (
            token[0].removesuffix(".T") in known
            or SIGN.fullmatch(token[0])
            or re.fullmatch(r"[\d.]*\d", token[0])
        ):
            end = token.end()
        else:
            yield from re.split(r" (?=[A-Za-z]\w* = (?!\w+ = ))(?<! = )", text[start:end].strip())
            start = end = token.end() if token else 0


def parts(formula):
    """A formula whole, with its cases as `where(...)`, and what stands between its commas."""
    pieces, depth = [""], 0
    for letter in formula:
        depth += (letter == "(") - (letter == ")")
        pieces[-1] += letter
        if letter == "," and depth == 0:
            pieces.append("")
    if cases := CASES.fullmatch(formula):
        yield cases.expand(r"where(\2, \1, \3)")
    for piece in (formula, *pieces, *re.split(r"\b(?:where|else)\b", formula)):
        yield piece.strip(" ,+*/=<>").rstrip("-( ")


def as_python(formula, called):
    """A formula as a Python expression, or None where it is none."""
    for name in reversed([*re.finditer(r"\b(?:SUM|MEAN|sqrt|abs|log|exp) ", formula)]):
        end = depth = 0
        rest = formula[name.end() :]
        while end < len(rest) and (depth or not end or rest[end] not in "+-,<>=)"):
            depth += (rest[end] == "(") - (rest[end] == ")")
            end += 1
        formula = f"{formula[: name.end() - 1]}({rest[:end]}){rest[end:]}"
    source, before = "", "+"
    for token in TOKEN.findall(formula):
        value_before, value = (
            not SIGN.fullmatch(before) or before == ")",
            not SIGN.fullmatch(token) or token == "(",
        )
        source += "*" * (value_before and value and before not in called)
        source += "**" if token == "^" else called.get(token, token)
        before = token
    try:
        tree = ast.parse(source, mode="eval").body
    except SyntaxError:
        return None
    return None if isinstance(tree, ast.Constant) and not isinstance(tree.value, int | float) else source


def program(exercise, lines, result, axis):
    """A function that makes the assignments that the result needs, and returns it."""
    kept, needed = [f"return {result}"], {*re.findall(r"\w+", result)}
    for name, source in reversed(lines):
        if name in needed:
            kept.insert(0, f"{name} = {source}")
            needed |= {*re.findall(r"\w+", source)}
    kept = [
        f"{name} = lambda x: np.{name.lower()}(x, axis={axis})" for name in ("SUM", "MEAN") if name in needed
    ] + kept
    return f"def {exercise.name}{exercise.signature}:\n    " + "\n    ".join(kept)
