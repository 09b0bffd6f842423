use crate::Reason;

/// The major types of RFC 8949 that the data model uses; of the others only the number matters.
pub(super) mod major {
    pub(crate) const UNSIGNED: u8 = 0;
    pub(crate) const NEGATIVE: u8 = 1;
    pub(crate) const TEXT: u8 = 3;
    pub(crate) const ARRAY: u8 = 4;
    pub(crate) const MAP: u8 = 5;
    pub(crate) const TAG: u8 = 6;
    pub(crate) const SIMPLE: u8 = 7;
}

pub(super) const FALSE: u64 = 20;
pub(super) const TRUE: u64 = 21;
pub(super) const NULL: u64 = 22;

/// The tag of decimal fractions.
pub(super) const DECIMAL_FRACTION: u64 = 4;

/// How an item begins: its type and its number, which is a value, a length, a tag or a simple value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Head {
    pub(super) major: u8,
    pub(super) number: u64,
}

impl Head {
    /// Reads a head and what follows it.
    pub(super) fn read(bytes: &[u8]) -> Result<(Self, &[u8]), Reason> {
        let (first, rest) = bytes.split_first().ok_or(Reason::NotCbor)?;
        let (major, short) = (first >> 5, first & 0x1f);
        let width = match short {
            0..24 => return Ok((Self { major, number: short.into() }, rest)),
            24 => 1,
            // halves, singles and doubles have the heads of wide numbers
            25..28 if major == major::SIMPLE => return Err(Reason::CborFloat),
            25 => 2,
            26 => 4,
            27 => 8,
            31 if matches!(major, 2..=5) => return Err(Reason::IndefiniteLength),
            _ => return Err(Reason::NotCbor),
        };
        let (wide, rest) = rest.split_at_checked(width).ok_or(Reason::NotCbor)?;
        let number = wide.iter().fold(0, |number, byte| (number << 8) | u64::from(*byte));
        let fits = match width {
            1 => number < 24,
            half => number < 1 << (4 * half),
        };
        // below 32 the wide form of a simple value is not even well-formed
        if major == major::SIMPLE && number < 32 {
            return Err(Reason::NotCbor);
        }
        if fits { Err(Reason::NotShortest) } else { Ok((Self { major, number }, rest)) }
    }

    /// Writes the shortest form.
    pub(super) fn write(self, out: &mut Vec<u8>) {
        let first = self.major << 5;
        let wide = self.number.to_be_bytes();
        match self.number {
            0..24 => out.push(first | wide[7]),
            24..0x100 => out.extend([first | 24, wide[7]]),
            0x100..0x1_0000 => {
                out.push(first | 25);
                out.extend(&wide[6..]);
            }
            0x1_0000..0x1_0000_0000 => {
                out.push(first | 26);
                out.extend(&wide[4..]);
            }
            _ => {
                out.push(first | 27);
                out.extend(wide);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Head;
    use crate::Reason;

    /// Every width of every major type, at the numbers where it begins and ends.
    #[test]
    fn each_number_has_one_head() {
        let edges = [0, 23, 24, 0xff, 0x100, 0xffff, 0x1_0000, 0xffff_ffff, 0x1_0000_0000, u64::MAX];
        for major in 0..7 {
            for number in edges {
                let head = Head { major, number };
                let mut shortest = Vec::new();
                head.write(&mut shortest);
                assert_eq!(Head::read(&shortest), Ok((head, [].as_slice())));
                for (short, width) in [(24, 1), (25, 2), (26, 4), (27, 8)] {
                    if width < shortest.len() || (width < 8 && number >> (8 * width) != 0) {
                        continue;
                    }
                    let mut longer = vec![(major << 5) | short];
                    longer.extend(&number.to_be_bytes()[8 - width..]);
                    assert_eq!(Head::read(&longer), Err(Reason::NotShortest), "{longer:x?}");
                }
                for cut in 0..shortest.len() {
                    assert_eq!(Head::read(&shortest[..cut]), Err(Reason::NotCbor));
                }
            }
        }
    }

    #[test]
    fn reserved_and_indefinite_heads_are_refused() {
        for major in 0..8_u8 {
            for short in 28..31 {
                assert_eq!(Head::read(&[(major << 5) | short]), Err(Reason::NotCbor));
            }
            let indefinite = if (2..=5).contains(&major) { Reason::IndefiniteLength } else { Reason::NotCbor };
            assert_eq!(Head::read(&[(major << 5) | 31, 0xff]), Err(indefinite));
        }
    }
}
