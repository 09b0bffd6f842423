use crate::Reason;

/// Elements below this code point may be passed over, those from it on must be understood.
const CRITICAL: u8 = 0x80;

/// Holds elements that may be passed over even where their code points are critical.
const WRAPPER: u8 = 0x7e;

const MAC: u8 = 0xff;

/// The parts of an information block, with their code points and the members that they are.
pub(super) const PARTS: [(u8, Part); 8] = [
    (0xa0, Part::Meta("v")),
    (0xa1, Part::Meta("nonce")),
    (0xa2, Part::Meta("exp")),
    (0xa3, Part::Meta("trace_id")),
    (0xc8, Part::Member("l8_value")),
    (0xc9, Part::Member("l9_identity")),
    (0xca, Part::Member("l10_policy")),
    (0xf0, Part::Member("crypto")),
];

/// Where an element's value stands in the object.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Part {
    /// A member of `meta`.
    Meta(&'static str),
    /// A member of the object itself.
    Member(&'static str),
}

/// What a code point says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Meaning {
    Part(Part),
    Wrapper,
    Mac,
    Optional,
    Critical,
}

impl Meaning {
    pub(super) fn of(code: u8) -> Self {
        match code {
            WRAPPER => Self::Wrapper,
            MAC => Self::Mac,
            _ => match PARTS.iter().find(|(known, _)| *known == code) {
                Some((_, part)) => Self::Part(*part),
                None if code < CRITICAL => Self::Optional,
                None => Self::Critical,
            },
        }
    }
}

/// One element, as it stands in a frame.
pub(super) struct Element<'b> {
    pub(super) code: u8,
    pub(super) value: &'b [u8],
}

/// Takes the first element off; `None` at the end.
pub(super) fn next<'b>(rest: &mut &'b [u8]) -> Result<Option<Element<'b>>, Reason> {
    let Some((&code, after)) = rest.split_first() else { return Ok(None) };
    let (length, after) = after.split_first_chunk::<4>().ok_or(Reason::NotTlv)?;
    let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| Reason::NotTlv)?;
    let (value, after) = after.split_at_checked(length).ok_or(Reason::NotTlv)?;
    *rest = after;
    Ok(Some(Element { code, value }))
}

/// Writes one element.
pub(super) fn write(code: u8, value: &[u8], out: &mut Vec<u8>) -> Result<(), Reason> {
    let length = u32::try_from(value.len()).map_err(|_| Reason::TooLarge)?;
    out.push(code);
    out.extend(length.to_be_bytes());
    out.extend(value);
    Ok(())
}

/// Writes the element that ends a frame of two peers who share a key.
pub(super) fn write_mac(mac: &[u8; 32], out: &mut Vec<u8>) -> Result<(), Reason> {
    write(MAC, mac, out)
}
