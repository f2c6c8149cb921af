//! A tap on a namespace's loopback: two packet sockets, opened by the init before its
//! program starts, and handed to the parent.
//!
//! On the loopback each packet is seen twice: on its way out, and on its way in. The first
//! socket, the *ring*, keeps what is on its way out. The kernel shows it that in the course
//! of sending, so nothing that a process has sent can be missed once the process has ended.
//! The second, the *counter*, only counts what is on its way in. As many in as out: then
//! nothing is under way, and no answer is still to come.
//!
//! See packet(7), and the kernel's `Documentation/networking/packet_mmap.rst`.

use std::ffi::c_int;

use super::{
    call::call,
    kernel::{CONTROL, address, address_mut, close, receive_byte, syscall},
    protocol::{Message, Request},
};

/// What an init is told of its tap.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tap {
    /// How the ring is laid out.
    pub(crate) geometry: Geometry,
    /// How many bytes of a packet are kept at most.
    pub(crate) snap: u32,
}

/// A ring: blocks of memory that are cut into frames, each for one packet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Geometry {
    /// Bytes of a block, a multiple of the size of a page.
    pub(crate) block: u32,
    pub(crate) blocks: u32,
    /// Bytes of a frame, a multiple of 16: 66 for the kernel, the rest for the packet.
    pub(crate) frame: u32,
}

impl Geometry {
    pub(super) fn frames_in_block(self) -> u32 {
        self.block / self.frame
    }

    pub(super) fn frames(self) -> u32 {
        self.frames_in_block() * self.blocks
    }
}

/// Opens the ring and the counter.
pub(super) fn open(tap: &Tap) -> Result<[c_int; 2], c_int> {
    let ring = socket()?;
    set(ring, libc::SOL_PACKET, libc::PACKET_VERSION, &V2)?;
    let Geometry {
        block,
        blocks,
        frame,
    } = tap.geometry;
    let request = [block, blocks, frame, tap.geometry.frames()];
    set(ring, libc::SOL_PACKET, libc::PACKET_RX_RING, &request)?;
    keep(ring, Way::Out, tap.snap)?;

    let counter = socket()?;
    // It counts what it has no room for as well, and should not hold what nobody reads.
    set(counter, libc::SOL_SOCKET, libc::SO_RCVBUF, &0)?;
    keep(counter, Way::In, 1)?;

    // The counter first: it must not miss the other half of what the ring has seen.
    listen(counter)?;
    listen(ring)?;
    Ok([ring, counter])
}

/// `TPACKET_V2`: frames of one size, each of which is there as soon as it is filled.
const V2: c_int = 1;

/// On which way a packet is.
#[derive(Clone, Copy)]
enum Way {
    Out,
    In,
}

/// A packet socket to which nothing comes yet.
fn socket() -> Result<c_int, c_int> {
    let kind = libc::SOCK_RAW | libc::SOCK_CLOEXEC;
    let socket = syscall(
        libc::SYS_socket,
        [libc::AF_PACKET as usize, kind as usize, 0],
    )?;
    Ok(socket as c_int)
}

/// Lets through what is on this way, and so many bytes of it.
fn keep(socket: c_int, way: Way, bytes: u32) -> Result<(), c_int> {
    let (out, other) = match way {
        Way::Out => (bytes, 0),
        Way::In => (0, bytes),
    };
    let kind_of_packet = (libc::SKF_AD_OFF + libc::SKF_AD_PKTTYPE).cast_unsigned();
    let step = |code: u32, jt, jf, k| libc::sock_filter {
        code: code as u16,
        jt,
        jf,
        k,
    };
    let filter = [
        step(
            libc::BPF_LD | libc::BPF_B | libc::BPF_ABS,
            0,
            0,
            kind_of_packet,
        ),
        step(
            libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K,
            0,
            1,
            libc::PACKET_OUTGOING.into(),
        ),
        step(libc::BPF_RET | libc::BPF_K, 0, 0, out),
        step(libc::BPF_RET | libc::BPF_K, 0, 0, other),
    ];
    let program = libc::sock_fprog {
        len: filter.len() as u16,
        filter: filter.as_ptr().cast_mut(),
    };
    set(socket, libc::SOL_SOCKET, libc::SO_ATTACH_FILTER, &program)
}

/// From now on the socket gets what passes the loopback.
fn listen(socket: c_int) -> Result<(), c_int> {
    /// The loopback's number, the same in every network namespace.
    const LOOPBACK: c_int = 1;
    let all = (libc::ETH_P_ALL as u16).to_be();
    let address_of_loopback = libc::sockaddr_ll {
        sll_family: libc::AF_PACKET as u16,
        sll_protocol: all,
        sll_ifindex: LOOPBACK,
        sll_hatype: 0,
        sll_pkttype: 0,
        sll_halen: 0,
        sll_addr: [0; 8],
    };
    // SAFETY: the address lives through the call, and has the size that it is said to.
    unsafe {
        call(
            libc::SYS_bind,
            [
                socket as usize,
                address(&address_of_loopback),
                size_of::<libc::sockaddr_ll>(),
            ],
        )
    }
    .map(drop)
}

fn set<T>(socket: c_int, level: c_int, name: c_int, value: &T) -> Result<(), c_int> {
    // SAFETY: the value lives through the call, and has the size that it is said to; it
    // points, if at all, to what its caller keeps.
    unsafe {
        call(
            libc::SYS_setsockopt,
            [
                socket as usize,
                level as usize,
                name as usize,
                address(value),
                size_of::<T>(),
            ],
        )
    }
    .map(drop)
}

/// Sockets on their way to another process, as cmsg(3) and unix(7) have them.
#[repr(C)]
pub(super) struct Rights {
    pub(super) length: usize,
    pub(super) level: c_int,
    pub(super) kind: c_int,
    pub(super) sockets: [c_int; 2],
}

impl Rights {
    pub(super) fn of(sockets: [c_int; 2]) -> Self {
        Self {
            length: size_of::<Self>(),
            level: libc::SOL_SOCKET,
            kind: libc::SCM_RIGHTS,
            sockets,
        }
    }
}

/// Hands the two sockets to the parent, with the word that all is ready.
pub(super) fn hand_over(sockets: [c_int; 2]) -> Result<(), c_int> {
    /// A `user_msghdr` of the kernel.
    #[repr(C)]
    struct Header {
        name: usize,
        name_length: u32,
        pieces: usize,
        number_of_pieces: usize,
        control: usize,
        control_length: usize,
        flags: u32,
    }
    let bytes = Message::Ready.to_bytes();
    let piece = [address(&bytes), bytes.len()];
    let mut rights = Rights::of(sockets);
    let header = Header {
        name: 0,
        name_length: 0,
        pieces: address(&piece),
        number_of_pieces: 1,
        control: address_mut(&mut rights),
        control_length: size_of::<Rights>(),
        flags: 0,
    };
    let flags = libc::MSG_NOSIGNAL as usize;
    // SAFETY: the header, and all that it points to, live through the call.
    let sent = unsafe {
        call(
            libc::SYS_sendmsg,
            [CONTROL as usize, address(&header), flags],
        )
    };
    // Who closes a packet socket last waits for the kernel. That is not the init.
    for socket in sockets {
        close(socket);
    }
    sent.map(drop)
}

/// Waits until the parent says that the program may start; false if it may not.
pub(super) fn may_start() -> bool {
    loop {
        match receive_byte(CONTROL, 0) {
            Err(libc::EINTR) => {}
            Ok(Some(Request::GO)) => return true,
            _ => return false,
        }
    }
}
