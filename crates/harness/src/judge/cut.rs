//! Cutting a stream into pieces, as a network may.

/// Pieces of a stream in which one message comes again and again, each time cut in
/// two at the next place. A piece is the end of one message and the beginning of the
/// next, so after each piece there is one message to be printed. Once that is seen,
/// the piece has been read; and what is sent then is another piece, without a doubt.
///
/// A message of less than two bytes cannot be cut, and is given whole.
#[must_use]
pub fn in_two(message: &[u8]) -> Vec<Vec<u8>> {
    let [_, .., _] = message else {
        return vec![message.to_vec()];
    };
    let last = message.len() - 1;
    let mut pieces = vec![[message, &message[..1]].concat()];
    pieces.extend((1..last).map(|place| [&message[place..], &message[..=place]].concat()));
    pieces.push(message[last..].to_vec());
    pieces
}

/// Every way to cut a message: each place between two of its bytes is cut, or is not.
/// Of `n` bytes there are 2ⁿ⁻¹ ways, so the message should be short.
#[must_use]
pub fn in_every_way(message: &[u8]) -> Vec<Vec<&[u8]>> {
    let [_, _, ..] = message else {
        return vec![vec![message]];
    };
    let mut ways = vec![vec![message]];
    for place in 1..message.len() {
        let (first, rest) = message.split_at(place);
        for mut way in in_every_way(rest) {
            way.insert(0, first);
            ways.push(way);
        }
    }
    ways
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_piece_ends_a_message_and_begins_the_next() {
        let pieces = in_two(b"red\n");
        let expected: [&[u8]; 4] = [b"red\nr", b"ed\nre", b"d\nred", b"\n"];
        assert_eq!(pieces, expected);
    }

    #[test]
    fn what_cannot_be_cut_is_whole() {
        assert_eq!(in_two(b"r"), [b"r"]);
        assert_eq!(in_every_way(b"r"), [[b"r"]]);
    }

    #[test]
    fn no_way_to_cut_is_missing() {
        let expected: [&[&[u8]]; 4] = [
            &[b"abc"],
            &[b"a", b"bc"],
            &[b"a", b"b", b"c"],
            &[b"ab", b"c"],
        ];
        assert_eq!(in_every_way(b"abc"), expected);
    }

    #[test]
    fn every_way_is_another_one_and_gives_the_whole_message() {
        let ways = in_every_way(b"green\r\n");
        assert_eq!(ways.len(), 64);
        for (index, way) in ways.iter().enumerate() {
            assert_eq!(way.concat(), b"green\r\n");
            assert!(!ways[..index].contains(way));
        }
    }
}
