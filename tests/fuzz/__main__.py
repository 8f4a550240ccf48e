"""`make fuzz`: the whole campaign of bad input; ends with 1 where anything was answered wrongly."""

from __future__ import annotations

import sys
import time

from tests.fuzz.campaign import CAMPAIGN


def main() -> int:
    wrong = 0
    for part in CAMPAIGN:
        began = time.perf_counter()
        result = part()
        print(f"{result} in {time.perf_counter() - began:.0f} s", flush=True)
        for fault in result.wrong[:20]:
            print(f"  {fault}")
        wrong += len(result.wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
