use super::{Header, Node, NodeError, NodesError, health::Health};
use futures::future::join_all;
use std::{
    future::Future,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tgp_protocol::value::Word;
use tokio::time::Instant;

/// How nodes are asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Policy {
    /// No question waits longer for its answer.
    pub timeout: Duration,
    /// How often each node is asked before a question is given up.
    pub rounds: u32,
    /// How long a node rests after its first failure; twice as long after each further one.
    pub first_rest: Duration,
    /// No node rests longer.
    pub longest_rest: Duration,
    /// How many nodes must agree on the head, on finality, and on the hashes of blocks; with more than one, two must also
    /// give the same logs.
    pub quorum: usize,
    /// When a block's logs are proven from its receipts.
    pub proof: Proof,
}

/// When a block's logs are proven from its receipts, which is dearer than asking a second node.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Proof {
    /// When it looks as if logs were left out and no second node says the same; where the block's bloom is not full, whatever
    /// a second says.
    NodesDiffer,
    /// Whenever it looks as if logs were left out.
    InDoubt,
    /// Whenever a block may hold any of ours.
    Always,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(20),
            rounds: 4,
            first_rest: Duration::from_millis(250),
            longest_rest: Duration::from_secs(30),
            quorum: 1,
            proof: Proof::NodesDiffer,
        }
    }
}

/// The nodes of one chain: the first that is well is asked, the others take its place.
#[derive(Debug)]
pub struct Endpoints<N> {
    nodes: Vec<Endpoint<N>>,
    policy: Policy,
}

#[derive(Debug)]
struct Endpoint<N> {
    node: Arc<N>,
    health: Mutex<Health>,
}

impl<N> Endpoint<N> {
    fn health<T>(&self, look: impl FnOnce(&mut Health) -> T) -> T {
        look(&mut self.health.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<N: Node> Endpoints<N> {
    /// These nodes, the best first.
    #[must_use]
    pub fn new(nodes: impl IntoIterator<Item = N>, policy: Policy) -> Self {
        let nodes = nodes.into_iter().map(|node| Endpoint { node: Arc::new(node), health: Mutex::default() });
        Self { nodes: nodes.collect(), policy }
    }

    /// How they are asked.
    pub(crate) fn policy(&self) -> &Policy {
        &self.policy
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.nodes.len()
    }

    /// Puts a question to one node after the other until one gives an answer; `question` also checks it.
    ///
    /// # Errors
    /// With [`NodesError::TooLarge`] at once, else when each was asked as often as the policy says.
    pub(crate) async fn ask<T, F>(&self, question: impl Fn(Arc<N>) -> F) -> Result<(usize, T), NodesError>
    where
        F: Future<Output = Result<T, NodeError>>,
    {
        self.ask_but(None, question).await
    }

    /// Like [`Self::ask`], but not the node `but`, whose word is in doubt, as long as there is another.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub(crate) async fn ask_but<T, F>(
        &self,
        but: Option<usize>,
        question: impl Fn(Arc<N>) -> F,
    ) -> Result<(usize, T), NodesError>
    where
        F: Future<Output = Result<T, NodeError>>,
    {
        let others = |place: &usize| self.nodes.len() == 1 || Some(*place) != but;
        self.ask_of((0..self.nodes.len()).filter(others).collect(), question).await
    }

    /// Like [`Self::ask`], but only the node at a place: what it says about its own words.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub(crate) async fn ask_at<T, F>(
        &self,
        place: usize,
        question: impl Fn(Arc<N>) -> F,
    ) -> Result<(usize, T), NodesError>
    where
        F: Future<Output = Result<T, NodeError>>,
    {
        self.ask_of(vec![place], question).await
    }

    async fn ask_of<T, F>(&self, these: Vec<usize>, question: impl Fn(Arc<N>) -> F) -> Result<(usize, T), NodesError>
    where
        F: Future<Output = Result<T, NodeError>>,
    {
        let mut last = Err(NodesError::NoNodes);
        for _ in 0..self.policy.rounds.max(1) {
            for place in self.order(&these) {
                let Some(endpoint) = self.nodes.get(place) else { continue };
                if let Some(until) = endpoint.health(|health| health.rests_until(Instant::now())) {
                    tokio::time::sleep_until(until).await;
                }
                match self.timed(endpoint, question(Arc::clone(&endpoint.node))).await {
                    Ok(answer) => return Ok((place, answer)),
                    Err(NodeError::TooLarge(said)) => {
                        return Err(NodesError::TooLarge { node: endpoint.node.name().into(), said });
                    }
                    Err(error) => last = Err(NodesError::Exhausted { node: endpoint.node.name().into(), error }),
                }
            }
        }
        last
    }

    /// Puts a question to every node at once; nothing where one gives no answer.
    pub(crate) async fn ask_all<T, F>(&self, question: impl Fn(Arc<N>) -> F) -> Vec<Option<T>>
    where
        F: Future<Output = Result<T, NodeError>>,
    {
        let now = Instant::now();
        let asked = self.nodes.iter().map(|endpoint| async {
            // one that rests is left alone as long as others are there
            if self.nodes.len() > 1 && endpoint.health(|health| health.rests_until(now)).is_some() {
                return None;
            }
            self.timed(endpoint, question(Arc::clone(&endpoint.node))).await.ok()
        });
        join_all(asked).await
    }

    /// The block that at least `quorum` nodes have reached by `question`: their head, or their last final block.
    ///
    /// # Errors
    /// With [`NodesError::NoQuorum`] when fewer answer, and with one node as [`Self::ask`].
    pub(crate) async fn reached<F>(&self, on: &str, question: impl Fn(Arc<N>) -> F) -> Result<Header, NodesError>
    where
        F: Future<Output = Result<Header, NodeError>>,
    {
        if self.nodes.len() == 1 {
            return self.ask(question).await.map(|(_, header)| header);
        }
        let needed = self.policy.quorum.max(1);
        let mut headers: Vec<Header> = self.ask_all(&question).await.into_iter().flatten().collect();
        if headers.is_empty() && needed == 1 {
            return self.ask(question).await.map(|(_, header)| header);
        }
        headers.sort_unstable_by_key(|header| std::cmp::Reverse(header.number));
        let agreed = headers.len();
        headers.into_iter().nth(needed - 1).ok_or_else(|| NodesError::NoQuorum { on: on.into(), agreed, needed })
    }

    /// Refuses a block that fewer than `quorum` nodes have at its number. With a quorum of one there is nobody to ask.
    ///
    /// # Errors
    /// With [`NodesError::NoQuorum`].
    pub(crate) async fn agree_on(&self, number: u64, hash: Word) -> Result<(), NodesError> {
        self.agree(number, |header| header.hash == hash, || format!("block {number} ({hash})")).await
    }

    /// Refuses to take back a block that fewer than `quorum` nodes have replaced.
    ///
    /// # Errors
    /// With [`NodesError::NoQuorum`].
    pub(crate) async fn agree_against(&self, number: u64, hash: Word) -> Result<(), NodesError> {
        self.agree(number, |header| header.hash != hash, || format!("another block than {number} ({hash})")).await
    }

    async fn agree(
        &self,
        number: u64,
        counts: impl Fn(&Header) -> bool,
        on: impl Fn() -> String,
    ) -> Result<(), NodesError> {
        let needed = self.policy.quorum.max(1);
        if needed == 1 {
            return Ok(());
        }
        let theirs = self.ask_all(|node| async move { node.headers(number..=number).await }).await;
        let agreed = theirs.iter().flatten().flatten().filter(|header| counts(header)).count();
        if agreed < needed {
            return Err(NodesError::NoQuorum { on: on(), agreed, needed });
        }
        Ok(())
    }

    /// A node turned out to be wrong after it had answered.
    pub(crate) fn blame(&self, place: usize, error: &NodeError) {
        if let Some(endpoint) = self.nodes.get(place) {
            self.note(endpoint, error);
        }
    }

    async fn timed<T>(
        &self,
        endpoint: &Endpoint<N>,
        answer: impl Future<Output = Result<T, NodeError>>,
    ) -> Result<T, NodeError> {
        let late = || Err(NodeError::Transient("no answer in time".into()));
        let answer = tokio::time::timeout(self.policy.timeout, answer).await.unwrap_or_else(|_| late());
        match &answer {
            Ok(_) => endpoint.health(Health::did_well),
            Err(error) => self.note(endpoint, error),
        }
        answer
    }

    fn note(&self, endpoint: &Endpoint<N>, error: &NodeError) {
        tracing::debug!(node = endpoint.node.name(), %error, "a node failed");
        let Policy { first_rest, longest_rest, .. } = self.policy;
        endpoint.health(|health| health.failed(error, first_rest, longest_rest, Instant::now()));
    }

    /// Who of these is asked first: those that do not rest, then those that rest least; each group as configured.
    fn order(&self, these: &[usize]) -> Vec<usize> {
        let now = Instant::now();
        let mut order = these.to_vec();
        order.sort_by_key(|place| {
            self.nodes.get(*place).map(|it| it.health(|health| (health.rests_until(now), health.failures())))
        });
        order
    }
}
