//! Small programs whose packets are kept in `tests/captures`, one a scene: what the
//! lessons' programs seldom show.
//!
//!     cargo run -p wire --example scenes -- keep-alive

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::thread;
use std::time::Duration;

use socket2::{Domain, SockRef, Socket, TcpKeepalive, Type};

fn main() -> io::Result<()> {
    match std::env::args().nth(1).as_deref() {
        Some("connections") => connections(),
        Some("ipv6") => ipv6(),
        Some("keep-alive") => keep_alive(),
        Some("closed-window") => closed_window(),
        #[cfg(target_os = "linux")]
        Some("lost") => lost(),
        Some("nobody-accepts") => nobody_accepts(),
        Some("port-again") => port_again(),
        Some("self-connect") => self_connect(),
        Some("udp") => udp(),
        Some("urgent") => urgent(),
        _ => Err(io::Error::other(
            "name a scene: connections, ipv6, keep-alive, closed-window, lost, nobody-accepts, port-again, self-connect, udp, urgent",
        )),
    }
}

/// A client, and the server's end of its connection.
fn pair() -> io::Result<(TcpStream, TcpStream)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let client = TcpStream::connect(listener.local_addr()?)?;
    let (server, _) = listener.accept()?;
    Ok((client, server))
}

/// Three connections at once; each is answered, and they end in another order.
fn connections() -> io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    let mut pairs = Vec::new();
    for _ in 0..3 {
        let client = TcpStream::connect(address)?;
        pairs.push((client, listener.accept()?.0));
    }
    for (nth, (client, server)) in (1..).zip(&mut pairs) {
        client.write_all(&vec![b'q'; nth * 10])?;
        server.read_exact(&mut vec![0; nth * 10])?;
        server.write_all(&vec![b'a'; nth * 100])?;
        client.read_exact(&mut vec![0; nth * 100])?;
    }
    for (client, mut server) in pairs.into_iter().rev() {
        drop(client);
        server.read_to_end(&mut Vec::new())?;
    }
    Ok(())
}

/// An exchange and a refusal over IPv6.
fn ipv6() -> io::Result<()> {
    let listener = TcpListener::bind((Ipv6Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    let mut client = TcpStream::connect(address)?;
    let (mut server, _) = listener.accept()?;
    client.write_all(b"over six\n")?;
    server.read_exact(&mut [0; 9])?;
    drop(server);
    client.read_to_end(&mut Vec::new())?;
    drop((client, listener));
    let refused = TcpStream::connect(address);
    println!("{:?}", refused.map_err(|error| error.kind()));
    Ok(())
}

/// A connection on which nothing happens, and one side asks whether the other is there.
fn keep_alive() -> io::Result<()> {
    let (mut client, mut server) = pair()?;
    let second = Duration::from_secs(1);
    let keep_alive = TcpKeepalive::new().with_time(second).with_interval(second);
    SockRef::from(&client).set_tcp_keepalive(&keep_alive)?;
    client.write_all(b"hello\n")?;
    server.read_exact(&mut [0; 6])?;
    thread::sleep(2 * second + second / 2);
    server.write_all(b"still here\n")?;
    client.read_exact(&mut [0; 11])?;
    Ok(())
}

/// A reader that is slow, until its writer has to wait, and then reads everything.
fn closed_window() -> io::Result<()> {
    let listening = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    listening.set_recv_buffer_size(4096)?;
    listening.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())?;
    listening.listen(1)?;
    let listener = TcpListener::from(listening);
    let mut client = TcpStream::connect(listener.local_addr()?)?;
    SockRef::from(&client).set_send_buffer_size(4096)?;
    let (mut server, _) = listener.accept()?;

    client.set_nonblocking(true)?;
    let mut sent = 0;
    while let Ok(n) = client.write(&[b'w'; 1000]) {
        sent += n;
    }
    thread::sleep(Duration::from_secs(1));
    let reader = thread::spawn(move || server.read_to_end(&mut Vec::new()));
    client.set_nonblocking(false)?;
    client.write_all(b"the end\n")?;
    drop(client);
    let received = reader
        .join()
        .map_err(|_| io::Error::other("the reader panicked"))??;
    println!("sent {}, received {received}", sent + 8);
    Ok(())
}

/// Segments that the receiver's kernel loses, until they are sent again.
#[cfg(target_os = "linux")]
fn lost() -> io::Result<()> {
    let (mut client, mut server) = pair()?;
    client.set_nodelay(true)?;
    client.write_all(b"arrives\n")?;
    server.read_exact(&mut [0; 8])?;

    // BPF_RET with the constant 0: nothing passes.
    let nothing = socket2::SockFilter::new(0x06, 0, 0, 0);
    SockRef::from(&server).attach_filter(&[nothing])?;
    for line in ["lost\n", "lost too\n", "lost as well\n"] {
        client.write_all(line.as_bytes())?;
    }
    drop(client);
    thread::sleep(Duration::from_millis(500));
    SockRef::from(&server).detach_filter()?;
    server.read_to_end(&mut Vec::new())?;
    Ok(())
}

/// A SYN that is sent again, since the listener's queue is full.
fn nobody_accepts() -> io::Result<()> {
    let listening = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    listening.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())?;
    listening.listen(0)?;
    let listener = TcpListener::from(listening);
    let address = listener.local_addr()?;
    let first = TcpStream::connect(address)?;
    let second = thread::spawn(move || TcpStream::connect(address));
    thread::sleep(Duration::from_millis(500));
    drop((listener.accept()?, first));
    let second = second
        .join()
        .map_err(|_| io::Error::other("the client panicked"))??;
    drop((listener.accept()?, second));
    Ok(())
}

/// A client that connects twice from the same port.
fn port_again() -> io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let mut port = 0;
    for word in [b"once\n", b"more\n"] {
        let client = Socket::new(Domain::IPV4, Type::STREAM, None)?;
        client.set_reuse_address(true)?;
        client.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, port)).into())?;
        client.connect(&listener.local_addr()?.into())?;
        let mut client = TcpStream::from(client);
        port = client.local_addr()?.port();
        let (mut server, _) = listener.accept()?;
        // The server ends the connection first, so its side waits, not the client's.
        server.write_all(word)?;
        drop(server);
        client.read_to_end(&mut Vec::new())?;
    }
    Ok(())
}

/// A socket that connects to itself.
fn self_connect() -> io::Result<()> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())?;
    socket.connect(&socket.local_addr()?)?;
    let mut stream = TcpStream::from(socket);
    stream.write_all(b"hello, me\n")?;
    stream.read_exact(&mut [0; 10])?;
    Ok(())
}

/// A question and an answer without a connection, and a port where nobody is.
fn udp() -> io::Result<()> {
    let server = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    let client = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    client.connect(server.local_addr()?)?;
    client.send(b"ping")?;
    let (_, asking) = server.recv_from(&mut [0; 4])?;
    server.send_to(b"pong!", asking)?;
    client.recv(&mut [0; 5])?;
    drop(server);
    client.send(b"anybody?")?;
    Ok(())
}

/// A byte out of band.
fn urgent() -> io::Result<()> {
    let (mut client, mut server) = pair()?;
    client.write_all(b"calm")?;
    SockRef::from(&client).send_out_of_band(b"!")?;
    drop(client);
    server.read_to_end(&mut Vec::new())?;
    Ok(())
}
