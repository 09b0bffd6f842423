mod errors;
mod order_id;
mod verifier_registry;
