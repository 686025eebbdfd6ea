"""A site of three lessons and all guides, built once, served on this machine, and opened in a real browser."""

from __future__ import annotations

import contextlib
import functools
import http.server
import threading
from pathlib import Path

import pytest

from coursekit.authoring.lesson import lessons
from coursekit.site.build import build

ROOT = Path(__file__).parents[2]
LESSONS = ("00", "02", "04")  # the first one; and two with explorers, repairs, predictions and claims


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """The site's folder, and what its build complained about."""
    work = tmp_path_factory.mktemp("site")
    return work / "out", build(ROOT, lessons(ROOT, LESSONS), work / "out", work / "work", jobs=1)


@pytest.fixture(scope="session")
def site(built):
    """The site's folder."""
    return built[0]


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, *_):
        """Nothing to do."""


@pytest.fixture(scope="session")
def address(site):
    """Where the site is served."""
    handler = functools.partial(Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture
def visit(chromium, address):
    """A function that opens a page of the site, in a window of some width and in a theme."""
    with contextlib.ExitStack() as opened:

        def opens(path, width=1280, theme="light", watch=None):
            context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
            opened.callback(context.close)
            page = context.new_page()
            if watch is not None:
                page.on("request", lambda request: watch.append(request.url))
            page.goto(f"{address}/{path}")
            return page

        yield opens
