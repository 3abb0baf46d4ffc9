"""The map page: server time per request, and time until Chromium has drawn the first map.

    python -m benchmarks.map_page [ADDRESS]    # default http://127.0.0.1:8000/en/map/

Needs a running server (``palveluverkko serve``). Server time is measured from one client on the
same machine, after one warming request; drawing time from navigation to MapLibre's first ``idle``.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import sys
import time
import urllib.request

from playwright.sync_api import sync_playwright

REQUESTS = 50
LOADS = 10
FLAGS = [
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
]


def server_ms(address: str) -> list[float]:
    times = []
    for _ in range(REQUESTS + 1):
        begin = time.perf_counter()
        with urllib.request.urlopen(address) as answer:
            answer.read()
        times.append((time.perf_counter() - begin) * 1000)
    return sorted(times[1:])


def drawn_ms(address: str) -> list[float]:
    times = []
    with sync_playwright() as playwright:
        chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for _ in range(LOADS):
            page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
            begin = time.perf_counter()
            page.goto(address)
            page.wait_for_selector("[data-ready]", state="attached")
            times.append((time.perf_counter() - begin) * 1000)
            page.context.close()
        browser.close()
    return sorted(times)


def main() -> None:
    address = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000/en/map/"
    server, drawn = server_ms(address), drawn_ms(address)
    print(
        json.dumps(
            {
                "server_ms_median": round(statistics.median(server), 1),
                "server_ms_p95": round(server[int(REQUESTS * 0.95) - 1], 1),
                "first_map_ms_median": round(statistics.median(drawn)),
                "first_map_ms_worst": round(drawn[-1]),
            }
        )
    )


if __name__ == "__main__":
    main()
