"""Our forum beside the forums people would pick instead, on one machine: python -m bench.peers."""
