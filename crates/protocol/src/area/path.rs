use super::Area;
use crate::{Error, Reason, Result};

/// Refuses a way through areas that comes back: once it has gone from an area to one that this area does not cover, it
/// never again goes to one that it covers.
///
/// Moving about inside an area is no loop: `us`, `us/ca`, `us/ny` is sound, and so is `us/ca`, `de`, `us/ny`, whose
/// areas cover nothing of each other. `us/ca`, `de`, `us/ca` is a loop.
///
/// ```
/// use tgp_protocol::{Code, area::check_path};
///
/// let path = |areas: &[&str]| areas.iter().map(|area| area.parse()).collect::<tgp_protocol::Result<Vec<_>>>();
/// check_path(&path(&["tai:us", "tai:us/ca", "tai:us/ny"])?)?;
/// let error = check_path(&path(&["tai:us/ca", "tai:de", "tai:us/ca"])?).unwrap_err();
/// assert_eq!((error.code(), error.field().to_string().as_str()), (Code::LoopDetected, "[2]"));
/// # Ok::<(), tgp_protocol::Error>(())
/// ```
///
/// # Errors
/// With `LOOP_DETECTED` and the place where the path comes back.
pub fn check_path(areas: &[Area]) -> Result<()> {
    for (place, area) in areas.iter().enumerate() {
        let came_back = areas[..place].iter().enumerate().any(|(earlier_place, earlier)| {
            let left = areas[earlier_place + 1..place].iter().any(|between| !earlier.covers(between));
            left && earlier.covers(area)
        });
        if came_back {
            return Err(Error::from(Reason::AreaLoop).within(place));
        }
    }
    Ok(())
}
