// Connects to a server that is about to fail, and prints what its socket tells it.
//
// It meets the contract of the challenge in JavaScript, and shows that the judge does not
// care about the language: cargo xtask verify tcp-basics crash --command "node crash.mjs"

import { connect } from "node:net";

const SILENCE = 2000;
const KINDS = {
  EACCES: "PermissionDenied",
  EADDRNOTAVAIL: "AddrNotAvailable",
  ECONNREFUSED: "ConnectionRefused",
  ECONNRESET: "ConnectionReset",
  EHOSTUNREACH: "HostUnreachable",
  ENETUNREACH: "NetworkUnreachable",
  EPIPE: "BrokenPipe",
  ETIMEDOUT: "TimedOut",
};

const [host, port] = process.argv[2].split(":");
const socket = connect({ host, port: Number(port), allowHalfOpen: true });
let received = 0;
let over = false;

function finish(event, code) {
  if (over) return;
  over = true;
  if (received > 0) console.log(`data ${received} bytes`);
  console.log(event);
  console.log("close");
  process.exitCode = code;
  clearTimeout(silence);
  if (code === 0) socket.end();
  else socket.destroy();
}

// A timer may come a moment early, as it counts in whole milliseconds.
let silence = setTimeout(() => finish("error TimedOut", 1), SILENCE + 1);

socket.on("connect", () => {
  console.log("connect");
  silence.refresh();
});
socket.on("data", (data) => {
  if (received === 0) socket.write("still there?\n");
  received += data.length;
  silence.refresh();
});
socket.on("end", () => finish("end", 0));
socket.on("error", (error) => finish(`error ${KINDS[error.code] ?? "Other"}`, 1));
