//! The pages of `docs/protocol`: `cargo test --doc` runs their code.

macro_rules! pages {
    ($($name:ident = $page:literal;)+) => {$(
        #[doc = include_str!(concat!("../../../docs/protocol/", $page, ".md"))]
        struct $name;
    )+};
}

pages! {
    SendAndReadMessages = "send-and-read-messages";
    Messages = "messages";
    WriteAPolicy = "write-a-policy";
    FollowASession = "follow-a-session";
    KeepRecordsAndReceipts = "keep-records-and-receipts";
    QuoteAPath = "quote-a-path";
    BuildAPeer = "build-a-peer";
    HashesAndSignatures = "hashes-and-signatures";
    ErrorsOnTheWire = "errors-on-the-wire";
    Choices = "choices";
    Speed = "speed";
}
