//! Bytes for several defects, each with some of its own, so that to take one away leaves the others as they were.

use arbitrary::Unstructured;

/// How many bytes each defect is chosen by and drawn from.
const SLOT: usize = 16;

/// Of how many draws, in percent, each slot holds a defect.
const HELD: [usize; 3] = [85, 40, 25];

/// How many bytes all slots have together.
pub(super) const ALL: usize = SLOT * HELD.len();

/// The bytes of the next slot; fewer where the input ends.
pub(super) fn slot<'a>(u: &mut Unstructured<'a>) -> arbitrary::Result<Unstructured<'a>> {
    u.bytes(u.len().min(SLOT)).map(Unstructured::new)
}

/// Up to three things of a table, each with the bytes to draw its details from. Zeros are nothing.
pub(super) fn choose<'a, T>(
    u: &mut Unstructured<'a>,
    table: &[&'static T],
) -> arbitrary::Result<Vec<(&'static T, Unstructured<'a>)>> {
    let mut chosen = Vec::new();
    for held in HELD {
        let mut slot = slot(u)?;
        let last = u16::try_from(table.len() * 100 / held).unwrap_or(u16::MAX);
        let number = usize::from(slot.int_in_range(0..=last)?);
        if let Some(thing) = number.checked_sub(1).and_then(|at| table.get(at)) {
            chosen.push((*thing, slot));
        }
    }
    Ok(chosen)
}

#[cfg(test)]
mod tests {
    use super::*;

    static TABLE: &[&u8] = &[&1, &2, &3, &4, &5];

    fn things(bytes: &[u8]) -> Vec<u8> {
        choose(&mut Unstructured::new(bytes), TABLE).unwrap().into_iter().map(|(thing, _)| *thing).collect()
    }

    #[test]
    fn each_slot_is_for_itself() {
        let mut bytes = [0; 48];
        assert_eq!(things(&bytes), [0u8; 0]);
        (bytes[0], bytes[16], bytes[32]) = (1, 2, 3);
        assert_eq!(things(&bytes), [1, 2, 3]);
        bytes[16] = 0;
        assert_eq!(things(&bytes), [1, 3]);
        bytes[1..16].fill(9);
        assert_eq!(things(&bytes), [1, 3], "details choose nothing");
        assert_eq!(things(&bytes[..20]), [1]);
        assert_eq!(things(&[]), [0u8; 0]);
    }

    #[test]
    fn slots_hold_something_as_often_as_said() {
        let held = |slot: usize| {
            (0..=255).filter(move |byte| {
                let mut bytes = [0; 48];
                bytes[slot * 16] = *byte;
                !things(&bytes).is_empty()
            })
        };
        for (slot, percent) in HELD.into_iter().enumerate() {
            let counted = held(slot).count() * 100 / 256;
            assert!(counted.abs_diff(percent) <= 4, "slot {slot}: {counted} percent");
        }
    }
}
