"""What every program that asks tells of the answers it had."""

import time


def told(took: list[float], begun: float) -> dict[str, float]:
    """Answers, seconds since the beginning, and how long half and all but a twentieth of the
    answers took (milliseconds). `took` in seconds, `begun` by the performance counter."""
    in_order = sorted(took)
    return {
        "answers": len(in_order),
        "seconds": time.perf_counter() - begun,
        "p50": in_order[len(in_order) // 2] * 1000,
        "p95": in_order[int(len(in_order) * 0.95)] * 1000,
    }
