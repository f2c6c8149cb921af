//! How far a text of a built-in kind may reach from a place in a line.

use std::{
    cell::OnceCell,
    net::{IpAddr, SocketAddrV6},
};

use crate::{
    chars::{Chars, is_blank},
    fill::UNITS,
    kinds::Kind,
};

/// The places where a text may end: two stretches at most.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Ends {
    /// First and last of the stretch, both included; `None` where there is none.
    pub(crate) stretches: [Option<(usize, usize)>; 2],
}

/// For each place of a line, where runs of one class of characters end.
pub(crate) struct Runs {
    digits: Vec<u32>,
    hex: Vec<u32>,
    zeros: Vec<u32>,
    word: Vec<u32>,
    /// Where addresses may end, as [`ip_ends`] says it; found when it is asked for.
    ip: OnceCell<Vec<u64>>,
}

/// How far the longest address can reach: `::ffff:255.255.255.255` and the like.
const LONGEST_IP: usize = 45;

impl Runs {
    pub(crate) fn new(text: &[u8], chars: &Chars<'_>) -> Self {
        Self {
            digits: run_ends(text, u8::is_ascii_digit),
            hex: run_ends(text, u8::is_ascii_hexdigit),
            zeros: run_ends(text, |byte| *byte == b'0'),
            word: word_ends(text, chars),
            ip: OnceCell::new(),
        }
    }

    /// Where an IP address may end that begins at `at`: bit n for `at + n + 1`.
    pub(crate) fn ip(&self, text: &[u8], at: usize) -> u64 {
        let ends = self
            .ip
            .get_or_init(|| (0..text.len()).map(|at| ip_ends(text, at)).collect());
        ends.get(at).copied().unwrap_or(0)
    }

    pub(crate) fn digits(&self, at: usize) -> usize {
        self.digits[at] as usize
    }

    pub(crate) fn zeros(&self, at: usize) -> usize {
        self.zeros[at] as usize
    }

    fn hex(&self, at: usize) -> usize {
        self.hex[at] as usize
    }

    fn word(&self, at: usize) -> usize {
        self.word[at] as usize
    }

    /// Where a text of this kind, but for `ip`, may end that begins at `at`.
    pub(crate) fn ends(&self, text: &[u8], at: usize, kind: Kind) -> Ends {
        match kind {
            Kind::Port => self.port_ends(text, at),
            Kind::Number => self.number_ends(text, at),
            Kind::Duration => self.duration_ends(text, at),
            Kind::Addr => self.addr_ends(text, at),
            Kind::Hex => Ends::stretch(at + 1, self.hex(at)),
            Kind::Word => Ends::stretch(at + 1, self.word(at)),
            Kind::Any => Ends::stretch(at + 1, text.len()),
            Kind::Ip | Kind::Own(_) => Ends::default(),
        }
    }

    fn port_ends(&self, text: &[u8], at: usize) -> Ends {
        if text.get(at) == Some(&b'0') {
            return Ends::default();
        }
        let most = self.digits(at).min(at + 5);
        let fits = most < at + 5 || text[at..most] <= b"65535"[..];
        Ends::stretch(at + 1, if fits { most } else { most - 1 })
    }

    fn number_ends(&self, text: &[u8], at: usize) -> Ends {
        let digits = at + usize::from(text.get(at) == Some(&b'-'));
        let whole = self.digits(digits);
        if whole == digits {
            return Ends::default();
        }
        let mut ends = Ends::stretch(digits + 1, whole);
        if text.get(whole) == Some(&b'.') {
            ends.stretches[1] = stretch(whole + 2, self.digits(whole + 1));
        }
        ends
    }

    /// A number is followed by its unit, so it takes all the digits there are.
    fn duration_ends(&self, text: &[u8], at: usize) -> Ends {
        let whole = self.digits(at);
        if whole == at {
            return Ends::default();
        }
        let mut number = whole;
        if text.get(whole) == Some(&b'.') {
            number = self.digits(whole + 1);
            if number == whole + 1 {
                return Ends::default();
            }
        }
        let mut ends = UNITS
            .iter()
            .filter(|unit| text[number..].starts_with(unit))
            .map(|unit| number + unit.len());
        Ends {
            stretches: [ends.next(), ends.next()].map(|end| end.map(|end| (end, end))),
        }
    }

    /// The port of an address may have any number of leading zeros; so says `std::net`.
    fn addr_ends(&self, text: &[u8], at: usize) -> Ends {
        let Some(port) = port_of_address(text, at) else {
            return Ends::default();
        };
        let last = self.digits(port);
        let significant = self.zeros(port).min(last);
        let most = last.min(significant + 5);
        let fits = most < significant + 5 || text[significant..most] <= b"65535"[..];
        Ends::stretch(port + 1, if fits { most } else { most - 1 })
    }
}

impl Ends {
    fn stretch(first: usize, last: usize) -> Self {
        Self {
            stretches: [stretch(first, last), None],
        }
    }
}

fn stretch(first: usize, last: usize) -> Option<(usize, usize)> {
    (first <= last).then_some((first, last))
}

/// For each place of the text, and the one after it, where the run ends that it begins.
fn run_ends(text: &[u8], belongs: impl Fn(&u8) -> bool) -> Vec<u32> {
    let mut ends = vec![as_u32(text.len()); text.len() + 1];
    for at in (0..text.len()).rev() {
        ends[at] = if belongs(&text[at]) {
            ends[at + 1]
        } else {
            as_u32(at)
        };
    }
    ends
}

fn word_ends(text: &[u8], chars: &Chars<'_>) -> Vec<u32> {
    if text.is_ascii() {
        return run_ends(text, |byte| !matches!(byte, b' ' | b'\t'));
    }
    let mut ends = vec![as_u32(text.len()); text.len() + 1];
    let mut after = text.len();
    while let Some(at) = chars.previous(after) {
        let blank = std::str::from_utf8(&text[at..after])
            .is_ok_and(|character| character.contains(is_blank));
        ends[at] = if blank { as_u32(at) } else { ends[after] };
        after = at;
    }
    ends
}

/// Lines are parts of a text whose length has been seen to fit.
fn as_u32(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// The longest text of this kind that begins at `at`, without a look at what
/// follows. Not for `any` and kinds of the page's own.
pub(crate) fn most(text: &[u8], at: usize, kind: Kind) -> Option<usize> {
    let run = |from: usize, belongs: fn(&u8) -> bool| {
        from + text[from..].iter().take_while(|byte| belongs(byte)).count()
    };
    let digits = |from| run(from, u8::is_ascii_digit);
    let end = match kind {
        Kind::Port => digits(at).min(at + 5),
        Kind::Number => {
            let whole = digits(at + usize::from(text.get(at) == Some(&b'-')));
            let fraction = (text.get(whole) == Some(&b'.')).then(|| digits(whole + 1));
            fraction.filter(|end| *end > whole + 1).unwrap_or(whole)
        }
        Kind::Duration => {
            let whole = digits(at);
            let number = if text.get(whole) == Some(&b'.') {
                digits(whole + 1)
            } else {
                whole
            };
            let unit = UNITS
                .iter()
                .filter(|unit| text[number..].starts_with(unit))
                .max_by_key(|unit| unit.len())?;
            number + unit.len()
        }
        Kind::Hex => run(at, u8::is_ascii_hexdigit),
        Kind::Word => most_of_word(text, at),
        Kind::Ip => last_of(ip_ends(text, at))? + at + 1,
        Kind::Addr => digits(port_of_address(text, at)?),
        Kind::Any | Kind::Own(_) => return None,
    };
    (end > at).then_some(end)
}

fn most_of_word(text: &[u8], at: usize) -> usize {
    let stop = |byte: &u8| matches!(byte, b' ' | b'\t');
    let end = text[at..]
        .iter()
        .position(stop)
        .map_or(text.len(), |run| at + run);
    if text[at..end].is_ascii() {
        return end;
    }
    let mut at = at;
    for chunk in text[at..end].utf8_chunks() {
        if let Some(blank) = chunk.valid().find(is_blank) {
            return at + blank;
        }
        at += chunk.valid().len() + chunk.invalid().len();
    }
    end
}

/// See [`Runs::ip`].
fn ip_ends(text: &[u8], at: usize) -> u64 {
    let belongs = |byte: &u8| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.');
    let run = text[at..]
        .iter()
        .take(LONGEST_IP)
        .take_while(|byte| belongs(byte))
        .count();
    let run = &text[at..at + run];
    let (mut colons, mut dots, mut gap, mut ends) = (0, 0, false, 0);
    for (nth, byte) in run.iter().enumerate() {
        colons += usize::from(*byte == b':');
        dots += usize::from(*byte == b'.');
        gap |= run[..=nth].ends_with(b"::");
        // What cannot be an address for its separators need not be parsed.
        let may_be = match (colons, dots) {
            (0 | 6, 3) | (7, 0) => true,
            (1..=8, 0 | 3) => gap,
            _ => false,
        };
        if may_be
            && std::str::from_utf8(&run[..=nth]).is_ok_and(|text| text.parse::<IpAddr>().is_ok())
        {
            ends |= 1 << nth;
        }
    }
    ends
}

fn last_of(ends: u64) -> Option<usize> {
    ends.checked_ilog2().map(|last| last as usize)
}

/// Where the port begins of a socket address that begins at `at`.
fn port_of_address(text: &[u8], at: usize) -> Option<usize> {
    let rest = &text[at..];
    let port = match rest.first()? {
        b'[' => {
            let inner = |byte: &u8| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.' | b'%');
            let close = 1 + rest[1..].iter().take_while(|byte| inner(byte)).count();
            (rest[close..].starts_with(b"]:")).then_some(close + 2)?
        }
        b'0'..=b'9' => {
            let inner = |byte: &&u8| byte.is_ascii_digit() || **byte == b'.';
            let colon = rest.iter().take(16).take_while(inner).count();
            (rest.get(colon) == Some(&b':')).then_some(colon + 1)?
        }
        _ => return None,
    };
    if !rest.get(port)?.is_ascii_digit() {
        return None;
    }
    let head = std::str::from_utf8(&rest[..=port]).ok()?;
    let parses = if rest[0] == b'[' {
        head.parse::<SocketAddrV6>().is_ok()
    } else {
        head.parse::<std::net::SocketAddrV4>().is_ok()
    };
    parses.then_some(at + port)
}
