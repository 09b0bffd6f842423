use super::{
    MacKey,
    element::{Meaning, Part, next},
};
use crate::{
    Reason, Result, cbor,
    json::{Limits, Object, Value},
};

/// Reads a frame that has no MAC.
///
/// # Errors
/// With `UNSUPPORTED` for a critical code point that is unknown here and for a MAC; with `INVALID_QUERY` for what is no
/// frame, and for a value that is not deterministic CBOR, under the name of its member.
pub fn decode(bytes: &[u8]) -> Result<Object> {
    let frame = Frame::read(bytes)?;
    if frame.mac.is_some() { Err(Reason::UnexpectedMac.into()) } else { Ok(frame.into_object()) }
}

/// Reads a frame of a peer with whom a key is shared, and checks its MAC.
///
/// # Errors
/// With `SIG_INVALID` when the MAC is missing or wrong; otherwise as [`decode`].
pub fn decode_with_mac(bytes: &[u8], key: &MacKey) -> Result<Object> {
    let frame = Frame::read(bytes)?;
    let (covered, mac) = frame.mac.ok_or(Reason::MissingMac)?;
    key.verify(covered, mac)?;
    Ok(frame.into_object())
}

struct Frame<'b> {
    meta: Object,
    object: Object,
    /// The bytes that the MAC covers, and the MAC.
    mac: Option<(&'b [u8], &'b [u8])>,
    /// Code points that were there.
    seen: [bool; 256],
}

impl<'b> Frame<'b> {
    fn read(bytes: &'b [u8]) -> Result<Self> {
        if bytes.len() > Limits::MESSAGE.bytes {
            return Err(Reason::TooLarge.into());
        }
        let mut frame = Self { meta: Object::default(), object: Object::default(), mac: None, seen: [false; 256] };
        let mut rest = bytes;
        loop {
            let covered = &bytes[..bytes.len() - rest.len()];
            let Some(element) = next(&mut rest)? else { return Ok(frame) };
            if frame.mac.is_some() {
                return Err(Reason::MisplacedElement.into());
            }
            frame.see(element.code)?;
            match Meaning::of(element.code) {
                Meaning::Part(part) => frame.take(part, element.value)?,
                Meaning::Wrapper => frame.unwrap(element.value)?,
                Meaning::Mac => frame.mac = Some((covered, element.value)),
                Meaning::Optional => {}
                Meaning::Critical => return Err(Reason::CriticalElement.into()),
            }
        }
    }

    /// Reads what stands in the wrapper: known elements count as if they stood outside, unknown ones are passed over.
    fn unwrap(&mut self, mut rest: &'b [u8]) -> Result<()> {
        while let Some(element) = next(&mut rest)? {
            self.see(element.code)?;
            match Meaning::of(element.code) {
                Meaning::Part(part) => self.take(part, element.value)?,
                Meaning::Wrapper | Meaning::Mac => return Err(Reason::MisplacedElement.into()),
                Meaning::Optional | Meaning::Critical => {}
            }
        }
        Ok(())
    }

    fn see(&mut self, code: u8) -> Result<(), Reason> {
        let seen = std::mem::replace(&mut self.seen[usize::from(code)], true);
        if seen { Err(Reason::DuplicateElement) } else { Ok(()) }
    }

    fn take(&mut self, part: Part, bytes: &[u8]) -> Result<()> {
        // the same block in JSON has the levels around this value, too
        let depth = Limits::MESSAGE.depth - if matches!(part, Part::Meta(_)) { 2 } else { 1 };
        let value = cbor::decode_within(bytes, &Limits { depth, ..Limits::MESSAGE }).map_err(|error| match part {
            Part::Meta(name) => error.within(name).within("meta"),
            Part::Member(name) => error.within(name),
        })?;
        match part {
            Part::Meta(name) => self.meta.insert(name, value),
            Part::Member(name) => self.object.insert(name, value),
        };
        Ok(())
    }

    fn into_object(mut self) -> Object {
        if !self.meta.is_empty() {
            self.object.insert("meta", Value::Object(self.meta));
        }
        self.object
    }
}
