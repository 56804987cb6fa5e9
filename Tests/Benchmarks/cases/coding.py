"""Encoding and decoding a document of 20 users: JSONCoding, Foundation, Node."""
import json
import os
import subprocess
import tempfile

import packages
import peers
import processes
from cases.bodies import users


def run(options, targets):
    rounds = str(options.rounds)
    pinned = ["taskset", "-c", processes.SERVER_CORE]
    swift = json.loads(subprocess.run(
        pinned + [processes.executable("CodingTimes"), rounds], check=True, capture_output=True, text=True).stdout)
    rows = {
        "JSONCoding": {"encode": swift["encode"], "decode": swift["decode"]},
        "Foundation": {"encode": swift["foundationEncode"], "decode": swift["foundationDecode"]}}
    try:
        rows["Node"] = node(pinned, rounds, swift["bytes"])
    except packages.Missing as missing:
        peers.left_out(missing)
    ours = rows["JSONCoding"]
    print(f"\nA document of 20 users, {swift['bytes']:,.0f} bytes, CPU µs\n")
    print("| | encode | JSONCoding faster by | decode | JSONCoding faster by |\n|---|---|---|---|---|")
    for name, row in rows.items():
        print(
            f"| {name} | {row['encode']:.1f} | {row['encode'] / ours['encode']:.2f} | {row['decode']:.1f} "
            f"| {row['decode'] / ours['decode']:.2f} |", flush=True)
    targets.at_most("JSON of 20 users, encode µs", ours["encode"], 10)
    targets.at_most("JSON of 20 users, decode µs", ours["decode"], 15)
    return {"coding": rows}


def node(pinned, rounds, length):
    with tempfile.NamedTemporaryFile("w", prefix="swiftlet-bench-", suffix=".json") as document:
        json.dump(users(20), document, separators=(",", ":"))
        document.flush()
        took = json.loads(subprocess.run(
            pinned + [packages.node(), os.path.join(processes.PEERS, "coding.js"), document.name, rounds], check=True,
            capture_output=True, text=True).stdout)
    if took["bytes"] != length:
        raise SystemExit(f"bench: the documents differ: {length} and {took['bytes']} bytes")
    return {"encode": took["encode"], "decode": took["decode"]}
