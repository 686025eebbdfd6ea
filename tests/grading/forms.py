"""The forms in which students write one answer: EXPR stands for a right or a wrong expression. Each is a list of cells.

A cell that is a pair is of another kind than code. In `TOLD` are forms that are no function in the notebook's code, with words
that both readers say; in `DIFFERENT` those on which the two readers do not agree, and why.
"""
# ruff: noqa: E501  (a cell on a line)

D = "def feature_means(X):\n    return EXPR"
STUB = "def feature_means(X):\n    raise NotImplementedError"
CALLS = "def feature_means(X):\n    return half(X)"


def indented(text: str, by: str = "    ") -> str:
    return "\n".join(by + line for line in text.split("\n"))


def prompted(text: str, first: str = ">>> ", more: str = "... ") -> str:
    return "\n".join((more if i else first) + line for i, line in enumerate(text.split("\n")))


FORMS: dict[str, list] = {
    # as it is handed out, and moved about
    "plain": [D],
    "stub before": [STUB, D],
    "defined twice": ["def feature_means(X):\n    return 7", D],
    "check cell copied": [D, "feature_means = check(feature_means)", "feature_means = check(feature_means)"],
    "check in the same cell": [D + "\nfeature_means = check(feature_means)"],
    "check as a decorator": ["@check\n" + D],
    "tried in the same cell": [D + "\nprint(feature_means(np.ones((3, 2))))"],
    "tried with an error": [D + "\nfeature_means('a')"],
    "error in a cell before": ["1 / 0", D],
    "statements in a line": ["import os; import sys\ndef feature_means(X): return EXPR"],
    "semicolons": ["def feature_means(X):\n    m = EXPR; return m;"],
    "windows lines": [D.replace("\n", "\r\n") + "\r\n"],
    "tabs": [D.replace("    ", "\t")],
    "two spaces": [D.replace("    ", "  ")],
    "empty lines above": ["\n\n  \n" + D],
    "comment above": ["# my answer\n" + D + "  # done"],
    "form feed": ["\x0c" + D],
    "no-break space in a comment": ["#\u00a0my answer\n" + D],
    # prompts, indentation
    "python prompt": [prompted(D)],
    "python prompt, indented": [indented(prompted(D))],
    "ipython prompt": [prompted(D, "In [3]: ", "   ...: ")],
    "ipython prompt, assignment above": [
        "In [1]: import numpy as np\n   ...: " + D.replace("\n", "\n   ...: ")
    ],
    "indented throughout": [indented(D)],
    "indented by a tab": [indented(D, "\t")],
    "indented comment above": ["    # mine\n" + indented(D)],
    # magics, shell lines
    "shell line above": ["!echo pip install a\n" + D],
    "shell line continued": ["!echo a \\\n    b \\\n    c\n" + D],
    "shell line below": [D + "\n!echo done"],
    "shell result above": ["files = !echo a\n" + D],
    "magic above": ["%matplotlib inline\n" + D],
    "percent env": ["%env COURSE=1\n" + D],
    "timed line above": ["%time import math\n" + D],
    "timed assignment": ["%time SCALE = 1.0\ndef feature_means(X):\n    return EXPR * SCALE"],
    "timed value": ["SCALE = %time 1.0\ndef feature_means(X):\n    return EXPR * SCALE"],
    "timed cell": ["%%time\n" + D],
    "captured cell": ["%%capture out\n" + D],
    "timed and captured cell": ["%%time\n%%capture\n" + D],
    "timed cell with a shell line": ["%%time\n!echo a \\\n  b\n" + D],
    "question": [D + "\nfeature_means?"],
    "two questions": ["np.mean??\n" + D],
    "question before": ["?np.mean\n" + D],
    "automagic paths": ["%pwd\n%ls -d .\n" + D],
    "shell in an if": ["if True:\n    !echo a\n" + D],
    "magic in the function": ["def feature_means(X):\n    %precision 3\n    return EXPR"],
    "shell in the function": ["def feature_means(X):\n    !echo a\n    return EXPR"],
    "writefile cell beside": ["%%writefile nothing.txt\ndef f(:", D],
    "html cell beside": ["%%html\n<b>def</b>", D],
    # below other statements
    "if true": ["if True:\n" + indented(D)],
    "if main": ["if __name__ == '__main__':\n" + indented(D)],
    "if and else": [
        "FAST = False\nif FAST:\n    def feature_means(X):\n        return 7\nelse:\n" + indented(D)
    ],
    "if, elif, else": [
        "N = 2\nif N == 1:\n    def feature_means(X):\n        return 7\nelif N == 2:\n"
        + indented(D)
        + "\nelse:\n    pass"
    ],
    "overwritten below an if": ["def feature_means(X):\n    return 7\nif len('ab') == 2:\n" + indented(D)],
    "not overwritten below an if": [D + "\nif len('ab') == 3:\n    def feature_means(X):\n        return 7"],
    "if false beside": [D + "\nif False:\n    def feature_means(X):\n        return 7"],
    "try": ["try:\n" + indented(D) + "\nexcept Exception:\n    pass"],
    "try, finally": ["try:\n    x = 1\nfinally:\n" + indented(D)],
    "with": ["with np.errstate(all='ignore'):\n" + indented(D)],
    "for": ["for _ in range(2):\n" + indented(D)],
    "while": ["while True:\n" + indented(D) + "\n    break"],
    "nested": [
        "if True:\n    with np.errstate():\n        try:\n"
        + indented(D, " " * 12)
        + "\n        except ValueError:\n            pass"
    ],
    "import in try": [
        "try:\n    import no_such_numpy as xp\nexcept ImportError:\n    import numpy as xp\ndef feature_means(X):\n    return xp.asarray(EXPR)"
    ],
    "constant in an if": ["if True:\n    ONE = 1.0\ndef feature_means(X):\n    return EXPR * ONE"],
    # helpers, names
    "helper": ["def half(X):\n    return EXPR", CALLS],
    "helper below": [CALLS, "def half(X):\n    return EXPR"],
    "helper redefined": ["def half(X):\n    return 7", CALLS, "def half(X):\n    return EXPR"],
    "nested helper": ["def feature_means(X):\n    def inner(Z):\n        return EXPR\n    return inner(X)"],
    "lambda inside": ["def feature_means(X):\n    f = lambda Z: EXPR\n    return f(X)"],
    "helper is a lambda": ["half = lambda X: EXPR", CALLS],
    "helper is a partial": [
        "from functools import partial\nhalf = partial(lambda s, X: EXPR * s, 1.0)",
        CALLS,
    ],
    "helper is an alias": ["def third(X):\n    return EXPR\nhalf = third", CALLS],
    "helper class": [
        "class Half:\n    def __call__(self, X):\n        return EXPR\ndef feature_means(X):\n    return Half()(X)"
    ],
    "dataclass": [
        "from dataclasses import dataclass\n@dataclass\nclass Box:\n    X: np.ndarray\n    def means(self):\n        X = self.X\n        return EXPR\ndef feature_means(X):\n    return Box(X).means()"
    ],
    "recursion": ["def feature_means(X, again=True):\n    return feature_means(X, False) if again else EXPR"],
    "decorator": [
        "import functools\ndef loud(f):\n    @functools.wraps(f)\n    def inner(*args):\n        return f(*args)\n    return inner",
        "@loud\n" + D,
    ],
    "decorator without wraps": [
        "def loud(f):\n    def inner(X):\n        return f(X)\n    return inner",
        "@loud\n" + D,
    ],
    "numpy in another cell": ["import numpy\n", D.replace("EXPR", "numpy.asarray(EXPR)")],
    "numpy imported inside": ["def feature_means(X):\n    import numpy as np\n    return np.asarray(EXPR)"],
    "star import": ["from numpy import *", D.replace("EXPR", "asarray(EXPR)")],
    "names of numpy": ["from numpy import asarray as arr, float64", D.replace("EXPR", "arr(EXPR, float64)")],
    "constant": ["TWO = 2.0", D.replace("EXPR", "EXPR * TWO / TWO")],
    "constant added to": ["ONE = 0.5\nONE += 0.5", D.replace("EXPR", "EXPR * ONE")],
    "walrus at the top": ["(ONE := 1.0)", D.replace("EXPR", "EXPR * ONE")],
    "unpacked constants": ["(ONE, TWO), *REST = (1.0, 2.0), 3", D.replace("EXPR", "EXPR * ONE")],
    # what is changed after it is bound
    "list filled in a loop": [
        "SCALES = []\nfor i in range(3):\n    SCALES.append(1.0)",
        D.replace("EXPR", "EXPR * SCALES[2]"),
    ],
    "dict filled in a loop": [
        "TABLE = {}\nif True:\n    for k in 'abc':\n        TABLE[k] = 1.0\n    else:\n        pass",
        D.replace("EXPR", "EXPR * TABLE['b']"),
    ],
    "list appended to": ["SCALES = []\nSCALES.append(1.0)", D.replace("EXPR", "EXPR * SCALES[0]")],
    "dict updated": ["TABLE = dict()\nTABLE.update(a=1.0)", D.replace("EXPR", "EXPR * TABLE['a']")],
    "item of an item": [
        "TABLE = {'b': {}}\nTABLE['b']['a'] = 1.0",
        D.replace("EXPR", "EXPR * TABLE['b']['a']"),
    ],
    "attribute of a helper": ["def half(X):\n    return EXPR * half.one\nhalf.one = 1.0", CALLS],
    "attribute of the answer": [
        "def feature_means(X):\n    feature_means.calls += 1\n    return EXPR",
        "feature_means.calls = 0",
    ],
    "attribute of a class": ["class A: pass", "A.one = 1.0", D.replace("EXPR", "EXPR * A.one")],
    "method given later": [
        "class A: pass\ndef go(self, X):\n    return EXPR\nA.go = go",
        "def feature_means(X):\n    return A().go(X)",
    ],
    "attribute of a library": ["np.float = float", D.replace("EXPR", "EXPR * np.float(1)")],
    "registered": [
        "from functools import singledispatch\n@singledispatch\ndef half(X):\n    return 7\n@half.register(np.ndarray)\ndef _(X):\n    return EXPR",
        CALLS,
    ],
    "last of a loop": ["for ONE in (0.5, 1.0):\n    pass", D.replace("EXPR", "EXPR * ONE")],
    "bound in a loop": ["k = 0\nwhile k < 2:\n    k += 1\n    ONE = 1.0", D.replace("EXPR", "EXPR * ONE")],
    "added to in a loop": ["ONE = 0.0\nfor _ in range(4):\n    ONE += 0.25", D.replace("EXPR", "EXPR * ONE")],
    "default of a loop": ["for k in (1,):\n    def half(X, k=k):\n        return EXPR * k", CALLS],
    "greek names": ["def feature_means(X):\n    μ = EXPR\n    return μ"],
    "korean names": ["def feature_means(X):\n    평균 = EXPR\n    return 평균"],
    "optional parameter": ["def feature_means(X, axis=0):\n    return EXPR"],
    # inside the function
    "docstring": [
        'def feature_means(X):\n    """The means.\n\n    >>> feature_means(1)\n    """\n    return EXPR'
    ],
    "docstring with magics": ['def feature_means(X):\n    """\n%time\n!ls\n"""\n    return EXPR'],
    "f-string": ["def feature_means(X):\n    text = f'{X.shape!r:>10} {\"a\"}'\n    return EXPR"],
    "walrus": ["def feature_means(X):\n    return m if (m := EXPR) is not None else m"],
    "percent operator": ["def feature_means(X):\n    n = (7\n% 4)\n    return EXPR"],
    "match": ["def feature_means(X):\n    match X.ndim:\n        case 2:\n            return EXPR"],
    "print inside": ["def feature_means(X):\n    print(X)\n    return EXPR"],
    "display inside": ["def feature_means(X):\n    display(X)\n    return EXPR"],
    "display imported": [
        "from IPython.display import display, clear_output",
        "def feature_means(X):\n    display(X)\n    clear_output()\n    return EXPR",
    ],
    "plot inside": [
        "import matplotlib.pyplot as plt",
        "def feature_means(X):\n    fig, ax = plt.subplots()\n    plt.show()\n    return EXPR",
    ],
    "progress bar": [
        "from tqdm import tqdm",
        "def feature_means(X):\n    for _ in tqdm(range(3), leave=False):\n        pass\n    return EXPR",
    ],
    "global statement": ["def feature_means(X):\n    global COUNT\n    COUNT = 1\n    return EXPR"],
    "del": ["def feature_means(X):\n    m = EXPR\n    del X\n    return m"],
    "del after": [D, "x = 1\ndel x"],
    "assert": ["def feature_means(X):\n    assert X.ndim == 2, 'two axes'\n    return EXPR"],
    "try inside": ["def feature_means(X):\n    try:\n        return EXPR\n    finally:\n        pass"],
    # hints and defaults that call nothing
    "type hints": [
        "from typing import Optional",
        "def feature_means(X: np.ndarray, axis: Optional[int] = None) -> np.ndarray:\n    return EXPR",
    ],
    "hint of a library": [
        "import scipy.sparse as sp",
        "def feature_means(X: sp.csr_matrix) -> 'sp.csr_matrix':\n    return EXPR",
    ],
    "hint of a name of a library": [
        "from scipy.sparse import csr_matrix",
        "def feature_means(X: csr_matrix):\n    return EXPR",
    ],
    "default of a library": [
        "import scipy.integrate as si",
        "def feature_means(X, kind=si.IntegrationWarning.__doc__):\n    return EXPR",
    ],
    "hinted variable": [
        "ONE: float = 1.0",
        "def feature_means(X):\n    m: np.ndarray = EXPR\n    return m * ONE",
    ],
    "library beside": ["import scipy.stats", D],
}

TOLD: dict[str, tuple[list, str]] = {
    "lambda": (["feature_means = lambda X: EXPR"], "it is a lambda"),
    "lambda after the stub": ([STUB, "feature_means = lambda X: EXPR"], "it is a lambda"),
    "alias": (["def mine(X):\n    return EXPR", "feature_means = mine"], "it is another name for mine"),
    "class": (["class feature_means:\n    def __call__(self, X):\n        return EXPR"], "it is a class"),
    "object": (
        ["class Means:\n    def __call__(self, X):\n        return EXPR", "feature_means = Means()"],
        "and no function",
    ),
    "partial": (
        ["from functools import partial", "feature_means = partial(lambda s, X: EXPR * s, 1.0)"],
        "and no function",
    ),
    "value": (["X = np.ones((3, 2))", "feature_means = EXPR"], "and no function"),
    "async": (["async def feature_means(X):\n    return EXPR"], "it is an async function"),
    "library called": (
        ["import scipy.special", "def feature_means(X):\n    return EXPR + 0 * scipy.special.expit(0.0)"],
        "it calls scipy",
    ),
    "library's function called": (
        ["from scipy.special import expit", "def feature_means(X):\n    return EXPR + 0 * expit(0.0)"],
        "it calls scipy.special",
    ),
    "library in a helper": (
        ["from scipy.special import expit as e\ndef half(X):\n    return EXPR + 0 * e(0.0)", CALLS],
        "it calls scipy.special",
    ),
    "library imported inside": (
        ["def feature_means(X):\n    from scipy.special import expit\n    return EXPR"],
        "it calls scipy.special",
    ),
    "variable of the notebook": (
        ["scale = 1.0", D.replace("EXPR", "EXPR * scale")],
        "leans on the notebook's variable scale",
    ),
    "the course's own": (
        [
            "from nnutils.lessons.start_here.exercises import feature_means as mine",
            "def feature_means(X):\n    return mine(X)",
        ],
        "it calls the course's own feature_means",
    ),
    "exercise of another lesson": (
        [
            "from nnutils.lessons.dropout.exercises import dropout_mask",
            "def feature_means(X):\n    dropout_mask\n    return EXPR",
        ],
        "it calls the course's own dropout_mask",
    ),
    "other parameter": (
        ["def feature_means(data):\n    X = data\n    return EXPR"],
        "it should take the arguments (X)",
    ),
    "star parameters": (
        ["def feature_means(*args):\n    X = args[0]\n    return EXPR"],
        "it should take the arguments (X)",
    ),
    "positional only": (["def feature_means(X, /):\n    return EXPR"], "it should take the arguments (X)"),
    "too many arguments": (["def feature_means(X, Y):\n    return EXPR"], "it should take the arguments (X)"),
}

# form: (cells, in the notebook, at grading, words of the grader, why they differ); of the right expression
DIFFERENT: dict[str, tuple[list, str, str, str, str]] = {
    "markdown cell": ([STUB, ("markdown", D)], "not attempted", "failed", "a markdown cell", "the kernel never sees a markdown cell"),
    "raw cell": ([("raw", D)], "error", "failed", "a raw cell", "the kernel never sees a raw cell"),
    "in a comment": ([STUB, "# def feature_means(X):\n#     return EXPR"], "not attempted", "failed", "in a comment", "the kernel drops comments"),
    "in a text": (["'''\n" + D + "\n'''"], "error", "failed", "a text", "nothing is defined"),
    "syntax error": (["def feature_means(X):\n    return (EXPR"], "error", "failed", "no Python", "the cell's own error says it"),
    "git conflict": (["<<<<<<< HEAD\n" + D + "\n=======\n>>>>>>> other"], "error", "failed", "conflict", "the cell's own error says it"),
    "timeit cell": (["%%timeit -n1 -r1\n" + D], "error", "failed", "%%timeit", "what %%timeit defines is gone afterwards"),
    "writefile cell": (["%%writefile mine.py\n" + D], "error", "failed", "%%writefile", "a file is no answer"),
    "inside a class": (["class A:\n" + indented(D)], "error", "failed", "inside a function, a class", "nothing of that name is there"),
    "other spelling": (["def Feature_Means(X):\n    return EXPR"], "error", "failed", "Feature_Means", "nothing of that name is there"),
    "stub after": ([D, STUB], "not attempted", "passed", "", "the grader takes the last definition that is not empty"),
    "deleted afterwards": ([D, "del feature_means"], "error", "passed", "", "the grader takes the last definition; `del` is a slip"),
    "overwritten by a value": ([D, "feature_means = 7"], "failed", "passed", "", "the grader takes the last definition"),
    "docstring only": (['def feature_means(X):\n    """EXPR"""'], "not attempted", "not attempted", "", "they agree"),
    "stub": ([STUB], "not attempted", "not attempted", "", "they agree"),
    "hint that is not imported": (["def feature_means(X: List[int]):\n    return EXPR"], "error", "passed", "", "the grader evaluates no type hints"),
    "constant from a library": (["import scipy.special\nONE = 2 * scipy.special.expit(0.0)", D.replace("EXPR", "EXPR * ONE")], "passed", "failed", "it calls scipy", "the notebook sees a number and not where it is from"),
    "made by a function": (["def make():\n    def feature_means(X):\n        return EXPR\n    return feature_means", "feature_means = make()"], "passed", "failed", "what make returns", "the grader reads the definition and runs nothing to find it"),
    "method of an object": (["class A:\n    def feature_means(self, X):\n        return EXPR", "feature_means = A().feature_means"], "passed", "failed", "another name for A().feature_means", "the grader reads the definition and runs nothing to find it"),
    "defined by exec": (["exec('def feature_means(X):\\n    return EXPR')"], "passed", "not attempted", "defines no function", "the grader reads the definition and runs nothing to find it"),
    "helper looked up by its name as text": (["def half(X):\n    return EXPR", "def feature_means(X):\n    return globals()['half'](X)"], "passed", "failed", "KeyError", "the grader takes what is used by name"),
    "counts from a plot": (["import matplotlib.pyplot as plt", "def feature_means(X):\n    n, bins, _ = plt.hist(X.ravel())\n    plt.close()\n    return EXPR"], "passed", "failed", "ValueError", "the stand-in for a plot has no numbers"),
    "file inside": (["def feature_means(X):\n    open('log.txt', 'w').close()\n    return EXPR"], "passed", "failed", "no use for this file", "the sandbox has no files; the notebook warns"),
    "threads inside": (["from concurrent.futures import ThreadPoolExecutor", "def feature_means(X):\n    with ThreadPoolExecutor(2) as pool:\n        return list(pool.map(lambda X: EXPR, [X]))[0]"], "passed", "failed", "RuntimeError", "the sandbox has no threads; the notebook warns"),
}  # fmt: skip
