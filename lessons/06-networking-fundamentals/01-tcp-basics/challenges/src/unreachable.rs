//! An address that cannot be reached.

use std::{
    io::ErrorKind,
    net::{Ipv4Addr, SocketAddr},
};

use harness::judge::{NotMet, Verdict};
use tokio::net::TcpStream;

/// An address to which a connection fails at once, and not by a refusal: nobody can
/// connect to a broadcast address, so no packet leaves. What it fails with depends on
/// the system, so the judge tries it itself.
pub(crate) async fn unreachable() -> Verdict<(SocketAddr, ErrorKind)> {
    let addr = SocketAddr::from((Ipv4Addr::new(127, 255, 255, 255), 7));
    match TcpStream::connect(addr).await {
        Err(error) if error.kind() != ErrorKind::ConnectionRefused => Ok((addr, error.kind())),
        _ => Err(NotMet::Trouble(format!(
            "{addr} is no address that this system calls unreachable"
        ))),
    }
}
