//! A server with its storage and mail server, and its clients.

use std::{fmt, future::Future, rc::Rc, sync::Arc};

use doorward_application::{Application, Ports, Settings};
use doorward_domain::{
    mail::PublicUrl,
    mock::SeededIds,
    ports::{Mailer, PasswordHasher, Storage},
    request_context::RequestContext,
};
use futures::channel::oneshot;
use time::Duration;
use tokio::task::yield_now;

use crate::{
    clock::VirtualClock,
    executor::{Executor, Place},
    faults::{Faults, Rates},
    history::{History, Moment},
    journal::Journal,
    ledger::Ledger,
    ports::{
        Mailbox, NoBlocklist, NoKeys, OpenLimiter, PlainHasher, StoredAccessTokens, SumTokens,
    },
    rng::Chance,
    storage::{Lending, MemoryStorage},
};

/// How long an idle worker waits.
const PAUSE: Duration = Duration::SECOND;
/// How often the cleanup runs.
const SWEEP: Duration = Duration::minutes(30);
/// The maximum number of steps for which a client waits for a response that doesn't arrive.
const PATIENCE: u64 = 60;

/// Wrappers between the use cases and the world. A test injects a defect here, to check that it is found.
#[derive(Clone, Copy)]
pub struct Plan {
    /// Wraps the storage.
    pub storage: fn(MemoryStorage) -> Arc<dyn Storage>,
    /// Wraps the hasher.
    pub hasher: fn(PlainHasher) -> Arc<dyn PasswordHasher>,
    /// Wraps the mail server.
    pub mailer: fn(Arc<Mailbox>) -> Arc<dyn Mailer>,
}

impl Default for Plan {
    /// Returns a plan without wrappers.
    fn default() -> Self {
        Self {
            storage: |storage| Arc::new(storage),
            hasher: |hasher| Arc::new(hasher),
            mailer: |mailbox| mailbox,
        }
    }
}

/// The use cases.
pub type App = Rc<Application>;

/// The outcome of a request.
#[derive(Debug)]
pub struct Answer<T> {
    /// When the request was sent.
    pub since: Moment,
    /// The response, if the client received it.
    pub heard: Option<T>,
    /// Whether the server may still be processing the request.
    pub is_abandoned: bool,
}

/// The world of one run: see the [module](self).
pub struct World {
    /// The source of all randomness.
    pub chance: Arc<Chance>,
    /// The source of all time.
    pub clock: VirtualClock,
    /// The injected faults.
    pub faults: Arc<Faults>,
    /// The journal.
    pub journal: Arc<Journal>,
    /// Facts that explain changes.
    pub ledger: Arc<Ledger>,
    /// All states of the storage.
    pub history: Arc<History>,
    /// The scheduler.
    pub executor: Executor,
    /// The mail server with all messages.
    pub mailbox: Arc<Mailbox>,
    /// The claims of all access tokens.
    pub access_tokens: Arc<StoredAccessTokens>,
    /// The server's settings.
    pub settings: Settings,
    /// Whether users mostly work in shared organizations.
    pub is_about_orgs: bool,
    application: App,
}

impl World {
    /// Creates the world of a seed.
    pub fn new(seed: u64, plan: Plan) -> Rc<Self> {
        let chance = Arc::new(Chance::new(seed));
        let clock = VirtualClock::default();
        let rates = Rates::of(seed, &chance);
        let faults = Arc::new(Faults::new(rates, chance.clone()));
        let journal = Arc::new(Journal::new(clock.clone()));
        journal.note(format_args!("seed {seed}: {rates:?}"));
        let ledger = Arc::new(Ledger::default());
        let history = History::new(clock.clone(), faults.clone(), journal.clone(), ledger.clone());
        let history = Arc::new(history);
        let lending =
            if chance.happens(5000) { Lending::UntilGivenBack } else { Lending::PerStatement };
        let storage = MemoryStorage::new(lending, history.clone());
        let mailbox = Arc::new(Mailbox::new(
            clock.clone(),
            chance.clone(),
            faults.clone(),
            journal.clone(),
            ledger.clone(),
        ));
        let access_tokens = Arc::new(StoredAccessTokens::default());
        let ports = Ports {
            storage: (plan.storage)(storage),
            clock: Arc::new(clock.clone()),
            ids: Arc::new(SeededIds::new(seed)),
            randomness: chance.clone(),
            hasher: (plan.hasher)(PlainHasher::new(faults.clone(), chance.clone())),
            blocklist: Arc::new(NoBlocklist),
            access_tokens: access_tokens.clone(),
            opaque_tokens: Arc::new(SumTokens),
            limiter: Arc::new(OpenLimiter),
            mailer: (plan.mailer)(mailbox.clone()),
            signing_keys: Arc::new(NoKeys),
        };
        let settings = settings(&chance);
        let is_about_orgs = chance.happens(5000);
        let application = Rc::new(Application::new(&ports, &settings));
        let executor = Executor::new(chance.clone(), clock.clone(), faults.clone());
        Rc::new(Self {
            chance,
            clock,
            faults,
            journal,
            ledger,
            history,
            executor,
            mailbox,
            access_tokens,
            settings,
            is_about_orgs,
            application,
        })
    }

    /// Sends a request to the server. The request or its response may be lost.
    pub async fn ask<T, F>(
        &self,
        who: &str,
        what: fmt::Arguments<'_>,
        request: impl FnOnce(App) -> F,
    ) -> Answer<T>
    where
        T: 'static,
        F: Future<Output = T> + 'static,
    {
        let since = self.history.now();
        self.journal.note(format_args!("{who} requests: {what}"));
        let (sender, mut answer) = oneshot::channel();
        let work = request(self.application.clone());
        self.executor.spawn(Place::Request, async move {
            let _ = sender.send(work.await);
        });
        if self.faults.strikes(|rates| rates.answer_lost) {
            for _ in 0..self.chance.below(PATIENCE) {
                yield_now().await;
            }
            let is_abandoned = matches!(answer.try_recv(), Ok(None));
            self.journal.note(format_args!("{who} gets no response, gave up: {is_abandoned}"));
            return Answer { since, heard: None, is_abandoned };
        }
        let heard = answer.await.ok();
        if heard.is_none() {
            self.journal.note(format_args!("{who} gets no response: the request was dropped"));
        }
        Answer { since, heard, is_abandoned: false }
    }

    /// Starts the background workers: two that send messages, and one that cleans up.
    pub fn start_workers(self: &Rc<Self>) {
        for _ in 0..2 {
            let world = self.clone();
            self.executor.spawn(Place::Worker, async move {
                loop {
                    if !matches!(world.application.mail.deliver.run().await, Ok(1..)) {
                        world.clock.sleep(PAUSE).await;
                    }
                }
            });
        }
        let world = self.clone();
        self.executor.spawn(Place::Worker, async move {
            loop {
                // The cleanup is repeated regardless of the result.
                let _ = world.application.maintenance.purge_expired.run().await;
                world.clock.sleep(SWEEP).await;
            }
        });
    }

    /// Kills the server and starts it again.
    pub fn crash(self: &Rc<Self>) {
        self.journal.note(format_args!("the server is killed"));
        self.executor.crash();
        self.start_workers();
    }
}

fn settings(chance: &Chance) -> Settings {
    let public_url = PublicUrl::parse("https://auth.example.com");
    #[expect(clippy::expect_used, reason = "it is a constant")]
    let settings = Settings::new(public_url.expect("the URL is one"));
    Settings { require_verified_email: chance.happens(2500), ..settings }
}

/// Returns the client from which all requests come.
pub fn client() -> RequestContext {
    RequestContext { user_agent: None, ..RequestContext::internal() }
}
