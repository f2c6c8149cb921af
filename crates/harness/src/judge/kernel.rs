//! What the system keeps of a connection, on its way from one program to the other.
//!
//! Only Linux tells, in `/proc/net/tcp` and `/proc/net/tcp6` (proc(5)).

use std::{net::SocketAddr, time::Duration};

use tokio::{net::TcpStream, time::sleep};

/// There is no event for what somebody else reads, so the system is asked again and
/// again.
const AGAIN: Duration = Duration::from_millis(1);

/// How many bytes at most the system takes from a program for one connection before
/// the program has to wait for its peer: what it lets the send buffer grow to.
///
/// On Linux that is the last value of `net.ipv4.tcp_wmem` (tcp(7)); elsewhere, and
/// where that cannot be read, a guess on the high side.
#[must_use]
pub fn most_sent_unread() -> usize {
    const GUESS: usize = 16 << 20;
    let setting = std::fs::read_to_string("/proc/sys/net/ipv4/tcp_wmem");
    let most = setting
        .ok()
        .and_then(|setting| setting.split_whitespace().nth(2)?.parse().ok());
    most.unwrap_or(GUESS)
}

/// Waits until the other end has read everything. Where the system does not say, or
/// the connection is no more, this does not wait.
pub(crate) async fn is_read(stream: &TcpStream) {
    let Some((here, there)) = ends(stream) else {
        return;
    };
    while queues(there, here).is_some_and(|queues| queues.unread > 0) {
        sleep(AGAIN).await;
    }
}

/// How many bytes the other end has sent that are still on their way, or lie unread
/// here. `None`, where the system does not say.
pub(crate) fn kept(stream: &TcpStream) -> Option<usize> {
    let (here, there) = ends(stream)?;
    let unsent = queues(there, here).map_or(0, |queues| queues.unsent);
    Some(unsent + queues(here, there)?.unread)
}

/// The addresses of both ends, while the connection lasts.
fn ends(stream: &TcpStream) -> Option<(SocketAddr, SocketAddr)> {
    Some((stream.local_addr().ok()?, stream.peer_addr().ok()?))
}

/// What the system keeps for one end of a connection, in bytes.
struct Queues {
    /// Not sent, or not acknowledged yet.
    unsent: usize,
    /// Arrived, and not read yet.
    unread: usize,
}

/// The queues of the socket at `owner` that is connected to `peer`.
///
/// A program may talk to an IPv4 address over a socket for both families: that is in the
/// other table.
fn queues(owner: SocketAddr, peer: SocketAddr) -> Option<Queues> {
    ["/proc/net/tcp", "/proc/net/tcp6"]
        .iter()
        .find_map(|table| queues_in(&std::fs::read_to_string(table).ok()?, owner, peer))
}

/// Each socket has a line with its own address, its peer's, a state, and its queues as
/// `unsent:unread`, all in hex.
fn queues_in(table: &str, owner: SocketAddr, peer: SocketAddr) -> Option<Queues> {
    table.lines().find_map(|line| {
        let mut fields = line.split_ascii_whitespace().skip(1);
        if port(fields.next()?)? != owner.port() || port(fields.next()?)? != peer.port() {
            return None;
        }
        let (unsent, unread) = fields.nth(1)?.split_once(':')?;
        let bytes = |hex| usize::from_str_radix(hex, 16).ok();
        Some(Queues {
            unsent: bytes(unsent)?,
            unread: bytes(unread)?,
        })
    })
}

/// The port of an address such as `0100007F:A12B`, or of one of 32 digits. All addresses are
/// 127.0.0.1 here.
fn port(address: &str) -> Option<u16> {
    let (_, port) = address.split_once(':')?;
    u16::from_str_radix(port, 16).ok()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::net::{Ipv4Addr, Ipv6Addr};

    use tokio::net::{TcpListener, TcpSocket};

    use super::*;

    #[tokio::test]
    async fn the_queues_of_a_socket_for_both_families_are_found() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let addr = listener.local_addr().unwrap();
        let Ok(socket) = TcpSocket::new_v6() else {
            eprintln!("skipped: there is no IPv6 here");
            return;
        };
        let mapped: Ipv6Addr = Ipv4Addr::LOCALHOST.to_ipv6_mapped();
        let _client = socket
            .connect(SocketAddr::from((mapped, addr.port())))
            .await
            .unwrap();
        let (stream, _) = listener.accept().await.unwrap();
        let (here, there) = ends(&stream).unwrap();
        assert!(queues(there, here).is_some());
        assert!(queues(here, there).is_some());
    }
}
