//! Runs a world with its users, and checks the invariants that have to hold at the end.

use std::{fmt, rc::Rc};

use doorward_domain::mail::MailState;
use futures::future::join_all;
use time::Duration;

use crate::{
    executor::{Place, Stuck},
    journal::{Counts, Invariant, Violation},
    workload::{Device, Loot, Person, blow, steal},
    world::{Plan, World},
};

/// The number of lines of the journal that a report shows.
const TAIL: usize = 120;
/// How long messages may take to be sent after the last fault: the longest time between two attempts.
const LAST_MAILS: Duration = Duration::hours(3);

/// The result of a run without violations.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    /// The journal.
    pub journal: Vec<String>,
    /// The number of responses of each kind.
    pub counts: Counts,
    /// The number of faults.
    pub faults: u64,
    /// The number of messages that were accepted.
    pub mails: u64,
    /// The number of messages that were accepted again.
    pub duplicates: u64,
}

/// The violation in a run, and the journal that led to it.
#[derive(Debug, Clone)]
pub struct Report {
    /// The seed.
    pub seed: u64,
    /// The violation.
    pub violation: Violation,
    /// The end of the journal.
    pub tail: Vec<String>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seed, violation, tail } = self;
        writeln!(f, "{}", tail.join("\n"))?;
        writeln!(f, "\nseed {seed} violates {violation}")?;
        write!(
            f,
            "to repeat it: DOORWARD_SIMULATION_SEED={seed} cargo test -p doorward-simulation --test simulation one_seed -- --nocapture"
        )
    }
}

/// Runs a seed.
///
/// # Errors
/// Returns a report if an invariant is violated.
pub fn run(seed: u64, plan: Plan) -> Result<Summary, Box<Report>> {
    let world = World::new(seed, plan);
    world.start_workers();
    let enough = || world.journal.violation().is_some();
    if world.executor.run(live(world.clone()), enough) == Err(Stuck) {
        world.journal.violated(Invariant::GetsOn, "a task waits forever");
    }
    // The tasks refer to the world and the world to them, so neither would be dropped.
    world.executor.clear();
    match world.journal.violation() {
        Some(violation) => {
            Err(Box::new(Report { seed, violation, tail: world.journal.tail(TAIL) }))
        }
        None => Ok(Summary {
            journal: world.journal.tail(usize::MAX),
            counts: world.journal.counts(),
            faults: world.faults.count(),
            mails: world.ledger.deliveries(),
            duplicates: world.ledger.duplicates(),
        }),
    }
}

async fn live(world: Rc<World>) {
    world.executor.spawn(Place::Outside, blow(world.clone()));
    let devices = devices(&world);
    let things = 8 + world.chance.below(18);
    let lives = devices.iter().map(|device| device.live(things));
    join_all(lives).await;

    world.faults.end();
    world.journal.note(format_args!("no more faults from now on"));
    while world.executor.is_serving() {
        world.clock.sleep(Duration::MILLISECOND).await;
    }
    all_messages_are_sent(&world).await;
    for device in &devices {
        device.comes_back().await;
        device.gets_in().await;
    }
}

/// Creates two to four users with one or two devices each, and an attacker.
fn devices(world: &Rc<World>) -> Vec<Device> {
    let loot = Rc::new(Loot::default());
    let mut devices = Vec::new();
    for number in 0..2 + world.chance.below(3) {
        let Ok(person) = Person::new(&format!("user{number}")) else { continue };
        for device in 0..=world.chance.below(2) {
            let name = format!("user{number}/{device}");
            devices.push(Device::new(name, world.clone(), person.clone(), loot.clone()));
        }
        if number == 0 {
            let times = world.chance.below(12);
            world
                .executor
                .spawn(Place::Outside, steal(world.clone(), person.clone(), loot.clone(), times));
        }
    }
    devices
}

/// Checks that each waiting message is sent. Failed ones were already checked when they were marked.
async fn all_messages_are_sent(world: &World) {
    let mut waited = Duration::ZERO;
    let waiting = || {
        let outbox = world.history.state().outbox;
        outbox.rows().find(|mail| matches!(mail.state(), MailState::Waiting { .. })).cloned()
    };
    while let Some(mail) = waiting() {
        if waited > LAST_MAILS {
            let text = format!("mail {} is never sent", mail.entry.id);
            return world.journal.violated(Invariant::MailGoesOut, text);
        }
        world.clock.sleep(Duration::MINUTE).await;
        waited += Duration::MINUTE;
    }
}
