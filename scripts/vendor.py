"""Install the browser code and fonts that `static/package.json` declares into `static/vendor/`.

Run by `make setup`. A second run does nothing while the lock file, this script and what it copied
are unchanged. Nothing here is committed, and nothing is loaded from elsewhere at run time.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "static"
VENDOR = STATIC / "vendor"
WORK = ROOT / "build" / "vendor"  # not below static/: what npm unpacks is never served
STAMP = VENDOR / ".installed"

GOVUK = "govuk-frontend/dist/govuk"
FONT = "@expo-google-fonts/noto-sans-sc"

#: Where each file goes (below static/vendor/) and where it comes from (below node_modules/).
COPIES = {
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "govuk/govuk-frontend.min.js": f"{GOVUK}/govuk-frontend.min.js",
    "govuk/govuk-frontend.min.css": f"{GOVUK}/govuk-frontend.min.css",
    "zxing/zxing-reader.js": "zxing-wasm/dist/iife/reader/index.js",
    "zxing/zxing_reader.wasm": "zxing-wasm/dist/reader/zxing_reader.wasm",
    "lean-qr/lean-qr.js": "lean-qr/index.mjs",
    "axe.min.js": "axe-core/axe.min.js",
    "fonts/NotoSansSC-Regular.ttf": f"{FONT}/400Regular/NotoSansSC_400Regular.ttf",
    "fonts/NotoSansSC-Bold.ttf": f"{FONT}/700Bold/NotoSansSC_700Bold.ttf",
    "licenses/htmx.txt": "htmx.org/LICENSE",
    "licenses/zxing-wasm.txt": "zxing-wasm/LICENSE",
    "licenses/lean-qr.txt": "lean-qr/LICENSE",
    "licenses/axe-core.txt": "axe-core/LICENSE",
    "licenses/noto-sans-sc.txt": f"{FONT}/LICENSE_FONT",
}

#: Our stylesheet names the fonts, once.
OWN_FONTS = "var(--rs-font,sans-serif)"


def main() -> int:
    """Install what is missing or stale; 0 when static/vendor/ is complete, 1 with one line why not."""
    wanted = fingerprint()
    if is_installed(wanted):
        return 0
    npm = shutil.which("npm")
    if npm is None:
        print("scripts/vendor.py: npm is missing; install it (apt-get install npm)", file=sys.stderr)
        return 1
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    for declared in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copyfile(STATIC / declared, WORK / declared)
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if subprocess.run(command, cwd=WORK, check=False).returncode:  # noqa: S603 - no input reaches it
        print("scripts/vendor.py: npm ci failed; see above", file=sys.stderr)
        return 1
    install(WORK / "node_modules", wanted)
    shutil.rmtree(WORK)
    return 0


def fingerprint() -> str:
    """What the installed files depend on: the lock file and this script."""
    parts = (STATIC / "package-lock.json", Path(__file__))
    return hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()


def is_installed(wanted: str) -> bool:
    if not STAMP.is_file() or STAMP.read_text() != wanted:
        return False
    return all((VENDOR / target).is_file() for target in COPIES)


def install(modules: Path, wanted: str) -> None:
    """Build static/vendor/ anew beside the old one, then put it in its place."""
    fresh = STATIC / "vendor.new"
    shutil.rmtree(fresh, ignore_errors=True)
    for target, source in COPIES.items():
        path = fresh / target
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(modules / source, path)
    for text in (fresh / "govuk").iterdir():
        text.write_text(without_source_map(text.read_text("utf-8")), "utf-8")
    stylesheet = fresh / "govuk" / "govuk-frontend.min.css"
    stylesheet.write_text(neutral(stylesheet.read_text("utf-8")), "utf-8")
    (fresh / STAMP.name).write_text(wanted)
    shutil.rmtree(VENDOR, ignore_errors=True)
    fresh.rename(VENDOR)


def neutral(css: str) -> str:
    """The stylesheet without what belongs to the British government: its typeface, crest and crown."""
    css = re.sub(r"/\*! Copyright \(c\) 2011.*?\*/", "", css, flags=re.S)
    css = re.sub(r"@font-face\s*\{[^}]*\}", "", css)
    css = re.sub(r"@supports \([^{]*\)\{\.govuk-footer__copyright-logo:before\{[^}]*\}\}", "", css)
    css = re.sub(r"\.govuk-footer__(?:copyright-logo:before|crown)\{[^}]*\}", "", css)
    css = css.replace("GDS Transport,arial,sans-serif", OWN_FONTS)
    if left := re.search(r"GDS Transport|url\(/", css):
        raise SystemExit(f"scripts/vendor.py: {left.group()!r} is still in govuk-frontend's stylesheet")
    return css


def without_source_map(text: str) -> str:
    return re.sub(r"(?m)(?://|/\*)# sourceMappingURL=\S+(?: \*/)?", "", text)


if __name__ == "__main__":
    sys.exit(main())
