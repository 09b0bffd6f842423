//! Whatever a message of plane B holds, it comes back from the wire as it was.

use proptest::{collection::vec, option, prelude::*};
use tgp_protocol::{
    Code, Error, Failure, Reason,
    buyer::{
        Accept, ActionId, BuyerMessage, BuyerProtection, Channel, EconomicEnvelope, ErrorMessage, NextAction, Offer,
        Query, Settle, SettleSource, ZkProfile, offer_hash,
    },
    json::{self, Value},
    order::{Order, OrderJson, session_word},
    sign::SigningKey,
    value::{Account, Bps, ChainId, EvmAddress, Id, Timestamp, Word},
    wire::{Message, Received},
};

fn ids() -> impl Strategy<Value = Id> {
    "[A-Za-z0-9._:-]{1,64}".prop_map(|text| text.parse().unwrap())
}

fn times() -> impl Strategy<Value = Timestamp> {
    (0..253_402_300_799_000_i64).prop_map(Timestamp::from_millis)
}

fn addresses() -> impl Strategy<Value = EvmAddress> {
    any::<[u8; 20]>().prop_map(|mut bytes| {
        bytes[0] |= 1;
        EvmAddress(bytes.into())
    })
}

fn words() -> impl Strategy<Value = Word> {
    any::<[u8; 32]>().prop_map(Word::from)
}

fn chains() -> impl Strategy<Value = ChainId> {
    (1..=u64::MAX).prop_map(ChainId::eip155)
}

prop_compose! {
    fn queries()(
        id in ids(), host in "[a-z0-9.]{1,40}", payee in addresses(), asset in "[A-Za-z0-9.-]{1,16}",
        amount in 1..=u128::MAX, contract in option::of(addresses()),
        profile in prop::sample::select(vec![ZkProfile::None, ZkProfile::Optional, ZkProfile::Required]),
        payer in option::of((chains(), addresses())),
    ) -> Query {
        let amount = amount.to_string().parse().unwrap();
        let (from, to) = (format!("buyer://{host}").parse().unwrap(), payee.to_string().parse().unwrap());
        let mut query = Query::new(id, from, to, asset.parse().unwrap(), amount).with_zk_profile(profile);
        if let Some(contract) = contract {
            query = query.with_escrow_from_402(contract);
        }
        match payer {
            Some((chain, address)) => query.with_payer(Account { chain, address }),
            None => query,
        }
    }
}

prop_compose! {
    fn orders()(
        parties in prop::array::uniform7(any::<[u8; 20]>()), words in prop::array::uniform4(any::<[u8; 32]>()),
        small in (0..2_u8, 0..16_u8, 0..2_u8, any::<u8>()), bps in prop::array::uniform5(any::<u16>()),
        long in prop::array::uniform5(0..1_u64 << 48), instants in prop::array::uniform4(0..1_u64 << 40),
        amounts in prop::array::uniform2(0..1_u128 << 96),
    ) -> Order {
        let [buyer, seller, token, counter_token, fee_receiver, arbiter, verifier] = parties.map(Into::into);
        let [delivery_circuit, session_id, offer_hash, salt] = words.map(Into::into);
        let [slash_bps, fee_bps, max_fee_bps, arbiter_fee_bps, dispute_bond_bps] = bps;
        let long = long.map(|number| number.to_string().parse().unwrap());
        let [delivery_version, zkb_version, zks_version, review_window, dispute_window] = long;
        let [fund_by, commit_by, deliver_by, timed_release] =
            instants.map(|number| number.to_string().parse().unwrap());
        let [amount, counter_amount] = amounts.map(|number| number.to_string().parse().unwrap());
        let (kind, policy, silence, jurisdiction) = small;
        Order {
            buyer, seller, token, amount, counter_token, counter_amount, fee_receiver, arbiter, verifier,
            delivery_circuit, kind, policy, silence, jurisdiction, slash_bps, fee_bps, max_fee_bps, arbiter_fee_bps,
            dispute_bond_bps, delivery_version, zkb_version, zks_version, fund_by, commit_by, deliver_by,
            timed_release, review_window, dispute_window, session_id, offer_hash, salt,
        }
    }
}

prop_compose! {
    fn actions()(id in 0..16_u8, who in option::of(addresses()), deadline in option::of(times())) -> NextAction {
        let mut action = NextAction::new(ActionId::from_verb(id).unwrap(), Channel::Onchain);
        action.who = who;
        action.deadline = deadline;
        action
    }
}

prop_compose! {
    fn offers()(
        query in queries(), id in ids(), session in ids(), bps in 0..=1_000_u16, expiry in option::of(times()),
        chain in chains(), contract in addresses(), order in option::of(orders()), amount in 1..1_u128 << 96,
        policy in any::<[u8; 32]>(), actions in vec(actions(), 0..4), zk_required in any::<bool>(),
    ) -> Offer {
        let envelope = EconomicEnvelope { max_fees_bps: Bps::new(bps.into()).unwrap(), expiry };
        let mut offer = Offer::answering(&query, id, envelope).with_policy(policy.into()).with_next_actions(actions);
        if let Some(mut order) = order {
            offer.amount = amount.to_string().parse().unwrap();
            order.amount = amount.to_string().parse().unwrap();
            order.max_fee_bps = bps;
            order.session_id = session_word(session.as_str()).0;
            let order = OrderJson::try_from(&order).unwrap();
            offer = offer.with_escrow(chain, contract, session).with_order(order, BuyerProtection::None);
            offer.zk_required = zk_required;
        }
        offer.sealed().unwrap()
    }
}

prop_compose! {
    fn settles()(
        id in ids(), about in ids(), success in any::<bool>(), transaction in option::of(words()),
        session in option::of(ids()),
        source in prop::sample::select(vec![
            SettleSource::BuyerNotify, SettleSource::ControllerWatcher, SettleSource::CoreproverIndexer,
        ]),
    ) -> Settle {
        let mut settle = Settle::new(id, about, success, source);
        settle.layer8_tx = transaction;
        settle.session_id = session;
        settle
    }
}

prop_compose! {
    fn errors()(
        id in ids(), hop in ids(), about in option::of(ids()), reason in prop::sample::select(Reason::ALL),
        code in prop::sample::select(Code::ALL),
    ) -> ErrorMessage {
        let failure = Failure::new(&Error::from(reason).within("amount").with_code(code), hop);
        let error = ErrorMessage::new(id, failure);
        match about {
            Some(about) => error.correlated(about),
            None => error,
        }
    }
}

/// Sends a message and reads it, unsigned and signed.
fn round_trip<M: Message + Clone + PartialEq + std::fmt::Debug>(message: &M, fresh: M) -> Result<(), TestCaseError> {
    let bytes = message.to_object().unwrap().canonical();
    let received = Received::<M>::read(&bytes).unwrap();
    prop_assert_eq!(received.message(), message);
    let any = BuyerMessage::read(&bytes).unwrap();
    prop_assert_eq!(any.object(), received.object());
    prop_assert_eq!(received.object().canonical(), bytes);

    let key = SigningKey::from_seed(&[1; 32]);
    prop_assert!(message.to_signed(&key).is_err(), "without time and nonce");
    let signed = fresh.to_signed(&key).unwrap().canonical();
    let read = BuyerMessage::read(&signed).unwrap();
    read.verify(&key.public_key()).unwrap();
    prop_assert_eq!(read.verify(&SigningKey::from_seed(&[2; 32]).public_key()).unwrap_err().code(), Code::SigInvalid);
    prop_assert!(read.nonce().is_some() && read.timestamp().is_some());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Shows.
    #[test]
    fn a_query_comes_back(query in queries(), time in times(), nonce in ids()) {
        round_trip(&query, query.clone().with_freshness(time, nonce))?;
    }

    /// Shows.
    #[test]
    fn an_offer_comes_back(offer in offers(), time in times(), nonce in ids()) {
        round_trip(&offer, offer.clone().with_freshness(time, nonce).sealed().unwrap())?;
        let received = Received::<Offer>::from_object(offer.to_object().unwrap()).unwrap();
        Offer::check_hashes(&received).unwrap();
        prop_assert_eq!(Some(offer_hash(received.object())), offer.offer_hash);
    }

    /// Shows R-431.
    #[test]
    fn an_accept_comes_back(id in ids(), offer in ids(), hash in words(), time in times(), nonce in ids()) {
        let accept = Accept::new(id, offer, hash);
        round_trip(&accept, accept.clone().with_freshness(time, nonce))?;
    }

    /// Shows.
    #[test]
    fn a_settle_comes_back(settle in settles(), time in times(), nonce in ids()) {
        round_trip(&settle, settle.clone().with_freshness(time, nonce))?;
    }

    /// Shows.
    #[test]
    fn an_error_comes_back(error in errors(), time in times(), nonce in ids()) {
        round_trip(&error, error.clone().with_freshness(time, nonce))?;
        prop_assert!(error.message.as_str().is_ascii() && error.message.as_str().len() <= 256);
        prop_assert_eq!(error.class, Some(error.code.class()));
    }

    #[test]
    fn terms_convert_without_loss(order in orders()) {
        let wire = OrderJson::try_from(&order).unwrap();
        prop_assert_eq!(&Order::from(&wire), &order);
        let Ok(Value::Object(object)) = json::to_value(&wire) else { panic!("an object") };
        prop_assert_eq!(object.len(), 31);
        prop_assert!(object.iter().all(|(_, value)| !matches!(value, Value::Number(_))), "numbers are strings");
        prop_assert_eq!(&json::from_value::<OrderJson>(&Value::Object(object)).unwrap(), &wire);
        prop_assert_eq!(wire.order_id(ChainId::eip155(1), EvmAddress::default()).0, {
            use alloy_sol_types::SolStruct;
            order.pack().eip712_signing_hash(&tgp_protocol::order::escrow_domain(1, Default::default()))
        });
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in any::<Vec<u8>>()) {
        let _ = BuyerMessage::read(&bytes);
    }
}
