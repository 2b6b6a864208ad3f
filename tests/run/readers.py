"""What programs that are not cogspec's read in the reports of a folder, as one JSON document.

JUnit is held to the schema of Jenkins's xUnit plugin, which the sources of pytest carry, and read by junitparser; SARIF is read by
sarif-tools; Markdown by markdown-it, with HTML and GitHub's tables. The folder above keeps what was fetched.
"""

import collections
import io
import json
import pathlib
import subprocess
import sys
import tarfile

from junitparser import Error, Failure, JUnitXml, Skipped
from lxml import etree
from markdown_it import MarkdownIt
from sarif import loader

PYTEST = "pytest==9.2.0"
SARIF_SCHEMA = "@microsoft/jest-sarif@1.0.0-beta.0"


def fetched(folder, name, command, archive, member):
    """A file out of a package's archive; None where there is no registry."""
    path = folder / name
    if not path.exists():
        place = folder / "fetched"
        place.mkdir(exist_ok=True)
        made = subprocess.run(command, cwd=place, capture_output=True, text=True)
        if made.returncode != 0:
            sys.stderr.write(made.stderr)
            return None
        with tarfile.open(next(place.glob(archive))) as tar:
            found = next(entry for entry in tar.getnames() if entry.endswith(member))
            path.write_bytes(tar.extractfile(found).read())
    return path.read_bytes()


def junit(folder, text):
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:", PYTEST]
    schema = fetched(folder.parent, "junit-10.xsd", pip, "pytest-*.tar.gz", "junit-10.xsd")
    errors = None
    if schema is not None:
        schema = etree.XMLSchema(etree.parse(io.BytesIO(schema)))
        errors = [] if schema.validate(etree.fromstring(text)) else [str(error) for error in schema.error_log]
    suites = JUnitXml.fromstring(text)
    told = {"tests": suites.tests, "failures": suites.failures, "errors": suites.errors, "skipped": suites.skipped}
    kinds = {Failure: "failures", Error: "errors", Skipped: "skipped"}
    cases = [case for suite in suites for case in suite]
    counted = collections.Counter(kinds[type(result)] for case in cases for result in case.result)
    results = {case.name: {"type": result.type, "message": result.message, "text": result.text}
               for case in cases for result in case.result}
    return {"schema_errors": errors, "told": told, "counted": dict(counted, tests=len(cases)), "results": results,
            "properties": {entry.name: entry.value for entry in list(suites)[0].properties()}}


def sarif(path):
    report = loader.load_sarif_files(str(path)).get_report()
    histograms = {level: report.get_issue_type_histogram_for_severity(level) for level in ("error", "warning", "note")}
    return {level: sum(histogram.values()) for level, histogram in histograms.items()}


def markdown(text):
    def walk(tokens):
        for token in tokens:
            yield token
            yield from walk(token.children or [])

    tokens = list(walk(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(text)))
    rows = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type in ("td_open", "th_open"):
            rows[-1].append("")
        elif token.type == "inline" and rows and rows[-1] and not rows[-1][-1]:
            rows[-1][-1] = token.content
    return {
        "html": [token.content for token in tokens if token.type.startswith("html")],
        "images": sum(token.type == "image" for token in tokens),
        "links": sorted({token.attrs["href"] for token in tokens if token.type == "link_open"}),
        "rows": rows,
        "headings": sum(token.type == "heading_open" for token in tokens),
        "fences": [token.content for token in tokens if token.type == "fence"],
    }


folder = pathlib.Path(sys.argv[1])
npm = ["npm", "pack", "--silent", SARIF_SCHEMA]
try:
    sarif_schema = fetched(folder.parent, "sarif-2.1.0.json", npm, "microsoft-jest-sarif-*.tgz", "sarif-2.1.0-rtm.5.json")
except OSError:
    sarif_schema = None
print(json.dumps({
    "junit": junit(folder, (folder / "junit.xml").read_bytes()),
    "sarif": sarif(folder / "cogspec.sarif"),
    "sarif_schema": json.loads(sarif_schema) if sarif_schema else None,
    "markdown": markdown((folder / "report.md").read_text(encoding="utf-8")),
}))
