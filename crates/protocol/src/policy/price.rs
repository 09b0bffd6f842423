use crate::value::{Decimal, Symbol};
use alloy_primitives::U512;
use std::{
    cmp::Ordering,
    collections::{HashMap, hash_map::Entry},
};

/// What whole units of assets are worth in dollars, as the ledger summaries say that a quote names.
///
/// Two summaries may differ: the higher price counts against an upper limit and the lower one against a lower limit,
/// whatever their order.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Prices(HashMap<Symbol, Range>);

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Range {
    low: Decimal,
    high: Decimal,
}

impl Prices {
    /// No price at all: every limit in dollars refuses.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// From the pairs of ledger summaries, such as `USDCUSD`. Pairs of other currencies do not count, and neither does
    /// a price of zero, which would let everything pass.
    #[must_use]
    pub fn from_midprices<'p>(pairs: impl IntoIterator<Item = (&'p str, Decimal)>) -> Self {
        let mut prices = HashMap::new();
        for (pair, price) in pairs {
            let symbol = pair.strip_suffix("USD").and_then(|symbol| symbol.parse::<Symbol>().ok());
            let Some(symbol) = symbol.filter(|_| !price.parts().0.is_zero()) else { continue };
            match prices.entry(symbol) {
                Entry::Vacant(place) => {
                    place.insert(Range { low: price, high: price });
                }
                Entry::Occupied(mut place) => {
                    let range: &mut Range = place.get_mut();
                    range.low = range.low.min(price);
                    range.high = range.high.max(price);
                }
            }
        }
        Self(prices)
    }

    /// Compares the highest worth of so much of an asset with a limit; `None` without a price.
    pub(super) fn most(&self, asset: &Symbol, units: Decimal, limit: Decimal) -> Option<Ordering> {
        self.0.get(asset).map(|range| compare(units, range.high, limit))
    }

    /// Compares the lowest worth of so much of an asset with a limit; `None` without a price.
    pub(super) fn least(&self, asset: &Symbol, units: Decimal, limit: Decimal) -> Option<Ordering> {
        self.0.get(asset).map(|range| compare(units, range.low, limit))
    }
}

/// Compares `units * price` with `limit`, exactly.
fn compare(units: Decimal, price: Decimal, limit: Decimal) -> Ordering {
    let ((units, units_places), (price, price_places), (limit, limit_places)) =
        (units.parts(), price.parts(), limit.parts());
    let product: U512 = units.widening_mul(price);
    let (places, limit_places) = (u32::from(units_places) + u32::from(price_places), u32::from(limit_places));
    let scale = |by: u32| U512::from(10).checked_pow(U512::from(by));
    let limit = U512::from_limbs_slice(limit.as_limbs());
    if places >= limit_places {
        // a decimal has at most 36 places, so this is below 2^256 * 10^72 < 2^512
        scale(places - limit_places)
            .and_then(|scale| limit.checked_mul(scale))
            .map_or(Ordering::Less, |limit| product.cmp(&limit))
    } else {
        // a product beyond 2^512 is above every limit
        scale(limit_places - places)
            .and_then(|scale| product.checked_mul(scale))
            .map_or(Ordering::Greater, |product| product.cmp(&limit))
    }
}

/// Whether `part` is at most so many basis points of `whole`.
pub(super) fn within_bps(part: Decimal, whole: Decimal, bps: u16) -> bool {
    let one = Decimal::from(1);
    let whole = whole.checked_mul(bps.into());
    let part = part.checked_mul(10_000);
    match (part, whole) {
        (Some(part), Some(whole)) => compare(part, one, whole) != Ordering::Greater,
        // beyond 2^256: no order is that large
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{Prices, compare};
    use crate::value::Decimal;
    use proptest::prelude::*;
    use std::cmp::Ordering;

    fn decimal(digits: u64, places: usize) -> Decimal {
        let text = format!("{digits:0>width$}", width = places + 1);
        let (whole, rest) = text.split_at(text.len() - places);
        let whole = whole.trim_start_matches('0');
        let whole = if whole.is_empty() { "0" } else { whole };
        if places == 0 { whole.parse().unwrap() } else { format!("{whole}.{rest}").parse().unwrap() }
    }

    proptest! {
        #[test]
        fn comparison_is_that_of_whole_numbers(
            units in any::<u32>(), price in any::<u32>(), limit in any::<u64>(),
            places in (0_usize..12, 0_usize..12, 0_usize..20),
        ) {
            let found = compare(
                decimal(units.into(), places.0), decimal(price.into(), places.1), decimal(limit, places.2),
            );
            // both in units of 10^-24, far below 2^256
            let whole = |digits: u128, places: usize| {
                alloy_primitives::U256::from(digits) * alloy_primitives::U256::from(10).pow(alloy_primitives::U256::from(24 - places))
            };
            let product = whole(u128::from(units) * u128::from(price), places.0 + places.1);
            prop_assert_eq!(found, product.cmp(&whole(limit.into(), places.2)));
        }
    }

    #[test]
    fn extremes_do_not_panic() {
        let most: Decimal = alloy_primitives::U256::MAX.to_string().parse().unwrap();
        let least: Decimal = "0.000000000000000000000000000000000001".parse().unwrap();
        assert_eq!(compare(most, most, least), Ordering::Greater);
        assert_eq!(compare(least, least, most), Ordering::Less);
        assert_eq!(compare(least, least, least), Ordering::Less);
    }

    #[test]
    fn summaries_that_differ_give_a_range() {
        let (low, high): (Decimal, Decimal) = ("0.9".parse().unwrap(), "1.1".parse().unwrap());
        let asset = "USDC".parse().unwrap();
        let units: Decimal = "100".parse().unwrap();
        for pairs in [[low, high], [high, low]] {
            let prices = Prices::from_midprices(pairs.map(|price| ("USDCUSD", price)));
            assert_eq!(prices.most(&asset, units, "110".parse().unwrap()), Some(Ordering::Equal));
            assert_eq!(prices.least(&asset, units, "90".parse().unwrap()), Some(Ordering::Equal));
        }
        let others = Prices::from_midprices([("USDCEUR", low), ("USD", low), ("ETHUSD", "0".parse().unwrap())]);
        assert_eq!(others, Prices::none());
    }
}
