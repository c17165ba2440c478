from __future__ import annotations

import time
from pathlib import Path

from leachwatch.bench.distant import fetch, serving
from leachwatch.network import Hosts, Transport


def test_a_folder_is_served_late_and_what_was_asked_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(bytes(range(100)))
    (tmp_path.parent / "secret.bin").write_bytes(b"no")
    with serving(tmp_path, 0.05) as host:
        transport = Transport(Hosts.of([host.address]))
        start = time.perf_counter()
        answer = transport.read(f"{host.address}/a.bin", span=(10, 20), most=100)
        assert time.perf_counter() - start >= 0.05
        assert answer.body == bytes(range(10, 20))
        assert answer.total == 100
        assert transport.read(f"{host.address}/a.bin", span=(90, 200), most=200).body == bytes(range(90, 100))
        asked = host.asked()
        assert asked == [("/a.bin", (10, 20)), ("/a.bin", (90, 200))]
        fetch(host.address, asked, 2)
        assert sorted(host.asked(), key=str) == sorted(asked, key=str)
        transport.close()
