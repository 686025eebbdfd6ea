"""The course in a browser, without an install: JupyterLite, Pyodide, and nnutils as a package that Pyodide finds by itself."""
