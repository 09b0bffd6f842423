use crate::{
    Error, Reason, Result,
    json::{Object, Value},
    wire::{Kind, Plane},
};

/// The version that is spoken. Minor versions under the same major are understood.
pub const VERSION: &str = "0.1";

const MAJOR: &str = "0.";

/// Refuses another major version, and two members that contradict each other.
pub(super) fn check_version(object: &Object, kind: Kind) -> Result<()> {
    match kind.plane() {
        Plane::Exact => {
            let member = kind.discriminator();
            let one = object
                .get(member)
                .is_some_and(|value| matches!(value, Value::Number(number) if number.as_u64() == Some(1)));
            if one { Ok(()) } else { Err(Error::from(Reason::OtherCount).within(member)) }
        }
        plane @ (Plane::Buyer | Plane::Gateway) => {
            let (now, once) = (object.given("tgp_version"), object.given("vgp_version"));
            if now.is_some() && once.is_some() && now != once {
                return Err(Error::from(Reason::TwoVersions).within("vgp_version"));
            }
            let member = if now.is_some() || once.is_none() { "tgp_version" } else { "vgp_version" };
            let Some(value) = now.or(once) else {
                // the documents' own messages of plane B have none
                let missing = || Error::from(Reason::Missing).within(member);
                return if plane == Plane::Buyer { Ok(()) } else { Err(missing()) };
            };
            let text = value.as_str().ok_or_else(|| Error::from(Reason::WrongType).within(member))?;
            let minor = text
                .strip_prefix(MAJOR)
                .is_some_and(|minor| (1..=9).contains(&minor.len()) && minor.bytes().all(|byte| byte.is_ascii_digit()));
            if minor { Ok(()) } else { Err(Error::from(Reason::OtherVersion).within(member)) }
        }
    }
}
