//! The figures: what followers and outlets say of themselves, read when somebody asks, and the requests as they come.
//!
//! The recorder is the API's own: a program may serve two, and nothing has to be installed first.

use super::{Shared, status::now};
use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use coreprover_store::ChainState;
use metrics::{counter, describe_counter, describe_gauge, gauge, with_local_recorder};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusRecorder};
use std::sync::Arc;

pub(super) struct Metrics(PrometheusRecorder);

impl Metrics {
    pub(super) fn new() -> Self {
        let recorder = PrometheusBuilder::new().build_recorder();
        with_local_recorder(&recorder, describe);
        Self(recorder)
    }

    /// The figures; without the store's where that does not answer.
    pub(super) fn text(&self, shared: &Shared, states: Option<&[ChainState]>) -> String {
        with_local_recorder(&self.0, || {
            gauge!("coreprover_indexer_store_up").set(float(u64::from(states.is_some())));
            let states = states.unwrap_or_default();
            for (number, chain) in &shared.chains {
                let (status, name) = (chain.status.borrow().clone(), number.to_string());
                let set = |figure: &'static str, value: u64| gauge!(figure, "chain" => name.clone()).set(float(value));
                if let Some(state) = states.iter().find(|state| state.chain == *number) {
                    set("coreprover_indexer_indexed_block", state.head.number);
                    set("coreprover_indexer_final_block", state.last_final);
                }
                set("coreprover_indexer_node_head_block", status.node_head);
                set("coreprover_indexer_lag_blocks", status.behind());
                set("coreprover_indexer_lag_seconds", status.lag(now()));
                set("coreprover_indexer_node_connected", u64::from(status.connected));
                set("coreprover_indexer_deepest_reorg_blocks", status.deepest_reorg);
                let count = |figure: &'static str, total| counter!(figure, "chain" => name.clone()).absolute(total);
                count("coreprover_indexer_events_total", status.events);
                count("coreprover_indexer_reorgs_total", status.reorgs);
                count("coreprover_indexer_rpc_errors_total", status.rpc_errors);
            }
            for outlet in &shared.outlets {
                let status = outlet.borrow().clone();
                let labels = [("outlet", status.name.clone()), ("chain", status.chain.to_string())];
                if let Some(state) = states.iter().find(|state| state.chain == status.chain) {
                    let entry = status.cursor.map_or(0, |cursor| cursor.entry);
                    let behind = state.entries.saturating_sub(entry);
                    gauge!("coreprover_indexer_outlet_behind_entries", &labels).set(float(behind));
                }
                gauge!("coreprover_indexer_outlet_failing", &labels).set(float(u64::from(status.failing.is_some())));
                counter!("coreprover_indexer_outlet_delivered_total", &labels).absolute(status.delivered);
                counter!("coreprover_indexer_outlet_failures_total", &labels).absolute(status.failures);
            }
            let listeners = shared.limits.most.saturating_sub(shared.listeners.available_permits());
            gauge!("coreprover_indexer_listeners").set(float(u64::try_from(listeners).unwrap_or(u64::MAX)));
        });
        self.0.handle().render()
    }

    fn answered(&self, path: String, status: u16) {
        with_local_recorder(&self.0, || {
            counter!("coreprover_indexer_requests_total", "path" => path, "status" => status.to_string()).increment(1);
        });
    }
}

/// Prometheus knows floats alone; above 2^53 a block's number loses its last digits.
fn float(number: u64) -> f64 {
    number as f64
}

fn describe() {
    describe_gauge!(
        "coreprover_indexer_store_up",
        "1 while the store answers; without it its figures are the last known."
    );
    describe_gauge!("coreprover_indexer_node_head_block", "The newest block that a node showed.");
    describe_gauge!("coreprover_indexer_indexed_block", "The last block in the store.");
    describe_gauge!("coreprover_indexer_final_block", "The last block that is final.");
    describe_gauge!("coreprover_indexer_lag_blocks", "Blocks that a node has and the store has not.");
    describe_gauge!("coreprover_indexer_lag_seconds", "Seconds since the store's last block, where it lacks any.");
    describe_gauge!("coreprover_indexer_node_connected", "1 while a node answers.");
    describe_gauge!("coreprover_indexer_deepest_reorg_blocks", "The most blocks that were taken back at once.");
    describe_counter!("coreprover_indexer_events_total", "Events that were indexed; its rate is events a second.");
    describe_counter!("coreprover_indexer_reorgs_total", "How often blocks were taken back.");
    describe_counter!("coreprover_indexer_rpc_errors_total", "Questions to nodes that failed.");
    describe_gauge!("coreprover_indexer_outlet_behind_entries", "Entries of the feed that an outlet has not sent.");
    describe_gauge!("coreprover_indexer_outlet_failing", "1 while an outlet's receiver takes nothing.");
    describe_counter!("coreprover_indexer_outlet_delivered_total", "Deliveries that were taken.");
    describe_counter!(
        "coreprover_indexer_outlet_failures_total",
        "Deliveries that were not taken, and are tried again."
    );
    describe_gauge!("coreprover_indexer_listeners", "Open subscriptions.");
    describe_counter!("coreprover_indexer_requests_total", "Requests by path and status.");
}

/// Counts an answer under its route: a path that is none of ours makes no figure of its own.
pub(super) async fn count(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let path =
        request.extensions().get::<MatchedPath>().map_or_else(|| "other".to_owned(), |path| path.as_str().into());
    let response = next.run(request).await;
    shared.metrics.answered(path, response.status().as_u16());
    response
}
