//! Shows the ways to write a length, and what comes of it where the two sides mean
//! different ones.
//!
//!     cargo xtask run message-framing lengths

fn main() {
    // ANCHOR: story
    for length in [5_u32, 300, 70_000] {
        println!("{length}");
        println!("    text: {:02x?}", format!("{length}:").as_bytes());
        println!("    big endian: {:02x?}", length.to_be_bytes());
        println!("    little endian: {:02x?}", length.to_le_bytes());
        println!("    varint: {:02x?}", varint(length));
    }

    let sent = 5_u32.to_be_bytes();
    let read = u32::from_le_bytes(sent);
    println!("5, sent as big endian and read as little endian: {read}");
    // ANCHOR_END: story
}

// ANCHOR: varint
/// Seven bits a byte, the lowest ones first. The highest bit of a byte says that
/// another byte follows.
fn varint(mut number: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let [lowest, ..] = number.to_le_bytes();
        number >>= 7;
        if number == 0 {
            bytes.push(lowest);
            return bytes;
        }
        bytes.push(lowest | 0x80);
    }
}
// ANCHOR_END: varint
