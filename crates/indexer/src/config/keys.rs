//! What may stand in `[index]`.

use super::{Key, Kind};

const HTTP: Kind = Kind::Urls(&["http://", "https://"]);
const WS: Kind = Kind::Urls(&["ws://", "wss://"]);

const fn number(least: u64, most: u64) -> Kind {
    Kind::Number { least, most }
}

/// The keys of `[index]` and of the tables below it, in the order of the page.
pub const KEYS: &[Key] = &[
    Key::new("index.listen", Kind::Socket, Some("127.0.0.1:8080"), "Where questions are answered."),
    Key::new("index.listeners", number(0, 100_000), Some("256"), "How many streams may be open at once."),
    Key::new(
        "index.patience_seconds",
        number(1, 3_600),
        Some("30"),
        "How long a listener may take nothing while something waits for it.",
    ),
    Key::new(
        "index.heartbeat_seconds",
        number(1, 3_600),
        Some("15"),
        "How often a listener without news hears that all is well.",
    ),
    Key::new(
        "index.webhook_key_file",
        Kind::File,
        None,
        "The file with the Ed25519 key that signs webhooks: 64 hex digits, readable by its owner alone.",
    ),
    Key::new("index.webhook_key", Kind::Secret, None, "That key itself."),
    Key::required(
        "index.chains.*.rpc",
        HTTP,
        "The nodes, the best first. The key of an operator in an address gets into no message.",
    ),
    Key::new("index.chains.*.ws", WS, None, "Nodes that say when there is a new block; without one they are polled."),
    Key::new(
        "index.chains.*.deployment",
        Kind::File,
        None,
        "Where the contracts are; without it `deployments/<chain>.json`.",
    ),
    Key::new(
        "index.chains.*.profile",
        Kind::File,
        None,
        "The chain's profile, by which blocks are final; without it the one of this chain that the program was built with.",
    ),
    Key::new(
        "index.chains.*.start_block",
        number(1, u64::MAX >> 1),
        None,
        "The first block that is read; without it that of the oldest contract.",
    ),
    Key::new(
        "index.chains.*.quorum",
        number(1, 100),
        Some("1"),
        "How many nodes must agree on the head, on finality and on blocks; above 1, two must give the same logs.",
    ),
    Key::new(
        "index.chains.*.proof",
        Kind::Word(&["nodes-differ", "in-doubt", "always"]),
        Some("nodes-differ"),
        "When a block's logs are proven from its receipts.",
    ),
    Key::new("index.chains.*.timeout_seconds", number(1, 600), Some("20"), "How long a node has to answer."),
    Key::new("index.chains.*.blocks", number(1, 1_000_000), Some("1000"), "The most blocks in one question."),
    Key::new(
        "index.chains.*.bytes",
        number(1_000, 1_000_000_000),
        Some("4000000"),
        "How large an answer should get; ranges grow and shrink towards it.",
    ),
    Key::new("index.chains.*.questions", number(1, 64), Some("4"), "How many questions are on their way at once."),
    Key::new(
        "index.chains.*.events",
        number(1, 100_000),
        Some("8000"),
        "How many events a transaction should hold while blocks are left behind.",
    ),
    Key::new(
        "index.chains.*.poll_ms",
        number(10, 600_000),
        Some("1000"),
        "How long to wait for a new block when nothing tells of one.",
    ),
    Key::new(
        "index.chains.*.ready_blocks",
        number(0, 1_000_000_000),
        Some("20"),
        "How many blocks the store may lack while `/ready` says yes.",
    ),
    Key::new(
        "index.chains.*.ready_seconds",
        number(0, 1_000_000_000),
        Some("60"),
        "How old its last block may be, where it lacks any.",
    ),
    Key::new(
        "index.chains.*.ready_silence",
        number(1, 1_000_000_000),
        Some("60"),
        "How long ago a node may have answered last, in seconds.",
    ),
    Key::required(
        "index.webhooks.*.url",
        Kind::Hidden,
        "Where each delivery is posted: https, or http on this machine.",
    ),
    Key::new(
        "index.webhooks.*.private",
        Kind::Truth,
        Some("false"),
        "Whether the receiver may stand in a private network.",
    ),
    Key::new("index.webhooks.*.contract", Kind::Address, None, "Only events of this contract."),
    Key::new("index.webhooks.*.event", Kind::Text, None, "Only events of this name."),
    Key::new("index.webhooks.*.party", Kind::Address, None, "Only events that name this address."),
    Key::new("index.webhooks.*.subject", Kind::Bytes, None, "Only events about this order, lock or route."),
    Key::required("index.nats.servers", Kind::Hidden, "Servers of NATS, by commas. Deliveries go to JetStream."),
    Key::new("index.nats.prefix", Kind::Text, Some("coreprover"), "The first word of every stream and subject."),
    Key::new("index.nats.credentials", Kind::File, None, "A file with a user's keys."),
];
