"""Attacks on what lies outside: each is run with Python's hooks, and without them, so that the walls stand by themselves."""
# ruff: noqa: E501  (a cell on a line)

import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from coursekit.grading.grade_notebook import Grader
from coursekit.sandbox import kernel
from coursekit.sandbox.runner import Runner
from coursekit.sandbox.setup import Limits

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows has no walls, only a process of its own")
ROOT = Path(__file__).parents[2]
HONEST = ["import numpy as np\ndef feature_means(X):\n    return X.mean(axis=0)"]
C = "import ctypes, os; c = ctypes.CDLL(None, use_errno=True); "
CALL = C + "n = c.syscall("
DONE = "; assert n >= 0"
FILES = {  # each ends without an error only where it succeeded
    "the solutions": "open('{root}/solutions/00_start_here.ipynb').read()",
    "an exercise's source": "open('{root}/nnutils/lessons/start_here/exercises/feature_means.py').read()",
    "an exercise": "import importlib; importlib.import_module(''.join(chr(ord(c) + 1) for c in 'mmtshkr-kdrrnmr-rs`qs^gdqd-dwdqbhrdr')).feature_means.reference(X)",
    "an exercise through the catalogue": "import sys; sys.modules['nnutils.checks.catalogue'].find_exercise('feature_means').reference(X)",
    "an exercise by its own loader": "import importlib.util as u; s = u.spec_from_file_location('e', '{root}/nnutils/lessons/start_here/exercises/feature_means.py'); s.loader.exec_module(u.module_from_spec(s))",
    "the grader": "open('{root}/coursekit/grading/grade_notebook.py').read()",
    "a witness": "open('{witness}').read()",
    "a witness by number": "import os; os.read(os.open('{witness}', os.O_RDONLY), 9)",
    "a witness by C": C + "n = c.open(b'{witness}', 0)" + DONE,
    "a witness by NumPy": "np.fromfile('{witness}', np.uint8)",
    "a witness by memmap": "np.memmap('{witness}', np.uint8, 'r')",
    "a witness by mmap": "import mmap, os; mmap.mmap(os.open('{witness}', os.O_RDONLY), 0, prot=mmap.PROT_READ)",
    "a witness by linecache": "import linecache; assert linecache.getlines('{witness}')",
    "a witness by io": "import _io; _io.FileIO('{witness}')",
    "a witness by steps up": "import os; os.chdir('/'); open('.' + '{witness}')",
    "a witness by a link": "import os; os.symlink('{witness}', '/tmp/nnutils-link'); open('/tmp/nnutils-link')",
    "other submissions": "import os; assert os.listdir('{folder}')",
    "the users": "open('/etc/passwd').read()",
    "the environment of the first process": "open('/proc/1/environ', 'rb').read()",
    "its own memory": "open('/proc/self/mem', 'rb')",
    "its own descriptors": "import os; assert os.listdir('/proc/self/fd')",
    "its parent's memory": "import os; open(f'/proc/{{os.getppid()}}/mem', 'rb')",
    "the root of another": "import os; assert os.listdir('/proc/1/root')",
    "writing beside it": "open('{witness}', 'a').write('x')",
    "writing to /tmp": "open('/tmp/nnutils-left-behind', 'w')",
    "writing into shared memory": "open('/dev/shm/nnutils-left-behind', 'w')",
    "writing into the course": "open('{root}/nnutils/left_behind.py', 'w')",
    "writing into the libraries": "open(np.__file__, 'a')",
    "emptying": "import os; os.truncate('{witness}', 0)",
    "removing": "import os; os.remove('{witness}')",
    "renaming": "import os; os.rename('{witness}', '{witness}2')",
    "a mode": "import os; os.chmod('{witness}', 0)",
    "a time": "import os; os.utime('{witness}', (0, 0))",
    "a folder": "import os; os.mkdir('{folder}/new')",
    "a pipe with a name": "import os; os.mkfifo('{folder}/pipe')",
    "another root": "import os; os.chroot('{folder}')",
}  # fmt: skip
NETWORK = {
    "connecting": "import socket; socket.create_connection(('127.0.0.1', {port}), 1)",
    "connecting by _socket": "import _socket; _socket.socket(2, 1).connect(('127.0.0.1', {port}))",
    "connecting by C": C + "s = c.socket(2, 1, 0); n = c.connect(s, b'\\x02\\0' + ({port}).to_bytes(2, 'big') + b'\\x7f\\0\\0\\x01' + bytes(8), 16)" + DONE,
    "connecting by asyncio": "import asyncio; asyncio.run(asyncio.open_connection('127.0.0.1', {port}))",
    "fetching": "import urllib.request; urllib.request.urlopen('http://127.0.0.1:{port}', timeout=1)",
    "a datagram": "import socket; socket.socket(2, 2).sendto(b'x', ('127.0.0.1', {port}))",
    "a raw socket": "import socket; socket.socket(2, 3, 1)",
    "listening": "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen(); socket.create_connection(s.getsockname(), 1)",
    "an abstract name": "import socket; socket.socket(1).connect('\\0nnutils-{port}')",
    "a name in the file system": "import socket; socket.socket(1).connect('{folder}/socket')",
    "the kernel": "import socket; socket.socket(16, 3, 0).bind((0, 0))",
}  # fmt: skip
PROCESSES = {
    "fork": "import os; os.fork() or os._exit(0)",
    "a terminal": "import os; os.forkpty()[0] or os._exit(0)",
    "fork by C": C + "n = c.fork(); n or os._exit(0)" + DONE,
    "fork by number": CALL + "57 if os.uname().machine == 'x86_64' else 220, 17, 0, 0, 0, 0); n or os._exit(0)" + DONE,
    "a program": "import subprocess; subprocess.run(['/bin/true'], check=True)",
    "a shell": "import os; assert os.system('true') == 0",
    "a shell by subclasses": "s = next(c for c in object.__subclasses__() if c.__name__ == '_wrap_close').__init__.__globals__['system']; assert s('true') == 0",
    "a program by subclasses": "import subprocess; next(c for c in object.__subclasses__() if c.__name__ == 'Popen')(['/bin/true'])",
    "a spawned program": "import os; os.posix_spawn('/bin/true', ['true'], {{}})",
    "fork_exec": "import os, _posixsubprocess as p; a, b = os.pipe(); p.fork_exec([b'true'], [b'/bin/true'], True, (), None, None, -1, -1, -1, -1, -1, -1, a, b, True, False, -1, None, None, None, -1, None, False)",
    "a worker": "import multiprocessing as m; p = m.get_context('fork').Process(target=print); p.start()",
    "becoming a program": "import os; os.execv('/bin/true', ['true'])",
    "ending its parent": "import os; os.kill(os.getppid(), 9); assert os.getppid() > 1",
    "ending the grader": "import os; os.kill({grader}, 0)",
    "ending all": "import os; os.kill(-1, 0)",
    "a handle on its parent": "import os, signal; signal.pidfd_send_signal(os.pidfd_open(os.getppid()), 9); assert os.getppid() > 1",
    "its parent's limits": "import os, resource as r; r.prlimit(os.getppid(), r.RLIMIT_CPU, (1, 1))",
    "its parent's priority": "import os; os.setpriority(os.PRIO_PROCESS, os.getppid(), 19)",
    "its parent's processors": "import os; os.sched_setaffinity(os.getppid(), [0])",
    "a signal through a pipe": "import fcntl, os; r, w = os.pipe(); fcntl.fcntl(r, 8, os.getppid() or 1)",
    "a signal through a pipe, by C": C + "r, w = os.pipe(); n = c.fcntl(r, 8, os.getpid())" + DONE,
    "a signal of its choice": "import fcntl, os; r, w = os.pipe(); fcntl.fcntl(r, 10, 9)",
    "a signal through its socket": "import fcntl, os\n    for n in range(3, 64):\n        try: fcntl.ioctl(n, 0x8902, os.getpid().to_bytes(4, 'little'))\n        except OSError: continue\n        break\n    else: raise PermissionError",
    "its limits": "import resource as r; r.setrlimit(r.RLIMIT_AS, (r.RLIM_INFINITY,) * 2)",
    "becoming root": "import os; os.setuid(0); os.setgroups([0])",
}  # fmt: skip
REACHED = "; assert n >= 0 or ctypes.get_errno() not in (1, 38)"  # beyond EPERM and ENOSYS it was the kernel that looked at it
X86 = {  # x86-64's numbers, and arguments that do no harm where the call is not refused
    "tracing": "101, 99, 0, 0, 0", "reading memory": "310, os.getpid(), 0, 0, 0, 0, 99", "mounting": "165, 0, b'/none', b'none', 0, 0",
    "another view": "272, 0x7fffffff", "joining": "308, -1, 0", "bpf": "321, 99, 0, 0", "watching": "298, 0, 0, -1, -1, 0",
    "keys": "250, 99, 0", "a ring": "425, 0, 0", "faults": "323, 0xffff", "memory as a file": "319, b'x', 0xffff",
    "shared memory": "29, 99, 0, 0", "messages": "68, 99, 0", "a queue": "240, b'none', 0, 0, 0", "a personality": "135, 0xffffffff",
    "a descriptor of another": "438, -1, 0, 0", "a descriptor to its parent": "46, 99, 0, 0", "emptying by name": "76, b'/none', 0",
    "a link": "86, b'/none', b'/none2'", "a mode": "90, b'/none', 0", "a handle": "303, -1, b'/none', 0, 0, 0",
}  # fmt: skip


@pytest.fixture(scope="module")
def bare() -> Iterator[Runner]:
    with Runner(Limits(seconds=5.0, memory=600 << 20), hooks=False) as runner:
        yield runner


@pytest.fixture(params=["hooks", "walls alone"])
def attacked(request, runner, bare) -> Runner:
    return runner if request.param == "hooks" else bare


@pytest.fixture
def target(tmp_path: Path) -> Iterator[dict[str, object]]:
    """What the attacks aim at: a file, and a server that would accept them."""
    witness = tmp_path / "witness"
    witness.write_text("secret")
    os.chmod(tmp_path, 0o777)
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield {
            "root": ROOT,
            "witness": witness,
            "folder": tmp_path,
            "port": server.getsockname()[1],
            "grader": os.getpid(),
        }
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()
    assert witness.read_text() == "secret" and witness.stat().st_mode & 0o600 == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["witness"]


def _attack(runner: Runner, wall: str, body: str) -> None:
    if "hooks" not in runner.probe():
        if not kernel.KNOWN:
            pytest.skip("the walls of this system were never tried, and nothing relies on them alone")
        if wall not in runner.layers:
            pytest.skip(f"this machine has no wall for {wall}")
    answer = f"import numpy as np\ndef feature_means(X):\n    {body}\n    return X.mean(axis=0)"
    item = Grader(runner).grade([answer], "start_here", "mallory")[0][0]
    assert (item.points, item.status, item.lost) == (0, "failed", None), item
    honest = Grader(runner).grade(HONEST, "start_here", "ann")[0][0]
    assert (honest.points, honest.status, honest.lost) == (1, "passed", None)


@pytest.mark.parametrize("name", FILES)
def test_files_are_out_of_reach(attacked, target, name):
    _attack(attacked, "files", FILES[name].format(**target))


@pytest.mark.parametrize("name", NETWORK)
def test_network_is_out_of_reach(attacked, target, name):
    _attack(attacked, "network", NETWORK[name].format(**target))


@pytest.mark.parametrize("name", PROCESSES)
def test_processes_are_out_of_reach(attacked, target, name):
    _attack(attacked, "processes", PROCESSES[name].format(**target))


@pytest.mark.skipif(
    sys.platform != "linux" or os.uname().machine != "x86_64", reason="the numbers are those of x86-64"
)
@pytest.mark.parametrize("name", X86)
def test_rare_calls_are_refused(attacked, name):
    _attack(attacked, "system calls", f"{CALL}{X86[name]}){REACHED}")


def test_what_answers_need_is_in_reach(bare):
    needs = """
    def feature_means(X):
        import numpy.testing, zoneinfo, decimal, csv, unicodedata, math, random, os, threading
        from numpy.lib import stride_tricks
        assert os.listdir(os.path.dirname(np.__file__)) and zoneinfo.ZoneInfo("Europe/Paris")
        with open(os.devnull, "w") as nothing:
            print("x", file=nothing)
        return X.mean(axis=0) + 0 * random.Random().random() * len(os.urandom(3))
    """
    answer = ["import numpy as np", __import__("textwrap").dedent(needs)]
    item = Grader(bare).grade(answer, "start_here", "ann")[0][0]
    assert item.points == 1, item
