use crate::{
    Outcome,
    random::Random,
    topic::{Case, Topic},
};
use alloy_primitives::{Address, B256, U256, aliases::U96};
use alloy_sol_types::{Eip712Domain, SolStruct};
use serde_json::{Map, Value, json};
use tgp_protocol::order::{
    escrow_domain,
    messages::{
        BuyerOrder, Charge, Delivery, Dispute, EarlyRefund, Hop, Leg, Lock, OrderTerms, Route, SellerCommitment,
        Settlement, SimpleCommitment, Split, Voucher,
    },
    router_domain, timelock_domain,
};

/// How often each message occurs.
const EACH: usize = 4;

const CHAIN: u64 = 8453;

type Domain = fn(u64, Address) -> Eip712Domain;

/// A message out of its fields, as a case: each field stands in the case as it does in the message.
macro_rules! case {
    ($place:ident, $domain:expr, $random:ident, $message:ident { $($field:ident: $value:expr),+ $(,)? }) => {{
        let message = $message { $($field: $value),+ };
        let fields = [$((stringify!($field), message.$field.written())),+];
        case($place, stringify!($message), $domain, $random.address(), &message, fields)
    }};
}

pub(crate) fn topic() -> Outcome<Topic> {
    let mut topic = Topic::new(
        "Every EIP-712 message of contracts/eip712.json: its struct hash, and its digest in its contract's domain. Numbers are decimal strings, words hex.",
    );
    let mut random = Random::new("TGP/0.1/vectors/eip712");
    for place in 0..EACH {
        for case in messages(place, &mut random) {
            topic.push(case);
        }
    }
    Ok(topic)
}

fn messages(place: usize, r: &mut Random) -> Vec<Case> {
    let (escrow, timelock, router): (Domain, Domain, Domain) = (escrow_domain, timelock_domain, router_domain);
    vec![
        case!(
            place,
            escrow,
            r,
            OrderTerms {
                buyer: r.address(),
                seller: r.address(),
                payment: r.uint(256),
                counter: r.uint(256),
                feeReceiver: r.address(),
                arbiter: r.address(),
                verifier: r.address(),
                deliveryCircuit: r.word(),
                rules: r.uint(256),
                times: r.uint(256),
                sessionId: r.word(),
                offerHash: r.word(),
                salt: r.word(),
            }
        ),
        case!(
            place,
            escrow,
            r,
            SimpleCommitment {
                orderId: r.word(),
                buyer: r.address(),
                seller: r.address(),
                amount: r.uint(256),
                commitmentDeadline: r.uint(256),
                claimDeadline: r.uint(256),
                timed: place % 2 == 1,
                timedRelease: r.uint(256),
                businessName: name(place),
                businessLicense: name(place + 1),
                documentHash: r.word(),
            }
        ),
        case!(
            place,
            escrow,
            r,
            SellerCommitment {
                orderId: r.word(),
                businessName: name(place),
                businessLicense: name(place + 1),
                documentHash: r.word(),
                deliveryCommitment: r.word(),
            }
        ),
        case!(place, escrow, r, BuyerOrder { orderId: r.word(), receiptAddress: r.word() }),
        case!(place, escrow, r, Leg { orderId: r.word(), role: r.uint(8).wrapping_to(), receiptAddress: r.word() }),
        case!(
            place,
            escrow,
            r,
            Settlement {
                orderId: r.word(),
                toBuyer: r.uint(256),
                toSeller: r.uint(256),
                bondToBuyer: r.uint(256),
                disputeToSeller: r.uint(256),
                noFee: place.is_multiple_of(2),
                deadline: r.uint(256),
            }
        ),
        case!(place, escrow, r, Voucher { orderId: r.word(), cumulative: r.uint(256) }),
        case!(place, escrow, r, Dispute { orderId: r.word(), reason: r.word(), deadline: r.uint(256) }),
        case!(place, escrow, r, Delivery { orderId: r.word(), evidence: r.word(), deliveredAt: r.uint(256) }),
        case!(place, timelock, r, EarlyRefund { lockId: r.word() }),
        case!(place, timelock, r, Lock { lockId: r.word() }),
        case!(place, router, r, Hop { payee: r.address(), feeBps: r.uint(16).wrapping_to() }),
        case!(
            place,
            router,
            r,
            Route {
                buyer: r.address(),
                seller: r.address(),
                token: r.address(),
                cap: r.uint(96).wrapping_to(),
                maxFeesBps: r.uint(16).wrapping_to(),
                expiry: r.uint(256),
                sessionId: r.word(),
                salt: r.word(),
                hops: hops(place, r),
            }
        ),
        case!(place, router, r, Charge { routeId: r.word(), cumulative: r.uint(96).wrapping_to() }),
        case!(
            place,
            router,
            r,
            Split {
                buyer: r.address(),
                seller: r.address(),
                token: r.address(),
                amount: r.uint(96).wrapping_to(),
                validAfter: r.uint(256),
                validBefore: r.uint(256),
                sessionId: r.word(),
                salt: r.word(),
                hops: hops(place, r),
            }
        ),
    ]
}

/// Texts of which some are empty or no ASCII.
fn name(place: usize) -> String {
    ["Pizza & Pasta", "", "Caf\u{e9} \u{1f355}", "a name that is longer than the 32 bytes of one word", "x"][place]
        .to_owned()
}

/// As many hops as the place says.
fn hops(place: usize, r: &mut Random) -> Vec<Hop> {
    (0..place).map(|_| Hop { payee: r.address(), feeBps: r.uint(16).wrapping_to() }).collect()
}

fn case<const N: usize>(
    place: usize,
    name: &str,
    domain: Domain,
    contract: Address,
    message: &impl SolStruct,
    fields: [(&str, Value); N],
) -> Case {
    let domain = domain(CHAIN, contract);
    let fields: Map<_, _> = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    Case::new(format!("{name} {place}"))
        .with("type", name)
        .with("contract", domain.name.clone().unwrap_or_default().into_owned())
        .with("chain_id", CHAIN.to_string())
        .with("verifying_contract", contract.to_string())
        .with("message", fields)
        .with("struct_hash", message.eip712_hash_struct().to_string())
        .with("digest", message.eip712_signing_hash(&domain).to_string())
}

/// How a field's value is written.
trait Written {
    fn written(&self) -> Value;
}

macro_rules! written_as_text {
    ($($type:ty),+) => {$(
        impl Written for $type {
            fn written(&self) -> Value {
                Value::String(self.to_string())
            }
        }
    )+};
}

written_as_text!(Address, B256, U256, U96, u8, u16, String);

impl Written for bool {
    fn written(&self) -> Value {
        Value::Bool(*self)
    }
}

impl Written for Vec<Hop> {
    fn written(&self) -> Value {
        self.iter().map(|hop| json!({ "payee": hop.payee.written(), "feeBps": hop.feeBps.written() })).collect()
    }
}
