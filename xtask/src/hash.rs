//! A hash that is the same on every machine, and of every version of this command.

/// The hash function FNV-1a with 64 bits: simple, and the same for ever.
/// <https://datatracker.ietf.org/doc/html/rfc9923>
pub(crate) fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
