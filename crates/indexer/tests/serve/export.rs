use crate::world::{BUYER, CHAIN, World, address, order, row, word};
use coreprover_indexer::serve::export;
use coreprover_store::{Row, table::Order};

/// Shows more than one page, in the order of the key.
#[tokio::test]
async fn every_row_is_one_line() {
    let mut world = World::new().await;
    world.grow(vec![], (1..=2_001).map(|id| row(order(id, 11))).collect()).await;
    let mut csv = Vec::new();
    assert_eq!(export(&world.store, Order::TABLE, CHAIN, &mut csv).await.unwrap(), 2_001);
    let text = String::from_utf8(csv).unwrap();
    let lines: Vec<Vec<&str>> =
        text.strip_suffix("\r\n").unwrap().split("\r\n").map(|line| line.split(',').collect()).collect();
    let names: Vec<_> = Order::TABLE.columns.iter().map(|column| column.name).collect();
    assert_eq!((lines.len(), &lines[0]), (2_002, &names));
    let place = |name| Order::TABLE.place(name).unwrap();
    for (line, id) in lines[1..].iter().zip(1..) {
        assert_eq!(line.len(), names.len());
        assert_eq!(line[place("id")], word(id).to_string());
        assert_eq!(line[place("buyer")], address(BUYER).to_string());
        assert_eq!(line[place("amount")], "100000000000000000000000000");
        assert_eq!((line[place("raw_id")], line[place("simple")]), ("", "0"));
    }
    let mut other = Vec::new();
    assert_eq!(export(&world.store, Order::TABLE, CHAIN + 1, &mut other).await.unwrap(), 0);
}
