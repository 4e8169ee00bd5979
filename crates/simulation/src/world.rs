//! A server, its storage and its mail server, and those who ask it for something.

use std::{fmt, future::Future, rc::Rc, sync::Arc};

use doorward_application::{Application, Ports, Settings};
use doorward_domain::{
    client::Client,
    mail::PublicUrl,
    mock::SeededIds,
    ports::{Mailer, PasswordHasher, Storage},
};
use futures::channel::oneshot;
use time::Duration;
use tokio::task::yield_now;

use crate::{
    chance::Chance,
    clock::VirtualClock,
    executor::{Executor, Place},
    faults::{Faults, Rates},
    history::{History, Moment},
    journal::Journal,
    ledger::Ledger,
    ports::{
        Mailbox, NoBlocklist, NoKeys, OpenLimiter, PlainHasher, StoredAccessTokens, SumTokens,
    },
    storage::{Lending, MemoryStorage},
};

/// How long a worker with nothing to do waits.
const PAUSE: Duration = Duration::SECOND;
/// How often the tables are tidied up.
const SWEEP: Duration = Duration::minutes(30);
/// For how many steps at most somebody waits for an answer that doesn't come.
const PATIENCE: u64 = 60;

/// What stands between the use cases and the world. A test puts something broken there, to see whether it is found.
#[derive(Clone, Copy)]
pub struct Plan {
    /// What stands before the storage.
    pub storage: fn(MemoryStorage) -> Arc<dyn Storage>,
    /// What stands before the hasher.
    pub hasher: fn(PlainHasher) -> Arc<dyn PasswordHasher>,
    /// What stands before the mail server.
    pub mailer: fn(Arc<Mailbox>) -> Arc<dyn Mailer>,
}

impl Default for Plan {
    /// Nothing does.
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

/// What came of asking the server for something.
#[derive(Debug)]
pub struct Answer<T> {
    /// When it was asked.
    pub since: Moment,
    /// What was heard, if anything.
    pub heard: Option<T>,
    /// Whether the server may still be at it.
    pub is_abandoned: bool,
}

/// See the module.
pub struct World {
    /// All chance.
    pub chance: Arc<Chance>,
    /// All time.
    pub clock: VirtualClock,
    /// What goes wrong.
    pub faults: Arc<Faults>,
    /// What happens.
    pub journal: Arc<Journal>,
    /// What explains it.
    pub ledger: Arc<Ledger>,
    /// What was stored.
    pub history: Arc<History>,
    /// What runs.
    pub executor: Executor,
    /// The mails.
    pub mailbox: Arc<Mailbox>,
    /// What access tokens say.
    pub access_tokens: Arc<StoredAccessTokens>,
    /// The server's settings.
    pub settings: Settings,
    /// Whether people work together for the most part.
    pub is_about_orgs: bool,
    application: App,
}

impl World {
    /// The world of a seed.
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

    /// Asks the server for something. Its answer may be lost, and so may the request.
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
        self.journal.note(format_args!("{who} asks: {what}"));
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
            self.journal.note(format_args!("{who} hears nothing, gave up: {is_abandoned}"));
            return Answer { since, heard: None, is_abandoned };
        }
        let heard = answer.await.ok();
        if heard.is_none() {
            self.journal.note(format_args!("{who} hears nothing: the request died"));
        }
        Answer { since, heard, is_abandoned: false }
    }

    /// Starts what goes on beside the requests: two workers for mails, and one that tidies up.
    pub fn start_workers(self: &Rc<Self>) {
        for _ in 0..2 {
            let world = self.clone();
            self.executor.spawn(Place::Worker, async move {
                loop {
                    if !matches!(world.application.deliver_mail.run().await, Ok(1..)) {
                        world.clock.sleep(PAUSE).await;
                    }
                }
            });
        }
        let world = self.clone();
        self.executor.spawn(Place::Worker, async move {
            loop {
                // It is tried again in any case.
                let _ = world.application.sweep.run().await;
                world.clock.sleep(SWEEP).await;
            }
        });
    }

    /// Kills the server, and starts it again.
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

/// Where all requests come from.
pub fn client() -> Client {
    Client { user_agent: None, ..Client::itself() }
}
