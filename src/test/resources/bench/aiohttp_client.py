"""A bare aiohttp loop: reads stamped streams, prints how far its stamps lie behind the server's."""
import asyncio
import json
import sys
import time

import aiohttp

WARM_UP_NANOS = 5_000_000_000


async def stream(session, url, digits, sent, lags):
    async with session.post(url, json={}) as response:
        async for line in response.content:
            now = time.monotonic_ns()
            if not line.startswith(b"data: {"):
                continue
            choices = json.loads(line[6:])["choices"]
            text = choices[0]["delta"].get("content") if choices else None
            if text and len(text) == digits + 1:
                stamp = int(text)
                sent.append(stamp)
                lags.append(now - stamp)


async def main(url, streams, digits):
    sent, lags = [], []
    connector = aiohttp.TCPConnector(limit=0)
    timeout = aiohttp.ClientTimeout(total=None)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
        await asyncio.gather(*(stream(session, url, digits, sent, lags) for _ in range(streams)))
    begin = min(sent) + WARM_UP_NANOS
    warm = sorted(lag for at, lag in zip(sent, lags) if at >= begin)

    def rank(quantile):
        return warm[max(0, -(-int(quantile * 1000) * len(warm) // 1000) - 1)] / 1e6

    print(
        f"stamp lag: {len(warm)} tokens, p50 {rank(0.5):.3f} ms, p99 {rank(0.99):.3f} ms,"
        f" max {warm[-1] / 1e6:.3f} ms"
    )


asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
