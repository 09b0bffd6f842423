mod errors;
mod escrow_lens;
mod order_id;
mod verifier_registry;
