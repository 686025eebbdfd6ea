"""The course as a static site: lessons with folded answers, explorers without a kernel, guides, API, glossary."""
