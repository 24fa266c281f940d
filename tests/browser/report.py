#!/usr/bin/env python3
"""Opens a page that `licctl report` wrote in headless Chromium and looks at it as a reader would.

usage: report.py PAGE [TEXT ...]

Fails when the console has an error, when the page is wider than the window at 375 or 1280 pixels, when a text has less
contrast to its ground than WCAG AA asks for (4.5, large texts 3) in the light or in the dark, when something is loaded from
elsewhere, or when one of the TEXTs is not on the page.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.request

PORT = 9517
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]

# Every text with its colour and the ground that it stands on, as the browser computed them.
LOOK = """
const parse = text => (text.match(/[\\d.]+/g) || []).map(Number);
const solid = element => {
  for (let at = element; at; at = at.parentElement) {
    const colour = parse(getComputedStyle(at).backgroundColor);
    if (colour.length === 3 || colour[3] > 0) return colour.slice(0, 3);
  }
  return [255, 255, 255];
};
const light = colour => {
  const [r, g, b] = colour.map(part => { part /= 255; return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4; });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const poor = [];
const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walk.nextNode()) {
  const text = walk.currentNode.textContent.trim(), element = walk.currentNode.parentElement;
  if (!text || !element.checkVisibility()) continue;
  const style = getComputedStyle(element);
  const [a, b] = [light(parse(style.color).slice(0, 3)), light(solid(element))];
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
  if (ratio < (large ? 3 : 4.5)) poor.push(`${text.slice(0, 40)}: ${ratio.toFixed(2)}`);
}
return {
  wide: document.documentElement.scrollWidth, window: innerWidth, poor: [...new Set(poor)],
  text: document.body.innerText, loaded: performance.getEntriesByType('resource').map(entry => entry.name),
};
"""


def call(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{PORT}{path}", data, method=method)
    request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)["value"]


def browser(scheme):
    features = {"prefers-color-scheme": scheme}
    with tempfile.TemporaryDirectory() as profile:
        options = {
            "goog:chromeOptions": {"args": FLAGS + [f"--user-data-dir={profile}"]},
            "goog:loggingPrefs": {"browser": "ALL"},
        }
        session = call("POST", "/session", {"capabilities": {"alwaysMatch": {"browserName": "chrome", **options}}})
        at = f"/session/{session['sessionId']}"
        media = {"features": [{"name": name, "value": value} for name, value in features.items()]}
        call("POST", f"{at}/goog/cdp/execute", {"cmd": "Emulation.setEmulatedMedia", "params": media})
        try:
            yield at
        finally:
            call("DELETE", at)


def complaints(page, texts):
    for scheme in ["light", "dark"]:
        for at in browser(scheme):
            for width in [375, 1280]:
                size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
                call("POST", f"{at}/goog/cdp/execute", {"cmd": "Emulation.setDeviceMetricsOverride", "params": size})
                call("POST", f"{at}/url", {"url": page.resolve().as_uri()})
                seen = call("POST", f"{at}/execute/sync", {"script": LOOK, "args": []})
                where = f"{scheme}, {width} px"
                if seen["window"] != width or seen["wide"] > width:
                    yield f"{where}: the page is {seen['wide']} px wide in a window of {seen['window']}"
                yield from (f"{where}: too little contrast: {text}" for text in seen["poor"])
                yield from (f"{where}: loads {name}" for name in seen["loaded"])
                yield from (f"{where}: `{text}` is not on the page" for text in texts if text not in seen["text"])
            for entry in call("POST", f"{at}/se/log", {"type": "browser"}):
                yield f"{scheme}: the console says {entry['level']}: {entry['message']}"


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    driver = subprocess.Popen(["chromedriver", f"--port={PORT}", "--log-level=OFF"], stdout=subprocess.DEVNULL)
    try:
        for _ in range(100):
            try:
                call("GET", "/status")
                break
            except OSError:
                time.sleep(0.1)
        found = list(complaints(pathlib.Path(sys.argv[1]), sys.argv[2:]))
    finally:
        driver.terminate()
        driver.wait()
    for complaint in found:
        print(complaint)
    print("the page reads well" if not found else f"{len(found)} complaints")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
