//! A server built like tokio's own chat example: each client has a task that waits for
//! two things, its socket and its channel; the channels have no bound; and each line is
//! written, and flushed, by itself.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::Result;
use futures_util::{SinkExt, StreamExt};
use tokio::{
    net::{TcpListener, TcpStream},
    runtime::Runtime,
    select,
    signal::unix::{SignalKind, signal},
    sync::mpsc,
};
use tokio_util::codec::{Framed, LinesCodec};

use super::Args;

/// Everybody's channel, by address.
type Peers = Arc<Mutex<HashMap<SocketAddr, mpsc::UnboundedSender<String>>>>;

/// Serves until SIGTERM.
pub(crate) fn serve(args: &Args) -> Result<()> {
    Runtime::new()?.block_on(run(args.address))
}

async fn run(address: SocketAddr) -> Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let listener = TcpListener::bind(address).await?;
    println!("Listening on {}", listener.local_addr()?);
    let peers = Peers::default();
    loop {
        select! {
            accepted = listener.accept() => {
                let (stream, address) = accepted?;
                tokio::spawn(client(stream, address, Arc::clone(&peers)));
            }
            _ = terminate.recv() => return Ok(()),
        }
    }
}

/// Serves one client. What goes wrong with it ends it, and nobody else.
async fn client(stream: TcpStream, address: SocketAddr, peers: Peers) {
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let lock = || peers.lock().unwrap_or_else(PoisonError::into_inner);
    lock().insert(address, sender);
    let _ = stream.set_nodelay(true);
    let mut lines = Framed::new(stream, LinesCodec::new());
    let mut is_served = lines.send("welcome").await.is_ok();
    while is_served {
        select! {
            Some(line) = receiver.recv() => is_served = lines.send(line).await.is_ok(),
            line = lines.next() => match line {
                Some(Ok(line)) => {
                    for (peer, sender) in &*lock() {
                        if *peer != address {
                            // One that has just left hears nothing more.
                            let _ = sender.send(line.clone());
                        }
                    }
                }
                _ => is_served = false,
            },
        }
    }
    lock().remove(&address);
}
