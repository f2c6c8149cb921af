#!/usr/bin/env bash
# Makes the captures of this folder anew: each is what one of our programs puts on the
# loopback of a network namespace of its own. Beside each, as text, what tshark reads in
# it, so that the tests need no tshark.
#
#     crates/wire/tests/captures/capture.sh [NAME...]
#
# Needs Linux, tcpdump, tshark and python3; no privilege but namespaces.
set -euo pipefail
cd "$(dirname "$0")"
here=$PWD
root=$(cd ../../../.. && pwd)
target=${CARGO_TARGET_DIR:-$root/target}/debug

# name | tcpdump's snapshot length | what is set in the namespace | program
captures='
exchange       | 262144 |                     | tcp-basics
half-close     | 262144 |                     | tcp-basics-half-close
endings        | 262144 |                     | tcp-basics-endings
refused        | 262144 |                     | tcp-basics-refused
crash          | 262144 |                     | tcp-basics-crash
port-in-use    | 262144 |                     | tcp-basics-port-in-use
connections    | 262144 |                     | examples/scenes connections
ipv6           | 262144 |                     | examples/scenes ipv6
keep-alive     | 262144 |                     | examples/scenes keep-alive
closed-window  | 90     |                     | examples/scenes closed-window
lost           | 262144 |                     | examples/scenes lost
nobody-accepts | 262144 |                     | examples/scenes nobody-accepts
port-again     | 262144 |                     | examples/scenes port-again
self-connect   | 262144 |                     | examples/scenes self-connect
udp            | 262144 |                     | examples/scenes udp
urgent         | 262144 |                     | examples/scenes urgent
congestion     | 262144 | net.ipv4.tcp_ecn=1  | examples/scenes urgent
wrap-around    | 262144 |                     | wrap-around.py
'

# Runs in the namespace: the capture's file, the snapshot length, a setting, a program.
inside() {
    ip link set lo up
    [ -z "$3" ] || sysctl -q -w "$3"
    : >"$1.log"
    tcpdump -i lo -B 65536 --immediate-mode -U --time-stamp-precision=nano -s "$2" -w "$1" 2>"$1.log" &
    tcpdump=$!
    until grep -q listening "$1.log"; do
        kill -0 $tcpdump || { cat "$1.log" >&2; exit 1; }
        sleep 0.05
    done
    # shellcheck disable=SC2086
    $4 || echo "$4 ended with $?" >&2
    sleep 0.5
    kill -INT $tcpdump
    wait $tcpdump || true
    grep -q '^0 packets dropped by kernel' "$1.log" || { cat "$1.log" >&2; exit 1; }
    rm "$1.log"
}

# What tshark reads in a capture, one packet a line.
read_with_tshark() {
    tshark -r "$1.pcap" -o tcp.relative_sequence_numbers:TRUE \
        -T fields -E header=y -E separator=/t \
        -e frame.number -e frame.time_relative -e frame.len -e frame.cap_len \
        -e _ws.col.Protocol -e tcp.stream -e tcp.srcport -e tcp.dstport -e tcp.flags \
        -e tcp.seq_raw -e tcp.ack_raw -e tcp.seq -e tcp.ack -e tcp.len -e tcp.window_size_value \
        -e tcp.payload -e udp.srcport -e udp.dstport -e udp.length \
        -e tcp.analysis.retransmission -e tcp.analysis.keep_alive \
        -e tcp.analysis.window_update -e tcp.analysis.zero_window \
        >"$1.tsv"
}

if [ "${1:-}" = --inside ]; then
    inside "$2" "$3" "$4" "$5"
    exit
fi

cargo build --quiet --manifest-path "$root/Cargo.toml" -p tcp-basics --bins
cargo build --quiet --manifest-path "$root/Cargo.toml" -p wire --examples
export PATH=$target:$here:$PATH

while IFS='|' read -r name length setting program; do
    read -r name <<<"$name"
    read -r length <<<"$length"
    read -r setting <<<"$setting"
    read -r program <<<"$program"
    [ -n "$name" ] || continue
    [ $# = 0 ] || [[ " $* " == *" $name "* ]] || continue
    [[ $program == examples/* ]] && program=$target/$program
    echo "$name"
    unshare --user --map-user=1000 --keep-caps --net ./capture.sh --inside "$name.pcap" "$length" "$setting" "$program" >/dev/null </dev/null
    read_with_tshark "$name"
done <<<"$captures"
